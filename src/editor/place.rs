//! Placing what the palette holds: a node of its own, or a shard for a stream.

use serde_json::{Value, json};

use super::boundary;
use super::change::refuse;
use super::command::{Command, Joint};
use super::effect::Effect;
use super::fresh::{fresh_node, in_the_way, kind_of, placed_rect};
use super::insert::{self};
use super::looking::{middle_of_view, reveal};
use super::pointer::PointerTarget;
use super::recording::{commit, end_typing};
use super::rect::Rect;
use super::selection::Selection;
use super::state::{Knobs, PaletteItem, State};
use crate::engine::Micros;
use crate::figure::Point;
use crate::scene::{Edit, Scene, Subject};
use crate::services::{Kind, whole_number};

/// A placed card that would cover another is moved by this.
const STEP: f32 = 24.0;
const STEPS_MAX: usize = 400;

/// Drops an item at a canvas point, perhaps onto a node or a link that it fits into.
pub fn drop_at(state: &mut State, item: PaletteItem, at: Point, over: &PointerTarget) -> Vec<Effect> {
    match over {
        PointerTarget::Node(id) if item == PaletteItem::Shard && is_stream(state, id) => add_shard(state, id.clone()),
        PointerTarget::Link(id) if receives(&state.scene, id, item) => {
            insert::insert(state, item, Some(at), &Joint::Into(id.clone()))
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
    let cards = in_the_way(&state.scene, item);
    for _ in 0..STEPS_MAX {
        if !cards.iter().any(|other| other.meets(&card)) {
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

/// Whether an item that is dropped on a link comes to stand inside of it.
pub fn receives(scene: &Scene, link: &str, item: PaletteItem) -> bool {
    scene.link(link).is_some_and(|link| insert::fits_into(scene, link, kind_of(item)))
}

fn is_stream(state: &State, id: &str) -> bool {
    state.scene.node(id).is_some_and(|node| node.kind == Kind::Stream)
}

fn add(state: &mut State, item: PaletteItem, card: Rect) -> Vec<Effect> {
    let node = match fresh_node(&state.scene, item, card) {
        Ok(node) => node,
        Err(why) => return refuse(state, why),
    };
    let id = node.id.clone();
    let scene = state.scene.with([Edit::AddNode(node)]);
    // A frame takes in what it is placed around; everything is taken in by the frame it is placed in.
    let edits = [boundary::joining(&scene, &[id.clone()].into()), boundary::gathering(&scene, &id)].concat();
    let scene = scene.with(edits);
    let mut effects = commit(state, scene, None);
    state.selection = Selection::of_node(&id);
    effects.push(Effect::FocusNode(id));
    effects
}

/// How many shards a stream has by now the run knows: whoever carries the effect out asks it.
fn add_shard(state: &mut State, id: String) -> Vec<Effect> {
    state.selection = Selection::of_node(&id);
    // Each shard is a step of its own, also after typing in the same field.
    end_typing(state);
    vec![Effect::AddShard(id)]
}

/// One shard more for a stream: while the run goes on a call, as AWS has it. `now` is the scene that the run is in line
/// with, `at` when a hand's act joins the script.
#[must_use]
pub fn one_shard_more(state: &State, now: &Scene, stream: &str, at: Micros) -> Command {
    let given = now.node(stream).and_then(|node| node.properties.get("ShardCount").and_then(whole_number));
    let count = given.unwrap_or(1).saturating_add(1);
    if at > 1 && state.knobs == Knobs::FromNow {
        let input = json!({ "TargetShardCount": count, "ScalingType": "UNIFORM_SCALING" });
        return Command::Call { node: stream.to_owned(), action: "UpdateShardCount".to_owned(), input, at };
    }
    let subject = Subject::Node(stream.to_owned());
    Command::Turn { subject, name: "ShardCount".to_owned(), value: Some(Value::from(count)), at }
}
