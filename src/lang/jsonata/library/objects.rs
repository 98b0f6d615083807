//! Functions of objects and of values in general.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Line, argument, boolean, of_item, string};
use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::evaluator::{Evaluator, ITEM_WORK};
use crate::lang::jsonata::path::as_sequence;
use crate::lang::jsonata::value::Value;

pub(super) const TABLE: &[Line] = &[
    ("assert", "<bs?:x>", 2, assert),
    ("boolean", "<x-:b>", 1, |_, arguments| {
        Ok(boolean(arguments.first().unwrap_or(&Value::Undefined))?.map_or(Value::Undefined, Value::Bool))
    }),
    ("clone", "<(oa)-:o>", 1, |it, arguments| it.copy(&argument(&mut arguments.into_iter()))),
    ("each", "<o-f:a>", 2, each),
    ("error", "<s?:x>", 1, |_, arguments| {
        let message = argument(&mut arguments.into_iter());
        Err(said("D3137", &message, "$error() function evaluated"))
    }),
    ("keys", "<x-:a<s>>", 1, keys),
    ("lookup", "<x-s:x>", 2, |it, arguments| {
        let mut arguments = arguments.into_iter();
        let value = argument(&mut arguments);
        match argument(&mut arguments) {
            Value::Text(name) => it.lookup(&value, &name),
            _ => Ok(Value::Undefined),
        }
    }),
    ("merge", "<a<o>:o>", 1, merge),
    ("not", "<x-:b>", 1, |_, arguments| {
        Ok(boolean(arguments.first().unwrap_or(&Value::Undefined))?.map_or(Value::Undefined, |is| Value::Bool(!is)))
    }),
    ("sift", "<o-f?:o>", 2, sift),
    ("spread", "<x-:a<o>>", 1, |it, arguments| {
        let value = argument(&mut arguments.into_iter());
        spread(it, value)
    }),
    ("string", "<x-b?:s>", 1, |it, arguments| {
        let mut arguments = arguments.into_iter();
        let value = argument(&mut arguments);
        let is_pretty = matches!(argument(&mut arguments), Value::Bool(true));
        Ok(string(it, &value, is_pretty)?.map_or(Value::Undefined, Value::Text))
    }),
    ("type", "<x:s>", 1, |_, arguments| Ok(kind(arguments.first().unwrap_or(&Value::Undefined)))),
];

fn said(code: &'static str, message: &Value, default: &str) -> Box<Trouble> {
    let mut trouble = Trouble::new(code);
    let message = message.as_text().filter(|message| !message.is_empty()).map_or(default, |message| message);
    trouble.message = Some(message.to_owned());
    trouble
}

fn assert(_: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    if matches!(argument(&mut arguments), Value::Bool(true)) {
        return Ok(Value::Undefined);
    }
    Err(said("D3141", &argument(&mut arguments), "$assert() statement failed"))
}

fn kind(value: &Value) -> Value {
    match value {
        Value::Undefined => Value::Undefined,
        Value::Null => "null".into(),
        Value::Bool(_) => "boolean".into(),
        Value::Number(_) => "number".into(),
        Value::Text(_) => "string".into(),
        Value::List(..) | Value::Tuples(_) => "array".into(),
        Value::Object(_) => "object".into(),
        Value::Function(_) => "function".into(),
    }
}

fn keys(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let (mut seen, mut names) = (BTreeSet::new(), Vec::new());
    add_keys(it, &argument(&mut arguments.into_iter()), &mut seen, &mut names)?;
    Ok(as_sequence(names))
}

fn add_keys(it: &mut Evaluator, value: &Value, seen: &mut BTreeSet<Rc<str>>, names: &mut Vec<Value>) -> Outcome<()> {
    match value {
        Value::List(items, _) => {
            it.deeper(|it| items.iter().try_for_each(|item| add_keys(it, item, seen, names)))?;
        }
        Value::Object(object) => {
            it.spend(ITEM_WORK * object.len() as u64)?;
            for (name, _) in object.fields() {
                if seen.insert(name.clone()) {
                    names.push(Value::Text(name));
                }
            }
        }
        _ => {}
    }
    it.spend(1)
}

fn spread(it: &mut Evaluator, value: Value) -> Outcome {
    it.spend(1)?;
    match value {
        Value::List(items, _) => {
            let mut result = as_sequence(Vec::new());
            for item in items.iter() {
                let spread_item = it.deeper(|it| spread(it, item.clone()))?;
                result = it.append(result, spread_item)?;
            }
            Ok(result)
        }
        Value::Object(object) => {
            it.spend(ITEM_WORK * object.len() as u64)?;
            Ok(as_sequence(object.fields().into_iter().map(|field| Value::object([field])).collect()))
        }
        other => Ok(other),
    }
}

fn merge(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let list = argument(&mut arguments.into_iter());
    if list.is_undefined() {
        return Ok(list);
    }
    let mut fields = Vec::new();
    for item in list.items().iter() {
        if let Value::Object(object) = item {
            it.spend(ITEM_WORK * object.len() as u64)?;
            fields.extend(object.fields());
        }
    }
    Ok(Value::object(fields))
}

fn each(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    let (value, called) = (argument(&mut arguments), argument(&mut arguments));
    let mut results = Vec::new();
    if let Value::Object(object) = &value {
        for (name, field) in object.fields() {
            let arguments = of_item(&called, field, Value::Text(name), &value);
            let result = it.apply(&called, arguments, &Value::Undefined, "")?;
            if !result.is_undefined() {
                results.push(result);
            }
        }
    }
    Ok(as_sequence(results))
}

fn sift(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    let (value, called) = (argument(&mut arguments), argument(&mut arguments));
    let mut kept = Vec::new();
    if let Value::Object(object) = &value {
        for (name, field) in object.fields() {
            let arguments = of_item(&called, field.clone(), Value::Text(name.clone()), &value);
            let result = it.apply(&called, arguments, &Value::Undefined, "")?;
            if boolean(&result)?.unwrap_or_default() {
                kept.push((name, field));
            }
        }
    }
    Ok(if kept.is_empty() { Value::Undefined } else { Value::object(kept) })
}
