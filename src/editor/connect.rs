//! Connecting two nodes: what AWS has between them, or a sentence that says why there is nothing.

use serde_json::{Value, json};

use super::change::{edited, refuse};
use super::effect::Effect;
use super::history::commit;
use super::state::{Selection, State};
use crate::scene::{Edit, Scene, SceneLink, limits};
use crate::services::limits::TARGETS_PER_RULE_MAX;
use crate::services::{Kind, LinkKind, refusal};

/// How many receives a new dead-letter queue allows.
const MAX_RECEIVE_COUNT: u64 = 3;

/// What drawing from one node to another makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    Link(LinkKind),
    /// The property `RedrivePolicy` of the first.
    Redrive,
}

/// What a line between two nodes would be.
///
/// # Errors
/// A sentence that says why there can be none, and the remedy.
pub fn connection(scene: &Scene, from: &str, to: &str) -> Result<Connection, String> {
    let absent = |id: &str| format!("There is no node {id}.");
    let source = scene.node(from).ok_or_else(|| absent(from))?;
    let target = scene.node(to).ok_or_else(|| absent(to))?;
    if from == to && source.kind == Kind::Queue {
        return Err(format!("{from} cannot be its own dead-letter queue. Draw to another queue."));
    }
    if from == to {
        return Err(format!("{from} cannot be connected to itself."));
    }
    let kind = LinkKind::between(source.kind, target.kind).ok_or_else(|| refusal(source.kind, target.kind))?;
    let mut drawn = scene.drawn_links().into_iter();
    if drawn.any(|link| link.kind == kind && link.from == from && link.to == to) {
        return Err(format!("{from} {} {to} already.", kind.spec().label));
    }
    match kind {
        LinkKind::Redrive => return Ok(Connection::Redrive),
        LinkKind::Rule => one_bus(scene, to)?,
        LinkKind::Target => few_targets(scene, from)?,
        _ => {}
    }
    if scene.links.len() >= limits::LINKS_MAX {
        return Err(format!("A scene has at most {} links. Delete some first.", limits::LINKS_MAX));
    }
    Ok(Connection::Link(kind))
}

/// A rule belongs to one event bus.
fn one_bus(scene: &Scene, rule: &str) -> Result<(), String> {
    let drawn = scene.drawn_links();
    match drawn.iter().find(|link| link.kind == LinkKind::Rule && link.to == rule) {
        Some(link) => {
            Err(format!("{rule} is a rule of {}; a rule has one event bus. Delete that line first.", link.from))
        }
        None => Ok(()),
    }
}

/// EB-12.
fn few_targets(scene: &Scene, rule: &str) -> Result<(), String> {
    let targets = scene.links.iter().filter(|link| link.kind == LinkKind::Target && link.from == rule).count();
    if targets < TARGETS_PER_RULE_MAX {
        return Ok(());
    }
    Err(format!("{rule} has {TARGETS_PER_RULE_MAX} targets, as many as a rule may have. Make a second rule."))
}

/// Draws the line, or says why not. The new one is chosen.
pub fn connect(state: &mut State, from: &str, to: &str) -> Vec<Effect> {
    match joined(&state.scene, from, to) {
        Err(why) => refuse(state, why),
        Ok((scene, line)) => {
            let effects = commit(state, scene, None);
            state.selection = Selection::of_link(&line);
            effects
        }
    }
}

/// The scene with the line drawn, and the line's id.
///
/// # Errors
/// A sentence that says why there can be none, and the remedy.
pub fn joined(scene: &Scene, from: &str, to: &str) -> Result<(Scene, String), String> {
    match connection(scene, from, to)? {
        Connection::Redrive => Ok((edited(scene, [redrive(scene, from, to)]), format!("{from}~RedrivePolicy"))),
        Connection::Link(kind) => {
            let id = fresh_link_id(scene);
            let (from, to) = (from.to_owned(), to.to_owned());
            let link = SceneLink { id: id.clone(), from, to, kind, properties: serde_json::Map::new(), latency: None };
            Ok((edited(scene, [Edit::AddLink(link)]), id))
        }
    }
}

/// Another dead-letter queue keeps the count that was set.
pub fn redrive(scene: &Scene, from: &str, to: &str) -> Edit {
    let present = scene.node(from).and_then(|node| node.properties.get("RedrivePolicy"));
    let count = present.and_then(|policy| policy.get("maxReceiveCount")).cloned();
    let count = count.unwrap_or_else(|| Value::from(MAX_RECEIVE_COUNT));
    let value = Some(json!({ "deadLetterTargetArn": to, "maxReceiveCount": count }));
    Edit::SetProperty { id: from.to_owned(), name: "RedrivePolicy".to_owned(), value }
}

/// `l1`, `l2`, …: the first that is free.
pub fn fresh_link_id(scene: &Scene) -> String {
    let mut taken = std::collections::BTreeSet::<&str>::new();
    taken.extend(scene.links.iter().map(|link| &*link.id));
    (1..).map(|n| format!("l{n}")).find(|id| !taken.contains(&**id)).expect("numbers do not run out")
}
