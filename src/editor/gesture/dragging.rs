//! Moving the chosen nodes, by guides or on the grid. They move as one sees it, and are one step when let go; so is who
//! joins a frame by it, or leaves one.

use std::sync::Arc;

use crate::editor::boundary::{carried, is_locked, joining};
use crate::editor::choosing::forget_absent;
use crate::editor::duplicate::copied;
use crate::editor::effect::Effect;
use crate::editor::guides::Guides;
use crate::editor::recording::commit;
use crate::editor::selection::Selection;
use crate::editor::state::{Gesture, State};
use crate::figure::{Point, Tone};
use crate::scene::Edit;

pub fn begin(state: &mut State) {
    let from = state.camera.canvas_from_view(state.press.view);
    state.press.before = Some(Arc::clone(&state.scene));
    if state.press.held.alt {
        take_copies(state);
    }
    state.press.base = Some(Arc::clone(&state.scene));
    state.press.carried = carried(&state.scene, &state.selection.nodes);
    if let Some(held) = state.scene.node(&state.press.node).cloned() {
        if is_locked(&state.scene, &held.id) {
            state.press.carried.clear();
            state.say(format!("{} is locked. Unlock it to move it.", held.id), Tone::Plain);
        }
        let view = state.camera.seen(state.viewport);
        state.press.guides = Guides::begin(&state.scene, &view, &state.press.carried, &held);
    }
    state.gesture = Gesture::DraggingNodes { from, moved: Point::default(), guides: Vec::new() };
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
    let Gesture::DraggingNodes { from, moved, .. } = state.gesture else { return };
    let Some(base) = state.press.base.clone() else { return };
    if state.press.carried.is_empty() {
        return;
    }
    let to = state.camera.canvas_from_view(view);
    let by = Point::new(to.x - from.x, to.y - from.y);
    let (by, guides) = match state.press.free {
        true => (Point::new(libm::rintf(by.x), libm::rintf(by.y)), Vec::new()),
        false => state.press.guides.snap(by, state.camera.zoom),
    };
    if by != moved {
        let ids = state.press.carried.clone();
        let edit = Edit::MoveNodes { ids, by: (f64::from(by.x), f64::from(by.y)) };
        state.scene = Arc::new(base.with([edit]));
    }
    state.gesture = Gesture::DraggingNodes { from, moved: by, guides };
}

pub fn released(state: &mut State) -> Vec<Effect> {
    let Some(before) = state.press.before.take() else { return Vec::new() };
    state.press.base = None;
    let after = std::mem::replace(&mut state.scene, before);
    let joining = joining(&after, &state.press.carried);
    let selection = state.selection.clone();
    let effects = commit(state, after.with(joining), None);
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
