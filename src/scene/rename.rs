//! A new name for a node: everything that names it follows, and nothing else changes. A node is the same one under
//! another name ([`SceneNode::first_id`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::document::{Scene, SceneNode};
use super::edit::Edit;
use super::script::{Act, ScriptEntry};
use crate::services::{Owner, Reference, rename_in_lists};

impl Scene {
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        if to.is_empty() || self.node(from).is_none() || self.node(to).is_some() {
            return;
        }
        self.each_reference(|reference, holder| {
            if reference.read(holder.properties()) == Some(from) {
                reference.write(holder.properties_mut(), to);
            }
        });
        self.change_lists(|kind, properties| rename_in_lists(kind, properties, from, to));
        self.rename_in_definitions(from, to);
        self.change_node(from, |node| {
            let first = node.was.take().unwrap_or_else(|| from.to_owned());
            node.was = Some(first).filter(|first| first != to);
            node.id = to.to_owned();
        });
        for link in &mut self.links {
            if link.from == from {
                Arc::make_mut(link).from = to.to_owned();
            }
            if link.to == from {
                Arc::make_mut(link).to = to.to_owned();
            }
        }
        let mut script = std::mem::take(&mut self.script);
        script.iter_mut().for_each(|entry| self.rename_in_entry(entry, from, to));
        self.script = script;
        for check in self.unopened.iter_mut().filter(|(field, _)| field == "checks") {
            rename_in_checks(&mut check.1, from, to);
        }
    }

    /// Where a property holds JSON that names nodes.
    fn rename_in_definitions(&mut self, from: &str, to: &str) {
        for node in &mut self.nodes {
            for name in node.kind.spec().named_in {
                let Some(value) = node.properties.get(*name) else { continue };
                let mut renamed = value.clone();
                rename_in_definition(&mut renamed, from, to);
                if renamed != *value {
                    Arc::make_mut(node).properties.insert((*name).to_owned(), renamed);
                }
            }
        }
    }

    fn rename_in_entry(&self, entry: &mut ScriptEntry, from: &str, to: &str) {
        if entry.node == from {
            entry.node = to.to_owned();
        }
        // A line that a property of the node stands for goes by the node's name.
        if let Some(link) = &mut entry.link
            && let Some((reference, owner)) = Reference::of_line(link)
            && owner == from
        {
            *link = reference.line_id(to);
        }
        match &mut entry.act {
            Act::Call { input, .. } => rename_in_input(input, from, to),
            Act::Fault { .. } => {}
            Act::Set { properties } => {
                let owner = match &entry.link {
                    Some(link) => self.link(link).map(|link| Owner::Link(link.kind)),
                    None => self.node(&entry.node).map(|node| Owner::Node(node.kind)),
                };
                for reference in owner.into_iter().flat_map(Reference::of) {
                    if reference.read(properties) == Some(from) {
                        reference.write(properties, to);
                    }
                }
                if let Some(Owner::Node(kind)) = owner {
                    rename_in_lists(kind, properties, from, to);
                }
            }
        }
    }

    /// The edits that give the nodes of `other` the names they have here; none where that cannot be done one by one.
    #[must_use]
    pub fn renames_from(&self, other: &Self) -> Vec<Edit> {
        let by_first = |scene: &'_ Self| -> BTreeMap<String, Arc<SceneNode>> {
            let mut nodes = BTreeMap::new();
            nodes.extend(scene.nodes.iter().map(|node| (node.first_id().to_owned(), Arc::clone(node))));
            nodes
        };
        // Most edits leave all names as they are.
        if self.nodes.len() == other.nodes.len() && self.nodes.iter().zip(&other.nodes).all(|(a, b)| a.id == b.id) {
            return Vec::new();
        }
        let (ours, theirs) = (by_first(self), by_first(other));
        let mut due = Vec::new();
        for (first, node) in &theirs {
            if let Some(now) = ours.get(first).filter(|now| now.kind == node.kind && now.id != node.id) {
                due.push((node.id.clone(), now.id.clone()));
            }
        }
        let (mut renames, mut scene) = (Vec::new(), other.clone());
        while let Some(place) = due.iter().position(|(_, to)| scene.node(to).is_none()) {
            let (from, to) = due.swap_remove(place);
            let rename = Edit::RenameNode { from, to };
            scene.apply(rename.clone());
            renames.push(rename);
        }
        renames
    }
}

/// A name, an ARN or a URL that a definition gives to what it calls; a definition may be a text itself. What it says
/// otherwise stays.
fn rename_in_definition(value: &mut Value, from: &str, to: &str) {
    const ENDS: [&str; 5] = ["Arn", "Url", "Name", "Endpoint", "Resource"];
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                match inner {
                    Value::String(text) if ENDS.iter().any(|end| key.ends_with(end)) => *text = renamed(text, from, to),
                    Value::Object(_) | Value::Array(_) => rename_in_definition(inner, from, to),
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_in_definition(item, from, to)),
        Value::String(text) => {
            if let Ok(mut read @ Value::Object(_)) = serde_json::from_str::<Value>(text) {
                let before = read.clone();
                rename_in_definition(&mut read, from, to);
                if read != before {
                    *text = read.to_string();
                }
            }
        }
        _ => {}
    }
}

/// A call names nodes where AWS wants ARNs, URLs and names; what a message says stays what it says.
fn rename_in_input(input: &mut Value, from: &str, to: &str) {
    match input {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                let names_nodes = ["Arn", "Arns", "ARN", "Url", "Endpoint", "QueueName", "ConsumerName", "Destination"]
                    .iter()
                    .any(|end| key.ends_with(end));
                match value {
                    Value::String(text) if names_nodes => *text = renamed(text, from, to),
                    Value::Array(items) if names_nodes => {
                        for item in items.iter_mut() {
                            match item {
                                Value::String(text) => *text = renamed(text, from, to),
                                other => rename_in_input(other, from, to),
                            }
                        }
                    }
                    // A policy is a text of JSON.
                    Value::String(text) if key.ends_with("Policy") => {
                        if let Ok(mut inner) = serde_json::from_str::<Value>(text) {
                            let before = inner.clone();
                            rename_in_input(&mut inner, from, to);
                            if inner != before {
                                *text = inner.to_string();
                            }
                        }
                    }
                    other => rename_in_input(other, from, to),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_in_input(item, from, to)),
        _ => {}
    }
}

/// The name itself, or the ARN or URL that ends with it.
fn renamed(text: &str, from: &str, to: &str) -> String {
    let before = text.strip_suffix(from);
    let is_name = |before: &&str| before.is_empty() || before.contains([':', '/']) && before.ends_with([':', '/']);
    before.filter(is_name).map_or_else(|| text.to_owned(), |before| format!("{before}{to}"))
}

/// A check's path goes through `nodes.<id>`.
fn rename_in_checks(checks: &mut Value, from: &str, to: &str) {
    for check in checks.as_array_mut().into_iter().flatten() {
        let Some(Value::String(path)) = check.get_mut("path") else { continue };
        let rest = path.strip_prefix("nodes.").and_then(|rest| rest.strip_prefix(from));
        if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with(['.', '['])) {
            *path = format!("nodes.{to}{rest}");
        }
    }
}
