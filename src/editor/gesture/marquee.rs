//! Choosing by a rectangle: every card it touches joins what was chosen before, and every frame it holds whole. What is
//! locked is passed over; with one of a group comes the group.

use crate::editor::boundary::outermost;
use crate::editor::layout::card_rect;
use crate::editor::rect::Rect;
use crate::editor::state::{Gesture, State};
use crate::figure::Point;
use crate::scene::{Frames, SceneNode};

pub fn begin(state: &mut State) {
    let from = state.camera.canvas_from_view(state.press.view);
    state.gesture = Gesture::Marquee { from, to: from };
}

pub fn moved(state: &mut State, view: Point) {
    let Gesture::Marquee { from, .. } = state.gesture else { return };
    let to = state.camera.canvas_from_view(view);
    let frame = Rect::between(from, to);
    let frames = Frames::of(&state.scene);
    let takes = |node: &SceneNode| {
        let card = card_rect(node);
        !node.locked && if node.is_frame() { frame.holds(&card) } else { card.meets(&frame) && !frames.hides(&node.id) }
    };
    let touched = state.scene.nodes.iter().filter(|node| takes(node)).map(|node| outermost(&frames, &node.id));
    let mut selection = state.press.selection.clone();
    selection.nodes.extend(touched.map(str::to_owned));
    state.selection = selection;
    state.gesture = Gesture::Marquee { from, to };
}
