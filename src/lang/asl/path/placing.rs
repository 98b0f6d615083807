//! Reference paths: one place of a value, to be read or written.

use serde_json::{Map, Value};

use super::{Step, search::item};

/// A step of a reference path cannot be applied: AWS calls it `States.ReferencePathConflict` where it is recorded, and
/// documents `States.ResultPathMatchFailure` for `ResultPath`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The name or index.
    pub step: String,
}

impl Conflict {
    fn at(step: &Step) -> Self {
        Self {
            step: match step {
                Step::Name(name) => name.clone(),
                Step::Index(index) => index.to_string(),
                _ => String::new(),
            },
        }
    }

    /// AWS's sentence; the input is the whole one.
    #[must_use]
    pub fn cause(&self, input: &Value) -> String {
        format!("Unable to apply step \"{}\" to input {input}", self.step)
    }
}

pub(super) fn follow<'a>(steps: &[Step], whole: &'a Value) -> Result<&'a Value, Conflict> {
    steps.iter().try_fold(whole, |value, step| {
        match (step, value) {
            (Step::Name(name), Value::Object(fields)) => fields.get(name),
            (Step::Index(index), Value::Array(items)) => item(items, *index),
            _ => None,
        }
        .ok_or_else(|| Conflict::at(step))
    })
}

pub(super) fn set(steps: &[Step], mut input: Value, value: Value) -> Result<Value, Conflict> {
    let mut place = &mut input;
    for (depth, step) in steps.iter().enumerate() {
        place = match (step, place) {
            (Step::Name(name), Value::Object(fields)) => {
                // What is missing on the way is an object, or it would take the index of a list that is not there.
                if let Some(next @ Step::Index(_)) = steps.get(depth + 1)
                    && !fields.contains_key(name)
                {
                    return Err(Conflict::at(next));
                }
                fields.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()))
            }
            (Step::Index(index), Value::Array(items)) => {
                let index = usize::try_from(*index).ok();
                index.and_then(|index| items.get_mut(index)).ok_or_else(|| Conflict::at(step))?
            }
            _ => return Err(Conflict::at(step)),
        };
    }
    *place = value;
    Ok(input)
}
