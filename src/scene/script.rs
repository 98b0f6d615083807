//! The script: what is done to the run from outside, and when.

use serde_json::{Map, Value, json};

use crate::engine::Micros;
use crate::lang::duration::format_duration;

#[derive(Clone, Debug, PartialEq)]
pub struct ScriptEntry {
    pub id: Option<String>,
    pub at: Micros,
    pub node: String,
    pub act: Act,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// An API call of the node's service; `${id.path}` in the input stands for a part of an earlier answer.
    Call { action: String, input: Value },
    /// A fault that lasts.
    Fault { name: String, lasting: Micros, settings: Map<String, Value> },
    /// New property values for a live resource.
    Set { properties: Map<String, Value> },
}

impl ScriptEntry {
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        if let Some(id) = &self.id {
            map.insert("id".to_owned(), json!(id));
        }
        map.insert("at".to_owned(), json!(format_duration(self.at)));
        map.insert("node".to_owned(), json!(self.node));
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
