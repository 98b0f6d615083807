//! Carrying one end of a line to another node.

use std::sync::Arc;

use crate::editor::change::refuse;
use crate::editor::effect::Effect;
use crate::editor::pointer::{LinkEnd, PointerTarget};
use crate::editor::reconnect::{possible_ends, reconnect, reconnection};
use crate::editor::state::{Gesture, State};
use crate::figure::Point;

pub fn begin(state: &mut State, link: &str, end: LinkEnd) {
    match possible_ends(&state.scene, link, end) {
        Err(why) => {
            refuse(state, why);
        }
        Ok(legal) => {
            let to = state.camera.canvas_from_view(state.press.view);
            let (link, legal) = (link.to_owned(), Arc::new(legal));
            state.gesture = Gesture::Reconnecting { link, end, legal, to, over: None, refusal: None };
        }
    }
}

pub fn moved(state: &mut State, view: Point, target: &PointerTarget) {
    let at = state.camera.canvas_from_view(view);
    let dragged = state.press.passes(view);
    let Gesture::Reconnecting { link, end, to, over, refusal, .. } = &mut state.gesture else { return };
    *to = at;
    let now = target.node().filter(|id| dragged && state.scene.node(id).is_some());
    if over.as_deref() != now {
        *refusal = now.and_then(|id| reconnection(&state.scene, link, *end, id).err());
        *over = now.map(str::to_owned);
    }
}

/// Let go over nothing, the line stays what it is.
pub fn released(state: &mut State, link: &str, end: LinkEnd, over: Option<&str>) -> Vec<Effect> {
    match over {
        Some(node) => reconnect(state, link, end, node),
        None => Vec::new(),
    }
}
