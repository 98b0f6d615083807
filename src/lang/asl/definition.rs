//! A state machine's definition as CloudFormation's properties hold it: an object, a text, a text to be filled in.

use serde_json::Value;

use super::Machine;
use super::read::{self, Problem};

/// What the properties of a state machine say of its definition.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// `None` where there is nothing to run.
    pub machine: Option<Machine>,
    /// As a value, with its placeholders filled in.
    pub definition: Value,
    pub problems: Vec<Problem>,
}

/// Reads `Definition` or `DefinitionString`, with `DefinitionSubstitutions`.
#[must_use]
pub fn of_properties(property: &dyn Fn(&str) -> Option<Value>, is_express: bool) -> Read {
    let definition = property("Definition").unwrap_or_default();
    let (machine, problems) = read::read_as(&definition, is_express);
    Read { machine, definition, problems }
}
