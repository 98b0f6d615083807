//! Drawing a line out of a port: pulled to its end, or by two taps. What is under the pointer says at once whether it may
//! end there.

use std::sync::Arc;

use crate::editor::connect::{connect, connection, within_reach};
use crate::editor::effect::Effect;
use crate::editor::overlay::{Overlay, Purpose};
use crate::editor::pointer::PointerTarget;
use crate::editor::state::{Gesture, State};
use crate::figure::Point;

pub fn begin(state: &mut State, id: &str) {
    if state.scene.node(id).is_some() {
        let to = state.camera.canvas_from_view(state.press.view);
        let legal = Arc::new(within_reach(&state.scene, id));
        state.gesture = Gesture::Connecting { from: id.to_owned(), legal, to, over: None, refusal: None };
    }
}

pub fn moved(state: &mut State, view: Point, target: &PointerTarget) {
    let at = state.camera.canvas_from_view(view);
    let dragged = state.press.passes(view) || state.press.waits;
    let Gesture::Connecting { from, to, over, refusal, .. } = &mut state.gesture else { return };
    *to = at;
    // The port itself lies under the pointer at first: no reason to complain yet.
    let now = target.node().filter(|id| dragged && state.scene.node(id).is_some());
    if over.as_deref() != now {
        *refusal = now.and_then(|id| connection(&state.scene, from, id).err());
        *over = now.map(str::to_owned);
    }
}

/// Let go over a node it is connected; let go over nothing, one is asked what should stand there.
pub fn released(state: &mut State, from: &str, view: Point, over: Option<&str>) -> Vec<Effect> {
    match over {
        Some(to) => connect(state, from, to),
        None => {
            let at = Some(state.camera.canvas_from_view(view));
            let purpose = Purpose::After { from: from.to_owned(), at };
            state.overlay = Some(Overlay::Chooser { at: Some(view), purpose });
            Vec::new()
        }
    }
}

/// The second tap: on the node that the line should reach, or on nothing, which leaves it.
pub fn ended(state: &mut State, from: &str, view: Point, target: &PointerTarget) -> Vec<Effect> {
    match target.node() {
        Some(to) if to == from => Vec::new(),
        Some(to) => connect(state, from, to),
        None => released(state, from, view, None),
    }
}
