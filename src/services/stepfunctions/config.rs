//! A state machine's properties as its model reads them.

use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

use super::drawing::Drawing;
use crate::lang::asl::Machine;
use crate::lang::asl::definition;
use crate::services::parts::arns::arn;
use crate::services::{Limit, Settings};

#[derive(Clone, Debug)]
pub struct Config {
    /// `None` where the definition cannot be used.
    pub machine: Option<Arc<Machine>>,
    pub definition: Value,
    /// The drawing of the machine, made when it is first looked at.
    drawing: Arc<OnceLock<Drawing>>,
    pub is_express: bool,
    /// Its own name at AWS; the node's id without one.
    pub name: Option<String>,
    pub role: String,
    pub objects: Arc<Map<String, Value>>,
    /// Of state transitions and of starts: a Standard machine's (SFN-3).
    pub transitions: Limit,
    pub starts: Limit,
    /// Of a million starts, so many run twice: an Express machine's.
    pub duplicate_parts: u32,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let is_express = settings.text("StateMachineType").as_deref() == Some("EXPRESS");
        let read = definition::of_properties(&|name| settings.get(name), is_express);
        let limit =
            |rate: &str, burst: &str| Limit { per_second: settings.integer(rate), burst: settings.integer(burst) };
        Self {
            machine: read.machine.map(Arc::new),
            definition: read.definition,
            drawing: Arc::default(),
            is_express,
            name: settings.text("StateMachineName").filter(|name| !name.is_empty()),
            role: settings.text("RoleArn").filter(|role| !role.is_empty()).unwrap_or_else(|| {
                // IAM knows no Region.
                arn("iam", "role/states").replacen("us-east-1", "", 1)
            }),
            objects: Arc::new(
                settings.get("Objects").and_then(|objects| objects.as_object().cloned()).unwrap_or_default(),
            ),
            transitions: limit("TransitionsPerSecond", "TransitionBurst"),
            starts: if is_express {
                Limit { per_second: 6_000, burst: 6_000 }
            } else {
                limit("StartsPerSecond", "StartBurst")
            },
            duplicate_parts: settings.parts_per_million("DuplicateRate"),
        }
    }
    /// The drawing of the machine, if its definition can be used.
    #[must_use]
    pub fn drawing(&self) -> Option<&Drawing> {
        let machine = self.machine.as_ref()?;
        Some(self.drawing.get_or_init(|| Drawing::of(machine)))
    }
}

/// How large a card has to be for all of its drawing to be read.
pub fn room(properties: &Map<String, Value>) -> (f32, f32) {
    let read = definition::of_properties(&|name| properties.get(name).cloned(), false);
    read.machine.map_or((0.0, 0.0), |machine| Drawing::of(&machine).room())
}
