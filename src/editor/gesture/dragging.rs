//! Moving the chosen nodes, on the grid. They move as one sees it, and are one step when let go.

use std::sync::Arc;

use crate::editor::change::moved as scene_with_moved;
use crate::editor::duplicate::copied;
use crate::editor::effect::Effect;
use crate::editor::history::commit;
use crate::editor::place::snapped;
use crate::editor::selection::forget_absent;
use crate::editor::state::{Gesture, Selection, State};
use crate::figure::{Point, Tone};

pub fn begin(state: &mut State) {
    let from = state.camera.canvas_from_view(state.press.view);
    state.press.before = Some(Arc::clone(&state.scene));
    if state.press.held.alt {
        take_copies(state);
    }
    state.press.base = Some(Arc::clone(&state.scene));
    state.gesture = Gesture::DraggingNodes { from, moved: Point::default() };
}

/// With alt held, copies are dragged and the originals stay.
fn take_copies(state: &mut State) {
    match copied(&state.scene, &state.selection, 0.0) {
        Ok((scene, names)) => {
            if let Some(copy) = names.get(&state.press.node) {
                state.press.node.clone_from(copy);
            }
            state.scene = Arc::new(scene);
            state.selection = Selection { nodes: names.into_values().collect(), ..Selection::default() };
        }
        Err(why) => state.say(why, Tone::Bad),
    }
}

pub fn moved(state: &mut State, view: Point) {
    let Gesture::DraggingNodes { from, moved } = state.gesture else { return };
    let Some(base) = state.press.base.clone() else { return };
    let Some(pressed) = base.node(&state.press.node) else { return };
    // The pressed card comes to lie on the grid; the others keep their distance to it.
    let to = state.camera.canvas_from_view(view);
    let (x, y) = (pressed.at.0 as f32, pressed.at.1 as f32);
    let by = Point::new(snapped(x + to.x - from.x) - x, snapped(y + to.y - from.y) - y);
    if by != moved {
        state.scene = Arc::new(scene_with_moved(&base, &state.selection, by));
        state.gesture = Gesture::DraggingNodes { from, moved: by };
    }
}

pub fn released(state: &mut State) -> Vec<Effect> {
    let Some(before) = state.press.before.take() else { return Vec::new() };
    state.press.base = None;
    let after = std::mem::replace(&mut state.scene, before);
    let selection = state.selection.clone();
    let effects = commit(state, (*after).clone(), None);
    // Copies were chosen before the document had them.
    state.selection = selection;
    forget_absent(state);
    effects
}

pub fn cancelled(state: &mut State) {
    state.press.base = None;
    if let Some(before) = state.press.before.take() {
        state.scene = before;
        state.selection = std::mem::take(&mut state.press.selection);
        forget_absent(state);
    }
}
