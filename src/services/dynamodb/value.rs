//! Typed values such as `{"S": "x"}`: what may stand in one, how large it is, and how two compare (DDB-2, DDB-3).

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::decimal::{Decimal, NumberError};
use crate::lang::base64::bytes_from_base64;
use crate::services::ApiError;

/// Attributes by name, each a typed value.
pub type Item = Map<String, Value>;

/// Every type, as `attribute_type` names it.
pub const TYPES: [&str; 10] = ["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"];

const DEPTH_MAX: usize = 32;

pub fn invalid(text: impl Into<String>) -> ApiError {
    ApiError::client("ValidationException", text)
}

/// «One or more parameter values were invalid: …».
pub fn invalid_parameter(text: impl std::fmt::Display) -> ApiError {
    invalid(format!("One or more parameter values were invalid: {text}"))
}

/// The type of a value that was read, and what it holds.
#[must_use]
pub fn parts(value: &Value) -> Option<(&str, &Value)> {
    value.as_object()?.iter().next().map(|(kind, held)| (&**kind, held))
}

#[must_use]
pub fn type_of(value: &Value) -> &str {
    parts(value).map_or("", |(kind, _)| kind)
}

/// What a value of that type holds.
#[must_use]
pub fn held<'a>(value: &'a Value, kind: &str) -> Option<&'a Value> {
    parts(value).filter(|(is, _)| *is == kind).map(|(_, held)| held)
}

#[must_use]
pub fn number_of(value: &Value) -> Option<Decimal> {
    Decimal::read(held(value, "N")?.as_str()?).ok()
}

/// Reads the attributes of an item or a key.
///
/// # Errors
/// What AWS says of a value that is none.
pub fn read_item(item: &Map<String, Value>) -> Result<Item, ApiError> {
    item.iter().map(|(name, value)| Ok((name.clone(), read(value, 0)?))).collect()
}

/// # Errors
/// What AWS says of a value that is none.
pub fn read_value(value: &Value) -> Result<Value, ApiError> {
    read(value, 0)
}

fn read(value: &Value, depth: usize) -> Result<Value, ApiError> {
    if depth >= DEPTH_MAX {
        return Err(invalid(
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
        ));
    }
    let typed = value.as_object();
    let mut of_types = typed.into_iter().flatten().filter(|(kind, _)| TYPES.contains(&&***kind));
    let (Some((kind, held)), more) = (of_types.next(), of_types.next()) else {
        return Err(invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"));
    };
    if more.is_some() {
        return Err(invalid(
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        ));
    }
    let held = match &**kind {
        "S" | "B" => Value::String(text(held)?.to_owned()),
        "N" => Value::String(number(text(held)?)?),
        "BOOL" => Value::Bool(boolean(held)?),
        "NULL" if boolean(held)? => Value::Bool(true),
        "NULL" => return Err(invalid_parameter("Null attribute value types must have the value of true")),
        "L" => list(held)?.iter().map(|one| read(one, depth + 1)).collect::<Result<_, _>>()?,
        "M" => {
            let map = held.as_object().ok_or_else(unexpected)?;
            let entry = |(name, one): (&String, &Value)| Ok((name.clone(), read(one, depth + 1)?));
            Value::Object(map.iter().map(entry).collect::<Result<_, ApiError>>()?)
        }
        set => read_set(set, list(held)?)?,
    };
    Ok(json!({ &**kind: held }))
}

fn read_set(kind: &str, list: &[Value]) -> Result<Value, ApiError> {
    if list.is_empty() {
        return Err(invalid_parameter(match kind {
            "SS" => "An string set  may not be empty",
            "NS" => "An number set  may not be empty",
            _ => "Binary sets should not be empty",
        }));
    }
    let one = |value| if kind == "NS" { number(text(value)?) } else { text(value).map(str::to_owned) };
    let members = list.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    let mut sorted: Vec<&str> = members.iter().map(|member| &**member).collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(match kind {
            "NS" => invalid("Input collection contains duplicates"),
            _ => invalid_parameter(format_args!(
                "Input collection [{}]{} contains duplicates.",
                members.join(", "),
                if kind == "BS" { "of type BS" } else { "" }
            )),
        });
    }
    Ok(json!(members))
}

fn unexpected() -> ApiError {
    ApiError::client("SerializationException", "Unexpected value type in payload")
}

fn text(value: &Value) -> Result<&str, ApiError> {
    let kind = match value {
        Value::String(text) => return Ok(text),
        Value::Number(_) => "NUMBER_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        _ => return Err(unexpected()),
    };
    Err(ApiError::client("SerializationException", format!("{kind} cannot be converted to String")))
}

fn boolean(value: &Value) -> Result<bool, ApiError> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::String(text) => Ok(text.eq_ignore_ascii_case("true")),
        _ => Err(unexpected()),
    }
}

fn list(value: &Value) -> Result<&[Value], ApiError> {
    value.as_array().map(Vec::as_slice).ok_or_else(unexpected)
}

fn number(text: &str) -> Result<String, ApiError> {
    Decimal::read(text).map(|number| number.to_string()).map_err(|error| unkept(error, text))
}

/// What AWS says of a number that it does not keep.
pub fn unkept(error: NumberError, text: &str) -> ApiError {
    invalid(match error {
        NumberError::NotANumber if text.is_empty() => "The parameter cannot be converted to a numeric value".to_owned(),
        NumberError::NotANumber => format!("The parameter cannot be converted to a numeric value: {text}"),
        NumberError::Overflow => {
            "Number overflow. Attempting to store a number with magnitude larger than supported range".to_owned()
        }
        NumberError::Underflow => {
            "Number underflow. Attempting to store a number with magnitude smaller than supported range".to_owned()
        }
        NumberError::TooManyDigits => "Attempting to store more than 38 significant digits in a Number".to_owned(),
    })
}

/// Bytes of an item: its names and its values (DDB-2).
#[must_use]
pub fn size_of(item: &Item) -> u64 {
    item.iter().map(|(name, value)| name.len() as u64 + size_of_value(value)).sum()
}

fn size_of_value(value: &Value) -> u64 {
    const OF_A_DOCUMENT: u64 = 3;
    let Some((kind, held)) = parts(value) else { return 0 };
    let of_text = |kind: &str, held: &Value| {
        let text = held.as_str().unwrap_or_default();
        match kind {
            "N" | "NS" => Decimal::read(text).map_or(0, Decimal::size),
            "B" | "BS" => bytes_from_base64(text).len() as u64,
            _ => text.len() as u64,
        }
    };
    match (kind, held) {
        ("L", Value::Array(list)) => OF_A_DOCUMENT + list.iter().map(|one| 1 + size_of_value(one)).sum::<u64>(),
        ("M", Value::Object(map)) => OF_A_DOCUMENT + map.len() as u64 + size_of(map),
        ("SS" | "NS" | "BS", Value::Array(list)) => list.iter().map(|one| of_text(kind, one)).sum(),
        ("NULL" | "BOOL", _) => 1,
        _ => of_text(kind, held),
    }
}

/// Of two texts, numbers or bytes, which comes first; other types have no order.
#[must_use]
pub fn order(one: &Value, two: &Value) -> Option<Ordering> {
    let ((kind, one), (other, two)) = (parts(one)?, parts(two)?);
    let (one, two) = (one.as_str().filter(|_| kind == other)?, two.as_str()?);
    match kind {
        "S" => Some(one.as_bytes().cmp(two.as_bytes())),
        "N" => Some(Decimal::read(one).ok()?.cmp(&Decimal::read(two).ok()?)),
        "B" => Some(bytes_from_base64(one).cmp(&bytes_from_base64(two))),
        _ => None,
    }
}

/// Whether they are the same value of the same type; the order within sets does not count.
#[must_use]
pub fn are_equal(one: &Value, two: &Value) -> bool {
    match (parts(one), parts(two)) {
        (Some((kind, Value::Array(one))), Some((other, Value::Array(two)))) if kind == other => {
            one.len() == two.len()
                && if kind == "L" {
                    one.iter().zip(two).all(|(one, two)| are_equal(one, two))
                } else {
                    sorted(one) == sorted(two)
                }
        }
        (Some(("M", Value::Object(one))), Some(("M", Value::Object(two)))) => {
            one.len() == two.len()
                && one.iter().all(|(name, value)| two.get(name).is_some_and(|other| are_equal(value, other)))
        }
        _ => one == two,
    }
}

fn sorted(set: &[Value]) -> Vec<&str> {
    let mut members: Vec<&str> = set.iter().filter_map(Value::as_str).collect();
    members.sort_unstable();
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_type_and_numbers_are_texts() {
        let said = |value: Value| read_value(&value).map_err(|error| error.code);
        assert_eq!(said(json!({ "N": "1.0" })), Ok(json!({ "N": "1" })));
        assert!(said(json!({ "L": [{ "M": { "a": { "BOOL": true } } }] })).is_ok());
        for wrong in [json!({}), json!("x"), json!({ "S": "a", "N": "1" }), json!({ "N": "x" }), json!({ "SS": [] })] {
            assert_eq!(said(wrong.clone()), Err("ValidationException"), "{wrong}");
        }
        for wrong in [json!({ "N": 1 }), json!({ "S": {} }), json!({ "L": "x" })] {
            assert_eq!(said(wrong.clone()), Err("SerializationException"), "{wrong}");
        }
        let mut deep = json!({ "S": "x" });
        for _ in 0..DEPTH_MAX {
            deep = json!({ "L": [deep] });
        }
        assert_eq!(said(deep), Err("ValidationException"));
    }

    #[test]
    fn sets_are_equal_whatever_their_order_and_only_some_types_have_one() {
        assert!(are_equal(&json!({ "SS": ["a", "b"] }), &json!({ "SS": ["b", "a"] })));
        assert!(!are_equal(
            &json!({ "L": [{ "S": "a" }, { "S": "b" }] }),
            &json!({ "L": [{ "S": "b" }, { "S": "a" }] })
        ));
        assert!(!are_equal(&json!({ "S": "1" }), &json!({ "N": "1" })));
        assert_eq!(order(&json!({ "N": "9" }), &json!({ "N": "10" })), Some(Ordering::Less));
        assert_eq!(order(&json!({ "S": "9" }), &json!({ "S": "10" })), Some(Ordering::Greater));
        assert_eq!(order(&json!({ "BOOL": true }), &json!({ "BOOL": false })), None);
    }

    #[test]
    fn an_item_is_as_large_as_its_names_and_values() {
        let item = json!({ "id": { "S": "abc" }, "n": { "N": "-1234" }, "list": { "L": [{ "BOOL": true }] },
            "map": { "M": { "k": { "NULL": true } } }, "set": { "SS": ["a", "bc"] }, "bytes": { "B": "AAEC" } });
        let wanted = (2 + 3) + (1 + 4) + (4 + 3 + 2) + (3 + 3 + 1 + 2) + (3 + 3) + (5 + 3);
        assert_eq!(size_of(item.as_object().expect("it is an object")), wanted);
    }
}
