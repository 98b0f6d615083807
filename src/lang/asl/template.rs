//! Payload templates (SFN-6): `Parameters`, `ResultSelector`, `ItemSelector`, `Assign`. A field whose name ends in `.$` takes
//! its value from a path or an intrinsic function.

use serde_json::{Map, Value};

use super::chance::Chance;
use super::intrinsic::Intrinsic;
use super::path::{Path, Root};
use super::scope::Scope;

/// Objects and lists within one another: more is no JSON that could be read again.
pub const DEPTH_MAX: usize = 120;

/// Why an expression has no value: AWS's name of the error, and what it says behind "An error occurred while executing the
/// state …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub error: &'static str,
    pub cause: String,
}

impl Failure {
    #[must_use]
    pub fn runtime(cause: impl Into<String>) -> Self {
        Self { error: "States.Runtime", cause: cause.into() }
    }
}

/// A path or an intrinsic function: what may stand in a field that ends in `.$`.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Path(Path),
    Intrinsic(Intrinsic),
}

impl Expression {
    /// # Errors
    /// A sentence of its own.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('$') {
            Path::parse(text).map(Self::Path).map_err(|error| error.message)
        } else {
            Intrinsic::parse(text).map(Self::Intrinsic)
        }
    }

    /// `field` is the field's name as it is written, `.$` included.
    ///
    /// # Errors
    /// A path leads nowhere, or a function refuses its arguments.
    pub fn value(&self, field: &str, scope: &Scope, chance: &mut dyn Chance) -> Result<Value, Failure> {
        let path = match self {
            Self::Intrinsic(intrinsic) => return intrinsic.evaluate(scope, chance),
            Self::Path(path) => path,
        };
        match path.find_in(scope) {
            Ok(value) => Ok(value.into_owned()),
            Err(missing) if missing.is_past_end => Ok(Value::Null),
            Err(missing) => Err(Failure::runtime(match path.root() {
                Root::Variable(_) if scope.root(path.root()).is_none() => {
                    format!(
                        "The JSONPath '{path}' specified for the field '{field}' could not be found: {}",
                        missing.message
                    )
                }
                root => {
                    let whole = scope.root(root).unwrap_or(&Value::Null);
                    format!(
                        "The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{whole}'"
                    )
                }
            })),
        }
    }
}

/// The template with its expressions replaced.
///
/// # Errors
/// An expression cannot be read or has no value; or the result has too many values within one another.
pub fn evaluate_template(template: &Value, scope: &Scope, chance: &mut dyn Chance) -> Result<Value, Failure> {
    let result = filled(template, scope, chance, 0)?;
    if is_within(&result, DEPTH_MAX) { Ok(result) } else { Err(too_deep()) }
}

fn too_deep() -> Failure {
    Failure::runtime(format!("The result has more than {DEPTH_MAX} values within one another."))
}

fn filled(template: &Value, scope: &Scope, chance: &mut dyn Chance, depth: usize) -> Result<Value, Failure> {
    if depth > DEPTH_MAX {
        return Err(too_deep());
    }
    match template {
        Value::Object(fields) => {
            let mut filled_fields = Map::with_capacity(fields.len());
            for (name, value) in fields {
                match (name.strip_suffix(".$"), value) {
                    (Some(plain), Value::String(text)) => {
                        let expression = Expression::parse(text).map_err(|message| {
                            Failure::runtime(format!("The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call: {message}"))
                        })?;
                        filled_fields.insert(plain.to_owned(), expression.value(name, scope, chance)?);
                    }
                    (_, value) => {
                        filled_fields.insert(name.clone(), filled(value, scope, chance, depth + 1)?);
                    }
                }
            }
            Ok(Value::Object(filled_fields))
        }
        Value::Array(items) => items
            .iter()
            .map(|item| filled(item, scope, chance, depth + 1))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array),
        plain => Ok(plain.clone()),
    }
}

/// Whether no value lies deeper; nothing beyond that is looked at.
#[must_use]
pub fn is_within(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(items) => depth > 0 && items.iter().all(|item| is_within(item, depth - 1)),
        Value::Object(fields) => depth > 0 && fields.values().all(|value| is_within(value, depth - 1)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::asl::chance::Seeded;
    use serde_json::json;

    fn filled_with(template: Value) -> Result<Value, Failure> {
        let input = json!({ "order": { "id": 7, "lines": [] }, "name": "Ada" });
        let context = json!({ "State": { "Name": "S" } });
        let variables = Map::from_iter([("limit".to_owned(), json!(10))]);
        evaluate_template(&template, &Scope { input: &input, context: &context, variables: &variables }, &mut Seeded(1))
    }

    #[test]
    fn fields_that_end_in_dollar_take_values() {
        let template = json!({
            "plain": [1, { "id.$": "$.order.id" }], "state.$": "$$.State.Name", "limit.$": "$limit",
            "hello.$": "States.Format('Hello {}', $.name)", "past.$": "$.order.lines[5]", "all.$": "$.gone[*].x",
        });
        let filled = json!({
            "plain": [1, { "id": 7 }], "state": "S", "limit": 10, "hello": "Hello Ada", "past": null, "all": [],
        });
        assert_eq!(filled_with(template), Ok(filled));
    }

    // SFN-6
    #[test]
    fn a_path_that_leads_nowhere_is_a_runtime_error() {
        let failure = filled_with(json!({ "a": { "x.$": "$.order.gone" } })).expect_err("nothing is there");
        assert_eq!(failure.error, "States.Runtime");
        assert_eq!(
            failure.cause,
            "The JSONPath '$.order.gone' specified for the field 'x.$' could not be found in the input \
             '{\"order\":{\"id\":7,\"lines\":[]},\"name\":\"Ada\"}'"
        );
        let failure = filled_with(json!({ "x.$": "$$.Task.Token" })).expect_err("nothing is there");
        assert!(failure.cause.ends_with("in the input '{\"State\":{\"Name\":\"S\"}}'"), "{}", failure.cause);
        assert!(filled_with(json!({ "x.$": "$other" })).is_err());
        assert!(filled_with(json!({ "x.$": "plain" })).is_err());
    }

    #[test]
    fn what_lies_too_deep_is_refused() {
        let mut deep = json!({ "x.$": "$.name" });
        for _ in 0..DEPTH_MAX {
            deep = json!([deep]);
        }
        assert!(filled_with(deep).is_err());
    }
}
