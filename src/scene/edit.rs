//! Edits: the only way a document changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::document::{NetworkChoice, Scene, SceneLink, SceneNode};
use super::script::ScriptEntry;
use crate::services::{Kind, forget_in_lists, keeps_lists};

#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    AddNode(SceneNode),
    /// With the links that touch it.
    RemoveNode(String),
    /// Without the links that lead to it: they find it gone.
    DeleteNode(String),
    MoveNode {
        id: String,
        at: (f64, f64),
    },
    /// `None` takes the property away: its default applies.
    SetProperty {
        id: String,
        name: String,
        value: Option<Value>,
    },
    /// Everything that names the node follows, and its random numbers stay what they are.
    RenameNode {
        from: String,
        to: String,
    },
    AddLink(SceneLink),
    RemoveLink(String),
    SetLinkProperty {
        id: String,
        name: String,
        value: Option<Value>,
    },
    SetLatency {
        id: String,
        latency: Option<Value>,
    },
    /// At the end of the script.
    AddScriptEntry(ScriptEntry),
    /// The entry at that place of the script becomes another.
    ChangeScriptEntry {
        index: usize,
        entry: ScriptEntry,
    },
    RemoveScriptEntry(usize),
    SetName(String),
    SetSeed(u64),
    SetNetwork(NetworkChoice),
    /// Each by so much from where it is.
    MoveNodes {
        ids: BTreeSet<String>,
        by: (f64, f64),
    },
    SetLocked {
        id: String,
        locked: bool,
    },
    /// The link of this id becomes this one, at its place in the list.
    ReplaceLink(SceneLink),
}

/// As far from the origin as a file's positions may lie.
const FAR: f64 = 1e6;

impl Scene {
    /// A scene with these edits applied; this one stays what it is.
    #[must_use]
    pub fn with(&self, edits: impl IntoIterator<Item = Edit>) -> Self {
        let mut scene = self.clone();
        edits.into_iter().for_each(|edit| scene.apply(edit));
        scene
    }

    /// Applies an edit; one that names something absent changes nothing.
    pub fn apply(&mut self, edit: Edit) {
        match edit {
            Edit::AddNode(node) => {
                if self.node(&node.id).is_none() {
                    self.nodes.push(Arc::new(node));
                }
            }
            Edit::RemoveNode(id) => {
                self.nodes.retain(|node| node.id != id);
                self.links.retain(|link| link.from != id && link.to != id);
                self.forget_references(&id);
            }
            Edit::DeleteNode(id) => self.nodes.retain(|node| node.id != id),
            Edit::MoveNode { id, at } => self.change_node(&id, |node| node.at = at),
            Edit::SetProperty { id, name, value } => self.change_node(&id, |node| {
                set(&mut node.properties, &name, value);
            }),
            Edit::RenameNode { from, to } => self.rename(&from, &to),
            Edit::AddLink(link) => {
                if self.link(&link.id).is_none() {
                    self.links.push(Arc::new(link));
                }
            }
            Edit::RemoveLink(id) => self.links.retain(|link| link.id != id),
            Edit::SetLinkProperty { id, name, value } => self.change_link(&id, |link| {
                set(&mut link.properties, &name, value);
            }),
            Edit::SetLatency { id, latency } => self.change_link(&id, |link| link.latency = latency),
            Edit::AddScriptEntry(entry) => self.script.push(entry),
            Edit::ChangeScriptEntry { index, entry } => {
                if let Some(old) = self.script.get_mut(index) {
                    *old = entry;
                }
            }
            Edit::RemoveScriptEntry(index) if index < self.script.len() => drop(self.script.remove(index)),
            Edit::RemoveScriptEntry(_) => {}
            Edit::SetName(name) => self.name = name,
            Edit::SetSeed(seed) => self.seed = seed,
            Edit::SetNetwork(network) => self.network = network,
            Edit::MoveNodes { ids, by } => {
                let there = |at: f64, by: f64| (at + by).clamp(-FAR, FAR);
                for node in self.nodes.iter_mut().filter(|node| ids.contains(&node.id)) {
                    let (x, y) = node.at;
                    Arc::make_mut(node).at = (there(x, by.0), there(y, by.1));
                }
            }
            Edit::SetLocked { id, locked } => self.change_node(&id, |node| node.locked = locked),
            Edit::ReplaceLink(link) => {
                let id = link.id.clone();
                self.change_link(&id, |old| *old = link);
            }
        }
    }

    pub(super) fn change_node(&mut self, id: &str, change: impl FnOnce(&mut SceneNode)) {
        if let Some(node) = self.nodes.iter_mut().find(|node| node.id == id) {
            change(Arc::make_mut(node));
        }
    }

    fn change_link(&mut self, id: &str, change: impl FnOnce(&mut SceneLink)) {
        if let Some(link) = self.links.iter_mut().find(|link| link.id == id) {
            change(Arc::make_mut(link));
        }
    }

    /// Properties that named a node that is gone.
    fn forget_references(&mut self, id: &str) {
        self.each_reference(|reference, holder| {
            if reference.read(holder.properties()) == Some(id) {
                reference.forget(holder.properties_mut());
            }
        });
        self.change_lists(|kind, properties| forget_in_lists(kind, properties, id));
    }

    /// Changes the lists of ids that nodes keep; those that stay the same stay shared with the history.
    pub(super) fn change_lists(&mut self, change: impl Fn(Kind, &mut Map<String, Value>)) {
        for node in self.nodes.iter_mut().filter(|node| keeps_lists(node.kind)) {
            let mut properties = node.properties.clone();
            change(node.kind, &mut properties);
            if properties != node.properties {
                Arc::make_mut(node).properties = properties;
            }
        }
    }
}

fn set(properties: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(properties.insert(name.to_owned(), value)),
        None => drop(properties.shift_remove(name)),
    }
}

/// `stem`, else `stem-2`, `stem-3`, …: the first that `taken` does not know.
#[must_use]
pub fn fresh_id(stem: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(stem) {
        return stem.to_owned();
    }
    (2..).map(|n| format!("{stem}-{n}")).find(|id| !taken(id)).expect("numbers do not run out")
}
