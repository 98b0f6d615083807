//! Pulling a frame or a note by one of its handles, on the grid. It grows as one sees it, and is one step when let go;
//! so is who joins a frame by it, or leaves it.

use std::sync::Arc;

use crate::editor::boundary::{gathering, laid};
use crate::editor::change::refuse;
use crate::editor::effect::Effect;
use crate::editor::layout::snapped;
use crate::editor::layout::{ROOM_MAX, card_rect};
use crate::editor::pointer::Handle;
use crate::editor::recording::commit;
use crate::editor::rect::Rect;
use crate::editor::state::{Gesture, State};
use crate::figure::Point;
use crate::scene::SceneNode;
use crate::services::canvas::{boundary, note};
use crate::services::{Kind, Still};

pub fn begin(state: &mut State, id: &str, handle: Handle) {
    let has_size =
        |node: &&Arc<SceneNode>| node.kind == Kind::Note || node.is_frame() || node.kind.spec().room.is_some();
    let Some(node) = state.scene.node(id).filter(has_size) else { return };
    if node.locked {
        refuse(state, format!("{id} is locked. Unlock it to change its size."));
        return;
    }
    state.press.before = Some(Arc::clone(&state.scene));
    state.press.base = Some(Arc::clone(&state.scene));
    let from = state.camera.canvas_from_view(state.press.view);
    state.gesture = Gesture::Resizing { id: id.to_owned(), handle, from };
}

pub fn moved(state: &mut State, view: Point) {
    let Gesture::Resizing { id, handle, from } = &state.gesture else { return };
    let Some(base) = &state.press.base else { return };
    let Some(node) = base.node(id) else { return };
    let to = state.camera.canvas_from_view(view);
    let card = card_rect(node);
    let by = Point::new(to.x - from.x, to.y - from.y);
    let spec = node.kind.spec();
    let [across, down] = match node.kind.still() {
        Some(Still::Note) => [(note::WIDTH_MIN, note::WIDTH_MAX); 2],
        Some(Still::Boundary) => [(boundary::SIDE_MIN, boundary::SIDE_MAX); 2],
        None => [spec.size.0, spec.size.1].map(|least| (least, ROOM_MAX)),
    };
    let (x, width) = pulled((card.x, card.width), by.x, handle.x, across);
    let (y, height) = pulled((card.y, card.height), by.y, handle.y, down);
    let rect = Rect { x, y, width, height };
    let scene = base.with(laid(node, &rect));
    state.scene = Arc::new(scene);
}

/// One side of a length moved to the grid; the other stays.
fn pulled((from, length): (f32, f32), by: f32, side: i8, (least, most): (f32, f32)) -> (f32, f32) {
    match side {
        0 => (from, length),
        1.. => (from, (snapped(from + length + by) - from).clamp(least, most)),
        _ => {
            let to = from + length;
            let length = (to - snapped(from + by)).clamp(least, most);
            (to - length, length)
        }
    }
}

pub fn released(state: &mut State, id: &str) -> Vec<Effect> {
    let Some(before) = state.press.before.take() else { return Vec::new() };
    state.press.base = None;
    let after = std::mem::replace(&mut state.scene, before);
    let gathering = gathering(&after, id);
    commit(state, after.with(gathering), None)
}
