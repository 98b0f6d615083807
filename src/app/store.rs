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
use decoupled::play::{Forgotten, Player};
use decoupled::scene::{Problem, Scene};
use decoupled::services::Token;
use decoupled::sim::Run;
use decoupled::view::Sight;
use yew::functional::UseForceUpdateHandle;
use yew::prelude::*;

use super::guard::guarded;
use super::input::Hands;
use super::keeping::Place;
use super::numbers::Numbers;
use super::recorder::Recorder;
use super::subscribers::Subscribers;
use super::watch::within;
use super::{dom, effects};

/// What a visit consists of.
pub struct Session {
    pub state: State,
    pub player: Player,
    /// Stands in for it while the engine works on it.
    pub spare: Option<Player>,
    /// Why the engine broke, until it is said.
    pub broke: Option<String>,
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
    pub fn run(&self) -> &Run {
        self.player.run()
    }

    /// The virtual time on screen.
    pub fn shown_at(&self) -> Micros {
        self.player.shown_at()
    }

    /// Whether a hand has just done something, and would feel the time that anything else takes.
    pub fn is_in_hand(&self) -> bool {
        dom::now_ms() - self.touched_at < HAND_MS
    }

    /// Lets the engine work. Should it break, a fresh run takes the place of the broken one, and the clock says so.
    pub fn engine<T: 'static>(&mut self, work: impl FnOnce(&mut Player) -> T + 'static) -> Option<T> {
        let spare = self.spare.take().unwrap_or_else(nothing);
        let mut player = std::mem::replace(&mut self.player, spare);
        let done = guarded(move || {
            let value = work(&mut player);
            (player, value)
        });
        match done {
            Ok((player, value)) => {
                self.spare = Some(std::mem::replace(&mut self.player, player));
                if let Some(forgotten) = self.player.take_forgotten() {
                    self.forget(forgotten);
                }
                Some(value)
            }
            Err(why) => {
                self.begin_anew();
                self.broke = Some(why);
                None
            }
        }
    }

    /// A fresh run of the document, at time 0, in the place of one that broke.
    #[inline(never)]
    fn begin_anew(&mut self) {
        let scene = Arc::clone(&self.state.scene);
        self.player = guarded(move || Player::new(&scene)).unwrap_or_else(|_| nothing());
        self.forget(Forgotten::All);
    }

    #[inline(never)]
    fn forget(&mut self, forgotten: Forgotten) {
        match forgotten {
            Forgotten::After { at, total } => {
                self.recorder.forget_after(at, total);
                self.subscribers.forget_after(at, total);
            }
            Forgotten::All => {
                self.recorder.clear();
                self.run_serial += 1;
            }
        }
    }
}

/// The run of nothing, while the real one is at work.
fn nothing() -> Player {
    Player::new(&Scene::default())
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

    /// Plays to a time, as far as it gets in so long, and shows where it is.
    pub fn play_to(&self, at: Micros, wait_ms: f64) {
        let session = &mut *self.session.borrow_mut();
        let scene = Arc::clone(&session.state.scene);
        session.engine(move |player| player.play_to(at, &scene, &mut within(wait_ms)));
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
