//! The loop: once a frame it moves virtual time on, projects, paints and writes what is live.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use decoupled::editor::{Breakpoint, Camera, Command, Gesture, Watch};
use decoupled::engine::{MICROS_PER_SECOND, Micros};
use decoupled::figure::Point;
use decoupled::services::Token;
use decoupled::sim::{Checkpoints, Run, Sought};
use decoupled::view;
use wasm_bindgen::prelude::*;

use super::components::minimap;
use super::live::Live;
use super::painter::Painter;
use super::store::{Session, Store, address};
use super::{dom, input, subscribers};

/// A tab that was hidden does not catch up.
const STEP_MS_MAX: f64 = 100.0;
/// The run gets so much of a frame, the rest is for painting.
const WORK_MS: f64 = 10.0;
/// Agenda entries between two looks at the watch.
const SLICE: u64 = 2_000;
/// Over so long it is measured whether the run keeps up.
const PACE_MS: f64 = 500.0;
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
    pace: Pace,
    /// How far the run had gone from its document.
    departures: usize,
    /// Until when the camera counts as moving.
    glides_until: f64,
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
            pace: Pace::default(),
            departures: 0,
            glides_until: 0.0,
        }
    }

    fn tick(&mut self, at: f64) {
        let elapsed = self.last.map_or(0.0, |last| (at - last).clamp(0.0, STEP_MS_MAX));
        self.last = Some(at);
        input::flush(&self.store);
        if let Some(stop) = self.advance(elapsed) {
            self.stop(stop);
        }
        self.tell();
        self.look();
        self.glide(at);
        self.paint();
        let session = &mut *self.store.session_mut();
        self.live.refresh(session, at);
        subscribers::tell(session);
    }

    #[inline(never)] // second part
    fn stop(&self, stop: Stop) {
        match stop {
            Stop::Halt(why) => self.store.dispatch(Command::Halted { why }),
            Stop::Breakpoint(text) => {
                self.store.dispatch(Command::Pause);
                self.store.dispatch(Command::Say { text, bad: false });
            }
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
            let shown = session.shown_at;
            let left = session.checkpoints.take_left().filter(|(reached, _)| *reached > shown + MICROS_PER_SECOND);
            (left, session.run.departures())
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
        if !session.state.playback.playing || session.out_of_sight {
            self.pace = Pace::default();
            session.held_back = None;
            return None;
        }
        let speed = f64::from(session.state.playback.speed);
        let round = session.state.span.filter(|_| session.state.looping);
        if let Some((begin, _)) = round.filter(|(_, end)| session.shown_at >= *end) {
            session.engine(move |run, checkpoints| checkpoints.seek(run, begin));
            session.shown_at = session.run.now();
        }
        let from = session.shown_at;
        let target = from + (elapsed * 1_000.0 * speed) as Micros;
        let target = round.map_or(target, |(_, end)| target.min(end));
        session.act();
        let breakpoints = session.state.breakpoints.clone();
        let (mut reached, found) =
            session.engine(move |run, checkpoints| play_on(run, checkpoints, target, &breakpoints)).unwrap_or_default();
        if let Some(seq) = found {
            return Some(stopped_at(session, seq));
        }
        if session.broke.is_some() {
            return None;
        }
        // A run that halted came as far as it says, however far it was to go.
        reached &= session.run.halt().is_none();
        session.shown_at = if reached { target } else { session.run.now().clamp(from, target) };
        if let Some(real) = self.pace.measure(elapsed, session.shown_at - from) {
            session.held_back = (real < speed * 0.9).then_some(real);
        }
        session.run.halt().map(|halt| Stop::Halt(halt.why.clone()))
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
        let Session { state, run, shown_at, .. } = &*session;
        let now = Painted {
            at: *shown_at,
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
        let frame = view::project(&state.scene, run, &state.camera, state.viewport, *shown_at);
        self.painter.paint(&frame, &state.camera, state.viewport, session.theme_serial, state.followed);
    }
}

/// A breakpoint stopped the run at a fact.
#[inline(never)] // second part
fn stopped_at(session: &mut Session, seq: u64) -> Stop {
    session.shown_at = session.run.now();
    session.recorder.stops.push(session.shown_at);
    Stop::Breakpoint(format!("Paused at {}", view::sentence(&session.run, seq)))
}

/// Why a run that plays stops by itself.
enum Stop {
    Halt(String),
    Breakpoint(String),
}

/// Plays as far as it gets in a frame; says whether the target was reached, and the fact of a breakpoint.
fn play_on(
    run: &mut Run,
    checkpoints: &mut Checkpoints,
    target: Micros,
    breakpoints: &BTreeSet<Breakpoint>,
) -> (bool, Option<u64>) {
    let watch = (!breakpoints.is_empty()).then(|| Watch::of(breakpoints, run));
    run.watch_arrivals(watch.as_ref().is_some_and(Watch::reads));
    let began = dom::now_ms();
    let (mut reached, mut found) = (false, None);
    while !reached && found.is_none() && run.halt().is_none() {
        (reached, found) = match &watch {
            None => (run.advance(target, SLICE), None),
            Some(watch) => match run.search(target, SLICE, |run, record| watch.stops(run, record)) {
                Sought::Found(seq) => (false, Some(seq)),
                Sought::End => (true, None),
                Sought::UnderWay => (false, None),
            },
        };
        if dom::now_ms() - began >= WORK_MS {
            break;
        }
    }
    run.watch_arrivals(false);
    checkpoints.follow(run);
    (reached, found)
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

/// Whether virtual time keeps up with what was asked for.
#[derive(Default)]
struct Pace {
    real_ms: f64,
    virtual_micros: f64,
}

impl Pace {
    /// Once per measuring span: virtual seconds a real second.
    fn measure(&mut self, real_ms: f64, moved: Micros) -> Option<f64> {
        self.real_ms += real_ms;
        self.virtual_micros += moved as f64;
        if self.real_ms < PACE_MS {
            return None;
        }
        let pace = self.virtual_micros / 1_000.0 / self.real_ms;
        *self = Self::default();
        Some(pace)
    }
}
