//! Placing what the palette holds: a node of its own, or a shard for a stream.

use serde_json::{Map, Value};

use super::camera::{middle_of_view, reveal};
use super::change::{edited, refuse, set_property};
use super::effect::Effect;
use super::history::{commit, end_typing};
use super::layout::{Rect, card_rect};
use super::state::{PaletteItem, Selection, State};
use crate::figure::Point;
use crate::scene::{Edit, SceneNode, fresh_id, limits};
use crate::services::{Kind, whole_number};

/// Positions lie on this grid.
pub const GRID: f32 = 4.0;
/// A placed card that would cover another is moved by this.
const STEP: f32 = 24.0;
const STEPS_MAX: usize = 400;

/// The nearest point of the grid.
pub fn snapped(length: f32) -> f32 {
    libm::rintf(length / GRID) * GRID
}

/// The kind of node that an item makes on empty canvas.
fn kind_of(item: PaletteItem) -> Kind {
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

/// Drops an item at a canvas point, perhaps onto a node.
pub fn drop_at(state: &mut State, item: PaletteItem, at: Point, over: Option<&str>) -> Vec<Effect> {
    match over {
        Some(id) if item == PaletteItem::Shard && is_stream(state, id) => {
            let id = id.to_owned();
            add_shard(state, id)
        }
        _ => add(state, item, placed_rect(item, at)),
    }
}

/// Places an item without a pointer: a shard joins the chosen stream, everything else comes to lie in the
/// middle of the view, or beside it where that is taken.
pub fn place(state: &mut State, item: PaletteItem) -> Vec<Effect> {
    let chosen = state.selection.single_node().filter(|id| item == PaletteItem::Shard && is_stream(state, id));
    if let Some(id) = chosen.map(str::to_owned) {
        return add_shard(state, id);
    }
    let middle = state.camera.canvas_from_view(middle_of_view(state));
    let mut card = placed_rect(item, middle);
    for _ in 0..STEPS_MAX {
        if !state.scene.nodes.iter().any(|node| card_rect(node).meets(&card)) {
            break;
        }
        card.x += STEP;
        card.y += STEP;
    }
    let effects = add(state, item, card);
    if let Some(id) = state.selection.single_node().map(str::to_owned) {
        reveal(state, &id);
    }
    effects
}

fn is_stream(state: &State, id: &str) -> bool {
    state.scene.node(id).is_some_and(|node| node.kind == Kind::Stream)
}

fn add(state: &mut State, item: PaletteItem, card: Rect) -> Vec<Effect> {
    if state.scene.nodes.len() >= limits::NODES_MAX {
        return refuse(state, format!("A scene has at most {} nodes. Delete some first.", limits::NODES_MAX));
    }
    let kind = kind_of(item);
    let id = fresh_id(kind.spec().stem, |id| state.scene.node(id).is_some());
    let mut properties = Map::new();
    if item == PaletteItem::Shard {
        properties.insert("ShardCount".to_owned(), Value::from(1));
    }
    let at = (f64::from(card.x), f64::from(card.y));
    let node = SceneNode { id: id.clone(), kind, at, properties };
    let scene = edited(&state.scene, [Edit::AddNode(node)]);
    let mut effects = commit(state, scene, None);
    state.selection = Selection::of_node(&id);
    effects.push(Effect::FocusNode(id));
    effects
}

/// One shard more; the form's bound is the stream's.
fn add_shard(state: &mut State, id: String) -> Vec<Effect> {
    let given = state.scene.node(&id).and_then(|node| node.properties.get("ShardCount").and_then(whole_number));
    let count = given.unwrap_or(1).saturating_add(1);
    // Each shard is a step of its own, also after typing in the same field.
    end_typing(state);
    let effects = set_property(state, id.clone(), "ShardCount".to_owned(), Some(Value::from(count)));
    end_typing(state);
    state.selection = Selection::of_node(&id);
    effects
}
