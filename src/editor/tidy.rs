//! Tidying up: the nodes in layers from left to right, as messages flow.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rust_sugiyama::configure::Config;
use rust_sugiyama::from_vertices_and_edges;

use super::change::{edited, refuse};
use super::effect::Effect;
use super::history::commit;
use super::layout::{bounds_of, card_rect};
use super::place::snapped;
use super::state::State;
use crate::scene::{Edit, SceneNode};

/// Between cards; between layers there is twice as much, so that a link can be seen.
const GAP: f64 = 48.0;
/// Swapping neighbours to save a crossing takes long in larger graphs.
const SWAPS_UP_TO: usize = 300;
const TRIES: usize = 8;

/// A corner for each node, in the nodes' order.
type Places = Vec<(usize, (f64, f64))>;

/// Lays out what is chosen if that is more than one node, else everything. The top left corner stays where it is.
pub fn tidy_up(state: &mut State) -> Vec<Effect> {
    let scene = &state.scene;
    let several = state.selection.nodes.len() > 1;
    let taken = |node: &&std::sync::Arc<SceneNode>| {
        node.kind.runs() && !node.locked && (!several || state.selection.nodes.contains(&node.id))
    };
    let nodes: Vec<&SceneNode> = scene.nodes.iter().filter(taken).map(|node| &**node).collect();
    let Some(bounds) = bounds_of(nodes.iter().copied()) else {
        return refuse(state, "There is nothing to tidy up yet. Drag something in.");
    };
    let mut numbers = BTreeMap::<&str, u32>::new();
    numbers.extend(nodes.iter().zip(0..).map(|(node, number)| (&*node.id, number)));
    let drawn = scene.drawn_links();
    let ends = |link: &std::sync::Arc<crate::scene::SceneLink>| {
        Some((*numbers.get(&*link.from)?, *numbers.get(&*link.to)?)).filter(|(from, to)| from != to)
    };
    let edges: BTreeSet<(u32, u32)> = drawn.iter().filter_map(ends).collect();
    let edges: Vec<(u32, u32)> = edges.into_iter().collect();
    // Where two layouts are equally good the library takes one or the other: the shortest of several is always the same.
    let tries = if nodes.len() <= SWAPS_UP_TO { TRIES } else { 1 };
    let layouts = (0..tries).map(|_| places(&nodes, &edges));
    let best = layouts.min_by(|one, other| {
        let (one_length, other_length) = (length(one, &edges), length(other, &edges));
        one_length.total_cmp(&other_length).then_with(|| one.partial_cmp(other).unwrap_or(Ordering::Equal))
    });
    let on_grid = |from: f32, by: f64| f64::from(snapped(from) + snapped(by as f32));
    let corner = |(x, y): (f64, f64)| (on_grid(bounds.x, x), on_grid(bounds.y, y));
    let laid: Places = best.into_iter().flatten().map(|(node, at)| (node, corner(at))).collect();
    // Another layout of the same columns that is no shorter would only puzzle.
    let present: Places = nodes.iter().map(|node| node.at).enumerate().collect();
    let same_columns = laid.iter().zip(&present).all(|(one, other)| one.1.0 == other.1.0);
    if same_columns && length(&present, &edges) <= length(&laid, &edges) {
        return Vec::new();
    }
    let edits = laid.into_iter().map(|(node, at)| Edit::MoveNode { id: nodes[node].id.clone(), at });
    let scene = edited(&state.scene, edits);
    let effects = commit(state, scene, None);
    if !several {
        super::camera::fit(state);
    }
    effects
}

/// Of all lines together, as far as it goes up and down.
fn length(places: &Places, edges: &[(u32, u32)]) -> f64 {
    edges.iter().map(|(from, to)| (places[*from as usize].1.1 - places[*to as usize].1.1).abs()).sum()
}

/// Where the top left corner of each card comes to lie. The layout goes from top to bottom, so sides are exchanged; parts
/// that are not connected lie below each other, the largest first.
fn places(nodes: &[&SceneNode], edges: &[(u32, u32)]) -> Places {
    let size = |node: usize| {
        let card = card_rect(nodes[node]);
        (f64::from(card.width), f64::from(card.height))
    };
    let vertices: Vec<(u32, (f64, f64))> = (0..nodes.len())
        .map(|node| {
            let (width, height) = size(node);
            (node as u32, (height, width + GAP))
        })
        .collect();
    let config = Config { vertex_spacing: GAP, transpose: nodes.len() <= SWAPS_UP_TO, ..Config::default() };
    let mut parts = from_vertices_and_edges(&vertices, edges, &config);
    for (part, ..) in &mut parts {
        part.sort_unstable_by_key(|(node, _)| *node);
    }
    parts.sort_by_key(|(part, ..)| (std::cmp::Reverse(part.len()), part.first().map(|(node, _)| *node)));
    let mut placed = Vec::with_capacity(nodes.len());
    let mut below = 0.0;
    for (part, ..) in parts {
        // What the layout gives is the middle of each.
        let corners: Vec<(usize, f64, f64)> = part
            .into_iter()
            .map(|(node, (across, down))| (node, down - size(node).0 / 2.0, across - size(node).1 / 2.0))
            .collect();
        let least = |of: fn(&(usize, f64, f64)) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
        let (left, top) = (least(|corner| corner.1), least(|corner| corner.2));
        let foot = corners.iter().map(|(node, _, y)| y - top + size(*node).1).fold(0.0, f64::max);
        placed.extend(corners.into_iter().map(|(node, x, y)| (node, (x - left, y - top + below))));
        below += foot + GAP;
    }
    placed.sort_unstable_by_key(|(node, _)| *node);
    placed
}
