//! The shapes of services' answers, out of AWS's own API models: what a mocked result is held against.

use serde_json::{Map, Value};

/// Actions and the shapes of their answers. A shape is a letter (`s` string, `n` number, `b` boolean, `t` timestamp, `o`
/// object, `a` anything) or an object: `f` fields with `r` those that are required, `l` items, `m` values, `e` the words of
/// an enumeration, `s` and `n` with their bounds.
const RESPONSES: &str = include_str!("responses.json");

/// `fieldValidationMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strictness {
    Strict,
    Present,
    None,
}

pub(super) struct Shape(Value);

/// The answer's shape, if it is known.
pub(super) fn of(action: &str) -> Option<Shape> {
    let mut all: Map<String, Value> = serde_json::from_str(RESPONSES).expect("the shapes are JSON");
    all.remove(action).map(Shape)
}

impl Shape {
    /// # Errors
    /// The first field that does not fit.
    pub(super) fn check(&self, result: &Value, strictness: Strictness) -> Result<(), String> {
        check(&self.0, "", result, strictness)
    }
}

fn check(shape: &Value, field: &str, value: &Value, strictness: Strictness) -> Result<(), String> {
    let must_be = |what: &str| Err(format!("Field '{field}' must be {what}"));
    let Some(compound) = shape.as_object() else {
        return match shape.as_str() {
            Some("s") if !value.is_string() => must_be("a string"),
            Some("n") if !value.is_number() => must_be("a number"),
            Some("b") if !value.is_boolean() => must_be("a boolean"),
            Some("t") if !(value.is_string() || value.is_number()) => must_be("a timestamp"),
            Some("o") if !value.is_object() => must_be("an object"),
            _ => Ok(()),
        };
    };
    if let Some(fields) = compound.get("f").and_then(Value::as_object) {
        let Some(given) = value.as_object() else { return must_be("an object") };
        let required = compound.get("r").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let mut missing = required.filter(|name| strictness == Strictness::Strict && !given.contains_key(*name));
        if let Some(name) = missing.next() {
            return Err(format!("Field '{name}' is required"));
        }
        let known = given.iter().filter_map(|(name, value)| Some((name, value, fields.get(name)?)));
        return known.into_iter().try_for_each(|(name, value, shape)| check(shape, name, value, strictness));
    }
    if let Some(inner) = compound.get("l") {
        let Some(items) = value.as_array() else { return must_be("an array") };
        return items.iter().try_for_each(|item| check(inner, field, item, strictness));
    }
    if let Some(inner) = compound.get("m") {
        let Some(values) = value.as_object() else { return must_be("an object") };
        return values.iter().try_for_each(|(name, value)| check(inner, name, value, strictness));
    }
    if let Some(words) = compound.get("e").and_then(Value::as_array) {
        let Some(word) = value.as_str() else { return must_be("a string") };
        let is_known = words.iter().any(|known| known == word);
        return if is_known { Ok(()) } else { Err(format!("Field '{field}' is not an expected value")) };
    }
    let bound = |kind: &str, place: usize| compound.get(kind).and_then(|bounds| bounds[place].as_f64());
    if compound.contains_key("s") {
        let Some(text) = value.as_str() else { return must_be("a string") };
        let length = text.chars().count() as f64;
        if bound("s", 0).is_some_and(|least| length < least) {
            return Err(format!("Field '{field}' is smaller than the minimum length"));
        }
        if bound("s", 1).is_some_and(|most| length > most) {
            return Err(format!("Field '{field}' exceeds the maximum length"));
        }
        return Ok(());
    }
    let Some(number) = value.as_f64() else { return must_be("a number") };
    if bound("n", 0).is_some_and(|least| number < least) {
        return Err(format!("Field '{field}' is less than the minimum value"));
    }
    if bound("n", 1).is_some_and(|most| number > most) {
        return Err(format!("Field '{field}' exceeds the maximum value"));
    }
    Ok(())
}
