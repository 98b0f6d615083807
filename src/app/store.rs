//! The one way to change a visit's state and run.

use std::cell::{Ref, RefCell, RefMut};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use decoupled::editor::{
    self, Breakpoint, Command, Drawer, Effect, Gesture, Knobs, Notice, Overlay, Panel, Playback, RunEffect, Selection,
    State, Theme,
};
use decoupled::engine::Micros;
use decoupled::scene::{Problem, Scene};
use decoupled::services::Token;
use yew::functional::UseForceUpdateHandle;
use yew::prelude::*;

use super::dom;
use super::hands::Hands;
use super::session::Session;
use super::watch::within;

/// Carries out what is not pure.
pub type CarryOut = fn(&Store, Effect);

/// The handle components get through Yew's context. Equal handles have drawn the same state.
#[derive(Clone)]
pub struct Store {
    session: Rc<RefCell<Session>>,
    redraw: UseForceUpdateHandle,
    pub hands: Rc<Hands>,
    carry_out: CarryOut,
    version: u64,
}

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version
    }
}

impl Store {
    pub fn new(
        session: Rc<RefCell<Session>>,
        redraw: UseForceUpdateHandle,
        hands: Rc<Hands>,
        carry_out: CarryOut,
        version: u64,
    ) -> Self {
        Self { session, redraw, hands, carry_out, version }
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
            let before = Drawn::of(&session.state);
            let effects = editor::reduce(&mut session.state, command);
            let after = Drawn::of(&session.state);
            session.calm_serial += u64::from(!before.differs_by_dragging(&after));
            session.touched_at = dom::now_ms();
            let on_run = |effect: &Effect| matches!(effect, Effect::Run(effect) if *effect != RunEffect::Retouch);
            session.goal += u64::from(before.playback != after.playback || effects.iter().any(on_run));
            (effects, before != after)
        };
        for effect in effects {
            (self.carry_out)(self, effect);
        }
        if changed {
            self.draw();
        }
    }

    /// Not under a hand: then when it lets go.
    fn draw(&self) {
        let idle = self.session.borrow().state.gesture == Gesture::Idle;
        if !(idle && self.hands.press.defers()) {
            self.redraw.force_update();
        }
    }

    /// Whether a hand is at work, or rests on what would move.
    pub fn is_under_hand(&self) -> bool {
        self.hands.press.is_on() || self.session().is_in_hand()
    }

    /// Plays to a time, as far as it gets in so long, and shows where it is.
    pub fn play_to(&self, at: Micros, wait_ms: f64) {
        let session = &mut *self.session.borrow_mut();
        let scene = Arc::clone(&session.state.scene);
        session.engine(move |player| player.play_to(at, &scene, &mut within(wait_ms)));
    }

    /// The number of a new goal; what was played to before is given up.
    pub fn set_goal(&self) -> u64 {
        let session = &mut *self.session.borrow_mut();
        session.goal += 1;
        session.goal
    }

    /// Draws again after a change that is no command: of the run, or a matter of the page alone.
    pub fn redraw(&self) {
        self.session.borrow_mut().calm_serial += 1;
        self.draw();
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
struct Drawn {
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

impl Drawn {
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

    /// Whether the other is the next step of the same drag and no more: only what draws nodes in their places sees
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
