//! What keys do to what is chosen: moving and deleting it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::boundary;
use super::change::refuse;
use super::effect::Effect;
use super::layout::{GRID, snapped};
use super::recording::commit;
use super::state::State;
use crate::figure::Point;
use crate::scene::{Edit, Scene};
use crate::services::Owner;

/// Moves the chosen nodes; keys held down are one step.
pub fn nudge(state: &mut State, by: Point) -> Vec<Effect> {
    let ids = boundary::carried(&state.scene, &state.selection.nodes);
    let scene = boundary::moved(&state.scene, [(ids, (f64::from(by.x), f64::from(by.y)))]);
    commit(state, scene, Some("nudge".to_owned()))
}

/// Draws a card so large that all in it can be read, or as small as usual.
#[inline(never)] // second part
pub fn toggle_room(state: &mut State, id: &str) -> Vec<Effect> {
    let Some(node) = state.scene.node(id) else { return Vec::new() };
    let Some(room) = node.kind.spec().room else { return Vec::new() };
    let sides = if node.properties.contains_key("Height") {
        [None, None]
    } else {
        let (width, height) = room(&node.properties);
        [width, height].map(|side| Some(Value::from(snapped(libm::ceilf(side) + GRID) as i64)))
    };
    let edits = ["Width", "Height"].into_iter().zip(sides);
    let edits = edits.map(|(name, value)| Edit::SetProperty { id: id.to_owned(), name: name.to_owned(), value });
    let scene = state.scene.with(edits);
    commit(state, scene, None)
}

/// Removes what is chosen, but for what is locked. A line that stands for a property goes with the property.
pub fn delete(state: &mut State) -> Vec<Effect> {
    let chosen = &state.selection.nodes;
    let locked = state.scene.nodes.iter().filter(|node| node.locked && chosen.contains(&node.id));
    let kept: BTreeSet<String> = locked.map(|node| node.id.clone()).collect();
    if let Some(first) = kept.first() {
        state.selection.nodes.retain(|id| !kept.contains(id));
        if state.selection.is_empty() {
            let why = format!("{first} is locked. Unlock it to delete it.");
            state.selection.nodes = kept;
            return refuse(state, why);
        }
    }
    let chosen = std::mem::take(&mut state.selection);
    let mut edits: Vec<Edit> = Vec::new();
    for id in &chosen.links {
        edits.push(forget(&state.scene, id).unwrap_or_else(|| Edit::RemoveLink(id.clone())));
    }
    let gone: Vec<String> = chosen.nodes.into_iter().collect();
    let scene = boundary::without(&state.scene.with(edits), &gone);
    commit(state, scene, None)
}

/// The edit that takes away what a line stands for.
fn forget(scene: &Scene, line: &str) -> Option<Edit> {
    let (reference, owner) = scene.reference_of(line)?;
    let (id, name) = (owner.to_owned(), reference.property().to_owned());
    let without = |properties: &Map<String, Value>| {
        let mut properties = properties.clone();
        reference.forget(&mut properties);
        properties.shift_remove(&name)
    };
    match reference.owner {
        Owner::Node(_) => {
            let value = without(&scene.node(owner)?.properties);
            Some(Edit::SetProperty { id, name, value })
        }
        Owner::Link(_) => {
            let value = without(&scene.link(owner)?.properties);
            Some(Edit::SetLinkProperty { id, name, value })
        }
    }
}
