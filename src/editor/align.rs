//! Chosen cards in line with each other, and with equal gaps between them.

use std::collections::BTreeMap;

use super::boundary::{carried, moved};
use super::change::refuse;
use super::command::{Axis, Edge};
use super::effect::Effect;
use super::layout::card_rect;
use super::recording::commit;
use super::rect::Rect;
use super::state::State;
use crate::engine::Sort;
use crate::scene::Frames;

pub fn align(state: &mut State, edge: Edge) -> Vec<Effect> {
    let cards = movable(state);
    if cards.len() < 2 {
        return refuse(state, "Choose two or more that may move, then align them.");
    }
    let all = cards.values().copied().reduce(|all, card| all.joined(&card)).unwrap_or_default();
    let by = |card: &Rect| match edge {
        Edge::Left => (all.x - card.x, 0.0),
        Edge::Centre => (all.middle().x - card.middle().x, 0.0),
        Edge::Right => (all.right() - card.right(), 0.0),
        Edge::Top => (0.0, all.y - card.y),
        Edge::Middle => (0.0, all.middle().y - card.middle().y),
        Edge::Bottom => (0.0, all.bottom() - card.bottom()),
    };
    let moves = cards.iter().map(|(id, card)| (id.clone(), by(card))).collect();
    shift(state, moves)
}

/// The outermost two stay; the others come to lie with equal gaps between them.
pub fn distribute(state: &mut State, axis: Axis) -> Vec<Effect> {
    let cards = movable(state);
    if cards.len() < 3 {
        return refuse(state, "Choose three or more that may move, then distribute them.");
    }
    let along = |card: &Rect| match axis {
        Axis::Horizontal => (card.x, card.width),
        Axis::Vertical => (card.y, card.height),
    };
    let mut row: Vec<(String, f32, f32)> =
        cards.into_iter().map(|(id, card)| (id, along(&card).0, along(&card).1)).collect();
    row.order_by(|one, two| (one.1 + one.2 / 2.0).total_cmp(&(two.1 + two.2 / 2.0)));
    let (first, last) = (&row[0], &row[row.len() - 1]);
    let lengths: f32 = row.iter().map(|(_, _, length)| length).sum();
    let gap = (last.1 + last.2 - first.1 - lengths) / (row.len() - 1) as f32;
    let mut at = first.1;
    let mut moves = Vec::new();
    for (id, from, length) in &row[..row.len() - 1] {
        let by = libm::rintf(at) - from;
        moves.push((id.clone(), if axis == Axis::Horizontal { (by, 0.0) } else { (0.0, by) }));
        at += length + gap;
    }
    shift(state, moves)
}

/// The chosen cards that a hand may move; members of a chosen boundary go with it.
fn movable(state: &State) -> BTreeMap<String, Rect> {
    let frames = Frames::of(&state.scene);
    let chosen = &state.selection.nodes;
    let mut cards = BTreeMap::new();
    for node in state.scene.nodes.iter().filter(|node| chosen.contains(&node.id) && !node.locked) {
        if !frames.around(&node.id).any(|outer| chosen.contains(&outer.id)) {
            cards.insert(node.id.clone(), card_rect(node));
        }
    }
    cards
}

fn shift(state: &mut State, moves: Vec<(String, (f32, f32))>) -> Vec<Effect> {
    let moves =
        moves.into_iter().map(|(id, (x, y))| (carried(&state.scene, &[id].into()), (f64::from(x), f64::from(y))));
    let scene = moved(&state.scene, moves);
    commit(state, scene, None)
}
