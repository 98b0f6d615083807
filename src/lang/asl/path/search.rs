//! Looks for what a path leads to: step by step, all places at once, so that long paths need no stack.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{LOOKS_MAX, Root, Step, WEIGHT_MAX, canonical, is_definite};

/// A definite path leads to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotFound {
    /// Jayway's sentence: `No results for path: $['x']`.
    pub message: String,
    /// An index lies past the end of a list. Written directly in a payload template, such a path gives null.
    pub is_past_end: bool,
}

impl NotFound {
    fn new(message: String) -> Self {
        Self { message, is_past_end: false }
    }

    pub(super) fn variable(root: &Root) -> Self {
        let name = if let Root::Variable(name) = root { name } else { "" };
        Self::new(format!("The variable ${name} is not assigned"))
    }
}

/// `looks` counts the values that were looked at.
pub(super) fn find<'a>(steps: &[Step], whole: &'a Value, looks: &mut usize) -> Result<Cow<'a, Value>, NotFound> {
    if let Some((Step::Apply(function), before)) = steps.split_last() {
        let upon = find(before, whole, looks)?;
        return function.of(&upon).map(Cow::Owned).ok_or_else(|| {
            NotFound::new(format!("The function {}() cannot be applied to {}", function.name(), canonical(before)))
        });
    }
    if is_definite(steps) {
        return one(steps, whole);
    }
    let found =
        several(steps, whole, looks).ok_or_else(|| NotFound::new("What the path leads to is too large".to_owned()))?;
    Ok(Cow::Owned(found.into_iter().cloned().collect()))
}

fn one<'a>(steps: &[Step], whole: &'a Value) -> Result<Cow<'a, Value>, NotFound> {
    let mut value = whole;
    for (place, step) in steps.iter().enumerate() {
        let to_here = &steps[..=place];
        let is_last = place + 1 == steps.len();
        value = match step {
            Step::Name(name) => {
                let Value::Object(fields) = value else { return Err(no_object(to_here, value)) };
                fields.get(name).ok_or_else(|| {
                    let what = if is_last { "No results for path:" } else { "Missing property in path" };
                    NotFound::new(format!("{what} {}", canonical(to_here)))
                })?
            }
            Step::Names(names) => {
                let Value::Object(fields) = value else { return Err(no_object(to_here, value)) };
                let found = names.iter().filter_map(|name| Some((name.clone(), fields.get(name)?.clone())));
                return Ok(Cow::Owned(Value::Object(found.collect())));
            }
            Step::Index(index) => {
                let Value::Array(items) = value else { return Err(no_list(step, value)) };
                item(items, *index).ok_or_else(|| NotFound {
                    message: format!("No results for path: {}", canonical(steps)),
                    is_past_end: true,
                })?
            }
            _ => return Err(NotFound::new("The path is not definite".to_owned())),
        };
    }
    Ok(Cow::Borrowed(value))
}

fn no_object(steps: &[Step], value: &Value) -> NotFound {
    let (last, before) = steps.split_last().map_or((String::new(), String::new()), |(last, before)| {
        (canonical(std::slice::from_ref(last)).split_off(1), canonical(before))
    });
    NotFound::new(format!(
        "Expected to find an object with property {last} in path {before} but found '{}'. This is not a json object \
         according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
        match value {
            Value::Null => "com.fasterxml.jackson.databind.node.NullNode",
            Value::Bool(_) => "com.fasterxml.jackson.databind.node.BooleanNode",
            Value::Number(number) if number.is_f64() => "com.fasterxml.jackson.databind.node.DoubleNode",
            Value::Number(_) => "com.fasterxml.jackson.databind.node.IntNode",
            Value::String(_) => "com.fasterxml.jackson.databind.node.TextNode",
            Value::Array(_) => "com.fasterxml.jackson.databind.node.ArrayNode",
            Value::Object(_) => "com.fasterxml.jackson.databind.node.ObjectNode",
        }
    ))
}

fn no_list(step: &Step, value: &Value) -> NotFound {
    let step = canonical(std::slice::from_ref(step)).split_off(1);
    NotFound::new(format!("Filter: {step} can only be applied to arrays. Current context is: {value}"))
}

pub(super) fn item(items: &[Value], index: i64) -> Option<&Value> {
    let place = if index < 0 { items.len() as i64 + index } else { index };
    items.get(usize::try_from(place).ok()?)
}

/// All places, in order; none where it is too much.
fn several<'a>(steps: &[Step], whole: &'a Value, looks: &mut usize) -> Option<Vec<&'a Value>> {
    let mut here = vec![whole];
    for (place, step) in steps.iter().enumerate() {
        let mut next = Vec::new();
        // Behind `..`, a filter asks each list itself too, as it asks an object.
        let is_deep = place > 0 && steps[place - 1] == Step::Deep;
        for value in here {
            *looks += 1;
            if is_deep
                && value.is_array()
                && matches!(step, Step::Filter(filter) if !filter.accepts(value, whole, looks))
            {
                continue;
            }
            advance(step, whole, value, &mut next, looks);
            if *looks > LOOKS_MAX {
                return None;
            }
        }
        here = next;
    }
    let mut weight = 0;
    for value in &here {
        weigh(value, &mut weight);
        if weight > WEIGHT_MAX {
            return None;
        }
    }
    Some(here)
}

fn advance<'a>(step: &Step, whole: &'a Value, value: &'a Value, next: &mut Vec<&'a Value>, looks: &mut usize) {
    match (step, value) {
        (Step::Name(name), Value::Object(fields)) => next.extend(fields.get(name)),
        (Step::Names(names), Value::Object(fields)) => {
            *looks += names.len();
            next.extend(names.iter().filter_map(|name| fields.get(name)));
        }
        (Step::Index(index), Value::Array(items)) => next.extend(item(items, *index)),
        (Step::Indexes(indexes), Value::Array(items)) => {
            *looks += indexes.len();
            next.extend(indexes.iter().filter_map(|index| item(items, *index)));
        }
        (Step::Slice(from, to), Value::Array(items)) => {
            let range = sliced(*from, *to, items.len() as i64);
            *looks += items.len();
            next.extend(range.filter_map(|index| item(items, index)));
        }
        (Step::Every, Value::Array(items)) => {
            *looks += items.len();
            next.extend(items);
        }
        (Step::Every, Value::Object(fields)) => {
            *looks += fields.len();
            next.extend(fields.values());
        }
        (Step::Deep, value) => descend(value, next, looks),
        (Step::Filter(filter), Value::Array(items)) => {
            for item in items {
                if *looks <= LOOKS_MAX && filter.accepts(item, whole, looks) {
                    next.push(item);
                }
            }
        }
        // An object is asked itself.
        (Step::Filter(filter), Value::Object(_)) if filter.accepts(value, whole, looks) => next.push(value),
        _ => {}
    }
}

/// Jayway counts from the end in its own way: `[-2:]` and `[:-1]` from the end, `[-3:-1]` by its indexes.
fn sliced(from: Option<i64>, to: Option<i64>, length: i64) -> std::ops::Range<i64> {
    let from_end = |end: i64| if end < 0 { length + end } else { end };
    match (from, to) {
        (Some(from), Some(to)) => from.max(-length)..to.min(length),
        (Some(from), None) => from_end(from).max(0)..length,
        (None, Some(to)) => 0..from_end(to).min(length),
        (None, None) => 0..length,
    }
}

/// The value and all that lies in it, each before what it holds.
fn descend<'a>(value: &'a Value, next: &mut Vec<&'a Value>, looks: &mut usize) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        *looks += 1;
        if *looks > LOOKS_MAX {
            return;
        }
        next.push(value);
        match value {
            Value::Array(items) => open.extend(items.iter().rev()),
            Value::Object(fields) => open.extend(fields.values().rev()),
            _ => {}
        }
    }
}

/// Adds the values and bytes that a copy would have.
fn weigh(value: &Value, weight: &mut usize) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        *weight += 1;
        if *weight > WEIGHT_MAX {
            return;
        }
        match value {
            Value::String(text) => *weight += text.len(),
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => weigh_fields(fields, &mut open, weight),
            _ => {}
        }
    }
}

fn weigh_fields<'a>(fields: &'a Map<String, Value>, open: &mut Vec<&'a Value>, weight: &mut usize) {
    *weight += fields.keys().map(String::len).sum::<usize>();
    open.extend(fields.values());
}
