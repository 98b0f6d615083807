//! New nodes where they are needed: after a node, or inside a link. Node and links are one step.

use std::collections::BTreeSet;

use super::boundary;
use super::change::{refuse, why_drawn};
use super::command::Joint;
use super::connect::joined;
use super::effect::Effect;
use super::fresh::{fresh_node, in_the_way, placed_rect};
use super::layout::card_rect;
use super::layout::snapped;
use super::recording::commit;
use super::rect::Rect;
use super::selection::Selection;
use super::state::{PaletteItem, State};
use crate::figure::Point;
use crate::scene::{Edit, Scene, SceneLink};
use crate::services::{Kind, LinkKind};

/// Between a card and the one that is placed after it.
const GAP: f32 = 96.0;

/// Whether a kind of node fits into a link, in the link's direction.
#[must_use]
pub fn fits_into(scene: &Scene, link: &SceneLink, kind: Kind) -> bool {
    let kind_of = |id: &str| scene.node(id).map(|node| node.kind);
    let (Some(from), Some(to)) = (kind_of(&link.from), kind_of(&link.to)) else { return false };
    // To a dead-letter queue goes what failed, and not what goes on.
    let leads = |from, to| LinkKind::between(from, to).is_some_and(|kind| kind != LinkKind::Redrive);
    leads(from, kind) && leads(kind, to)
}

/// Places an item, its card's middle at a canvas point or where there is room, and connects it.
pub fn insert(state: &mut State, item: PaletteItem, at: Option<Point>, joint: &Joint) -> Vec<Effect> {
    let made = match joint {
        Joint::After(from) => after(&state.scene, item, at, from),
        Joint::Into(link) => into(&state.scene, item, at, link),
    };
    match made {
        Err(why) => refuse(state, why),
        Ok((scene, id)) => {
            let joining = boundary::joining(&scene, &[id.clone()].into());
            let scene = scene.with(joining);
            let mut effects = commit(state, scene, None);
            state.selection = Selection::of_node(&id);
            super::looking::reveal(state, &id);
            effects.push(Effect::FocusNode(id));
            effects
        }
    }
}

type Made = Result<(Scene, String), String>;

fn after(scene: &Scene, item: PaletteItem, at: Option<Point>, from: &str) -> Made {
    let source = scene.node(from).ok_or_else(|| format!("There is no node {from}."))?;
    let card = match at {
        Some(at) => placed_rect(item, at),
        None => {
            let before = card_rect(source);
            let sized = placed_rect(item, before.middle());
            free(scene, item, Rect { x: snapped(before.right() + GAP), y: snapped(before.y), ..sized })
        }
    };
    let node = fresh_node(scene, item, card)?;
    let id = node.id.clone();
    let placed = scene.with([Edit::AddNode(node)]);
    let (scene, _) = joined(&placed, from, &id)?;
    Ok((scene, id))
}

/// Below other cards, as far as it takes.
fn free(scene: &Scene, item: PaletteItem, mut card: Rect) -> Rect {
    let cards = in_the_way(scene, item);
    while let Some(other) = cards.iter().find(|other| other.meets(&card)) {
        card.y = snapped(other.bottom() + GAP / 4.0);
    }
    card
}

fn into(scene: &Scene, item: PaletteItem, at: Option<Point>, link: &str) -> Made {
    let Some(split) = scene.link(link).cloned() else {
        return Err(why_drawn(scene, link).unwrap_or_else(|| format!("There is no link {link}.")));
    };
    let (Some(from), Some(to)) = (scene.node(&split.from), scene.node(&split.to)) else {
        return Err(format!("The link {link} leads nowhere. Delete it."));
    };
    let (before, behind) = (card_rect(from), card_rect(to));
    let (one, two) = (before.middle(), behind.middle());
    let middle = at.unwrap_or(Point::new((one.x + two.x) / 2.0, (one.y + two.y) / 2.0));
    let mut card = placed_rect(item, middle);
    let mut wider = scene.clone();
    // Where there is no room between the two, what lies behind makes some.
    if one.x < two.x && !to.locked && behind.x - before.right() < card.width + GAP / 2.0 {
        card.x = snapped(before.right() + GAP / 2.0);
        let by = f64::from(snapped(card.right() + GAP / 2.0 - behind.x));
        let moved = scene.nodes.iter().filter(|node| card_rect(node).x >= behind.x && !node.locked);
        let ids: BTreeSet<String> = moved.map(|node| node.id.clone()).collect();
        wider.apply(Edit::MoveNodes { ids: ids.clone(), by: (by, 0.0) });
        let growing = boundary::growing(&wider, ids.iter().map(|id| &**id));
        wider = wider.with(growing);
    }
    let node = fresh_node(scene, item, card)?;
    let id = node.id.clone();
    let placed = wider.with([Edit::RemoveLink(split.id.clone()), Edit::AddNode(node)]);
    let (half, first) = joined(&placed, &split.from, &id)?;
    let (whole, second) = joined(&half, &id, &split.to)?;
    Ok((inherited(whole, &split, [&first, &second]), id))
}

/// The half that is of the same kind as the whole was keeps its name and what was set.
fn inherited(mut scene: Scene, split: &SceneLink, halves: [&str; 2]) -> Scene {
    let heir = halves.into_iter().find_map(|id| scene.link(id).filter(|half| half.kind == split.kind)).cloned();
    if let Some(heir) = heir {
        let link = SceneLink { from: heir.from.clone(), to: heir.to.clone(), ..SceneLink::clone(split) };
        scene.apply(Edit::RemoveLink(heir.id.clone()));
        scene.apply(Edit::AddLink(link));
    }
    scene
}
