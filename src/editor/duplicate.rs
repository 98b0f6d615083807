//! Copies of the chosen nodes, with the links among them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::change::refuse;
use super::connect::fresh_link_id;
use super::effect::Effect;
use super::history::commit;
use super::state::{Selection, State};
use crate::scene::{Edit, Scene, SceneLink, SceneNode, fresh_id, limits};
use crate::services::{Owner, Reference};

const OFFSET: f64 = 32.0;

pub fn duplicate(state: &mut State) -> Vec<Effect> {
    match copied(&state.scene, &state.selection, OFFSET) {
        Ok((scene, names)) => {
            let effects = commit(state, scene, None);
            if !names.is_empty() {
                state.selection = Selection { nodes: names.into_values().collect(), ..Selection::default() };
            }
            effects
        }
        Err(why) => refuse(state, why),
    }
}

/// The scene with copies of the chosen nodes, and what each copy is called.
///
/// # Errors
/// When the scene would grow beyond its bound.
pub fn copied(scene: &Scene, chosen: &Selection, offset: f64) -> Result<(Scene, BTreeMap<String, String>), String> {
    let originals: Vec<&Arc<SceneNode>> = scene.nodes.iter().filter(|node| chosen.nodes.contains(&node.id)).collect();
    if scene.nodes.len() + originals.len() > limits::NODES_MAX {
        return Err(format!("A scene has at most {} nodes. Delete some first.", limits::NODES_MAX));
    }
    let mut taken = std::collections::BTreeSet::<String>::new();
    taken.extend(scene.nodes.iter().map(|node| node.id.clone()));
    let mut names = BTreeMap::new();
    for node in &originals {
        let id = fresh_id(stem(&node.id), |id| taken.contains(id));
        taken.insert(id.clone());
        names.insert(node.id.clone(), id);
    }
    let mut copy = scene.clone();
    for node in originals {
        let mut node = SceneNode::clone(node);
        node.id = names[&node.id].clone();
        node.at = (node.at.0 + offset, node.at.1 + offset);
        rename_inner(Owner::Node(node.kind), &mut node.properties, &names);
        copy.apply(Edit::AddNode(node));
    }
    for link in &scene.links {
        if let (Some(from), Some(to)) = (names.get(&link.from), names.get(&link.to)) {
            let id = fresh_link_id(&copy);
            let mut link = SceneLink { id, from: from.clone(), to: to.clone(), ..SceneLink::clone(link) };
            rename_inner(Owner::Link(link.kind), &mut link.properties, &names);
            copy.apply(Edit::AddLink(link));
        }
    }
    Ok((copy, names))
}

/// A copy that names a node of the same set names that one's copy.
fn rename_inner(owner: Owner, properties: &mut Map<String, Value>, names: &BTreeMap<String, String>) {
    for reference in Reference::of(owner) {
        if let Some(name) = reference.read(properties).and_then(|id| names.get(id)) {
            reference.write(properties, name);
        }
    }
}

/// `orders` of `orders-2`.
fn stem(id: &str) -> &str {
    match id.rsplit_once('-') {
        Some((stem, number)) if !stem.is_empty() && number.parse::<u32>().is_ok() => stem,
        _ => id,
    }
}
