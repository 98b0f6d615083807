//! Connecting two nodes: what AWS has between them, or a sentence that says why there is nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::change::refuse;
use super::effect::Effect;
use super::fresh::properties_of;
use super::recording::commit;
use super::selection::Selection;
use super::state::State;
use crate::scene::{Edit, Scene, SceneLink, limits};
use crate::services::{Ends, Kind, LinkKind, refusal};

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
    Lines::of(scene, &scene.drawn_links()).connection(from, to)
}

/// The nodes that a line from a node may reach.
#[must_use]
pub fn within_reach(scene: &Scene, from: &str) -> BTreeSet<String> {
    let drawn = scene.drawn_links();
    let lines = Lines::of(scene, &drawn);
    let legal = scene.nodes.iter().filter(|node| lines.connection(from, &node.id).is_ok());
    legal.map(|node| node.id.clone()).collect()
}

/// What stands in the way of further lines, looked up once for many questions.
pub struct Lines<'a> {
    nodes: BTreeMap<&'a str, Kind>,
    /// From, kind, to.
    drawn: BTreeSet<(&'a str, LinkKind, &'a str)>,
    /// By where it leads, and its kind: where the first comes from.
    first: BTreeMap<(&'a str, LinkKind), &'a str>,
    written: usize,
}

impl<'a> Lines<'a> {
    /// `drawn` are the scene's drawn links.
    #[must_use]
    pub fn of(scene: &'a Scene, drawn: &'a [Arc<SceneLink>]) -> Self {
        let mut lines =
            Self { nodes: BTreeMap::new(), drawn: BTreeSet::new(), first: BTreeMap::new(), written: scene.links.len() };
        lines.nodes.extend(scene.nodes.iter().map(|node| (&*node.id, node.kind)));
        for link in drawn {
            lines.drawn.insert((&*link.from, link.kind, &*link.to));
            lines.first.entry((&*link.to, link.kind)).or_insert(&*link.from);
        }
        lines
    }

    /// As if a written link were not there.
    #[must_use]
    pub fn without(mut self, link: &'a SceneLink) -> Self {
        self.drawn.remove(&(&*link.from, link.kind, &*link.to));
        let drawn = self.drawn.iter().find(|(_, kind, to)| (*kind, *to) == (link.kind, &*link.to));
        match drawn.map(|(from, ..)| *from) {
            Some(other) => self.first.insert((&*link.to, link.kind), other),
            None => self.first.remove(&(&*link.to, link.kind)),
        };
        self.written -= 1;
        self
    }

    /// See [`connection`].
    ///
    /// # Errors
    /// As there.
    pub fn connection(&self, from: &str, to: &str) -> Result<Connection, String> {
        let kind_of = |id: &str| self.nodes.get(id).copied().ok_or_else(|| format!("There is no node {id}."));
        let (source, target) = (kind_of(from)?, kind_of(to)?);
        let natural = LinkKind::between(source, target);
        if from == to {
            let why = natural.unwrap_or(LinkKind::Send).spec().to_itself;
            return Err(format!("{from} cannot {why}."));
        }
        let kind = natural.ok_or_else(|| refusal(source, target))?;
        if self.drawn.contains(&(from, kind, to)) {
            return Err(format!("{from} {} {to} already.", kind.spec().label));
        }
        if !kind.is_written() {
            return Ok(Connection::Redrive);
        }
        let from_here = self.drawn.range((from, kind, "")..);
        let leaving = from_here.take_while(|(other, same, _)| (*other, *same) == (from, kind)).count();
        let taken_by = self.first.get(&(to, kind)).copied();
        if let Some(why) = (kind.spec().crowded)(&Ends { from, to, leaving, taken_by }) {
            return Err(why);
        }
        if self.written >= limits::LINKS_MAX {
            return Err(format!("A scene has at most {} links. Delete some first.", limits::LINKS_MAX));
        }
        Ok(Connection::Link(kind))
    }
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
        Connection::Redrive => Ok((scene.with([redrive(scene, from, to)]), format!("{from}~RedrivePolicy"))),
        Connection::Link(kind) => {
            let id = fresh_link_id(scene);
            let given = properties_of(kind.spec().brings).into_iter();
            let brought = given.map(|(name, value)| Edit::SetProperty { id: to.to_owned(), name, value: Some(value) });
            let (from, to) = (from.to_owned(), to.to_owned());
            let link = SceneLink { id: id.clone(), from, to, kind, properties: serde_json::Map::new(), latency: None };
            Ok((scene.with(brought.chain([Edit::AddLink(link)])), id))
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
    let mut taken = BTreeSet::<&str>::new();
    taken.extend(scene.links.iter().map(|link| &*link.id));
    (1..).map(|n| format!("l{n}")).find(|id| !taken.contains(&**id)).expect("numbers do not run out")
}
