//! What the pointer does, one file a gesture. A gesture changes the document at most once: when it ends.

mod connecting;
mod dragging;
mod marquee;
mod panning;
mod placing;
mod pointing;
mod press;
mod reconnecting;
mod resizing;

use super::choosing::{knows_link, select};
use super::effect::Effect;
use super::pointer::PointerTarget;
use super::state::{Gesture, Mode, PaletteItem, State};
use crate::figure::Point;

pub use press::{Held, Press};

pub fn down(state: &mut State, view: Point, target: &PointerTarget, held: Held) -> Vec<Effect> {
    // Something carried stays in hand until it is let go.
    if matches!(state.gesture, Gesture::Placing { .. }) {
        return Vec::new();
    }
    if let Gesture::Connecting { from, .. } = &state.gesture
        && state.press.waits
    {
        let from = from.clone();
        cancel(state);
        return connecting::ended(state, &from, view, target);
    }
    // A second finger.
    cancel(state);
    state.press = Press { view, held, selection: state.selection.clone(), ..Press::default() };
    match target {
        _ if held.pan => panning::begin(state),
        _ if state.mode != Mode::Edit => {
            let chosen = target.node().map(str::to_owned).into_iter().collect();
            select(state, chosen, Vec::new(), false);
            // It stays chosen when the pointer is let go.
            state.press.held.pan = true;
            panning::begin(state);
        }
        PointerTarget::Node(id) => pointing::begin(state, id),
        PointerTarget::Port(id) => connecting::begin(state, id),
        PointerTarget::Handle(id, handle) => resizing::begin(state, id, *handle),
        PointerTarget::LinkEnd(id, end) => reconnecting::begin(state, id, *end),
        PointerTarget::Link(id) if knows_link(&state.scene, id) => {
            if held.shift {
                state.selection.toggle_link(id);
            } else {
                select(state, Vec::new(), vec![id.clone()], false);
            }
        }
        PointerTarget::Canvas | PointerTarget::Link(_) if held.shift => marquee::begin(state),
        PointerTarget::Canvas | PointerTarget::Link(_) => panning::begin(state),
    }
    Vec::new()
}

pub fn moved(state: &mut State, view: Point, over: &PointerTarget) -> Vec<Effect> {
    let effects = follow(state, view, over);
    state.press.last = Some((view, state.camera));
    effects
}

fn follow(state: &mut State, view: Point, over: &PointerTarget) -> Vec<Effect> {
    match state.gesture {
        Gesture::Idle => {}
        Gesture::PointingNode { .. } => return pointing::moved(state, view),
        Gesture::DraggingNodes { .. } => dragging::moved(state, view),
        Gesture::Panning { .. } => panning::moved(state, view),
        Gesture::Marquee { .. } => marquee::moved(state, view),
        Gesture::Connecting { .. } => connecting::moved(state, view, over),
        Gesture::Resizing { .. } => resizing::moved(state, view),
        Gesture::Reconnecting { .. } => reconnecting::moved(state, view, over),
        Gesture::Placing { .. } => placing::moved(state, view, over),
    }
    Vec::new()
}

/// The last place of the pointer counts, and once: whether it was reported as a move or not. Who lands on something asks
/// again what lies there.
pub fn up(state: &mut State, view: Point, over: &PointerTarget) -> Vec<Effect> {
    let looks =
        matches!(state.gesture, Gesture::Connecting { .. } | Gesture::Reconnecting { .. } | Gesture::Placing { .. });
    let is_news = looks || state.press.last != Some((view, state.camera));
    let mut effects = if is_news { moved(state, view, over) } else { Vec::new() };
    if matches!(state.gesture, Gesture::Connecting { .. }) && !state.press.moved {
        state.press.waits = true;
        return effects;
    }
    effects.extend(match std::mem::take(&mut state.gesture) {
        Gesture::Idle | Gesture::Marquee { .. } => Vec::new(),
        Gesture::PointingNode { id, .. } => pointing::released(state, &id),
        Gesture::DraggingNodes { .. } => dragging::released(state),
        Gesture::Panning { .. } => panning::released(state),
        Gesture::Connecting { from, over, .. } => connecting::released(state, &from, view, over.as_deref()),
        Gesture::Placing { kind, at, .. } => placing::released(state, kind, at, over),
        Gesture::Resizing { id, .. } => resizing::released(state, &id),
        Gesture::Reconnecting { link, end, over, .. } => reconnecting::released(state, &link, end, over.as_deref()),
    });
    effects
}

pub fn pick_up(state: &mut State, item: PaletteItem) -> Vec<Effect> {
    let effects = settle(state);
    placing::begin(state, item);
    effects
}

/// Ends the gesture as if it had never begun.
pub fn cancel(state: &mut State) {
    match std::mem::take(&mut state.gesture) {
        Gesture::DraggingNodes { .. } | Gesture::Resizing { .. } => dragging::cancelled(state),
        Gesture::Marquee { .. } => state.selection = std::mem::take(&mut state.press.selection),
        _ => {}
    }
}

/// Ends the gesture where it is: what was dragged stays there, what was only begun is dropped.
pub fn settle(state: &mut State) -> Vec<Effect> {
    match std::mem::take(&mut state.gesture) {
        Gesture::DraggingNodes { .. } => dragging::released(state),
        Gesture::Resizing { id, .. } => resizing::released(state, &id),
        _ => Vec::new(),
    }
}

/// Whether nothing is to draw what is dragged, from the next move on.
pub fn set_free(state: &mut State, free: bool) {
    state.press.free = free;
    state.press.last = None;
}
