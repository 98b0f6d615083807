//! `KeyConditionExpression`: the items of one hash key, and of some sort keys (DDB-13).

use super::clause::{Clause, Comparison, Operand};
use super::operators::{begins_with, holds};
use super::path::{Path, Step};
use crate::services::ApiError;
use crate::services::dynamodb::key::{KeyPart, Scalar, Schema};
use crate::services::dynamodb::value::{invalid, invalid_parameter, type_of};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub struct KeyRange {
    pub hash: Scalar,
    pub sort: Option<Sort>,
}

/// What is asked of the sort key.
#[derive(Clone, Debug, PartialEq)]
pub enum Sort {
    Is(Comparison, Value),
    Between(Value, Value),
    BeginsWith(Value),
}

impl Sort {
    #[must_use]
    pub fn holds(&self, key: &Value) -> bool {
        match self {
            Self::Is(comparison, value) => holds(*comparison, key, value),
            Self::Between(low, high) => holds(Comparison::AtLeast, key, low) && holds(Comparison::AtMost, key, high),
            Self::BeginsWith(with) => begins_with(key, with),
        }
    }
}

impl KeyRange {
    /// # Errors
    /// What AWS says of a condition that is none on the table's key.
    pub fn of(clause: Clause, schema: &Schema) -> Result<Self, ApiError> {
        let clauses = match clause {
            Clause::All(clauses) => clauses,
            other => vec![other],
        };
        let mut conditions: Vec<(String, Sort)> = Vec::new();
        for clause in clauses {
            let (path, sort) = condition(clause)?;
            let [Step::Name(name)] = &*path else {
                return Err(invalid_expression("KeyConditionExpressions cannot have conditions on nested attributes"));
            };
            if conditions.iter().any(|(known, _)| known == name) {
                return Err(invalid_expression("KeyConditionExpressions must only contain one condition per key"));
            }
            conditions.push((name.clone(), sort));
        }
        let mut take = |part: &KeyPart| {
            let place = conditions.iter().position(|(name, _)| *name == part.name)?;
            Some(conditions.swap_remove(place).1)
        };
        let missed = |name: &str| invalid(format!("Query condition missed key schema element: {name}"));
        let hash = take(&schema.hash).ok_or_else(|| missed(&schema.hash.name))?;
        let sort = schema.sort.as_ref().and_then(|part| Some((part, take(part)?)));
        if !conditions.is_empty() {
            return Err(match &schema.sort {
                Some(part) if sort.is_none() => missed(&part.name),
                _ => invalid("Query key condition not supported"),
            });
        }
        let Sort::Is(Comparison::Equal, value) = hash else {
            return Err(invalid("Query key condition not supported"));
        };
        let fits = |part: &KeyPart, value: &Value| {
            if part.kind.is_none_or(|kind| type_of(value) == kind) {
                return Ok(());
            }
            Err(invalid_parameter("Condition parameter type does not match schema type"))
        };
        fits(&schema.hash, &value)?;
        if let Some((part, sort)) = &sort {
            let (Sort::Is(_, value) | Sort::Between(value, _) | Sort::BeginsWith(value)) = sort;
            fits(part, value)?;
        }
        let hash = Scalar::of(&value).ok_or_else(|| invalid("Query key condition not supported"))?;
        Ok(Self { hash, sort: sort.map(|(_, sort)| sort) })
    }
}

fn invalid_expression(text: &str) -> ApiError {
    invalid(format!("Invalid KeyConditionExpression: {text}"))
}

fn condition(clause: Clause) -> Result<(Path, Sort), ApiError> {
    let operator =
        |name: &str| Err(invalid_expression(&format!("Invalid operator used in KeyConditionExpression: {name}")));
    let no_key = || invalid_expression("Invalid condition in KeyConditionExpression: No key attribute specified");
    let nested = || invalid_expression("KeyConditionExpressions cannot contain nested operations");
    let value = |operand: Operand| match operand {
        Operand::Value(value) => Ok(value),
        Operand::Path(_) => Err(invalid_expression(
            "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
        )),
        Operand::Size(_) => Err(nested()),
    };
    match clause {
        Clause::Compare(Comparison::NotEqual, ..) => operator("<>"),
        Clause::Compare(comparison, Operand::Path(path), two) => Ok((path, Sort::Is(comparison, value(two)?))),
        Clause::Compare(comparison, one, Operand::Path(path)) => Ok((path, Sort::Is(turned(comparison), value(one)?))),
        Clause::Compare(..) => Err(no_key()),
        Clause::Between(Operand::Path(path), [low, high]) => Ok((path, Sort::Between(value(low)?, value(high)?))),
        Clause::BeginsWith(Operand::Path(path), with) => Ok((path, Sort::BeginsWith(value(with)?))),
        Clause::Between(..) => Err(invalid_expression(
            "Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand",
        )),
        Clause::BeginsWith(..) => Err(invalid_expression(
            "Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand",
        )),
        Clause::All(_) => Err(nested()),
        Clause::Any(_) => operator("OR"),
        Clause::Not(_) => operator("NOT"),
        Clause::In(..) => operator("IN"),
        Clause::Exists(_) => operator("attribute_exists"),
        Clause::Absent(_) => operator("attribute_not_exists"),
        Clause::IsType(..) => operator("attribute_type"),
        Clause::Contains(..) => operator("contains"),
    }
}

/// With the key on the other side.
fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Greater => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
        same => same,
    }
}
