//! Tidying up: the nodes in layers from left to right, as messages flow. What lies in a frame is laid out in it, and the
//! frame like a large card.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rust_sugiyama::configure::Config;
use rust_sugiyama::from_vertices_and_edges;

use super::boundary::{growing, laid, ring_of};
use super::change::refuse;
use super::effect::Effect;
use super::layout::snapped;
use super::layout::{bounds_of, card_rect};
use super::recording::commit;
use super::rect::Rect;
use super::state::State;
use crate::engine::Sort;
use crate::scene::{Edit, Frames, Scene, SceneNode};
use crate::services::Kind;
use crate::services::canvas::boundary::SIDE_MAX;

/// Between cards; between layers there is twice as much, so that a link can be seen.
const GAP: f64 = 48.0;
/// Swapping neighbours to save a crossing takes long in larger graphs.
const SWAPS_UP_TO: usize = 300;
const TRIES: usize = 8;

/// A level is named by its frame; the outermost has none.
type Name<'a> = Option<&'a str>;

/// Lays out what is chosen if that is more than one node, else everything. The top left corner stays where it is, and so
/// does what is locked, with every frame that it lies in.
pub fn tidy_up(state: &mut State) -> Vec<Effect> {
    let scene = &*state.scene;
    let frames = Frames::of(scene);
    let several = state.selection.nodes.len() > 1;
    let roots = roots(scene, &frames, several.then_some(&state.selection.nodes));
    if roots.is_empty() {
        return refuse(state, "There is nothing to tidy up yet. Drag something in.");
    }
    let levels = Levels::of(scene, &frames, &roots);
    let places = levels.laid_out(&frames, &roots);
    if places.iter().all(|(node, rect)| card_rect(node) == *rect) {
        return Vec::new();
    }
    let mut moved = scene.clone();
    for (node, rect) in &places {
        let before = card_rect(node);
        // Whom a card stands for goes with it.
        if node.is_collapsed() {
            let by = (f64::from(rect.x - before.x), f64::from(rect.y - before.y));
            let ids = frames.inside(&node.id).into_iter().map(str::to_owned).collect();
            moved.apply(Edit::MoveNodes { ids, by });
        }
        laid(node, rect).into_iter().for_each(|edit| moved.apply(edit));
    }
    let moved = moved.with(growing(&moved, roots.iter().map(|root| &*root.id)));
    let effects = commit(state, moved, None);
    if !several {
        super::looking::fit(state);
    }
    effects
}

/// What is moved as a whole: of the chosen nodes those in no chosen frame, or everything outside of all frames.
fn roots<'a>(scene: &'a Scene, frames: &Frames<'a>, chosen: Option<&BTreeSet<String>>) -> Vec<&'a SceneNode> {
    let mut stay = BTreeSet::<&str>::new();
    for node in scene.nodes.iter().filter(|node| node.locked) {
        stay.insert(&node.id);
        stay.extend(frames.around(&node.id).map(|outer| &*outer.id));
    }
    let is_root = |node: &&SceneNode| match chosen {
        Some(chosen) => chosen.contains(&node.id) && !frames.around(&node.id).any(|outer| chosen.contains(&outer.id)),
        None => frames.holder(&node.id).is_none(),
    };
    let nodes = scene.nodes.iter().map(|node| &**node).filter(|node| node.kind != Kind::Note);
    nodes.filter(|node| !stay.contains(&*node.id)).filter(is_root).collect()
}

/// Who lies beside whom, and the lines between them: one level for each frame, and one for the roots.
struct Levels<'a> {
    members: BTreeMap<Name<'a>, Vec<&'a SceneNode>>,
    /// A line from one frame into another leads from card to card on the level of these frames.
    lines: BTreeMap<Name<'a>, BTreeSet<(&'a str, &'a str)>>,
}

impl<'a> Levels<'a> {
    fn of(scene: &'a Scene, frames: &Frames<'a>, roots: &[&'a SceneNode]) -> Self {
        let mut tops = BTreeSet::<&str>::new();
        tops.extend(roots.iter().map(|root| &*root.id));
        let mut members: BTreeMap<Name, Vec<&SceneNode>> = BTreeMap::from([(None, roots.to_vec())]);
        for node in &scene.nodes {
            if let Some(holder) = frames.holder(&node.id) {
                members.entry(Some(&holder.id)).or_default().push(node);
            }
        }
        // From a root down to a node; of whoever is not to be moved there is none.
        let way = |id: &str| {
            let mut way: Vec<&'a str> = vec![&scene.node(id)?.id];
            while !tops.contains(way[way.len() - 1]) {
                way.push(&frames.holder(way[way.len() - 1])?.id);
            }
            way.reverse();
            Some(way)
        };
        let mut lines: BTreeMap<Name, BTreeSet<(&str, &str)>> = BTreeMap::new();
        for link in scene.drawn_links() {
            let Some((from, to)) = way(&link.from).zip(way(&link.to)) else { continue };
            let Some(parting) = from.iter().zip(&to).position(|(one, other)| one != other) else { continue };
            lines
                .entry(parting.checked_sub(1).map(|ring| from[ring]))
                .or_default()
                .insert((from[parting], to[parting]));
        }
        Self { members, lines }
    }

    /// Where every card comes to lie.
    fn laid_out(&self, frames: &Frames<'a>, roots: &[&'a SceneNode]) -> Vec<(&'a SceneNode, Rect)> {
        let mut rings: Vec<&SceneNode> = Vec::new();
        let mut open = roots.to_vec();
        while let Some(ring) = open.pop() {
            let inside = self.members.get(&Some(&*ring.id)).filter(|_| ring.is_frame());
            if let Some(inside) = inside {
                rings.push(ring);
                open.extend(inside);
            }
        }
        // From within: a frame has the size that its members need.
        rings.order_by_key(|ring| std::cmp::Reverse(frames.around(&ring.id).count()));
        let mut done = BTreeMap::<&str, Level>::new();
        for ring in rings {
            let level = self.level(Some(&ring.id), &mut done);
            done.insert(&ring.id, level);
        }
        let all = self.level(None, &mut done);
        let Some(bounds) = bounds_of(roots.iter().copied()) else { return Vec::new() };
        // What was where it belongs stays there, on the grid or not.
        let on_grid = |at: f32| if all.stands { at } else { snapped(at) };
        let (x, y) = (on_grid(bounds.x), on_grid(bounds.y));
        all.cards.into_iter().map(|(node, card)| (node, shifted(&card, x, y))).collect()
    }

    /// The members of a frame beside each other; the levels of the frames among them go into this one.
    fn level(&self, name: Name<'a>, done: &mut BTreeMap<&'a str, Level<'a>>) -> Level<'a> {
        let nodes = self.members.get(&name).map_or(&[][..], Vec::as_slice);
        let before: Vec<Rect> = nodes.iter().map(|node| card_rect(node)).collect();
        let inner: Vec<Option<Level>> = nodes.iter().map(|node| done.remove(&*node.id)).collect();
        let rooms: Vec<Room> = before.iter().zip(&inner).map(|(card, level)| Room::of(card, level.as_ref())).collect();
        let mut numbers = BTreeMap::<&str, u32>::new();
        numbers.extend(nodes.iter().zip(0..).map(|(node, number)| (&*node.id, number)));
        let lines = self.lines.get(&name).into_iter().flatten();
        let edges: Vec<(u32, u32)> =
            lines.filter_map(|(from, to)| Some((*numbers.get(from)?, *numbers.get(to)?))).collect();
        let from = bounds_of(nodes.iter().copied()).unwrap_or_default();
        let present: Places = before.iter().map(|card| (card.x - from.x, card.y - from.y)).collect();
        let best = best(&rooms, &edges);
        let stands = stands(&present, &best, &rooms, &edges);
        let places = if stands { present } else { best };
        let mut cards = Vec::with_capacity(nodes.len());
        for (((node, (x, y)), room), level) in nodes.iter().zip(places).zip(&rooms).zip(inner) {
            cards.push((*node, Rect { x, y, width: room.size.0, height: room.size.1 }));
            let inside = level.into_iter().flat_map(|level| level.cards);
            cards.extend(inside.map(|(node, card)| (node, shifted(&card, x + room.inside.0, y + room.inside.1))));
        }
        Level { cards, from, stands }
    }
}

/// A level that is laid out: its cards, and those of the levels inside, from its own top left corner.
struct Level<'a> {
    cards: Vec<(&'a SceneNode, Rect)>,
    /// What it covered before.
    from: Rect,
    /// Its own cards keep their places.
    stands: bool,
}

/// How large a card is, and where the corner of what lies in it comes to lie.
struct Room {
    size: (f32, f32),
    inside: (f32, f32),
}

impl Room {
    /// A frame whose members stay, and which holds them, keeps its size.
    fn of(card: &Rect, level: Option<&Level<'_>>) -> Self {
        let size = (card.width, card.height);
        let Some(level) = level else { return Self { size, inside: (0.0, 0.0) } };
        let cards = level.cards.iter().map(|(_, card)| *card);
        let covered = cards.reduce(|all, card| all.joined(&card)).unwrap_or_default();
        if level.stands && card.holds(&shifted(&covered, level.from.x, level.from.y)) {
            return Self { size, inside: (level.from.x - card.x, level.from.y - card.y) };
        }
        let ring = ring_of(&covered);
        Self { size: (ring.width.min(SIDE_MAX), ring.height.min(SIDE_MAX)), inside: (-ring.x, -ring.y) }
    }
}

fn shifted(card: &Rect, x: f32, y: f32) -> Rect {
    Rect { x: card.x + x, y: card.y + y, ..*card }
}

/// A corner for each card, in their order.
type Places = Vec<(f32, f32)>;

/// Where two layouts are equally good the library takes one or the other: the shortest of several is always the same.
fn best(rooms: &[Room], edges: &[(u32, u32)]) -> Places {
    let tries = if rooms.len() <= SWAPS_UP_TO { TRIES } else { 1 };
    let layouts = (0..tries).map(|_| places(rooms, edges));
    let best = layouts.min_by(|one, other| {
        let (one_length, other_length) = (length(one, edges), length(other, edges));
        one_length.total_cmp(&other_length).then_with(|| one.partial_cmp(other).unwrap_or(Ordering::Equal))
    });
    best.unwrap_or_default()
}

/// Whether the cards may stay: another layout of the same columns that is no shorter would only puzzle.
fn stands(present: &Places, best: &Places, rooms: &[Room], edges: &[(u32, u32)]) -> bool {
    let same_columns = present.iter().zip(best).all(|(one, other)| one.0 == other.0);
    if !same_columns || length(present, edges) > length(best, edges) {
        return false;
    }
    let cards: Vec<Rect> = present
        .iter()
        .zip(rooms)
        .map(|((x, y), room)| Rect { x: *x, y: *y, width: room.size.0, height: room.size.1 })
        .collect();
    cards.iter().enumerate().all(|(at, card)| !cards[at + 1..].iter().any(|other| card.meets(other)))
}

/// Of all lines together, as far as it goes up and down.
fn length(places: &Places, edges: &[(u32, u32)]) -> f32 {
    edges.iter().map(|(from, to)| (places[*from as usize].1 - places[*to as usize].1).abs()).sum()
}

/// Where the top left corner of each card comes to lie. The layout goes from top to bottom, so sides are exchanged; parts
/// that are not connected lie below each other, the largest first.
fn places(rooms: &[Room], edges: &[(u32, u32)]) -> Places {
    let size = |card: usize| (f64::from(rooms[card].size.0), f64::from(rooms[card].size.1));
    let vertices: Vec<(u32, (f64, f64))> =
        (0..rooms.len()).map(|card| (card as u32, (size(card).1, size(card).0 + GAP))).collect();
    let config = Config { vertex_spacing: GAP, transpose: rooms.len() <= SWAPS_UP_TO, ..Config::default() };
    let mut parts = from_vertices_and_edges(&vertices, edges, &config);
    for (part, ..) in &mut parts {
        part.order_by_key(|(card, _)| *card);
    }
    parts.order_by_key(|(part, ..)| (std::cmp::Reverse(part.len()), part.first().map(|(card, _)| *card)));
    let mut placed = vec![(0.0, 0.0); rooms.len()];
    let mut below = 0.0;
    for (part, ..) in parts {
        // What the layout gives is the middle of each.
        let corners: Vec<(usize, f64, f64)> = part
            .into_iter()
            .map(|(card, (across, down))| (card, down - size(card).0 / 2.0, across - size(card).1 / 2.0))
            .collect();
        let least = |of: fn(&(usize, f64, f64)) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
        let (left, top) = (least(|corner| corner.1), least(|corner| corner.2));
        let foot = corners.iter().map(|(card, _, y)| y - top + size(*card).1).fold(0.0, f64::max);
        for (card, x, y) in corners {
            placed[card] = (snapped((x - left) as f32), snapped((y - top + below) as f32));
        }
        below += foot + GAP;
    }
    placed
}
