//! Whether a value passes a filter: `[?(@.price < 10 && @.tags contains 'red')]`.

use std::borrow::Cow;

use serde_json::Value;

use super::operator::{Operator, compare};
use super::{LOOKS_MAX, Step, search};
use crate::lang::regex::Regex;

/// Steps of a regular expression that count as one look.
const STEPS_A_LOOK: u64 = 10;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    /// The path leads somewhere.
    Exists(Operand),
    Compare(Operand, Operator, Operand),
    /// `=~`: the whole text matches.
    Matches(Operand, Regex),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Constant(Value),
    /// `@…`: of the value that is asked.
    Here(Vec<Step>),
    /// `$…`: of the whole.
    Whole(Vec<Step>),
}

impl Operand {
    fn value<'a>(&'a self, here: &'a Value, whole: &'a Value, looks: &mut usize) -> Option<Cow<'a, Value>> {
        match self {
            Self::Constant(value) => Some(Cow::Borrowed(value)),
            Self::Here(steps) => search::find(steps, here, looks).ok(),
            Self::Whole(steps) => search::find(steps, whole, looks).ok(),
        }
    }
}

impl Filter {
    pub fn accepts(&self, here: &Value, whole: &Value, looks: &mut usize) -> bool {
        *looks += 1;
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.accepts(here, whole, looks)),
            Self::Any(filters) => filters.iter().any(|filter| filter.accepts(here, whole, looks)),
            Self::Not(filter) => !filter.accepts(here, whole, looks),
            Self::Matches(operand, regex) => {
                let Some(Cow::Borrowed(Value::String(text))) = operand.value(here, whole, looks) else { return false };
                let text: Vec<char> = text.chars().collect();
                // A look is worth some steps; who has none left finds nothing.
                let before = STEPS_A_LOOK * LOOKS_MAX.saturating_sub(*looks) as u64;
                let mut steps = before;
                let found = regex.find(&text, 0, &mut steps);
                *looks += 1 + ((before - steps) / STEPS_A_LOOK) as usize;
                if found.is_err() {
                    *looks = LOOKS_MAX + 1;
                }
                matches!(found, Ok(Some(_)))
            }
            Self::Exists(operand) => operand.value(here, whole, looks).is_some(),
            Self::Compare(left, operator, right) => {
                let (left, right) = (left.value(here, whole, looks), right.value(here, whole, looks));
                *looks += size(&left) + size(&right);
                compare(*operator, left.as_deref(), right.as_deref())
            }
        }
    }
}

/// What a comparison has to look at, roughly.
fn size(value: &Option<Cow<Value>>) -> usize {
    match value.as_deref() {
        Some(Value::Array(items)) => items.len(),
        Some(Value::Object(fields)) => fields.len(),
        _ => 1,
    }
}
