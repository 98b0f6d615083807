//! A new node: its kind, its name and its card.

use serde_json::{Map, Value};

use super::layout::{card_rect, snapped};
use super::rect::Rect;
use super::state::PaletteItem;
use crate::figure::Point;
use crate::scene::{Frames, Scene, SceneNode, fresh_id, limits};
use crate::services::Kind;

/// The kind of node that an item makes on empty canvas.
pub fn kind_of(item: PaletteItem) -> Kind {
    match item {
        PaletteItem::Node(kind) => kind,
        PaletteItem::Shard => Kind::Stream,
    }
}

/// The card that dropping an item at `middle` would make.
#[must_use]
pub fn placed_rect(item: PaletteItem, middle: Point) -> Rect {
    let (width, height) = kind_of(item).spec().size;
    Rect { x: snapped(middle.x - width / 2.0), y: snapped(middle.y - height / 2.0), width, height }
}

/// The cards that a new one is not to cover. A frame has room inside, but not for another frame.
pub fn in_the_way(scene: &Scene, item: PaletteItem) -> Vec<Rect> {
    let frames = Frames::of(scene);
    let frame = kind_of(item) == Kind::Boundary;
    let seen = scene.nodes.iter().filter(|node| (frame || !node.is_frame()) && !frames.hides(&node.id));
    seen.map(|node| card_rect(node)).collect()
}

/// What an item makes on empty canvas, under a name that is free.
///
/// # Errors
/// When the scene would grow beyond its bound.
pub fn fresh_node(scene: &Scene, item: PaletteItem, card: Rect) -> Result<SceneNode, String> {
    if scene.nodes.len() >= limits::NODES_MAX {
        return Err(format!("A scene has at most {} nodes. Delete some first.", limits::NODES_MAX));
    }
    let kind = kind_of(item);
    let id = fresh_id(kind.spec().stem, |id| scene.knows(id));
    let mut properties = properties_of(kind.spec().drawn_with);
    if item == PaletteItem::Shard {
        properties.insert("ShardCount".to_owned(), Value::from(1));
    }
    Ok(SceneNode { id, kind, at: (f64::from(card.x), f64::from(card.y)), properties, locked: false, was: None })
}

/// Properties that a kind gives as JSON texts.
pub fn properties_of(given: &[(&str, &str)]) -> Map<String, Value> {
    let property = |(name, text): &(&str, &str)| Some(((*name).to_owned(), serde_json::from_str(text).ok()?));
    given.iter().filter_map(property).collect()
}
