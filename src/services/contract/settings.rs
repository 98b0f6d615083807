//! Checked properties of a node or link, with the defaults of its form filled in.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::spec::{Property, PropertyKind};
use crate::engine::{Micros, seconds};
use crate::lang::event_pattern::{Dialect, Pattern};
use crate::services::Distribution;

/// Properties as the scene gives them; a getter falls back to the form's default for what is absent or out of
/// range. The scene's check has said so to the user: what can be opened is opened, and runs.
#[derive(Clone, Debug)]
pub struct Settings {
    given: Arc<Map<String, Value>>,
    form: &'static [Property],
}

impl Settings {
    #[must_use]
    pub fn new(given: Map<String, Value>, form: &'static [Property]) -> Self {
        Self { given: Arc::new(given), form }
    }

    /// Whether the same values are given.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.given == other.given
    }

    /// These, with one value changed; `None` takes it away.
    #[must_use]
    pub fn with(&self, name: &str, value: Option<Value>) -> Self {
        let mut given = Map::clone(&self.given);
        match value {
            Some(value) => drop(given.insert(name.to_owned(), value)),
            None => drop(given.shift_remove(name)),
        }
        Self { given: Arc::new(given), form: self.form }
    }

    /// The value given, else the default; `None` when both are absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.given.get(name) {
            return Some(value.clone());
        }
        let property = self.form.iter().find(|property| property.name == name);
        let default = property.unwrap_or_else(|| panic!("{name} is not in the form")).default;
        (!default.is_empty()).then(|| serde_json::from_str(default).expect("a form's default is JSON"))
    }

    #[must_use]
    pub fn is_given(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    #[must_use]
    pub fn integer(&self, name: &str) -> u64 {
        self.optional_integer(name).unwrap_or(0)
    }

    #[must_use]
    pub fn optional_integer(&self, name: &str) -> Option<u64> {
        let property = self.form.iter().find(|property| property.name == name);
        let allowed = |number: &u64| match property.map(|property| property.kind) {
            Some(PropertyKind::Integer { min, max }) => {
                i64::try_from(*number).is_ok_and(|number| (min..=max).contains(&number))
            }
            _ => true,
        };
        let given = self.given.get(name).and_then(whole_number).filter(allowed);
        given.or_else(|| property.filter(|property| !property.default.is_empty()).and_then(default_number))
    }

    /// A whole number of seconds, as microseconds.
    #[must_use]
    pub fn seconds(&self, name: &str) -> Micros {
        seconds(self.integer(name))
    }

    #[must_use]
    pub fn boolean(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| is_true(&value))
    }

    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|value| value.as_str().map(str::to_owned))
    }

    /// An event pattern, if there is one that can be read.
    #[must_use]
    pub fn pattern(&self, name: &str) -> Option<Pattern> {
        self.get(name).and_then(|pattern| Pattern::from_value(&pattern, Dialect::EventBridge).ok())
    }

    #[must_use]
    pub fn distribution(&self, name: &str) -> Distribution {
        self.get(name).and_then(|value| Distribution::parse(&value).ok()).unwrap_or(Distribution::ZERO)
    }

    /// A duration; `None` when absent.
    #[must_use]
    pub fn duration(&self, name: &str) -> Option<Micros> {
        self.get(name).and_then(|value| Distribution::parse(&value).ok()).map(Distribution::mean)
    }

    /// A probability in parts per million.
    #[must_use]
    pub fn parts_per_million(&self, name: &str) -> u32 {
        let part = self.get(name).and_then(|value| value.as_f64()).unwrap_or(0.0);
        libm::rint(part.clamp(0.0, 1.0) * 1e6) as u32
    }
}

fn default_number(property: &Property) -> Option<u64> {
    whole_number(&serde_json::from_str(property.default).expect("a form's default is JSON"))
}

/// Whether a flag is set, also when written as a text, as CloudFormation allows.
#[must_use]
pub fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true) || value == "true"
}

/// A value as an attribute of AWS's APIs, which are all texts, policies too.
#[must_use]
pub fn attribute_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A text that is JSON as the JSON, else as the text.
#[must_use]
pub fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// A whole number, also when written as a text, as CloudFormation allows.
#[must_use]
pub fn whole_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}
