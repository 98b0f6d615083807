//! A field's value: of the right type and in its range, given by a path or an expression, or still to be filled in.

use serde_json::{Map, Value};

use super::place::Place;
use super::template::is_expression;
use super::{Code, Level, Reader, quoted, sentence};
use crate::lang::asl::machine::{Given, QueryLanguage, Selection};
use crate::lang::asl::path::{Path, Root};

/// Step Functions' longest time in seconds.
pub(super) const SECONDS_MAX: i64 = 99_999_999;
pub(super) const COUNT_MAX: i64 = 99_999_999;

/// An object of the definition and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object<'a> {
    pub(super) map: &'a Map<String, Value>,
    pub(super) place: Place<'a>,
}

impl<'a> Object<'a> {
    pub(super) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name)
    }
}

/// Whether `DefinitionSubstitutions` has still to fill in something: `${Name}`.
pub(super) fn has_placeholder(text: &str) -> bool {
    text.split_once("${").is_some_and(|(_, rest)| rest.contains('}'))
}

/// The text of `{"Fn::Sub": "…"}`.
fn cloud_formation(value: &Value) -> Option<&str> {
    value.as_object().filter(|map| map.len() == 1)?.get("Fn::Sub")?.as_str()
}

/// A type's name in AWS's messages, and in ours.
type Named = (&'static str, &'static str);
const STRING: Named = ("String", "a text");
const BOOLEAN: Named = ("Boolean", "true or false");
const INTEGER: Named = ("Integer", "a whole number");
const NUMBER: Named = ("Float", "a number");
const OBJECT: Named = ("Object", "an object");
const ARRAY: Named = ("Array", "a list");

impl Reader {
    fn wrong_type(&mut self, place: &Place<'_>, (theirs, ours): Named) {
        self.schema(place, format!("Expected value of type {theirs}"), format!("has to be {ours}"));
    }

    pub(super) fn string<'a>(&mut self, object: &Object<'a>, name: &'a str) -> Option<&'a str> {
        let value = object.get(name)?;
        if let Some(text) = value.as_str().or_else(|| cloud_formation(value)) {
            return Some(text);
        }
        if !self.is_to_fill(&object.place.field(name), value) {
            self.wrong_type(&object.place.field(name), STRING);
        }
        None
    }

    /// The name of a state, which AWS reads also where its quotation marks are left out.
    pub(super) fn name_of<'a>(&mut self, object: &Object<'a>, name: &'a str) -> Option<&'a str> {
        let bare = match object.get(name) {
            Some(Value::Bool(true)) => "true",
            Some(Value::Bool(false)) => "false",
            _ => return self.string(object, name),
        };
        let message = format!("{bare} is no text, and is taken for the state of that name; write \"{bare}\"");
        self.advise(&object.place.field(name), message);
        Some(bare)
    }

    pub(super) fn boolean(&mut self, object: &Object<'_>, name: &str) -> Option<bool> {
        let value = object.get(name)?;
        if value.as_bool().is_none() && !self.is_to_fill(&object.place.field(name), value) {
            self.wrong_type(&object.place.field(name), BOOLEAN);
        }
        value.as_bool()
    }

    pub(super) fn object<'a>(&mut self, object: &'a Object<'a>, name: &'a str) -> Option<Object<'a>> {
        let value = object.get(name)?;
        match value.as_object() {
            Some(map) => Some(Object { map, place: object.place.field(name) }),
            None => {
                self.wrong_type(&object.place.field(name), OBJECT);
                None
            }
        }
    }

    pub(super) fn list<'a>(&mut self, object: &Object<'a>, name: &str) -> Option<&'a Vec<Value>> {
        let value = object.get(name)?;
        if value.as_array().is_none() {
            self.wrong_type(&object.place.field(name), ARRAY);
        }
        value.as_array()
    }

    pub(super) fn comment(&mut self, object: &Object<'_>) -> Option<String> {
        self.string(object, "Comment").map(str::to_owned)
    }

    /// Fields that have to be there.
    pub(super) fn require(&mut self, object: &Object<'_>, names: &[&str]) {
        let missing: Vec<&str> = names.iter().copied().filter(|name| !object.has(name)).collect();
        if !missing.is_empty() {
            let aws = format!("These fields are required: [{}]", missing.join(", "));
            self.schema(&object.place, aws, format!("{} is missing; give it", missing.join(" and ")));
        }
    }

    /// At most one of them; the first that is there.
    pub(super) fn only_one<'n>(&mut self, object: &Object<'_>, names: &[&'n str]) -> Option<&'n str> {
        let mut given = names.iter().copied().filter(|name| object.has(name));
        let first = given.next();
        if let (Some(first), Some(second)) = (first, given.next()) {
            let aws = format!("Fields '{first}' and '{second}' are mutually exclusive");
            self.schema_around(object, second, aws, format!("stands beside {first}; give one of the two"));
        }
        first
    }

    /// Fields that are nobody's.
    pub(super) fn no_others(&mut self, object: &Object<'_>, known: &[&str]) {
        for name in object.map.keys() {
            if !known.contains(&name.as_str()) {
                self.unsupported(object, name, known, "is no field here");
            }
        }
    }

    pub(super) fn unsupported(&mut self, object: &Object<'_>, name: &str, known: &[&str], what: &str) {
        if self.is_full(Level::Error) {
            return;
        }
        let aws = format!("Field '{}' is not supported", super::short(name, 100));
        let remedy = match super::fields::nearest(name, known.iter().copied()) {
            Some(near) => format!("{what}; do you mean {near}?"),
            None => format!("{what}; take it out"),
        };
        self.schema_around(object, name, aws, remedy);
    }

    /// A whole number between the two.
    pub(super) fn whole(&mut self, object: &Object<'_>, name: &str, least: i64, most: i64) -> Option<i64> {
        let value = object.get(name)?;
        self.whole_of(&object.place.field(name), value, least, most)
    }

    fn whole_of(&mut self, place: &Place<'_>, value: &Value, least: i64, most: i64) -> Option<i64> {
        let Some(number) = value.as_i64().or_else(|| value.as_u64().map(|_| i64::MAX)) else {
            if !self.is_to_fill(place, value) {
                self.wrong_type(place, INTEGER);
            }
            return None;
        };
        if number < least || number > most {
            let bound = if number < least { format!(">= {least}") } else { format!("<= {most}") };
            self.schema(place, format!("Value must be {bound}"), format!("is {value}; allowed is {least} to {most}"));
            return None;
        }
        Some(number)
    }

    pub(super) fn number_of(&mut self, place: &Place<'_>, value: &Value, least: f64, most: f64) -> Option<f64> {
        let Some(number) = value.as_f64() else {
            if !self.is_to_fill(place, value) {
                self.wrong_type(place, NUMBER);
            }
            return None;
        };
        if number < least || number > most {
            let allowed = if most == f64::MAX { format!("{least} or more") } else { format!("{least} to {most}") };
            let bound = if number < least { format!(">= {least}") } else { format!("<= {most}") };
            self.schema(place, format!("Value must be {bound}"), format!("is {value}; allowed is {allowed}"));
            return None;
        }
        Some(number)
    }

    /// Whether the value is a text with `${…}` or a function of CloudFormation, which is told as such.
    pub(super) fn is_to_fill(&mut self, place: &Place<'_>, value: &Value) -> bool {
        let message = match value {
            Value::String(text) if has_placeholder(text) => {
                format!("{} is still to be filled in; name it in DefinitionSubstitutions", quoted(text))
            }
            Value::Object(map)
                if map.len() == 1 && map.keys().all(|name| name == "Ref" || name.starts_with("Fn::")) =>
            {
                "is filled in when the template is deployed; write the value itself to run the machine here".to_owned()
            }
            _ => return false,
        };
        self.advise(place, message);
        true
    }

    /// A whole number, or where it is found: `TimeoutSeconds` and `TimeoutSecondsPath`.
    pub(super) fn given_whole(
        &mut self,
        object: &Object<'_>,
        name: &str,
        language: QueryLanguage,
        (least, most): (i64, i64),
    ) -> Option<Given<i64>> {
        let read = |reader: &mut Self, place: &Place<'_>, value: &Value| reader.whole_of(place, value, least, most);
        self.given(object, name, language, read)
    }

    pub(super) fn given_number(
        &mut self,
        object: &Object<'_>,
        name: &str,
        language: QueryLanguage,
        (least, most): (f64, f64),
    ) -> Option<Given<f64>> {
        let read = |reader: &mut Self, place: &Place<'_>, value: &Value| reader.number_of(place, value, least, most);
        self.given(object, name, language, read)
    }

    pub(super) fn given_text(
        &mut self,
        object: &Object<'_>,
        name: &str,
        language: QueryLanguage,
    ) -> Option<Given<String>> {
        let read = |reader: &mut Self, place: &Place<'_>, value: &Value| {
            if !value.is_string() {
                reader.wrong_type(place, STRING);
            }
            value.as_str().map(str::to_owned)
        };
        self.given(object, name, language, read)
    }

    fn given<T>(
        &mut self,
        object: &Object<'_>,
        name: &str,
        language: QueryLanguage,
        read: impl Fn(&mut Self, &Place<'_>, &Value) -> Option<T>,
    ) -> Option<Given<T>> {
        let with_path = format!("{name}Path");
        if language == QueryLanguage::Jsonata {
            let (value, place) = (object.get(name)?, object.place.field(name));
            return match value.as_str() {
                Some(text) if self.expression(&place, text) => Some(Given::Expression(text.to_owned())),
                _ => read(self, &place, value).map(Given::Value),
            };
        }
        self.only_one(object, &[name, &with_path]);
        if let Some(value) = object.get(&with_path) {
            return self.dynamic(&object.place.field(&with_path), value).map(Given::Path);
        }
        read(self, &object.place.field(name), object.get(name)?).map(Given::Value)
    }

    /// A path, or an intrinsic function where one may stand.
    pub(super) fn dynamic(&mut self, place: &Place<'_>, value: &Value) -> Option<String> {
        let Some(text) = value.as_str() else {
            self.wrong_type(place, STRING);
            return None;
        };
        if !self.is_to_fill(place, value)
            && let Err(why) = super::template::path_or_intrinsic(text)
        {
            self.schema(place, "Value is not a valid JSONPath or intrinsic function", why);
        }
        Some(text.to_owned())
    }

    /// A path alone.
    pub(super) fn path(&mut self, object: &Object<'_>, name: &str) -> Option<Path> {
        let text = self.string(object, name)?;
        let place = object.place.field(name);
        match Path::parse(text) {
            Ok(path) => Some(path),
            Err(why) => {
                if !self.is_to_fill(&place, &Value::from(text)) {
                    let message = format!("{} is no path: {}", quoted(text), sentence(&why.message));
                    self.schema(&place, "Value is not a valid JSONPath", message);
                }
                None
            }
        }
    }

    /// `InputPath`, `OutputPath`.
    pub(super) fn selection(&mut self, object: &Object<'_>, name: &str) -> Selection {
        match object.get(name) {
            None => Selection::Whole,
            Some(Value::Null) => Selection::Nothing,
            Some(Value::String(text)) if text == "$" => Selection::Whole,
            Some(_) => self.path(object, name).map_or(Selection::Whole, Selection::At),
        }
    }

    /// `ResultPath`: one place in the state's own input (SFN-6, SFN-8).
    pub(super) fn result_path(&mut self, object: &Object<'_>) -> Selection {
        let name = "ResultPath";
        if let Some(text) = object.get(name).and_then(Value::as_str)
            && !has_placeholder(text)
            && !is_reference_path(text)
        {
            let aws = format!("Value is not a Reference Path: {}", quoted(text));
            let message =
                format!("{} does not say one place in the state's input; write such as $.order.total", quoted(text));
            self.schema(&object.place.field(name), aws, message);
            return Selection::Whole;
        }
        self.selection(object, name)
    }

    pub(super) fn query_language(&mut self, object: &Object<'_>) -> Option<QueryLanguage> {
        let value = object.get("QueryLanguage")?;
        let language = value.as_str();
        if !matches!(language, Some("JSONPath" | "JSONata")) {
            let place = object.place.field("QueryLanguage");
            self.schema(&place, "Value is not an expected value", "is \"JSONPath\" or \"JSONata\"");
        }
        // Whatever else stands there, AWS reads on as JSONata.
        Some(if language == Some("JSONPath") { QueryLanguage::JsonPath } else { QueryLanguage::Jsonata })
    }

    /// One of a field's few words.
    pub(super) fn word<'a>(&mut self, object: &Object<'a>, name: &'a str, words: &[&str]) -> Option<&'a str> {
        let text = self.string(object, name)?;
        if words.contains(&text) {
            return Some(text);
        }
        let place = object.place.field(name);
        if !self.is_to_fill(&place, &Value::from(text)) {
            let message = format!("{} is none of {}", quoted(text), words.join(", "));
            self.error(&place, Code::SchemaValidationFailed, "Value is not an expected value", message);
        }
        None
    }

    /// Whether a JSONata value is an expression; a broken one is told.
    pub(super) fn expression(&mut self, place: &Place<'_>, text: &str) -> bool {
        self.check_expression(place, text);
        is_expression(text)
    }
}

/// Names and indexes from `$` down (SFN-8): no variable and no context.
fn is_reference_path(text: &str) -> bool {
    Path::parse(text).is_ok_and(|path| *path.root() == Root::Input && path.is_reference())
}
