//! What is drawn at a place of a card, and how one looks at it.

use crate::editor::{State, card_rect};
use crate::figure::Point;
use crate::sim::Run;

/// The way to what is drawn at a point of the view in a node's card, if one can look at it.
#[must_use]
#[inline(never)] // second part
pub fn way_to(state: &State, run: &Run, node: &str, view: Point) -> Option<Vec<String>> {
    let card = card_rect(state.scene.node(node)?);
    let at = state.camera.canvas_from_view(view);
    let way = state.look.as_ref().filter(|(of, _)| of == node).map_or(&[][..], |(_, way)| way);
    run.node(node)?.way_to((at.x - card.x, at.y - card.y), (card.width, card.height), way)
}
