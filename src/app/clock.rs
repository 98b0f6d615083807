//! The loop: once a frame it moves virtual time on, projects, paints and writes what is live.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use decoupled::editor::{Camera, Command, Gesture};
use decoupled::engine::Micros;
use decoupled::figure::Point;
use decoupled::play::{Playing, Stop};
use decoupled::services::Token;
use decoupled::view;
use wasm_bindgen::prelude::*;

use super::components::minimap;
use super::live::Live;
use super::memory::{self, Need};
use super::painter::Painter;
use super::session::Session;
use super::store::{Store, address};
use super::watch::within;
use super::{dom, input, telling};

/// The run gets so much of a frame, the rest is for painting.
const WORK_MS: f64 = 10.0;
/// So long after its last step a camera still counts as moving.
const GLIDE_MS: f64 = 150.0;

type Callback = Closure<dyn FnMut(f64)>;

/// Runs until dropped.
pub struct Clock {
    next: Rc<Cell<i32>>,
    callback: Rc<RefCell<Option<Callback>>>,
}

impl Drop for Clock {
    fn drop(&mut self) {
        if let Some(window) = dom::window() {
            let _ = window.cancel_animation_frame(self.next.get());
        }
        self.callback.borrow_mut().take();
    }
}

impl Clock {
    pub fn start(store: Store) -> Self {
        let next = Rc::new(Cell::new(0));
        let callback: Rc<RefCell<Option<Callback>>> = Rc::default();
        let mut beat = Beat::new(store);
        let (again, handle) = (Rc::clone(&callback), Rc::clone(&next));
        *callback.borrow_mut() = Some(Closure::new(move |at: f64| {
            // Asked for first: a frame that fails must not be the last.
            handle.set(request(&again));
            beat.tick(at);
        }));
        next.set(request(&callback));
        Self { next, callback }
    }
}

fn request(callback: &Rc<RefCell<Option<Callback>>>) -> i32 {
    let borrowed = callback.borrow();
    let (Some(window), Some(callback)) = (dom::window(), borrowed.as_ref()) else { return 0 };
    window.request_animation_frame(callback.as_ref().unchecked_ref()).unwrap_or(0)
}

/// What the last painted picture was made of: an equal one need not be painted again.
#[derive(Clone, Copy, PartialEq)]
struct Painted {
    at: Micros,
    camera: Camera,
    viewport: (f32, f32),
    scene: usize,
    serials: (u32, u32, u64),
    followed: Option<Token>,
}

struct Beat {
    store: Store,
    painter: Painter,
    live: Live,
    last: Option<f64>,
    painted: Option<Painted>,
    /// When, in milliseconds since the page began; a frame that was left out is followed by one that is not.
    painted_at: f64,
    /// How far the run had gone from its document.
    departures: usize,
    /// Until when the camera counts as moving.
    glides_until: f64,
    memory: memory::Watch,
}

impl Beat {
    fn new(store: Store) -> Self {
        let (painter, live) = (Painter::default(), Live::default());
        Self {
            store,
            painter,
            live,
            last: None,
            painted: None,
            painted_at: 0.0,
            departures: 0,
            glides_until: 0.0,
            memory: memory::Watch::default(),
        }
    }

    fn tick(&mut self, at: f64) {
        let elapsed = self.last.map_or(0.0, |last| (at - last).max(0.0));
        self.last = Some(at);
        input::flush(&self.store);
        if let Some(stop) = self.advance(elapsed) {
            self.stop(stop);
        }
        if let Some(need) = self.memory.look() {
            self.save_memory(need);
        }
        self.tell();
        self.look();
        self.glide(at);
        self.paint();
        let session = &mut *self.store.session_mut();
        self.live.refresh(session, at);
        telling::tell(session);
    }

    #[inline(never)] // second part
    fn stop(&self, stop: Stop) {
        match stop {
            Stop::Halt(why) => self.store.dispatch(Command::Halted { why }),
            Stop::Breakpoint(seq) => {
                let text = self.stopped_at(seq);
                self.store.dispatch(Command::Pause);
                self.store.dispatch(Command::Say { text, bad: false });
            }
        }
    }

    /// A breakpoint stopped the run at a fact.
    fn stopped_at(&self, seq: u64) -> String {
        let Session { player, recorder, .. } = &mut *self.store.session_mut();
        recorder.stops.push(player.shown_at());
        format!("Paused at {}", view::sentence(player.run(), seq))
    }

    #[inline(never)] // second part
    fn save_memory(&self, need: Need) {
        self.store.session_mut().player.relieve();
        if need == Need::Halt && self.store.session().state.playback.playing {
            self.store.dispatch(Command::Halted { why: memory::FULL_WORDS.to_owned() });
        }
    }

    #[inline(never)] // second part
    fn broke(&self, why: &str) {
        let why = format!(
            "The engine broke: {why}. This is a mistake in Decoupled; the scene is as it was, and time begins anew."
        );
        self.store.dispatch(Command::Halted { why });
    }

    /// Says that a future was left; draws again what shows the living scene when the run has changed it.
    fn tell(&mut self) {
        let (left, departures) = {
            let session = &mut *self.store.session_mut();
            (session.player.take_left(), session.run().departures())
        };
        let broke = self.store.session_mut().broke.take();
        if let Some(why) = broke {
            self.broke(&why);
        }
        if let Some((reached, scene)) = left {
            self.store.dispatch(Command::FutureLeft { reached, scene: Box::new(scene) });
        }
        if std::mem::replace(&mut self.departures, departures) != departures {
            self.store.redraw();
        }
    }

    /// Moves the run on; gives the reason if it stopped by itself.
    fn advance(&mut self, elapsed: f64) -> Option<Stop> {
        let session = &mut *self.store.session_mut();
        let Some(playing) = Playing::of(&session.state).filter(|_| !session.out_of_sight) else {
            session.player.rest();
            return None;
        };
        session.engine(move |player| player.advance(elapsed, &playing, &mut within(WORK_MS))).flatten()
    }

    /// Draws in full what the camera has come upon.
    fn look(&self) {
        let Session { state, sight, .. } = &mut *self.store.session_mut();
        if !sight.serves(&state.scene, &state.camera, state.viewport) {
            *sight = view::Sight::of(&state.scene, &state.camera, state.viewport);
            show_dots(*sight != view::Sight::Far);
            self.store.redraw_canvas();
        }
    }

    /// While the camera moves over thousands of shapes the browser need not look at every frame which of them now lies
    /// under the pointer.
    fn glide(&mut self, at: f64) {
        let moves = {
            let session = self.store.session();
            session.sight != view::Sight::Whole
                && self.painted.is_some_and(|painted| painted.camera != session.state.camera)
        };
        if moves {
            self.glides_until = at + GLIDE_MS;
            lay_over(true);
        } else if self.glides_until > 0.0 && at > self.glides_until {
            self.glides_until = 0.0;
            lay_over(false);
        }
    }

    fn paint(&mut self) {
        let session = self.store.session();
        let Session { state, player, .. } = &*session;
        let run = player.run();
        let now = Painted {
            at: player.shown_at(),
            camera: state.camera,
            viewport: state.viewport,
            scene: address(&state.scene),
            serials: (session.theme_serial, session.run_serial, run.trace().total()),
            followed: state.followed,
        };
        if self.painted == Some(now) && !self.painter.is_stale() {
            return;
        }
        let looks_elsewhere = |painted: Painted| {
            (painted.camera, painted.viewport, painted.scene) != (now.camera, now.viewport, now.scene)
        };
        if self.painted.is_none_or(looks_elsewhere) {
            apply_camera(&state.camera);
            minimap::follow(state);
        } else if state.playback.playing && state.gesture == Gesture::Idle && session.touched_at > self.painted_at {
            // What a press changed is seen a few milliseconds sooner when nothing else is to be drawn in that frame.
            self.painted_at = f64::INFINITY;
            return;
        }
        self.painted_at = dom::now_ms();
        self.painted = Some(now);
        let frame = view::project(&state.scene, run, &state.camera, state.viewport, player.shown_at());
        self.painter.paint(&frame, &state.camera, state.viewport, session.theme_serial, state.followed);
    }
}

/// Shows or hides what lies over the canvas while the camera moves.
#[inline(never)] // second part
fn lay_over(shown: bool) {
    if let Some(glide) = dom::by_id("glide") {
        dom::set_hidden(&glide, !shown);
    }
}

/// Under thousands of outlines nobody sees the dots of the ground, but they would cost a third of each frame.
fn show_dots(shown: bool) {
    if let Some(canvas) = dom::by_id("canvas") {
        dom::set_style(&canvas, "background-image", if shown { "" } else { "none" });
    }
}

/// Moves the SVG and the dotted ground without drawing a component again.
fn apply_camera(camera: &Camera) {
    let Camera { x, y, zoom } = *camera;
    if let Some(world) = dom::by_id("world") {
        // A style, since an attribute would have the browser lay out every shape again at each zoom.
        dom::set_style(&world, "transform", &format!("scale({zoom}) translate({}px, {}px)", -x, -y));
    }
    if let Some(hands) = dom::by_id("hands") {
        // An attribute, since lines that keep their width at any zoom are told the zoom in no other way.
        dom::set_attribute(&hands, "transform", &format!("scale({zoom}) translate({} {})", -x, -y));
    }
    if let Some(canvas) = dom::by_id("canvas") {
        let origin = camera.view_from_canvas(Point::default());
        // Dots that come too near to each other would become a grey: every second one is left out.
        let mut step = 24.0 * zoom;
        while step < 14.0 {
            step *= 2.0;
        }
        // Not by custom properties: those are inherited, and every card would be styled anew.
        dom::set_style(&canvas, "background-size", &format!("{step}px {step}px"));
        dom::set_style(&canvas, "background-position", &format!("{}px {}px", origin.x, origin.y));
    }
    if let Some(text) = dom::by_id("zoom-level") {
        dom::set_text(&text, &format!("{:.0} %", zoom * 100.0));
    }
}
