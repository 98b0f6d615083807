//! Conditions and changes as they were written before there were expressions: `Expected` and `AttributeUpdates`. The
//! Kinesis Client Library still writes them.

use serde_json::Value;

use super::action::missing;
use super::api::Condition;
use super::expression::clause::{Clause, Comparison, Operand};
use super::expression::path::{Path, Step};
use super::expression::update::{Change, Term, Update};
use super::value::{invalid, invalid_parameter, read_value, type_of};
use crate::services::ApiError;

fn path(name: &str) -> Path {
    vec![Step::Name(name.to_owned())]
}

impl From<Condition> for Clause {
    fn from(condition: Condition) -> Self {
        match condition {
            Condition::Equals(name, value) => {
                Self::Compare(Comparison::Equal, Operand::Path(path(&name)), Operand::Value(value))
            }
            Condition::Absent(name) => Self::Absent(path(&name)),
            Condition::Present(name) => Self::Exists(path(&name)),
        }
    }
}

/// All of them, if there are any.
#[must_use]
pub fn all_of(conditions: Vec<Condition>) -> Option<Clause> {
    (!conditions.is_empty()).then(|| Clause::All(conditions.into_iter().map(Into::into).collect()))
}

/// Attributes set, or taken away.
#[must_use]
pub fn update_of(changes: Vec<(String, Option<Value>)>) -> Update {
    let change = |(name, value): (String, Option<Value>)| match value {
        Some(value) => Change::Set(path(&name), Term::Value(value)),
        None => Change::Remove(path(&name)),
    };
    Update { changes: changes.into_iter().map(change).collect() }
}

/// `AttributeUpdates`.
///
/// # Errors
/// What AWS says of changes that are none.
pub fn update(updates: Option<&Value>) -> Result<Update, ApiError> {
    let Some(updates) = updates else { return Ok(Update::default()) };
    let updates = updates.as_object().ok_or_else(|| missing("attributeUpdates"))?;
    let change = |(name, update): (&String, &Value)| {
        let value = update.get("Value").map(read_value).transpose()?;
        let kind = value.as_ref().map_or("", type_of).to_owned();
        let is_set = ["SS", "NS", "BS"].contains(&&*kind);
        let path = path(name);
        Ok(match (update.get("Action").and_then(Value::as_str).unwrap_or("PUT"), value) {
            ("PUT", Some(value)) => Change::Set(path, Term::Value(value)),
            ("DELETE", None) => Change::Remove(path),
            ("DELETE", Some(value)) if is_set => Change::Delete(path, value),
            ("ADD", Some(value)) if is_set || kind == "N" => Change::Add(path, value),
            ("PUT" | "ADD", None) => {
                return Err(invalid_parameter("Only DELETE action is allowed when no attribute value is specified"));
            }
            ("DELETE", Some(_)) => {
                return Err(invalid_parameter(format_args!(
                    "DELETE action with value is not supported for the type {kind}"
                )));
            }
            ("ADD", Some(_)) => {
                return Err(invalid_parameter(format_args!("ADD action is not supported for the type {kind}")));
            }
            (other, _) => return Err(invalid(format!("The action {other} is none; AWS has PUT, DELETE and ADD."))),
        })
    };
    Ok(Update { changes: updates.iter().map(change).collect::<Result<_, _>>()? })
}

/// `Expected`.
///
/// # Errors
/// What AWS says of conditions that are none.
pub fn condition(expected: Option<&Value>, operator: Option<&str>) -> Result<Option<Clause>, ApiError> {
    let Some(expected) = expected.filter(|expected| !expected.is_null()) else { return Ok(None) };
    let expected = expected.as_object().ok_or_else(|| invalid("Expected must be an object."))?;
    let clauses = expected.iter().map(|(name, wanted)| one(name, wanted)).collect::<Result<Vec<_>, _>>()?;
    Ok(match clauses.len() {
        0 => None,
        _ if operator == Some("OR") => Some(Clause::Any(clauses)),
        _ => Some(Clause::All(clauses)),
    })
}

fn one(name: &str, wanted: &Value) -> Result<Clause, ApiError> {
    let operand = || Operand::Path(path(name));
    let listed = wanted.get("AttributeValueList").and_then(Value::as_array);
    let values =
        listed.map_or_else(|| wanted.get("Value").into_iter().collect(), |list| list.iter().collect::<Vec<_>>());
    let values: Vec<Value> = values.into_iter().map(read_value).collect::<Result<_, _>>()?;
    let mut operands: Vec<Operand> = values.into_iter().map(Operand::Value).collect();
    let exists = wanted.get("Exists").and_then(Value::as_bool);
    let Some(comparison) = wanted.get("ComparisonOperator").and_then(Value::as_str) else {
        return match (operands.pop(), exists) {
            (None, Some(false)) => Ok(Clause::Absent(path(name))),
            (Some(value), None | Some(true)) => Ok(Clause::Compare(Comparison::Equal, operand(), value)),
            (Some(_), Some(false)) => {
                Err(invalid_parameter(format_args!("Value cannot be used when Exists is false for Attribute: {name}")))
            }
            // A scene of ours may say `Exists: true` alone; AWS wants a value with it.
            (None, Some(true)) => Ok(Clause::Exists(path(name))),
            (None, None) => {
                Err(invalid_parameter(format_args!("Value must be provided when Exists is null for Attribute: {name}")))
            }
        };
    };
    let clause = match (comparison, operands.len()) {
        ("NULL", 0) => Clause::Absent(path(name)),
        ("NOT_NULL", 0) => Clause::Exists(path(name)),
        ("IN", 1..) => Clause::In(operand(), operands),
        ("BETWEEN", 2) => {
            let high = operands.remove(1);
            Clause::Between(operand(), [operands.remove(0), high])
        }
        (comparison, 1) => one_value(comparison, operand(), operands.remove(0))
            .ok_or_else(|| invalid(format!("The comparison {comparison} is none.")))?,
        _ => {
            return Err(invalid_parameter(format_args!(
                "Invalid number of argument(s) for the {comparison} ComparisonOperator"
            )));
        }
    };
    Ok(clause)
}

fn one_value(comparison: &str, operand: Operand, value: Operand) -> Option<Clause> {
    let comparison = match comparison {
        "EQ" => Comparison::Equal,
        "NE" => Comparison::NotEqual,
        "LT" => Comparison::Less,
        "LE" => Comparison::AtMost,
        "GT" => Comparison::Greater,
        "GE" => Comparison::AtLeast,
        "CONTAINS" => return Some(Clause::Contains(operand, value)),
        "NOT_CONTAINS" => return Some(Clause::Not(Box::new(Clause::Contains(operand, value)))),
        "BEGINS_WITH" => return Some(Clause::BeginsWith(operand, value)),
        _ => return None,
    };
    Some(Clause::Compare(comparison, operand, value))
}
