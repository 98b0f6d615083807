//! Where cards lie on the canvas, and the camera that shows them.

use super::camera::Camera;
use super::note::note_layout;
use super::rect::Rect;
use crate::figure::{Face, text_width};
use crate::scene::{Frames, Scene, SceneNode};
use crate::services::canvas::boundary;
use crate::services::{Kind, whole_number};

/// Positions lie on this grid, in units of the canvas: those of a scene's `at`, pixels at a zoom of 1.
pub const GRID: f32 = 4.0;

/// The nearest point of the grid.
pub fn snapped(length: f32) -> f32 {
    libm::rintf(length / GRID) * GRID
}

/// A collapsed boundary's card.
pub const FOLDED: (f32, f32) = (184.0, 92.0);

/// Where a card's texts begin, beside the tile.
pub const CARD_TEXT_X: f32 = 46.0;
/// From the headline to the card's edge.
pub const CARD_EDGE: f32 = 12.0;
pub const NAME_SIZE: f32 = 13.5;
pub const HEADLINE_SIZE: f32 = 13.0;
/// Between name and headline.
pub const NAME_GAP: f32 = 8.0;
/// A card is made for a headline like this. Where it gets a longer one, the name gives way.
pub const HEADLINE_USUAL: &str = "999,999";
/// A headline is no longer, in characters.
pub const HEADLINE_MAX: usize = 12;
/// A card grows no further for its name.
const CARD_WIDTH_MAX: f32 = 420.0;

/// A node's card, paper or frame.
#[must_use]
pub fn card_rect(node: &SceneNode) -> Rect {
    let (width, height) = match node.kind {
        Kind::Note | Kind::Boundary => still_size(node),
        kind => {
            let spec = kind.spec();
            let given = spec.headline.and_then(|name| node.properties.get(name)).and_then(serde_json::Value::as_str);
            let longer = given.filter(|text| text.len() > HEADLINE_USUAL.len() && text.len() <= HEADLINE_MAX);
            let usual = (card_width(&node.id, spec.size.0, longer.unwrap_or(HEADLINE_USUAL)), spec.size.1);
            if spec.room.is_some() { roomy_size(node, usual) } else { usual }
        }
    };
    Rect { x: node.at.0 as f32, y: node.at.1 as f32, width, height }
}

/// As wide as usual, or as its name needs.
fn card_width(id: &str, usual: f32, headline: &str) -> f32 {
    let name = text_width(id, NAME_SIZE, Face::Strong);
    let beside = if headline.is_empty() { 0.0 } else { NAME_GAP + text_width(headline, HEADLINE_SIZE, Face::Mono) };
    // Of whole steps of the grid, so that its middle lies on it too.
    let needed = libm::ceilf((CARD_TEXT_X + name + beside + CARD_EDGE) / (2.0 * GRID)) * 2.0 * GRID;
    usual.max(needed.min(CARD_WIDTH_MAX))
}

/// How wide or high a card with room inside may be.
pub const ROOM_MAX: f32 = 6_000.0;

/// As large as it is drawn, but no smaller than usual.
#[inline(never)] // second part
fn roomy_size(node: &SceneNode, usual: (f32, f32)) -> (f32, f32) {
    let side = |name: &str, least: f32| {
        let given = node.properties.get(name).and_then(whole_number);
        given.map_or(least, |side| (side as f32).clamp(least, ROOM_MAX))
    };
    (side("Width", usual.0), side("Height", usual.1))
}

#[inline(never)] // second part
fn still_size(node: &SceneNode) -> (f32, f32) {
    if node.kind == Kind::Note {
        let layout = note_layout(node);
        return (layout.width, layout.height);
    }
    if node.is_collapsed() {
        return (card_width(&node.id, FOLDED.0, ""), FOLDED.1);
    }
    let side = |name, default: f32| {
        let given = node.properties.get(name).and_then(whole_number);
        given.map_or(default, |side| side as f32).clamp(boundary::SIDE_MIN, boundary::SIDE_MAX)
    };
    (side("Width", boundary::SIZE.0), side("Height", boundary::SIZE.1))
}

/// The rectangle around these cards; `None` for none.
#[must_use]
pub fn bounds_of<'a>(nodes: impl IntoIterator<Item = &'a SceneNode>) -> Option<Rect> {
    nodes.into_iter().map(card_rect).reduce(|all, card| all.joined(&card))
}

#[must_use]
pub fn scene_bounds(scene: &Scene) -> Option<Rect> {
    let frames = Frames::of(scene);
    bounds_of(scene.nodes.iter().filter(|node| !frames.hides(&node.id)).map(|node| &**node))
}

/// Fitting never enlarges: a small scene is shown at its own size.
const FIT_ZOOM_MAX: f32 = 1.0;

/// The camera that shows `bounds` in the middle of the view with `padding` pixels around it.
#[must_use]
pub fn camera_to_fit(bounds: Rect, viewport: (f32, f32), padding: f32) -> Camera {
    let room = |length: f32| (length - 2.0 * padding).max(1.0);
    let across = room(viewport.0) / bounds.width.max(1.0);
    let down = room(viewport.1) / bounds.height.max(1.0);
    let zoom = across.min(down).clamp(Camera::ZOOM_MIN, FIT_ZOOM_MAX);
    let middle = bounds.middle();
    Camera { x: middle.x - viewport.0 / 2.0 / zoom, y: middle.y - viewport.1 / 2.0 / zoom, zoom }
}
