//! The script: what is done to the run from outside, and when.

use serde_json::{Map, Value, json};

use crate::engine::Micros;
use crate::lang::duration::format_duration;

/// What something is done to, by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Node(String),
    Link(String),
}

impl Subject {
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Node(id) | Self::Link(id) => id,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct ScriptEntry {
    pub id: Option<String>,
    pub at: Micros,
    /// What it is done to; empty when that is a link.
    pub node: String,
    pub link: Option<String>,
    pub act: Act,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// An API call of the node's service; `${id.path}` in the input stands for a part of an earlier answer.
    Call { action: String, input: Value },
    /// A fault that lasts.
    Fault { name: String, lasting: Micros, settings: Map<String, Value> },
    /// New property values for a live resource; `null` takes a property away.
    Set { properties: Map<String, Value> },
}

impl ScriptEntry {
    #[must_use]
    pub fn new(subject: Subject, at: Micros, act: Act) -> Self {
        let (node, link) = match subject {
            Subject::Node(id) => (id, None),
            Subject::Link(id) => (String::new(), Some(id)),
        };
        Self { id: None, at, node, link, act }
    }

    #[must_use]
    pub fn subject(&self) -> Subject {
        self.link.clone().map_or_else(|| Subject::Node(self.node.clone()), Subject::Link)
    }

    /// When it ends: a fault when it is over, all else when it has begun. A fault without an end never does.
    #[must_use]
    pub fn ends(&self) -> Micros {
        match &self.act {
            Act::Fault { lasting: 0, name, .. } if name != "Poison" => Micros::MAX,
            Act::Fault { lasting, .. } => self.at.saturating_add(*lasting),
            _ => self.at,
        }
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        if let Some(id) = &self.id {
            map.insert("id".to_owned(), json!(id));
        }
        map.insert("at".to_owned(), json!(format_duration(self.at)));
        match &self.link {
            Some(link) => map.insert("link".to_owned(), json!(link)),
            None => map.insert("node".to_owned(), json!(self.node)),
        };
        match &self.act {
            Act::Call { action, input } => {
                map.insert("call".to_owned(), json!(action));
                map.insert("input".to_owned(), input.clone());
            }
            Act::Fault { name, lasting, settings } => {
                map.insert("fault".to_owned(), json!(name));
                map.insert("for".to_owned(), json!(format_duration(*lasting)));
                map.extend(settings.clone());
            }
            Act::Set { properties } => {
                map.insert("set".to_owned(), Value::Object(properties.clone()));
            }
        }
        Value::Object(map)
    }
}
