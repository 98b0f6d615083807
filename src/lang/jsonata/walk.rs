//! Walks through values: fields of lists of objects, wildcards, equality, copies.

use std::rc::Rc;

use super::error::Outcome;
use super::evaluator::{Evaluator, ITEM_WORK, unwrapped};
use super::operators::identical;
use super::value::{PLAIN, SEQUENCE, Value};

impl Evaluator<'_> {
    pub fn equal(&mut self, left: &Value, right: &Value) -> Outcome<bool> {
        self.spend(1)?;
        Ok(match (left, right) {
            (Value::List(left, _), Value::List(right, _)) => {
                if Rc::ptr_eq(left, right) {
                    return Ok(true);
                }
                if left.len() != right.len() {
                    return Ok(false);
                }
                for (left, right) in left.iter().zip(right.iter()) {
                    if !self.deeper(|it| it.equal(left, right))? {
                        return Ok(false);
                    }
                }
                true
            }
            (Value::Object(left), Value::Object(right)) => {
                if Rc::ptr_eq(left, right) {
                    return Ok(true);
                }
                if left.len() != right.len() {
                    return Ok(false);
                }
                for (name, value) in left.fields() {
                    if !right.has(&name) || !self.deeper(|it| it.equal(&value, &right.get(&name)))? {
                        return Ok(false);
                    }
                }
                true
            }
            (left, right) => identical(left, right),
        })
    }

    /// A field of an object, or of each object of a list.
    pub fn lookup(&mut self, input: &Value, name: &str) -> Outcome {
        match input {
            Value::Object(object) => Ok(object.get(name)),
            Value::List(items, _) => {
                let mut found = Vec::new();
                self.lookup_each(items, name, &mut found)?;
                Ok(Value::sequence(found))
            }
            _ => Ok(Value::Undefined),
        }
    }

    fn lookup_each(&mut self, items: &[Value], name: &str, found: &mut Vec<Value>) -> Outcome<()> {
        for item in items {
            self.spend(1)?;
            match item {
                Value::List(items, _) => self.deeper(|it| it.lookup_each(items, name, found))?,
                Value::Object(object) => match object.get(name) {
                    Value::Undefined => {}
                    Value::List(more, _) => {
                        self.spend(ITEM_WORK * more.len() as u64)?;
                        found.extend(more.iter().cloned());
                    }
                    other => found.push(other),
                },
                _ => {}
            }
        }
        Ok(())
    }

    pub fn wildcard(&mut self, input: &Value) -> Outcome {
        let input = unwrapped(input);
        let values = match &input {
            Value::Object(object) => object.fields().into_iter().map(|(_, value)| value).collect(),
            Value::List(items, _) => items.to_vec(),
            _ => Vec::new(),
        };
        let (mut found, mut marks) = (Vec::new(), SEQUENCE);
        for value in values {
            if matches!(value, Value::List(..)) {
                marks = PLAIN;
            }
            self.flatten(value, &mut found)?;
        }
        Ok(Value::List(Rc::new(found.into()), marks))
    }

    fn flatten(&mut self, value: Value, found: &mut Vec<Value>) -> Outcome<()> {
        self.spend(ITEM_WORK)?;
        match value {
            Value::List(items, _) => {
                self.deeper(|it| items.iter().try_for_each(|item| it.flatten(item.clone(), found)))
            }
            other => {
                found.push(other);
                Ok(())
            }
        }
    }

    pub fn descendants(&mut self, input: &Value) -> Outcome {
        let mut found = Vec::new();
        if !input.is_undefined() {
            self.descend(input, &mut found)?;
        }
        Ok(if found.len() == 1 { found.remove(0) } else { Value::sequence(found) })
    }

    fn descend(&mut self, value: &Value, found: &mut Vec<Value>) -> Outcome<()> {
        self.spend(ITEM_WORK)?;
        match value {
            Value::List(items, _) => {
                return self.deeper(|it| items.iter().try_for_each(|item| it.descend(item, found)));
            }
            Value::Object(object) => {
                found.push(value.clone());
                for (_, value) in object.fields() {
                    self.deeper(|it| it.descend(&value, found))?;
                }
            }
            other => found.push(other.clone()),
        }
        Ok(())
    }

    /// What shares nothing with the value; functions in it become empty texts.
    pub fn copy(&mut self, value: &Value) -> Outcome {
        self.spend(ITEM_WORK)?;
        Ok(match value {
            Value::List(items, _) => {
                Value::list(self.deeper(|it| items.iter().map(|item| it.copy(item)).collect::<Outcome<Vec<_>>>())?)
            }
            Value::Object(object) => {
                let fields = object.fields().into_iter();
                let copied = self.deeper(|it| {
                    fields.map(|(name, value)| Ok((name, it.copy(&value)?))).collect::<Outcome<Vec<_>>>()
                })?;
                Value::object(copied)
            }
            Value::Function(_) => "".into(),
            other => other.clone(),
        })
    }
}
