//! What `#names` and `:values` stand for, and which of them an expression has used (DDB-7).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::services::ApiError;
use crate::services::dynamodb::value::{invalid, read_value};

#[derive(Debug, Default)]
pub struct Placeholders {
    names: Map<String, Value>,
    values: Map<String, Value>,
    used: BTreeSet<String>,
}

impl Placeholders {
    /// Of a request's `ExpressionAttributeNames` and `ExpressionAttributeValues`.
    ///
    /// # Errors
    /// What AWS says of names and values that are none.
    pub fn read(input: &Value) -> Result<Self, ApiError> {
        let all = |parameter: &str, first: char| {
            let given = input.get(parameter).and_then(Value::as_object);
            let Some(given) = given else { return Ok(Map::new()) };
            if given.is_empty() {
                return Err(invalid(format!("{parameter} must not be empty")));
            }
            let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
            let is_name =
                |name: &str| name.strip_prefix(first).is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_part));
            match given.keys().find(|name| !is_name(name)) {
                Some(name) => Err(invalid(format!("{parameter} contains invalid key: Syntax error; key: \"{name}\""))),
                None => Ok(given.clone()),
            }
        };
        let names = all("ExpressionAttributeNames", '#')?;
        let mut values = all("ExpressionAttributeValues", ':')?;
        for (name, value) in &mut values {
            *value = read_value(value).map_err(|error| match error.code {
                "ValidationException" => invalid(format!(
                    "ExpressionAttributeValues contains invalid value: {} for key {name}",
                    error.message
                )),
                _ => error,
            })?;
        }
        Ok(Self { names, values, used: BTreeSet::new() })
    }

    /// The name that `#name` stands for.
    pub fn name(&mut self, placeholder: &str) -> Option<String> {
        self.used.insert(placeholder.to_owned());
        self.names.get(placeholder).and_then(Value::as_str).map(str::to_owned)
    }

    pub fn value(&mut self, placeholder: &str) -> Option<Value> {
        self.used.insert(placeholder.to_owned());
        self.values.get(placeholder).cloned()
    }

    /// # Errors
    /// Where some were given for nothing.
    pub fn all_used(&self) -> Result<(), ApiError> {
        for (parameter, given) in
            [("ExpressionAttributeNames", &self.names), ("ExpressionAttributeValues", &self.values)]
        {
            let unused: Vec<&str> =
                given.keys().map(|name| &**name).filter(|name| !self.used.contains(*name)).collect();
            if !unused.is_empty() {
                let unused = unused.join(", ");
                return Err(invalid(format!(
                    "Value provided in {parameter} unused in expressions: keys: {{{unused}}}"
                )));
            }
        }
        Ok(())
    }
}
