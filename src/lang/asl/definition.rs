//! A definition as CloudFormation's `AWS::StepFunctions::StateMachine` holds it: a text in `DefinitionString` or an object in
//! `Definition`, with `DefinitionSubstitutions` and CloudFormation's own functions filled in.
//!
//! Absent on purpose: `DefinitionS3Location` and a function's reference to a resource that a scene does not have.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::machine::Machine;
use super::read::{DEFINITION_BYTES_MAX, Level, Problem, read_text};

/// Functions within functions.
const DEPTH_MAX: usize = 100;
/// What stands between `${` and `}`.
const NAME_CHARS_MAX: usize = 300;

#[derive(Clone, Debug, Default)]
pub struct Read {
    /// `None` where there is nothing to run.
    pub machine: Option<Machine>,
    /// With everything filled in; `null` where the text is no JSON.
    pub definition: Value,
    /// As AWS keeps it.
    pub text: String,
    /// The property that it stands in.
    pub property: &'static str,
    /// With the property at the head of their places: `Definition.States.Pay`.
    pub problems: Vec<Problem>,
}

/// What a function of CloudFormation asks for: a resource or pseudo parameter, and an attribute of it.
pub type Reference<'a> = &'a dyn Fn(&str, Option<&str>) -> Option<String>;

/// The definition that a node's properties give.
#[must_use]
pub fn of_properties(property: &dyn Fn(&str) -> Option<Value>, is_express: bool) -> Read {
    of_template(property, &|_, _| None, is_express)
}

/// As [`of_properties`], where a template's references are known.
#[must_use]
pub fn of_template(property: &dyn Fn(&str) -> Option<Value>, reference: Reference<'_>, is_express: bool) -> Read {
    let given = |name: &str| property(name).filter(|value| !value.is_null() && *value != "");
    let mut filling = Filling { reference, problems: Vec::new() };
    // A text takes the place of the object.
    let (name, value) = match given("DefinitionString") {
        Some(text) => ("DefinitionString", text),
        None => ("Definition", given("Definition").unwrap_or_else(|| Value::from(""))),
    };
    let mut text = filling.text(&value);
    if let Some(substitutions) = given("DefinitionSubstitutions") {
        text = filling.substituted(&text, &substitutions);
    }
    let (machine, problems) = read_text(&text, is_express);
    filling.problems.extend(problems.into_iter().map(|problem| placed(name, problem)));
    let definition = serde_json::from_str(&text).unwrap_or_default();
    Read { machine, definition, text, property: name, problems: filling.problems }
}

/// With the property that it stands in; what is no JSON lies at a line of it.
fn placed(property: &str, problem: Problem) -> Problem {
    let Problem { place, message, .. } = &problem;
    if place.starts_with("line ") {
        return Problem { place: property.to_owned(), message: format!("{place}: {message}"), ..problem };
    }
    let dot = if place.is_empty() { "" } else { "." };
    Problem { place: format!("{property}{dot}{place}"), ..problem }
}

struct Filling<'a> {
    reference: Reference<'a>,
    problems: Vec<Problem>,
}

impl Filling<'_> {
    fn tell(&mut self, place: &str, level: Level, message: String) {
        self.problems.push(Problem { place: place.to_owned(), level, message, aws: None });
    }

    fn error(&mut self, place: &str, message: String) {
        self.tell(place, Level::Error, message);
    }

    /// The text of a property: its own, or its JSON.
    fn text(&mut self, value: &Value) -> String {
        match self.filled(value, 0) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// A value with the functions in it replaced by what they give, as far as that is known.
    fn filled(&mut self, value: &Value, depth: usize) -> Value {
        match value {
            Value::Object(map) if depth < DEPTH_MAX => match self.function(map, depth) {
                Some(given) => given,
                None => map.iter().map(|(name, value)| (name.clone(), self.filled(value, depth + 1))).collect(),
            },
            Value::Array(items) if depth < DEPTH_MAX => items.iter().map(|item| self.filled(item, depth + 1)).collect(),
            other => other.clone(),
        }
    }

    /// `Fn::Sub`, `Fn::Join`, `Ref`, `Fn::GetAtt`; nothing for another object, and for what is not known.
    fn function(&mut self, map: &Map<String, Value>, depth: usize) -> Option<Value> {
        let (name, value) = map.iter().next().filter(|_| map.len() == 1)?;
        match (name.as_str(), value) {
            ("Ref", Value::String(name)) => (self.reference)(name, None).map(Value::String),
            ("Fn::GetAtt", Value::String(name)) => {
                let (name, attribute) = name.split_once('.')?;
                (self.reference)(name, Some(attribute)).map(Value::String)
            }
            ("Fn::GetAtt", Value::Array(parts)) => {
                let [Value::String(name), Value::String(attribute)] = &parts[..] else { return None };
                (self.reference)(name, Some(attribute)).map(Value::String)
            }
            ("Fn::Sub", Value::String(text)) => Some(self.sub(text, &BTreeMap::new()).into()),
            ("Fn::Sub", Value::Array(parts)) => {
                let [Value::String(text), Value::Object(own)] = &parts[..] else { return None };
                let own = own.iter().map(|(name, value)| (name.clone(), self.filled(value, depth + 1)));
                let own: BTreeMap<String, String> =
                    own.filter_map(|(name, value)| Some((name, plain(&value)?))).collect();
                Some(self.sub(text, &own).into())
            }
            ("Fn::Join", Value::Array(parts)) => {
                let [Value::String(between), Value::Array(parts)] = &parts[..] else { return None };
                let parts: Vec<Value> = parts.iter().map(|part| self.filled(part, depth + 1)).collect();
                let parts: Option<Vec<String>> = parts.iter().map(plain).collect();
                parts.map(|parts| parts.join(between).into())
            }
            _ => None,
        }
    }

    /// A text with `${Name}`, `${Name.Attribute}` and `${!Literal}`; what is not known stays as it is.
    fn sub(&self, text: &str, own: &BTreeMap<String, String>) -> String {
        replaced(text, |name| {
            if let Some(literal) = name.strip_prefix('!') {
                return Some(format!("${{{literal}}}"));
            }
            let (resource, attribute) = name.split_once('.').map_or((name, None), |(a, b)| (a, Some(b)));
            own.get(name).cloned().or_else(|| (self.reference)(resource, attribute))
        })
    }

    /// `DefinitionSubstitutions`: names, and what stands in their places.
    fn substituted(&mut self, text: &str, substitutions: &Value) -> String {
        let place = "DefinitionSubstitutions";
        let Some(map) = substitutions.as_object() else {
            self.error(place, "has to be an object of names and values".to_owned());
            return text.to_owned();
        };
        let mut values = BTreeMap::new();
        for (name, value) in map {
            let value = self.filled(value, 0);
            match plain(&value) {
                Some(value) => {
                    values.insert(name.as_str(), value);
                }
                None if value.is_object() => {}
                None => self.error(&format!("{place}.{name}"), "has to be a text or a number".to_owned()),
            }
        }
        let mut used = BTreeSet::new();
        let filled = replaced(text, |name| {
            used.insert(name.to_owned());
            values.get(name).cloned()
        });
        for name in map.keys().filter(|name| !used.contains(*name)) {
            let message =
                format!("fills in nothing: ${{{name}}} is not in the definition; write it there or take this out");
            self.tell(&format!("{place}.{name}"), Level::Warning, message);
        }
        filled
    }
}

/// A value as text, if it can stand in one.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// A text with its `${…}` replaced; where it grows too large to be a definition, the rest is left out.
fn replaced(text: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let mut name = rest.char_indices().take(NAME_CHARS_MAX);
        let end = name.find(|(_, character)| matches!(character, '}' | '"')).filter(|(_, character)| *character == '}');
        let Some((end, _)) = end else {
            out.push_str("${");
            rest = &rest[2..];
            continue;
        };
        match value(rest[2..end].trim()) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
        if out.len() > DEFINITION_BYTES_MAX {
            break;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(properties: Value) -> Read {
        let reference = |name: &str, attribute: Option<&str>| match (name, attribute) {
            ("AWS::Region", None) => Some("us-east-1".to_owned()),
            ("Pay", Some("Arn")) => Some("arn:aws:lambda:us-east-1:000000000000:function:pay".to_owned()),
            _ => None,
        };
        of_template(&|name| properties.get(name).cloned(), &reference, false)
    }

    fn pay(resource: Value) -> Value {
        json!({ "StartAt": "Pay", "States": { "Pay": { "Type": "Task", "Resource": resource, "End": true } } })
    }

    #[test]
    fn a_definition_is_a_text_or_an_object() {
        let whole = pay("arn:aws:states:::sqs:sendMessage".into());
        for properties in [json!({ "Definition": whole }), json!({ "DefinitionString": whole.to_string() })] {
            let read = of(properties);
            assert_eq!((read.problems, read.definition), (Vec::new(), whole.clone()));
        }
        assert_eq!(of(json!({})).problems[0].aws.as_ref().map(|aws| aws.code.name()), Some("MISSING_DESCRIPTION"));
    }

    #[test]
    fn what_a_template_refers_to_is_filled_in() {
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:pay";
        let join =
            json!({ "Fn::Join": [":", ["arn:aws:lambda", { "Ref": "AWS::Region" }, "000000000000:function:pay"]] });
        let resources = [
            json!({ "Fn::GetAtt": ["Pay", "Arn"] }),
            json!({ "Fn::GetAtt": "Pay.Arn" }),
            json!({ "Fn::Sub": "${Pay.Arn}" }),
            json!({ "Fn::Sub": ["arn:aws:lambda:${R}:${A}:function:pay", { "R": { "Ref": "AWS::Region" }, "A": "000000000000" }] }),
            join,
        ];
        for resource in resources {
            let read = of(json!({ "Definition": pay(resource.clone()) }));
            assert_eq!(read.definition["States"]["Pay"]["Resource"], arn, "{resource}");
            assert_eq!(read.problems, [], "{resource}");
        }
        let text = pay("${Pay.Arn}".into()).to_string();
        let read = of(json!({ "DefinitionString": { "Fn::Sub": text } }));
        assert_eq!(read.definition["States"]["Pay"]["Resource"], arn);
        // A literal is for another hand: DefinitionSubstitutions, for one.
        let text = pay("${!Handler}".into()).to_string();
        let properties =
            json!({ "DefinitionString": { "Fn::Sub": text }, "DefinitionSubstitutions": { "Handler": arn } });
        assert_eq!(of(properties).definition["States"]["Pay"]["Resource"], arn);
    }

    #[test]
    fn substitutions_fill_texts_and_numbers() {
        let definition = "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":${Pause},\"End\":true}}}";
        let read = of(json!({ "DefinitionString": definition, "DefinitionSubstitutions": { "Pause": 5 } }));
        assert_eq!((read.problems, &read.definition["States"]["W"]["Seconds"]), (Vec::new(), &json!(5)));

        let read = of(json!({ "Definition": pay("${Handler}".into()), "DefinitionSubstitutions": { "Handle": "x" } }));
        let told: Vec<(&str, Level)> = read.problems.iter().map(|problem| (&*problem.place, problem.level)).collect();
        assert_eq!(told, [("DefinitionSubstitutions.Handle", Level::Warning)]);
    }

    #[test]
    fn what_is_filled_in_stays_bounded() {
        let text = format!("[{}\"\"]", "\"${A}\",".repeat(10_000));
        let read = of(json!({ "DefinitionString": text, "DefinitionSubstitutions": { "A": "a".repeat(100_000) } }));
        assert!(read.text.len() < 3 * DEFINITION_BYTES_MAX);
        assert!(read.machine.is_none());
    }
}
