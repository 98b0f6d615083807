//! Values in which something is filled in at run time: payload templates with `.$` fields, JSONata values with `{% … %}`,
//! and `Assign` (SFN-6…8, SFN-14).

use serde_json::{Map, Value};

use super::place::Place;
use super::values::{Object, has_placeholder};
use super::{Code, Reader, quoted, sentence};
use crate::lang::asl::machine::QueryLanguage;
use crate::lang::asl::template;
use crate::lang::jsonata::Expression;
use crate::lang::steps;

/// Deeper than JSON that can be read as text.
const DEPTH_MAX: usize = 128;

/// SFN-8.
const VARIABLE_NAME_CHARS_MAX: usize = 80;

pub(super) fn is_expression(text: &str) -> bool {
    text.len() >= 4 && text.starts_with("{%") && text.ends_with("%}")
}

/// # Errors
/// What is wrong with it, in our words.
pub(super) fn path_or_intrinsic(text: &str) -> Result<(), String> {
    let Err(why) = template::Expression::parse(text) else { return Ok(()) };
    if text.starts_with('$') {
        return Err(format!("{} is no path: {}", quoted(text), sentence(&why)));
    }
    if text.starts_with("States.") {
        return Err(format!("{} is no intrinsic function: {}", quoted(text), sentence(&why)));
    }
    let text = quoted(text);
    Err(format!("{text} is neither a path nor an intrinsic function; write such as $.order or States.UUID()"))
}

impl Reader {
    /// A field that holds a template, in the state's language.
    pub(super) fn template(&mut self, object: &Object<'_>, name: &str, language: QueryLanguage) -> Option<Value> {
        let value = object.get(name)?;
        let place = object.place.field(name);
        match language {
            QueryLanguage::JsonPath => self.payload(&place, value, 0),
            QueryLanguage::Jsonata => self.jsonata(&place, value, 0),
        }
        Some(value.clone())
    }

    fn payload(&mut self, place: &Place<'_>, value: &Value, depth: usize) {
        steps::took(1);
        match value {
            _ if depth > DEPTH_MAX => self.too_deep(place),
            Value::Object(map) => {
                for (name, value) in map {
                    match name.strip_suffix(".$") {
                        Some(plain) => self.dynamic_field(place, map, name, plain, value),
                        None => self.payload(&place.field(name), value, depth + 1),
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.payload(&place.item(index), item, depth + 1);
                }
            }
            Value::String(text) if depth > 0 && looks_dynamic(text) => {
                let aws = "Field value appears to be a JSONPath or intrinsic function, but the field name does not end \
                           with '.$'";
                let message = format!("{} stays a text; end the field's name with .$ to have its value", quoted(text));
                self.warn(place, Code::NoDollar, aws, message);
            }
            _ => {}
        }
    }

    fn dynamic_field(&mut self, place: &Place<'_>, map: &Map<String, Value>, name: &str, plain: &str, value: &Value) {
        let short = super::short(name, 100);
        if map.contains_key(plain) {
            let aws = format!("Duplicate field '{}' after removal of the '.$' suffix", super::short(plain, 100));
            self.schema(place, aws, format!("has both \"{short}\" and the field without .$; give one of the two"));
        }
        let why = match value.as_str() {
            None => Some("a field whose name ends with .$ holds a path or an intrinsic function as text".to_owned()),
            Some(text) if has_placeholder(text) => None,
            Some(text) => path_or_intrinsic(text).err(),
        };
        if let Some(why) = why {
            let aws = format!(
                "The value for the field '{short}' must be a valid JSONPath or a valid intrinsic function call"
            );
            let location = Some(place.pointer());
            let aws = super::Diagnostic { code: Code::SchemaValidationFailed, message: aws, location };
            self.add(&place.field(name), super::Level::Error, why, Some(aws));
        }
    }

    fn jsonata(&mut self, place: &Place<'_>, value: &Value, depth: usize) {
        steps::took(1);
        match value {
            _ if depth > DEPTH_MAX => self.too_deep(place),
            Value::Object(map) => {
                for (name, value) in map {
                    self.jsonata(&place.field(name), value, depth + 1);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.jsonata(&place.item(index), item, depth + 1);
                }
            }
            Value::String(text) => self.check_expression(place, text),
            _ => {}
        }
    }

    /// A text of a JSONata state: `{% … %}` with nothing around it, or a plain text.
    pub(super) fn check_expression(&mut self, place: &Place<'_>, text: &str) {
        if has_placeholder(text) {
            return;
        }
        if is_expression(text) {
            return self.check_jsonata(place, text);
        }
        if is_expression(text.trim()) {
            let message =
                format!("{} stays a text, since there are blanks around its brackets; take them out", quoted(text));
            self.advise(place, message);
        } else if text.starts_with("{%") || text.ends_with("%}") {
            let message = format!("{} has only one of its two brackets; write {{% … %}}", quoted(text));
            self.schema(place, "The JSONata expression is not enclosed in '{%' and '%}'", message);
        }
    }

    /// The expression between the brackets, which is read at once so that nobody waits for an execution to fail (SFN-7).
    fn check_jsonata(&mut self, place: &Place<'_>, text: &str) {
        let inside = text[2..text.len() - 2].trim();
        let expression = match Expression::parse(inside) {
            Ok(expression) => expression,
            Err(error) => {
                let message = format!("is no expression: {}", sentence(&error.message));
                return self.error(place, Code::InvalidJsonataExpression, error.message, message);
            }
        };
        let references = expression.references();
        for name in references.top_level {
            let name = super::short(&name, 100);
            let aws = format!("Reference to '{name}' at the top level is not supported.");
            let message =
                format!("{name} is looked for in nothing; write $states.input.{name}, or ${name} for a variable");
            self.error(place, Code::UnsupportedJsonataExpression, aws, message);
        }
        for name in references.of_states {
            if !self.states_fields.contains(&&*name) && ["result", "errorOutput"].contains(&&*name) {
                let aws = format!("Reference to '$states.{name}' is not supported in this field.");
                let message = if name == "result" {
                    "the result is there for Output and Assign of a Task, Parallel, Map or Pass alone; write $states.input"
                } else {
                    "the error is there for Output and Assign of a catcher alone; write $states.input"
                };
                self.error(place, Code::UnsupportedJsonataExpression, aws, message);
            }
        }
    }

    fn too_deep(&mut self, place: &Place<'_>) {
        self.error(
            place,
            Code::TooDeeplyNested,
            "The definition is too deeply nested",
            "is nested too deep; flatten it",
        );
    }

    /// `Assign`: variables by their names.
    pub(super) fn assign(&mut self, object: &Object<'_>, language: QueryLanguage) -> Option<Map<String, Value>> {
        let inner = self.object(object, "Assign")?;
        for name in inner.map.keys() {
            let plain = match language {
                QueryLanguage::JsonPath => name.strip_suffix(".$").unwrap_or(name),
                QueryLanguage::Jsonata => name,
            };
            let aws = format!("Variable name '{}' is not valid", super::short(plain, 100));
            if plain == "states" {
                self.schema_around(&inner, name, aws, "is AWS's own variable; choose another name");
            } else if plain.chars().count() > VARIABLE_NAME_CHARS_MAX {
                self.schema_around(&inner, name, aws, "is longer than 80 characters; choose a shorter name");
            } else if !is_variable_name(plain) && !has_placeholder(plain) {
                let message =
                    "is no name that an expression can use; begin with a letter and use letters, digits and _";
                self.advise(&inner.place.field(name), message);
            }
        }
        self.template(object, "Assign", language)?;
        Some(inner.map.clone())
    }
}

/// An identifier as Unicode has them, and `-` no part of it.
fn is_variable_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|character| character.is_alphanumeric() || character == '_')
}

/// Whether a text reads like what a `.$` field would hold.
fn looks_dynamic(text: &str) -> bool {
    let is_path = text == "$" || text == "$$" || text.starts_with("$.") || text.starts_with("$$.");
    (is_path || text.starts_with("States.") && text.ends_with(')')) && path_or_intrinsic(text).is_ok()
}
