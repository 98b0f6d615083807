//! Fields that hold a number or a text, a path to it, or an expression that gives it.

use serde_json::Value;

use super::failure::Failure;
use super::forking::Tolerated;
use super::query;
use super::scope::{Scope, World};
use crate::lang::asl::machine::{Distributed, Given};

/// A whole number. A text of digits at a path will do (recorded).
///
/// # Errors
/// It is none, or cannot be found.
pub fn integer(given: &Given<i64>, field: &str, scope: &Scope<'_>, world: &mut dyn World) -> Result<i64, Failure> {
    let value = match given {
        Given::Value(value) => return Ok(*value),
        Given::Path(path) => {
            let value = query::path_or_intrinsic(path, &format!("{field}Path"), scope.input, scope, world)?;
            let found = value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
            return found.ok_or_else(|| {
                let shown = shown(&value);
                Failure::runtime(format!(
                    "The {field}Path field refers to value \"{shown}\" which is not a valid integer: {path}"
                ))
            });
        }
        Given::Expression(expression) => {
            query::jsonata(&Value::String(expression.clone()), field, (scope, &[]), world)?
        }
    };
    let whole =
        value.as_i64().or_else(|| value.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64));
    whole.ok_or_else(|| query::unexpected(given_text(given), field, "number", &value))
}

/// # Errors
/// It is no number, or cannot be found.
fn number(given: &Given<f64>, field: &str, scope: &Scope<'_>, world: &mut dyn World) -> Result<f64, Failure> {
    match given {
        Given::Value(value) => Ok(*value),
        Given::Path(path) => {
            let value = query::path_or_intrinsic(path, &format!("{field}Path"), scope.input, scope, world)?;
            let found = value.as_f64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
            found.ok_or_else(|| {
                let shown = shown(&value);
                Failure::runtime(format!(
                    "The {field}Path field refers to value \"{shown}\" which is not a valid float: {path}"
                ))
            })
        }
        Given::Expression(expression) => {
            let value = query::jsonata(&Value::String(expression.clone()), field, (scope, &[]), world)?;
            value.as_f64().ok_or_else(|| query::unexpected(expression, field, "number", &value))
        }
    }
}

/// # Errors
/// It is no text, or cannot be found.
pub fn text(given: &Given<String>, field: &str, scope: &Scope<'_>, world: &mut dyn World) -> Result<String, Failure> {
    match given {
        Given::Value(value) => Ok(value.clone()),
        Given::Path(path) => {
            match query::path_or_intrinsic(path, &format!("{field}Path"), scope.input, scope, world)? {
                Value::String(text) => Ok(text),
                other => Err(Failure::runtime(format!(
                    "The {field}Path parameter does not reference a string value: {path} == {}",
                    shown(&other)
                ))),
            }
        }
        Given::Expression(expression) => {
            match query::jsonata(&Value::String(expression.clone()), field, (scope, &[]), world)? {
                Value::String(text) => Ok(text),
                other => Err(query::unexpected(expression, field, "string", &other)),
            }
        }
    }
}

/// How many failures of a distributed Map are tolerated, and how many items it reads at most.
///
/// # Errors
/// What is no such number, cannot be found, or lies outside of its range.
pub fn tolerated(
    distributed: Option<&Distributed>,
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<(Tolerated, Option<u64>), Failure> {
    let Some(distributed) = distributed else { return Ok((Tolerated::default(), None)) };
    let mut tolerated = Tolerated::default();
    if let Some(given) = &distributed.tolerated_failure_count {
        let count = integer(given, "ToleratedFailureCount", scope, world)?;
        tolerated.count =
            u64::try_from(count).map_err(|_| Failure::runtime("ToleratedFailureCount cannot be negative."))?;
    }
    if let Some(given) = &distributed.tolerated_failure_percentage {
        tolerated.percentage = number(given, "ToleratedFailurePercentage", scope, world)?;
        if !(0.0..=100.0).contains(&tolerated.percentage) {
            return Err(Failure::runtime("ToleratedFailurePercentage must be between 0 and 100."));
        }
    }
    let most = distributed.reader.as_ref().and_then(|reader| reader.max_items.as_ref());
    let most = most.map(|given| integer(given, "MaxItems", scope, world)).transpose()?;
    Ok((tolerated, most.and_then(|most| u64::try_from(most).ok()).filter(|most| *most > 0)))
}

/// A value as AWS shows it in such a sentence: a text without its quotes.
pub fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn given_text<T>(given: &Given<T>) -> &str {
    match given {
        Given::Value(_) => "",
        Given::Path(text) | Given::Expression(text) => text,
    }
}
