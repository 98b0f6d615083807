//! Pressed on a node: it is chosen at once; a drag begins when the pointer moves far enough.

use super::dragging;
use crate::editor::boundary::pressed;
use crate::editor::effect::Effect;
use crate::editor::selection::Selection;
use crate::editor::state::{Gesture, State};
use crate::figure::Point;

pub fn begin(state: &mut State, id: &str) {
    if state.scene.node(id).is_none() {
        return;
    }
    let id = pressed(&state.scene, &state.selection, id).to_owned();
    let id = &*id;
    let press = &mut state.press;
    press.node = id.to_owned();
    press.was_chosen = state.selection.nodes.contains(id);
    if press.held.shift {
        state.selection.toggle_node(id);
        // Just let go of: not to be dragged.
        if press.was_chosen {
            return;
        }
    } else if !press.was_chosen {
        state.selection = Selection::of_node(id);
    }
    let from = state.camera.canvas_from_view(state.press.view);
    state.gesture = Gesture::PointingNode { id: id.to_owned(), from };
}

pub fn moved(state: &mut State, view: Point) -> Vec<Effect> {
    if state.press.passes(view) {
        dragging::begin(state);
        dragging::moved(state, view);
    }
    Vec::new()
}

/// A click on one of several chosen nodes chooses it alone; only now, since they might have been dragged.
pub fn released(state: &mut State, id: &str) -> Vec<Effect> {
    if state.press.was_chosen && !state.press.held.shift {
        state.selection = Selection::of_node(id);
    }
    Vec::new()
}
