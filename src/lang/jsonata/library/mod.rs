//! The built-in functions: JSONata's own, and those that AWS adds (SFN-7). `$eval` is not among them.

mod aws;
mod date_picture;
mod date_reading;
mod dates;
mod integer;
mod integer_picture;
mod lists;
mod math;
mod number_picture;
mod objects;
mod text;
mod url;
mod words;

use std::rc::Rc;
use std::sync::LazyLock;

use super::error::{Outcome, Trouble};
use super::evaluator::{Evaluator, finite};
use super::number::{number_text, precise};
use super::signature::Signature;
use super::value::Value;

type Implementation = fn(&mut Evaluator, Vec<Value>) -> Outcome;

pub(super) struct Native {
    pub name: &'static str,
    pub signature: Signature,
    /// The arguments that it names itself, which says what it is given in a `$map`.
    pub arity: usize,
    pub implementation: Implementation,
}

/// A line of the table: name, signature, arity, implementation.
type Line = (&'static str, &'static str, usize, Implementation);

static NATIVES: LazyLock<Vec<Native>> = LazyLock::new(|| {
    let tables = [text::TABLE, lists::TABLE, math::TABLE, objects::TABLE, dates::TABLE, url::TABLE, aws::TABLE];
    let mut natives: Vec<Native> = tables
        .into_iter()
        .flatten()
        .filter_map(|(name, signature, arity, implementation)| {
            let signature = Signature::parse(signature).ok()?;
            Some(Native { name, signature, arity: *arity, implementation: *implementation })
        })
        .collect();
    natives.sort_by_key(|native| native.name);
    natives
});

pub(super) fn native(name: &str) -> Option<&'static Native> {
    let place = NATIVES.binary_search_by_key(&name, |native| native.name).ok()?;
    NATIVES.get(place)
}

/// The next argument; `Undefined` where it was left out.
fn argument(arguments: &mut std::vec::IntoIter<Value>) -> Value {
    arguments.next().unwrap_or(Value::Undefined)
}

/// Whether a value counts as true; none where it is undefined.
pub(super) fn boolean(value: &Value) -> Outcome<Option<bool>> {
    boolean_within(value, super::VALUE_DEPTH_MAX)
}

fn boolean_within(value: &Value, depth: usize) -> Outcome<Option<bool>> {
    Ok(Some(match value {
        Value::Undefined => return Ok(None),
        Value::Null | Value::Function(_) => false,
        Value::Bool(is) => *is,
        Value::Number(number) => finite(*number)? != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        Value::Object(object) => object.len() > 0,
        Value::Tuples(tuples) => !tuples.is_empty(),
        Value::List(items, _) => {
            let Some(depth) = depth.checked_sub(1) else { return Ok(Some(false)) };
            for item in items.iter() {
                if boolean_within(item, depth)?.unwrap_or_default() {
                    return Ok(Some(true));
                }
            }
            false
        }
    }))
}

/// The text of a value: texts as they are, functions as nothing, anything else as JSON.
pub(super) fn string(it: &mut Evaluator, value: &Value, is_pretty: bool) -> Outcome<Option<Rc<str>>> {
    Ok(Some(match value {
        Value::Undefined => return Ok(None),
        Value::Text(text) => text.clone(),
        Value::Function(_) => "".into(),
        Value::Number(number) if !number.is_finite() => return Err(Trouble::with("D3001", value.clone())),
        Value::Number(number) => number_text(precise(*number)).into(),
        Value::List(items, marks) if marks.is_outer => {
            return string(it, &items.first().cloned().unwrap_or(Value::Undefined), is_pretty);
        }
        other => {
            let mut text = String::new();
            write_json(it, other, is_pretty, 0, &mut text)?;
            it.spend_text(&text)?;
            text.into()
        }
    }))
}

fn write_json(it: &mut Evaluator, value: &Value, is_pretty: bool, depth: usize, text: &mut String) -> Outcome<()> {
    it.spend(1)?;
    let line = |text: &mut String, depth: usize| {
        if is_pretty {
            text.push('\n');
            text.push_str(&"  ".repeat(depth));
        }
    };
    match value {
        Value::Undefined | Value::Null => text.push_str("null"),
        Value::Bool(is) => text.push_str(if *is { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number_text(precise(finite(*number)?))),
        Value::Text(inner) => write_text(inner, text),
        Value::Function(_) => text.push_str("\"\""),
        Value::List(..) | Value::Tuples(_) => {
            let items = value.clone().items();
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                text.push_str(if place > 0 { "," } else { "" });
                line(text, depth + 1);
                it.deeper(|it| write_json(it, item, is_pretty, depth + 1, text))?;
            }
            if !items.is_empty() {
                line(text, depth);
            }
            text.push(']');
        }
        Value::Object(object) => {
            let fields = object.fields();
            text.push('{');
            let mut is_first = true;
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_undefined()) {
                text.push_str(if is_first { "" } else { "," });
                is_first = false;
                line(text, depth + 1);
                write_text(name, text);
                text.push_str(if is_pretty { ": " } else { ":" });
                it.deeper(|it| write_json(it, value, is_pretty, depth + 1, text))?;
            }
            if !is_first {
                line(text, depth);
            }
            text.push('}');
        }
    }
    Ok(())
}

fn write_text(inner: &str, text: &mut String) {
    text.push_str(&serde_json::Value::from(inner).to_string());
}

/// The arguments that a function of a list is given: no more than it takes.
fn of_item(called: &Value, item: Value, place: Value, all: &Value) -> Vec<Value> {
    let arity = if let Value::Function(function) = called { function.arity() } else { 1 };
    let mut arguments = vec![item];
    if arity >= 2 {
        arguments.push(place);
    }
    if arity >= 3 {
        arguments.push(all.clone());
    }
    arguments
}
