//! Paths into an item: `order.lines[0].price` (DDB-6).

use std::fmt::Write;

use serde_json::Value;

use crate::services::dynamodb::value::{Item, held};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Name(String),
    Index(usize),
}

pub type Path = Vec<Step>;

/// As AWS tells of a path in its errors.
#[must_use]
pub fn told(path: &[Step]) -> String {
    let mut text = "[".to_owned();
    for (place, step) in path.iter().enumerate() {
        text += if place > 0 { ", " } else { "" };
        let _ = match step {
            Step::Name(name) => write!(text, "{name}"),
            Step::Index(index) => write!(text, "[{index}]"),
        };
    }
    text + "]"
}

/// The value where a path leads to.
#[must_use]
pub fn find<'a>(item: &'a Item, path: &[Step]) -> Option<&'a Value> {
    let (Step::Name(name), rest) = path.split_first()? else { return None };
    rest.iter().try_fold(item.get(name)?, |value, step| match step {
        Step::Name(name) => held(value, "M")?.get(name),
        Step::Index(index) => held(value, "L")?.get(index),
    })
}

/// What of two paths stands in the way of using both in one expression.
///
/// # Errors
/// AWS's sentence about it.
pub fn stand_apart(one: &[Step], two: &[Step]) -> Result<(), String> {
    let told = |what: &str| {
        let (one, two) = (told(one), told(two));
        Err(format!(
            "Two document paths {what} with each other; must remove or rewrite one of these paths; path one: {one}, path two: {two}"
        ))
    };
    for (one, two) in one.iter().zip(two) {
        match (one, two) {
            (Step::Name(_), Step::Index(_)) | (Step::Index(_), Step::Name(_)) => return told("conflict"),
            _ if one != two => return Ok(()),
            _ => {}
        }
    }
    told("overlap")
}
