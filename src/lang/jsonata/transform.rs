//! `| pattern | update, delete |`: a copy of a value, changed in places.

use std::rc::Rc;
use std::sync::Arc;

use super::error::{Outcome, Trouble};
use super::evaluator::Evaluator;
use super::function::Frame;
use super::tree::Transform;
use super::value::Value;

impl Evaluator<'_> {
    /// A copy of a value, changed where the pattern leads to.
    pub fn transform(&mut self, transform: &Arc<Transform>, value: &Value, frame: &Rc<Frame>) -> Outcome {
        let result = self.copy(value)?;
        let matches = self.evaluate(&transform.pattern, &result, frame)?;
        if matches.is_undefined() {
            return Ok(result);
        }
        for found in matches.items().iter() {
            let update = self.evaluate(&transform.update, found, frame)?;
            match (&update, found) {
                (Value::Undefined, _) => {}
                (Value::Object(update), Value::Object(object)) => {
                    for (name, value) in update.fields() {
                        let value = self.copy(&value)?;
                        object.set(name, value);
                    }
                }
                (Value::Object(_), _) => {}
                _ => return Err(Trouble::with("T2011", update).near(transform.update.position, "")),
            }
            if let Some(delete) = &transform.delete {
                let names = self.evaluate(delete, found, frame)?;
                if names.is_undefined() {
                    continue;
                }
                for name in names.clone().items().iter() {
                    let Some(name) = name.as_text() else {
                        return Err(Trouble::with("T2012", names).near(delete.position, ""));
                    };
                    if let Value::Object(object) = found {
                        self.spend(object.len() as u64)?;
                        object.remove(name);
                    }
                }
            }
        }
        Ok(result)
    }
}
