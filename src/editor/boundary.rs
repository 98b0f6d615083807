//! Boundaries under a hand: what moves with them, who joins and leaves, groups, and folding them to a card.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::change::refuse;
use super::effect::Effect;
use super::layout::GRID;
use super::layout::{bounds_of, card_rect};
use super::recording::commit;
use super::rect::Rect;
use super::selection::Selection;
use super::state::State;
use crate::engine::Sort;
use crate::scene::{Edit, Frames, Scene, SceneNode, fresh_id, limits};
use crate::services::Kind;
use crate::services::canvas::boundary::GROUP;

/// Around what a group is made of; above it is room for the name.
const PADDING: f32 = 24.0;
const ABOVE: f32 = 36.0;

fn is_group(node: &SceneNode) -> bool {
    node.kind == Kind::Boundary && node.properties.get("Type").and_then(Value::as_str) == Some(GROUP)
}

/// What a press on a node is meant for: the outermost group around it that has not been entered, else the node.
pub fn pressed<'a>(scene: &'a Scene, selection: &Selection, id: &'a str) -> &'a str {
    let frames = Frames::of(scene);
    if frames.is_empty() || selection.nodes.contains(id) {
        return id;
    }
    let beside = |group: &SceneNode| {
        let mut chosen = selection.nodes.iter();
        chosen.any(|chosen| frames.around(chosen).any(|outer| outer.id == group.id))
    };
    let closed = frames.around(id).filter(|outer| is_group(outer)).take_while(|group| !beside(group));
    closed.last().map_or(id, |group| &group.id)
}

/// The outermost group around a node, or the node.
pub fn outermost<'a>(frames: &Frames<'a>, id: &'a str) -> &'a str {
    frames.around(id).filter(|outer| is_group(outer)).last().map_or(id, |group| &group.id)
}

/// Everything that moves when these are dragged: with a boundary its members, and nothing that is locked.
pub fn carried(scene: &Scene, chosen: &BTreeSet<String>) -> BTreeSet<String> {
    let frames = Frames::of(scene);
    let mut moved = BTreeSet::new();
    for node in scene.nodes.iter().filter(|node| chosen.contains(&node.id) && !node.locked) {
        moved.insert(node.id.clone());
        if node.kind == Kind::Boundary {
            moved.extend(frames.inside(&node.id).into_iter().filter(|id| !is_locked(scene, id)).map(str::to_owned));
        }
    }
    moved
}

/// The scene with these nodes elsewhere, and members of what they lie in there.
pub fn moved(scene: &Scene, moves: impl IntoIterator<Item = (BTreeSet<String>, (f64, f64))>) -> Scene {
    let (mut moved, mut all) = (scene.clone(), BTreeSet::new());
    for (ids, by) in moves {
        all.extend(ids.iter().cloned());
        moved.apply(Edit::MoveNodes { ids, by });
    }
    let joining = joining(&moved, &all);
    moved.with(joining)
}

pub fn is_locked(scene: &Scene, id: &str) -> bool {
    scene.node(id).is_some_and(|node| node.locked)
}

/// The edits after which each of these is a member of the innermost frame that its middle lies in. What moved together
/// with its own boundary stays in it; what a collapsed one hides stays there too.
pub fn joining(scene: &Scene, dropped: &BTreeSet<String>) -> Vec<Edit> {
    let frames = Frames::of(scene);
    if frames.is_empty() {
        return Vec::new();
    }
    let mut changes = Changes::default();
    for node in scene.nodes.iter().filter(|node| dropped.contains(&node.id)) {
        let holder = frames.holder(&node.id);
        if holder.is_some_and(|holder| holder.is_collapsed() || dropped.contains(&holder.id)) {
            continue;
        }
        let home = home_of(scene, &frames, node);
        if home.map(|home| &home.id) != holder.map(|holder| &holder.id) {
            changes.put(node, holder, home);
        }
    }
    changes.edits(scene)
}

/// The smallest frame that a node's middle lies in; a frame goes into a larger one alone.
fn home_of<'a>(scene: &'a Scene, frames: &Frames<'_>, node: &SceneNode) -> Option<&'a SceneNode> {
    let card = card_rect(node);
    let own = if node.is_frame() { area(&card) } else { 0.0 };
    let around = |outer: &&SceneNode| {
        let rect = card_rect(outer);
        let inside_itself = outer.id == node.id || frames.around(&outer.id).any(|ring| ring.id == node.id);
        !inside_itself && rect.contains(card.middle()) && area(&rect) > own && !frames.hides(&outer.id)
    };
    let homes = scene.nodes.iter().map(|node| &**node).filter(|node| node.is_frame()).filter(around);
    homes.min_by(|one, two| area(&card_rect(one)).total_cmp(&area(&card_rect(two))))
}

fn area(rect: &Rect) -> f32 {
    rect.width * rect.height
}

/// After a frame was placed or resized: what lies in it and belonged beside it joins, what lies outside leaves for where
/// the frame itself belongs.
pub fn gathering(scene: &Scene, id: &str) -> Vec<Edit> {
    let frames = Frames::of(scene);
    let Some(frame) = scene.node(id).filter(|node| node.is_frame()) else { return Vec::new() };
    let (rect, beside) = (card_rect(frame), frames.holder(id));
    let mut changes = Changes::default();
    let others = scene.nodes.iter().filter(|node| node.id != id && beside.is_none_or(|outer| outer.id != node.id));
    for node in others {
        let (card, holder) = (card_rect(node), frames.holder(&node.id));
        let fits = rect.contains(card.middle()) && (!node.is_frame() || area(&card) < area(&rect));
        let (is_member, is_beside) = match holder {
            Some(holder) => (holder.id == id, beside.is_some_and(|outer| outer.id == holder.id)),
            None => (false, beside.is_none()),
        };
        if fits && is_beside && !frames.around(id).any(|outer| outer.id == node.id) {
            changes.put(node, holder, Some(frame));
        } else if !fits && is_member {
            changes.put(node, holder, beside);
        }
    }
    changes.edits(scene)
}

/// The edits after which every frame around these, of any number of rings, holds the cards of its members; none becomes
/// smaller, and what is locked stays as it is.
pub fn growing<'a>(scene: &'a Scene, inside: impl IntoIterator<Item = &'a str>) -> Vec<Edit> {
    let frames = Frames::of(scene);
    if frames.is_empty() {
        return Vec::new();
    }
    let mut rings: Vec<&SceneNode> = Vec::new();
    for id in inside {
        rings.extend(frames.around(id).filter(|ring| ring.is_frame() && !ring.locked));
    }
    // From within: a frame has to hold what the frames in it became.
    rings.order_by_key(|ring| std::cmp::Reverse(frames.around(&ring.id).count()));
    let mut grown = BTreeMap::<&str, Rect>::new();
    for ring in rings {
        let rect = |node: &SceneNode| grown.get(&*node.id).copied().unwrap_or_else(|| card_rect(node));
        let members = ring.members().filter(|id| frames.holder(id).is_some_and(|holder| holder.id == ring.id));
        let cards = members.filter_map(|id| scene.node(id)).map(|node| rect(node));
        let rect = cards.fold(rect(ring), |all, card| if all.holds(&card) { all } else { all.joined(&ring_of(&card)) });
        grown.insert(&ring.id, rect);
    }
    grown.into_iter().filter_map(|(id, rect)| Some(laid(scene.node(id)?, &rect))).flatten().collect()
}

/// The frame around cards that together cover this, on the grid.
pub fn ring_of(cards: &Rect) -> Rect {
    let down = |length: f32| libm::floorf(length / GRID) * GRID;
    let up = |length: f32| libm::ceilf(length / GRID) * GRID;
    let (x, y) = (down(cards.x - PADDING), down(cards.y - ABOVE));
    Rect { x, y, width: up(cards.right() + PADDING) - x, height: up(cards.bottom() + PADDING) - y }
}

/// The edits that bring a node's card to a place, and a frame or a note to a size.
pub fn laid(node: &SceneNode, rect: &Rect) -> Vec<Edit> {
    let before = card_rect(node);
    let mut edits = Vec::new();
    if (before.x, before.y) != (rect.x, rect.y) {
        edits.push(Edit::MoveNode { id: node.id.clone(), at: (f64::from(rect.x), f64::from(rect.y)) });
    }
    let mut set = |name: &str, before: f32, length: f32| {
        if before != length {
            let value = Some(Value::from(libm::rintf(length) as i64));
            edits.push(Edit::SetProperty { id: node.id.clone(), name: name.to_owned(), value });
        }
    };
    set("Width", before.width, rect.width);
    if node.kind != Kind::Note {
        set("Height", before.height, rect.height);
    }
    edits
}

/// Who leaves which list, and who joins it.
#[derive(Default)]
struct Changes {
    leave: BTreeMap<String, BTreeSet<String>>,
    join: BTreeMap<String, Vec<String>>,
}

impl Changes {
    fn put(&mut self, node: &SceneNode, from: Option<&SceneNode>, to: Option<&SceneNode>) {
        if let Some(from) = from {
            self.leave.entry(from.id.clone()).or_default().insert(node.id.clone());
        }
        if let Some(to) = to {
            self.join.entry(to.id.clone()).or_default().push(node.id.clone());
        }
    }

    fn edits(self, scene: &Scene) -> Vec<Edit> {
        let changed: BTreeSet<&String> = self.leave.keys().chain(self.join.keys()).collect();
        let edit = |id: &String| {
            let node = scene.node(id)?;
            let gone = |member: &&str| self.leave.get(id).is_some_and(|gone| gone.contains(*member));
            let mut members: Vec<&str> = node.members().filter(|member| !gone(member)).collect();
            members.extend(self.join.get(id).into_iter().flatten().map(|id| &**id));
            Some(set_members(id, &members))
        };
        changed.into_iter().filter_map(edit).collect()
    }
}

fn set_members(id: &str, members: &[&str]) -> Edit {
    Edit::SetProperty { id: id.to_owned(), name: "Members".to_owned(), value: Some(json!(members)) }
}

/// A frame around what is chosen.
pub fn group(state: &mut State) -> Vec<Effect> {
    let scene = &*state.scene;
    let frames = Frames::of(scene);
    let chosen = &state.selection.nodes;
    let tops = scene.nodes.iter().map(|node| &**node).filter(|node| chosen.contains(&node.id));
    let tops: Vec<&SceneNode> =
        tops.filter(|node| !frames.around(&node.id).any(|outer| chosen.contains(&outer.id))).collect();
    let Some(bounds) = bounds_of(tops.iter().copied()) else {
        return refuse(state, "Choose what belongs together, then group it.");
    };
    if scene.nodes.len() >= limits::NODES_MAX {
        return refuse(state, format!("A scene has at most {} nodes. Delete some first.", limits::NODES_MAX));
    }
    let ring = ring_of(&bounds);
    let id = fresh_id("group", |id| scene.knows(id));
    let mut properties = Map::new();
    properties.insert("Type".to_owned(), json!(GROUP));
    properties.insert("Members".to_owned(), json!([]));
    properties.insert("Width".to_owned(), json!(ring.width as i64));
    properties.insert("Height".to_owned(), json!(ring.height as i64));
    let at = (f64::from(ring.x), f64::from(ring.y));
    let group = SceneNode { id: id.clone(), kind: Kind::Boundary, at, properties, locked: false, was: None };
    let mut changes = Changes::default();
    let first = frames.holder(&tops[0].id);
    let common =
        first.filter(|home| tops.iter().all(|top| frames.holder(&top.id).is_some_and(|holder| holder.id == home.id)));
    for top in &tops {
        changes.put(top, frames.holder(&top.id), Some(&group));
    }
    changes.put(&group, None, common);
    let with = scene.with([Edit::AddNode(group)]);
    let edits = changes.edits(&with);
    let effects = commit(state, with.with(edits), None);
    state.selection = Selection::of_node(&id);
    effects
}

/// Takes the chosen groups away, and those around chosen nodes; their members stay, and are chosen.
pub fn ungroup(state: &mut State) -> Vec<Effect> {
    let scene = &*state.scene;
    let frames = Frames::of(scene);
    let of = |id: &String| {
        let itself = scene.node(id).map(|node| &**node).filter(|node| is_group(node));
        itself.or_else(|| frames.around(id).find(|outer| is_group(outer)))
    };
    let groups: BTreeSet<&str> =
        state.selection.nodes.iter().filter_map(of).filter(|group| !group.locked).map(|group| &*group.id).collect();
    if groups.is_empty() {
        return refuse(state, "There is no group here to dissolve.");
    }
    let groups: Vec<String> = groups.into_iter().map(str::to_owned).collect();
    let mut freed = BTreeSet::new();
    for group in &groups {
        freed.extend(scene.node(group).into_iter().flat_map(|node| node.members()).map(str::to_owned));
    }
    let scene = without(scene, &groups);
    let effects = commit(state, scene, None);
    freed.retain(|id| state.scene.node(id).is_some());
    state.selection = Selection { nodes: freed, ..Selection::default() };
    effects
}

/// The scene without these nodes. The members of a boundary among them stay, and belong where it belonged.
pub fn without(scene: &Scene, gone: &[String]) -> Scene {
    let mut left = scene.clone();
    for id in gone {
        let frames = Frames::of(&left);
        let mut edits = Vec::new();
        if let Some(outer) = frames.holder(id) {
            let freed = frames
                .inside(id)
                .into_iter()
                .filter(|member| frames.holder(member).is_some_and(|holder| holder.id == *id));
            let members: Vec<&str> = outer.members().filter(|member| member != id).chain(freed).collect();
            edits.push(set_members(&outer.id, &members));
        }
        edits.push(Edit::RemoveNode(id.clone()));
        edits.into_iter().for_each(|edit| left.apply(edit));
    }
    left
}

/// Folds a frame to a card, or unfolds it.
pub fn toggle_collapsed(state: &mut State, id: &str) -> Vec<Effect> {
    let Some(node) = state.scene.node(id).filter(|node| node.kind == Kind::Boundary) else { return Vec::new() };
    let value = (!node.is_collapsed()).then_some(Value::Bool(true));
    let edit = Edit::SetProperty { id: id.to_owned(), name: "Collapsed".to_owned(), value };
    let scene = state.scene.with([edit]);
    let effects = commit(state, scene, None);
    let hidden = Frames::of(&state.scene).inside(id).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    state.selection.nodes.retain(|id| !hidden.contains(id));
    effects
}

/// Locks what is chosen; unlocks it where all of it is locked.
pub fn toggle_lock(state: &mut State) -> Vec<Effect> {
    let chosen = &state.selection.nodes;
    if chosen.is_empty() {
        return refuse(state, "Choose what is to be locked.");
    }
    let locked = !chosen.iter().all(|id| is_locked(&state.scene, id));
    let edits: Vec<Edit> = chosen.iter().map(|id| Edit::SetLocked { id: id.clone(), locked }).collect();
    let scene = state.scene.with(edits);
    commit(state, scene, None)
}
