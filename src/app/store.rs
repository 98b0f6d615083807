//! The one place where state and run live, and the one way to change them.

use std::cell::{Ref, RefCell, RefMut};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use decoupled::editor::{
    self, Address, Breakpoint, Command, Drawer, Gesture, Knobs, Notice, Overlay, Panel, Playback, Selection, State,
    Theme,
};
use decoupled::engine::Micros;
use decoupled::scene::{Problem, Scene};
use decoupled::services::Token;
use decoupled::sim::{Checkpoints, Run};
use decoupled::view::Sight;
use yew::functional::UseForceUpdateHandle;
use yew::prelude::*;

use super::guard::guarded;
use super::input::Hands;
use super::keeping::Place;
use super::numbers::Numbers;
use super::recorder::Recorder;
use super::subscribers::Subscribers;
use super::{dom, effects};

/// Agenda entries between two looks at the watch, and at whether the run is to be saved.
const SLICE: u64 = 20_000;

/// What a visit consists of.
pub struct Session {
    pub state: State,
    pub run: Run,
    /// The way back.
    pub checkpoints: Checkpoints,
    /// Stands in for both while the engine works on them.
    pub spare: Option<(Run, Checkpoints)>,
    /// Why the engine broke, until it is said.
    pub broke: Option<String>,
    /// The virtual time on screen; never before the run's own.
    pub shown_at: Micros,
    /// How fast virtual time really goes, when that is less than asked for.
    pub held_back: Option<f64>,
    pub recorder: Recorder,
    /// Grows when the colours may have changed.
    pub theme_serial: u32,
    /// The run was begun anew: whoever keeps something of the old one forgets it.
    pub run_serial: u32,
    /// Grows when something drawn changes other than where nodes lie while they are dragged.
    pub calm_serial: u64,
    /// When a hand last did something, in milliseconds since the page began.
    pub touched_at: f64,
    /// What of the scene is drawn in full.
    pub sight: Sight,
    pub subscribers: Subscribers,
    pub numbers: Numbers,
    /// The canvas fills the screen.
    pub presenting: bool,
    /// What the address asked for.
    pub asked: Address,
    /// Where the document is kept.
    pub place: Place,
    /// A fingerprint of what this tab last saw or left there.
    pub known: Option<u64>,
    /// It was said that it is not.
    pub unkept: bool,
    /// A frame that was scrolled away stands still.
    pub out_of_sight: bool,
}

/// A hand comes first: for so long after it did something, what changes by itself can wait.
const HAND_MS: f64 = 50.0;

impl Session {
    /// Whether a hand has just done something, and would feel the time that anything else takes.
    pub fn is_in_hand(&self) -> bool {
        dom::now_ms() - self.touched_at < HAND_MS
    }

    /// Lets the engine work on the run. Should it break, a fresh run takes the place of the broken one, and the clock
    /// says so.
    pub fn engine<T: 'static>(&mut self, work: impl FnOnce(&mut Run, &mut Checkpoints) -> T + 'static) -> Option<T> {
        let (run, checkpoints) = self.spare.take().unwrap_or_else(nothing);
        let mut run = std::mem::replace(&mut self.run, run);
        let mut checkpoints = std::mem::replace(&mut self.checkpoints, checkpoints);
        let done = guarded(move || {
            let value = work(&mut run, &mut checkpoints);
            (run, checkpoints, value)
        });
        match done {
            Ok((run, checkpoints, value)) => {
                let idle = std::mem::replace(&mut self.run, run);
                self.spare = Some((idle, std::mem::replace(&mut self.checkpoints, checkpoints)));
                Some(value)
            }
            Err(why) => {
                self.begin_anew();
                self.broke = Some(why);
                None
            }
        }
    }

    /// A fresh run of the document, at time 0.
    pub fn begin_anew(&mut self) {
        let scene = Arc::clone(&self.state.scene);
        let fresh = guarded(move || {
            let run = Run::new(&scene);
            let checkpoints = Checkpoints::of(&run);
            (run, checkpoints)
        });
        (self.run, self.checkpoints) = fresh.unwrap_or_else(|why| {
            self.broke = Some(why);
            nothing()
        });
        self.shown_at = 0;
        self.recorder.clear();
        self.run_serial += 1;
    }

    /// Before a run goes on that was taken back: the scene as it is now holds from here on.
    pub fn act(&mut self) {
        if self.checkpoints.head().is_none() {
            return;
        }
        let scene = Arc::clone(&self.state.scene);
        if self.engine(move |run, checkpoints| checkpoints.act(run, &scene)) == Some(true) {
            self.forget_future();
        }
    }

    /// Plays to a time, as far as it gets in so long, and shows where it is.
    pub fn play_to(&mut self, at: Micros, wait_ms: f64) {
        self.act();
        self.engine(move |run, checkpoints| {
            let began = dom::now_ms();
            while run.halt().is_none() && !run.advance(at, SLICE) && dom::now_ms() - began < wait_ms {
                checkpoints.follow(run);
            }
            checkpoints.follow(run);
        });
        self.shown_at = self.run.now();
    }

    /// What was shown of the time after the present is no more.
    pub fn forget_future(&mut self) {
        self.recorder.forget_after(&self.run);
        self.subscribers.forget_after(&self.run);
    }
}

/// A run of nothing, while the real one is at work.
fn nothing() -> (Run, Checkpoints) {
    let run = Run::new(&Scene::default());
    let checkpoints = Checkpoints::of(&run);
    (run, checkpoints)
}

/// The handle components get through Yew's context. Equal handles have drawn the same state.
#[derive(Clone)]
pub struct Store {
    session: Rc<RefCell<Session>>,
    redraw: UseForceUpdateHandle,
    pub hands: Rc<Hands>,
    version: u64,
}

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version
    }
}

impl Store {
    pub fn new(session: Rc<RefCell<Session>>, redraw: UseForceUpdateHandle, hands: Rc<Hands>, version: u64) -> Self {
        Self { session, redraw, hands, version }
    }

    /// Do not hold it while dispatching.
    pub fn session(&self) -> Ref<'_, Session> {
        self.session.borrow()
    }

    pub fn session_mut(&self) -> RefMut<'_, Session> {
        self.session.borrow_mut()
    }

    /// Reduces the command, carries its effects out, and draws again if something drawn by Yew changed.
    pub fn dispatch(&self, command: Command) {
        let (effects, changed) = {
            let session = &mut *self.session.borrow_mut();
            let before = Look::of(&session.state);
            let effects = editor::reduce(&mut session.state, command);
            let after = Look::of(&session.state);
            session.calm_serial += u64::from(!before.differs_by_dragging(&after));
            session.touched_at = dom::now_ms();
            (effects, before != after)
        };
        for effect in effects {
            effects::carry_out(self, effect);
        }
        if changed {
            self.redraw.force_update();
        }
    }

    /// Draws again after a change that is no command: of the run, or a matter of the page alone.
    pub fn redraw(&self) {
        self.session.borrow_mut().calm_serial += 1;
        self.redraw.force_update();
    }

    /// Draws what lies on the canvas again, and nothing around it.
    pub fn redraw_canvas(&self) {
        self.redraw.force_update();
    }

    /// A callback that ignores its event.
    pub fn sends<T>(&self, command: Command) -> Callback<T> {
        let store = self.clone();
        Callback::from(move |_| store.dispatch(command.clone()))
    }

    pub fn shows(&self, panel: Panel) -> bool {
        self.session.borrow().state.shows(panel)
    }
}

/// The part of the state that components draw. The camera is not in it: the clock applies that one.
#[derive(Clone, PartialEq)]
struct Look {
    scene: usize,
    problems: usize,
    selection: Selection,
    gesture: Gesture,
    playback: Playback,
    panels: BTreeSet<&'static str>,
    drawer: Drawer,
    theme: Theme,
    notice: Option<Notice>,
    trace_node: Option<String>,
    followed: Option<Token>,
    writing: Option<String>,
    breakpoints: BTreeSet<Breakpoint>,
    overlay: Option<Overlay>,
    script: (Knobs, Option<usize>, Option<(Micros, Micros)>, bool),
}

impl Look {
    fn of(state: &State) -> Self {
        Self {
            scene: address(&state.scene),
            problems: Arc::as_ptr(&state.problems).cast::<Problem>() as usize,
            selection: state.selection.clone(),
            gesture: still(&state.gesture),
            playback: state.playback,
            panels: state.panels.clone(),
            drawer: state.drawer,
            theme: state.theme,
            notice: state.notice.clone(),
            trace_node: state.trace_node.clone(),
            followed: state.followed,
            writing: state.writing.clone(),
            breakpoints: state.breakpoints.clone(),
            overlay: state.overlay.clone(),
            script: (state.knobs, state.mark, state.span, state.looping),
        }
    }

    /// Whether the other look is the next step of the same drag and no more: only what draws nodes in their places sees
    /// a difference.
    fn differs_by_dragging(&self, other: &Self) -> bool {
        let dragging = |look: &Self| matches!(look.gesture, Gesture::DraggingNodes { .. });
        dragging(self)
            && dragging(other)
            && *self == Self { scene: self.scene, gesture: self.gesture.clone(), ..other.clone() }
    }
}

/// Scenes are shared and replaced, never changed in place: the address tells them apart.
pub fn address(scene: &Arc<Scene>) -> usize {
    Arc::as_ptr(scene) as usize
}

/// Panning moves the camera alone, so its steps look the same.
fn still(gesture: &Gesture) -> Gesture {
    match gesture {
        Gesture::Panning { .. } => Gesture::Panning { view: decoupled::figure::Point::default() },
        other => other.clone(),
    }
}

/// The store with every step of a drag in it.
#[derive(Clone, PartialEq)]
pub struct MovingStore(pub Store);

/// The store, in a component. While nodes are dragged it is not drawn again.
#[hook]
pub fn use_store() -> Store {
    use_context::<Store>().expect("every component stands inside the app's provider")
}

/// The store, in a component that draws nodes where they lie.
#[hook]
pub fn use_moving_store() -> Store {
    use_context::<MovingStore>().expect("every component stands inside the app's provider").0
}
