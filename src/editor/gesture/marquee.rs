//! Choosing by a rectangle: every card it touches joins what was chosen before.

use crate::editor::layout::{Rect, card_rect};
use crate::editor::state::{Gesture, State};
use crate::figure::Point;

pub fn begin(state: &mut State) {
    let from = state.camera.canvas_from_view(state.press.view);
    state.gesture = Gesture::Marquee { from, to: from };
}

pub fn moved(state: &mut State, view: Point) {
    let Gesture::Marquee { from, .. } = state.gesture else { return };
    let to = state.camera.canvas_from_view(view);
    let frame = Rect::between(from, to);
    let touched = state.scene.nodes.iter().filter(|node| card_rect(node).meets(&frame));
    let mut selection = state.press.selection.clone();
    selection.nodes.extend(touched.map(|node| node.id.clone()));
    state.selection = selection;
    state.gesture = Gesture::Marquee { from, to };
}
