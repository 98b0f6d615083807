//! Copies of the chosen nodes, with the links among them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::boundary::joining;
use super::change::refuse;
use super::effect::Effect;
use super::recording::commit;
use super::selection::Selection;
use super::state::State;
use crate::scene::{Edit, Frames, Scene, SceneLink, SceneNode, fresh_id, limits};
use crate::services::{Kind, Owner, Reference};

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
    merged(scene, scene, chosen, offset)
}

/// `into` with copies of the chosen nodes of `from` and the links among them, and what each copy is called.
///
/// # Errors
/// When the scene would grow beyond its bound.
pub fn merged(
    into: &Scene,
    from: &Scene,
    chosen: &Selection,
    offset: f64,
) -> Result<(Scene, BTreeMap<String, String>), String> {
    // With a boundary go its members.
    let frames = Frames::of(from);
    let inside = |id: &str| !frames.is_empty() && frames.around(id).any(|outer| chosen.nodes.contains(&outer.id));
    let is_copied = |node: &&Arc<SceneNode>| chosen.nodes.contains(&node.id) || inside(&node.id);
    let originals: Vec<&Arc<SceneNode>> = from.nodes.iter().filter(is_copied).collect();
    if into.nodes.len() + originals.len() > limits::NODES_MAX {
        return Err(format!("A scene has at most {} nodes. Delete some first.", limits::NODES_MAX));
    }
    let mut taken = std::collections::BTreeSet::<String>::new();
    taken.extend(into.nodes.iter().flat_map(|node| node.was.iter().chain([&node.id])).cloned());
    let mut names = BTreeMap::new();
    for node in &originals {
        let id =
            if taken.contains(&node.id) { fresh_id(stem(&node.id), |id| taken.contains(id)) } else { node.id.clone() };
        taken.insert(id.clone());
        names.insert(node.id.clone(), id);
    }
    let mut copy = into.clone();
    for node in originals {
        let mut node = SceneNode::clone(node);
        node.id = names[&node.id].clone();
        node.at = (node.at.0 + offset, node.at.1 + offset);
        node.locked = false;
        node.was = None;
        rename_inner(Owner::Node(node.kind), &mut node.properties, &names, into);
        if node.kind == Kind::Boundary {
            let members: Vec<&String> = node.members().filter_map(|member| names.get(member)).collect();
            let members = json!(members);
            node.properties.insert("Members".to_owned(), members);
        }
        copy.apply(Edit::AddNode(node));
    }
    // A copy lies in the frame that its original lies in.
    if offset > 0.0 {
        let ids = names.values().cloned().collect();
        joining(&copy, &ids).into_iter().for_each(|edit| copy.apply(edit));
    }
    let mut links = std::collections::BTreeSet::<String>::new();
    links.extend(into.links.iter().map(|link| link.id.clone()));
    let mut numbers = 1..;
    for link in &from.links {
        if let (Some(from), Some(to)) = (names.get(&link.from), names.get(&link.to)) {
            let mut names_of_links = numbers.by_ref().map(|n| format!("l{n}"));
            let id = names_of_links.find(|id| !links.contains(id)).expect("numbers do not run out");
            let mut link = SceneLink { id, from: from.clone(), to: to.clone(), ..SceneLink::clone(link) };
            rename_inner(Owner::Link(link.kind), &mut link.properties, &names, into);
            copy.apply(Edit::AddLink(link));
        }
    }
    if copy.links.len() > limits::LINKS_MAX {
        return Err(format!("A scene has at most {} links. Delete some first.", limits::LINKS_MAX));
    }
    Ok((copy, names))
}

/// A copy that names a node of the same set names that one's copy; what is known where it comes to stand it goes on
/// naming, and the rest it forgets.
fn rename_inner(owner: Owner, properties: &mut Map<String, Value>, names: &BTreeMap<String, String>, into: &Scene) {
    for reference in Reference::of(owner) {
        let Some(id) = reference.read(properties) else { continue };
        match names.get(id) {
            Some(name) => reference.write(properties, name),
            None if into.node(id).is_some() => {}
            None => reference.forget(properties),
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
