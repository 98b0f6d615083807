//! What expressions of a state may look at, by reference: its input, the context object and the variables.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::path::Root;

/// The variables that a state sees, those of outer scopes among them.
pub trait Variables {
    fn variable(&self, name: &str) -> Option<&Value>;
}

impl Variables for () {
    fn variable(&self, _: &str) -> Option<&Value> {
        None
    }
}

impl Variables for Map<String, Value> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

impl Variables for BTreeMap<String, Value> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub input: &'a Value,
    pub context: &'a Value,
    pub variables: &'a dyn Variables,
}

impl<'a> Scope<'a> {
    #[must_use]
    pub fn root(&self, root: &Root) -> Option<&'a Value> {
        match root {
            Root::Input => Some(self.input),
            Root::Context => Some(self.context),
            Root::Variable(name) => self.variables.variable(name),
        }
    }
}
