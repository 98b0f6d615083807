//! The document itself. Parts are shared, so that a copy for the history costs little.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::script::ScriptEntry;
use crate::services::{Distribution, Kind, LinkKind, Preset};

#[derive(Clone, Debug, PartialEq)]
pub struct SceneNode {
    pub id: String,
    pub kind: Kind,
    /// Top left corner of its card, in canvas units.
    pub at: (f64, f64),
    pub properties: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SceneLink {
    pub id: String,
    pub from: String,
    pub to: String,
    pub kind: LinkKind,
    pub properties: Map<String, Value>,
    pub latency: Option<Value>,
}

/// The network as the scene writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkChoice(pub Value);

impl NetworkChoice {
    pub const NAMES: [&'static str; 3] = ["teaching", "realistic", "instant"];

    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(Value::String(name.to_owned()))
    }

    /// # Errors
    /// A sentence that says what is allowed.
    pub fn preset(&self) -> Result<Preset, String> {
        match &self.0 {
            Value::String(name) if name == "instant" => Ok(Preset::Instant),
            Value::String(name) if name == "realistic" => Ok(Preset::Realistic),
            Value::String(name) if name == "teaching" => Ok(Preset::Teaching),
            Value::Object(map) if map.len() == 1 && map.contains_key("hop") => {
                Distribution::parse(&map["hop"]).map(Preset::Hop)
            }
            other => Err(format!(
                "{other} is not a network; allowed are \"instant\", \"realistic\", \"teaching\" and {{\"hop\": …}}"
            )),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub name: String,
    pub seed: u64,
    pub network: NetworkChoice,
    pub nodes: Vec<Arc<SceneNode>>,
    pub links: Vec<Arc<SceneLink>>,
    pub script: Vec<ScriptEntry>,
    /// What its author says about it, in Markdown, shown beside the canvas.
    pub notes: Vec<Value>,
    /// Parts of the file this version cannot open, kept so that saving loses nothing: `(field, value)`.
    pub unopened: Vec<(String, Value)>,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            name: "Untitled".to_owned(),
            seed: 7,
            network: NetworkChoice::named("teaching"),
            nodes: Vec::new(),
            links: Vec::new(),
            script: Vec::new(),
            notes: Vec::new(),
            unopened: Vec::new(),
        }
    }
}

impl Scene {
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Arc<SceneNode>> {
        self.nodes.iter().find(|node| node.id == id)
    }

    #[must_use]
    pub fn link(&self, id: &str) -> Option<&Arc<SceneLink>> {
        self.links.iter().find(|link| link.id == id)
    }

    /// The links as drawn: those written, and those that a property stands for (a queue's `RedrivePolicy`,
    /// a rule's `EventBusName`).
    #[must_use]
    pub fn drawn_links(&self) -> Vec<Arc<SceneLink>> {
        let mut links = self.links.clone();
        for node in &self.nodes {
            let (field, kind) = match node.kind {
                Kind::Queue => ("RedrivePolicy", LinkKind::Redrive),
                Kind::Rule => ("EventBusName", LinkKind::Rule),
                _ => continue,
            };
            let value = node.properties.get(field);
            let other = match kind {
                LinkKind::Redrive => value.and_then(|policy| policy.get("deadLetterTargetArn")),
                _ => value,
            };
            let Some(other) = other.and_then(Value::as_str).filter(|other| self.node(other).is_some()) else {
                continue;
            };
            let (from, to) = if kind == LinkKind::Rule { (other, &*node.id) } else { (&*node.id, other) };
            if links.iter().any(|link| link.kind == kind && link.from == from && link.to == to) {
                continue;
            }
            links.push(Arc::new(SceneLink {
                id: format!("{}~{field}", node.id),
                from: from.to_owned(),
                to: to.to_owned(),
                kind,
                properties: Map::new(),
                latency: None,
            }));
        }
        links
    }
}
