//! Updates: what an `UpdateExpression` does to an item (DDB-10).

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::path::{Path, Step, find};
use crate::services::ApiError;
use crate::services::dynamodb::value::{Item, held, invalid, number_of, type_of, unkept};

#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    Path(Path),
    Value(Value),
    IfNotExists(Path, Box<Term>),
    ListAppend(Box<Term>, Box<Term>),
    Plus(Box<Term>, Box<Term>),
    Minus(Box<Term>, Box<Term>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Set(Path, Term),
    Remove(Path),
    /// To a number, or to a set.
    Add(Path, Value),
    /// From a set.
    Delete(Path, Value),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Update {
    pub changes: Vec<Change>,
}

fn wrong_type() -> ApiError {
    invalid("An operand in the update expression has an incorrect data type")
}

impl Change {
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Set(path, _) | Self::Remove(path) | Self::Add(path, _) | Self::Delete(path, _) => path,
        }
    }
}

impl Term {
    /// # Errors
    /// Where an attribute is missing, or of another type.
    fn in_item(&self, item: &Item) -> Result<Value, ApiError> {
        match self {
            Self::Value(value) => Ok(value.clone()),
            Self::Path(path) => find(item, path).cloned().ok_or_else(|| {
                invalid("The provided expression refers to an attribute that does not exist in the item")
            }),
            Self::IfNotExists(path, otherwise) => match find(item, path) {
                Some(value) => Ok(value.clone()),
                None => otherwise.in_item(item),
            },
            Self::ListAppend(one, two) => {
                let list = |term: &Self| {
                    let value = term.in_item(item)?;
                    held(&value, "L").and_then(Value::as_array).cloned().ok_or_else(wrong_type)
                };
                let joined = [list(one)?, list(two)?].concat();
                Ok(json!({ "L": joined }))
            }
            Self::Plus(one, two) => sum(&one.in_item(item)?, &two.in_item(item)?, false),
            Self::Minus(one, two) => sum(&one.in_item(item)?, &two.in_item(item)?, true),
        }
    }
}

fn sum(one: &Value, two: &Value, is_difference: bool) -> Result<Value, ApiError> {
    let (one, two) = number_of(one).zip(number_of(two)).ok_or_else(wrong_type)?;
    let sum = one.plus(if is_difference { two.negated() } else { two });
    sum.map(|sum| json!({ "N": sum.to_string() })).map_err(|error| unkept(error, ""))
}

impl Update {
    /// The paths that it changes.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.changes.iter().map(Change::path)
    }

    /// Makes all changes: each sees the item as it was before.
    ///
    /// # Errors
    /// AWS's sentences about an item that it does not fit.
    pub fn apply(&self, item: &mut Item) -> Result<(), ApiError> {
        let before = item.clone();
        let mut removed: Vec<&Path> = Vec::new();
        for change in &self.changes {
            match change {
                Change::Set(path, term) => put(item, path, term.in_item(&before)?)?,
                Change::Remove(path) => removed.push(path),
                Change::Add(path, value) => {
                    let value = added(find(&before, path), value)?;
                    put(item, path, value)?;
                }
                Change::Delete(path, value) => match taken_away(find(&before, path), value)? {
                    Some(Some(rest)) => put(item, path, rest)?,
                    Some(None) => removed.push(path),
                    None => {}
                },
            }
        }
        // Later elements first: the others keep their places until then.
        removed.sort_unstable_by_key(|path| Reverse(*path));
        removed.into_iter().try_for_each(|path| remove(item, path))
    }
}

fn added(present: Option<&Value>, value: &Value) -> Result<Value, ApiError> {
    let Some(present) = present else { return Ok(value.clone()) };
    let kind = type_of(value);
    if kind == "N" {
        return sum(present, value, false);
    }
    let members = held(present, kind).and_then(Value::as_array).ok_or_else(wrong_type)?;
    let more = held(value, kind).and_then(Value::as_array).into_iter().flatten();
    let more = more.filter(|member| !members.contains(member));
    Ok(json!({ kind: members.iter().chain(more).collect::<Vec<_>>() }))
}

/// What is left of a set; `None` within where that is nothing, and around it where there was none.
fn taken_away(present: Option<&Value>, value: &Value) -> Result<Option<Option<Value>>, ApiError> {
    let Some(present) = present else { return Ok(None) };
    let kind = type_of(value);
    let members = held(present, kind).and_then(Value::as_array).ok_or_else(wrong_type)?;
    let gone = held(value, kind).and_then(Value::as_array);
    let rest: Vec<&Value> = members.iter().filter(|member| !gone.is_some_and(|gone| gone.contains(member))).collect();
    Ok(Some((!rest.is_empty()).then(|| json!({ kind: rest }))))
}

fn nowhere() -> ApiError {
    invalid("The document path provided in the update expression is invalid for update")
}

/// The value that holds the last step of a path.
fn parent<'a>(item: &'a mut Item, steps: &[Step]) -> Result<&'a mut Value, ApiError> {
    let (Some(Step::Name(name)), rest) = (steps.first(), steps.get(1..).unwrap_or_default()) else {
        return Err(nowhere());
    };
    let first = item.get_mut(name).ok_or_else(nowhere)?;
    let below = rest.iter().try_fold(first, |value, step| match step {
        Step::Name(name) => value.get_mut("M")?.get_mut(name),
        Step::Index(index) => value.get_mut("L")?.get_mut(index),
    });
    below.ok_or_else(nowhere)
}

/// Behind the end of a list means at its end.
fn put(item: &mut Item, path: &[Step], value: Value) -> Result<(), ApiError> {
    let Some((last, before)) = path.split_last() else { return Err(nowhere()) };
    if before.is_empty() {
        let Step::Name(name) = last else { return Err(nowhere()) };
        item.insert(name.clone(), value);
        return Ok(());
    }
    let parent = parent(item, before)?;
    match last {
        Step::Name(name) => {
            let map = parent.get_mut("M").and_then(Value::as_object_mut).ok_or_else(nowhere)?;
            map.insert(name.clone(), value);
        }
        Step::Index(index) => {
            let list = parent.get_mut("L").and_then(Value::as_array_mut).ok_or_else(nowhere)?;
            match list.get_mut(*index) {
                Some(place) => *place = value,
                None => list.push(value),
            }
        }
    }
    Ok(())
}

fn remove(item: &mut Item, path: &[Step]) -> Result<(), ApiError> {
    let Some((last, before)) = path.split_last() else { return Err(nowhere()) };
    if before.is_empty() {
        if let Step::Name(name) = last {
            item.shift_remove(name);
        }
        return Ok(());
    }
    let parent = parent(item, before)?;
    match last {
        Step::Name(name) => {
            parent.get_mut("M").and_then(Value::as_object_mut).ok_or_else(nowhere)?.shift_remove(name);
        }
        Step::Index(index) => {
            let list = parent.get_mut("L").and_then(Value::as_array_mut).ok_or_else(nowhere)?;
            if *index < list.len() {
                list.remove(*index);
            }
        }
    }
    Ok(())
}
