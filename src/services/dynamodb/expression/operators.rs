//! What the operators and functions of a condition say of two values (DDB-9).

use serde_json::Value;

use super::clause::Comparison;
use crate::lang::base64::bytes_from_base64;
use crate::services::dynamodb::value::{are_equal, order, parts};

/// Values of different types are neither equal nor in any order.
#[must_use]
pub fn holds(comparison: Comparison, one: &Value, two: &Value) -> bool {
    let order = order(one, two);
    match comparison {
        Comparison::Equal => are_equal(one, two),
        Comparison::NotEqual => !are_equal(one, two),
        Comparison::Less => order.is_some_and(|order| order.is_lt()),
        Comparison::AtMost => order.is_some_and(|order| order.is_le()),
        Comparison::Greater => order.is_some_and(|order| order.is_gt()),
        Comparison::AtLeast => order.is_some_and(|order| order.is_ge()),
    }
}

#[must_use]
pub fn begins_with(value: &Value, with: &Value) -> bool {
    match (parts(value), parts(with)) {
        (Some(("S", Value::String(value))), Some(("S", Value::String(with)))) => value.starts_with(&**with),
        (Some(("B", Value::String(value))), Some(("B", Value::String(with)))) => {
            bytes_from_base64(value).starts_with(&bytes_from_base64(with))
        }
        _ => false,
    }
}

/// A part of a text, a member of a set, or an element of a list.
#[must_use]
pub fn contains(value: &Value, part: &Value) -> bool {
    match (parts(value), parts(part)) {
        (Some(("S", Value::String(value))), Some(("S", Value::String(part)))) => value.contains(&**part),
        (Some(("B", Value::String(value))), Some(("B", Value::String(part)))) => {
            // Texts are searched in linear time: each byte is a character here.
            let text = |bytes: &str| bytes_from_base64(bytes).into_iter().map(char::from).collect::<String>();
            text(value).contains(&text(part))
        }
        (Some(("L", Value::Array(list))), _) => list.iter().any(|one| are_equal(one, part)),
        (Some((set @ ("SS" | "NS" | "BS"), Value::Array(members))), Some((kind, part))) => {
            set.strip_suffix('S') == Some(kind) && members.contains(part)
        }
        _ => false,
    }
}

/// Characters of a text, bytes, or how many there are of anything else.
#[must_use]
pub fn size(value: &Value) -> Option<usize> {
    match parts(value)? {
        ("S", Value::String(text)) => Some(text.encode_utf16().count()),
        ("B", Value::String(bytes)) => Some(bytes_from_base64(bytes).len()),
        (_, Value::Array(list)) => Some(list.len()),
        ("M", Value::Object(map)) => Some(map.len()),
        _ => None,
    }
}
