//! Input transformers: a template with `<variables>` that take values out of an event (EB-13).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html>
//!
//! A variable that stands alone becomes its JSON value; within a text it becomes its characters. Of an object or a list
//! within a text the quotes go where the template is a text, and where it is an object or a list nothing comes of it.
//! A rule escapes nothing: a value with a quote in it can spoil the JSON, as it does at AWS; a pipe escapes what stands
//! in JSON. A path that leads nowhere leaves nothing. In a rule's transformer the variables have names; in a pipe's template they are the paths, and a template
//! that begins as no JSON does is free text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::json_path::JsonPath;
use super::steps;

/// Paths of one transformer, and characters of its template.
const PATHS_MAX: usize = 100;
const TEMPLATE_CHARS_MAX: usize = 8_192;
/// What every variable of AWS's own begins with.
const RESERVED: &str = "aws.";

/// The one structure that a pipe puts between quotes, as a text.
const PIPES_EVENT: &str = "aws.pipes.event";

#[derive(Clone, Debug, PartialEq)]
pub struct InputTemplate {
    paths: BTreeMap<String, JsonPath>,
    segments: Vec<Segment>,
    form: Form,
    /// Whether a quote in a value stays one: a pipe's template.
    escapes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// An object or a list.
    Structure,
    /// Another JSON value: a text in quotes, a number, a variable alone.
    Scalar,
    /// Lines of quoted text.
    Lines,
    /// Of a pipe alone.
    FreeText,
}

#[derive(Clone, Debug, PartialEq)]
enum Segment {
    Literal(String),
    Variable { name: String, in_text: bool },
}

/// The values of AWS's own variables, such as `aws.events.rule-name`.
pub type Reserved<'a> = &'a dyn Fn(&str) -> Option<Value>;

impl InputTemplate {
    /// Reads `{"InputPathsMap": {…}, "InputTemplate": "…"}`.
    ///
    /// # Errors
    /// What AWS would refuse, in a sentence. `known` says which variables of AWS's own there are.
    pub fn read(value: &Value, known: &[&str]) -> Result<Self, String> {
        let template = value.get("InputTemplate").and_then(Value::as_str);
        let template = template.ok_or("an input transformer must have an InputTemplate, which is a text")?;
        let mut paths = BTreeMap::new();
        for (name, path) in value.get("InputPathsMap").and_then(Value::as_object).into_iter().flatten() {
            if name.starts_with("AWS") || name.starts_with(RESERVED) {
                return Err(format!("the variable \"{name}\" begins with AWS, which is reserved"));
            }
            let path = path.as_str().ok_or_else(|| format!("the path of \"{name}\" must be a text"))?;
            paths.insert(name.clone(), JsonPath::parse(path)?);
        }
        if paths.len() > PATHS_MAX {
            return Err(format!("has {} paths; allowed are {PATHS_MAX}", paths.len()));
        }
        let compiled = Self::compile(template, paths, known)?;
        compiled.check(template)?;
        Ok(compiled)
    }

    /// A pipe's template, in which `<$.body.x>` is a path itself.
    ///
    /// # Errors
    /// What AWS would refuse, in a sentence.
    pub fn of_pipe(template: &str, known: &[&str]) -> Result<Self, String> {
        let mut compiled = Self::compile(template, BTreeMap::new(), known)?;
        compiled.escapes = true;
        if compiled.form == Form::Lines && !template.trim_start().starts_with(['{', '[', '"']) {
            compiled.form = Form::FreeText;
        } else {
            compiled.check(template)?;
        }
        Ok(compiled)
    }

    fn compile(template: &str, mut paths: BTreeMap<String, JsonPath>, known: &[&str]) -> Result<Self, String> {
        if template.chars().count() > TEMPLATE_CHARS_MAX {
            return Err(format!("the template is too long; allowed are {TEMPLATE_CHARS_MAX} characters"));
        }
        let mut segments = Vec::new();
        let (mut literal, mut in_text, mut rest) = (String::new(), false, template);
        while let Some(next) = rest.chars().next() {
            steps::took(1);
            if next == '\\' {
                let end = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at);
                literal.push_str(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            in_text ^= next == '"';
            let Some((name, behind)) = rest.strip_prefix('<').and_then(variable) else {
                literal.push(next);
                rest = &rest[next.len_utf8()..];
                continue;
            };
            if name.starts_with('$') {
                if !paths.contains_key(name) {
                    paths.insert(name.to_owned(), JsonPath::parse(name)?);
                }
            } else if !known.contains(&name) && !paths.contains_key(name) {
                return Err(format!("the template has the variable <{name}>, for which there is no path"));
            }
            segments.push(Segment::Literal(std::mem::take(&mut literal)));
            segments.push(Segment::Variable { name: name.to_owned(), in_text });
            rest = behind;
        }
        segments.push(Segment::Literal(literal));
        let mut compiled = Self { paths, segments, form: Form::Lines, escapes: false };
        if is_json(&compiled.sample()) {
            let is_structure = template.trim_start().starts_with(['{', '[']);
            compiled.form = if is_structure { Form::Structure } else { Form::Scalar };
        }
        Ok(compiled)
    }

    /// With something in the place of each variable.
    fn sample(&self) -> String {
        self.fill(&|_, in_text| if in_text { "x".to_owned() } else { "0".to_owned() })
    }

    /// A template is JSON once its variables are filled in, or lines of quoted text.
    fn check(&self, template: &str) -> Result<(), String> {
        if self.form == Form::Lines && !self.sample().lines().all(is_json) {
            return Err(format!("the template is not JSON: {template}; texts need quotes"));
        }
        let is_key = |pair: &[Segment]| {
            let [Segment::Variable { in_text, .. }, Segment::Literal(after)] = pair else { return false };
            let behind = if *in_text { after.split_once('"').map(|(_, behind)| behind) } else { Some(&**after) };
            behind.is_some_and(|behind| behind.trim_start().starts_with(':'))
        };
        if self.segments.windows(2).any(is_key) {
            return Err("a variable cannot be the name of a field".to_owned());
        }
        Ok(())
    }

    fn fill(&self, value: &dyn Fn(&str, bool) -> String) -> String {
        let mut out = String::new();
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => out.push_str(text),
                Segment::Variable { name, in_text } => out.push_str(&value(name, *in_text)),
            }
        }
        out
    }

    /// The target's input.
    ///
    /// # Errors
    /// When the values spoilt the JSON.
    pub fn render(&self, event: &Value, reserved: Reserved<'_>) -> Result<String, String> {
        let spoils = std::cell::Cell::new(false);
        let filled = self.fill(&|name, in_text| {
            let path = self.paths.get(name);
            let value = match path {
                Some(path) => path.find(event).map(Cow::into_owned),
                None => reserved(name),
            };
            let is_structure = value.as_ref().is_some_and(|value| value.is_object() || value.is_array());
            if in_text && is_structure && self.form == Form::Structure {
                spoils.set(spoils.get() || !(self.escapes && name == PIPES_EVENT));
                return escaped(&value.unwrap_or_default().to_string());
            }
            match (value, in_text || self.form == Form::FreeText) {
                (None, true) => String::new(),
                (None, false) => "\"\"".to_owned(),
                (Some(Value::String(text)), true) if self.escapes && in_text => escaped(&text),
                (Some(Value::String(text)), true) => text,
                (Some(Value::String(text)), false) if self.escapes => quoted(&escaped(&text)),
                (Some(Value::String(text)), false) => quoted(&text),
                (Some(other), true) => other.to_string().replace("\\\"", "").replace('"', ""),
                (Some(other), false) => other.to_string(),
            }
        });
        let is_spoilt = spoils.get() || matches!(self.form, Form::Structure | Form::Scalar) && !is_json(&filled);
        if is_spoilt { Err(filled) } else { Ok(filled) }
    }
}

/// Quotes are put around a text; what is in it stays as it is.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write!(out, "\"{text}\"").expect("a String takes whatever is written");
    out
}

/// A text as it stands between the quotes of JSON.
fn escaped(text: &str) -> String {
    let json = Value::from(text).to_string();
    json[1..json.len() - 1].to_owned()
}

/// A variable's name, from behind its `<`, and what stands behind its `>`. Looks no further than at what a name may hold.
fn variable(inside: &str) -> Option<(&str, &str)> {
    let is_path = inside.starts_with('$');
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c) || is_path && "$[]*/' ".contains(c);
    let end = inside.find(|c| !allowed(c)).unwrap_or(inside.len());
    steps::took(end);
    let behind = inside[end..].strip_prefix('>')?;
    (end > 0).then_some((&inside[..end], behind))
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const KNOWN: [&str; 2] = ["aws.events.rule-name", "aws.events.event.json"];

    fn template(paths: &Value, template: &str) -> Result<InputTemplate, String> {
        InputTemplate::read(&json!({ "InputPathsMap": paths, "InputTemplate": template }), &KNOWN)
    }

    fn rendered(text: &str) -> Result<String, String> {
        let paths = json!({ "i": "$.detail.id", "s": "$.source", "gone": "$.detail.nothing", "all": "$.detail" });
        let event = json!({ "source": "shop", "detail": { "id": 7, "say": "a\"b" } });
        let reserved = |name: &str| (name == "aws.events.rule-name").then(|| json!("r"));
        template(&paths, text).expect(text).render(&event, &reserved)
    }

    /// EB-E14.
    #[test]
    fn values_take_the_place_of_variables() {
        let text = rendered(r#"{"id":<i>,"msg":"order <i> in <s>","s":<s>,"none":<gone>,"also":"<gone>"}"#);
        let expected = json!({ "id": 7, "msg": "order 7 in shop", "s": "shop", "none": "", "also": "" });
        assert_eq!(text.map(|text| serde_json::from_str::<Value>(&text).expect("JSON")), Ok(expected));
        assert_eq!(rendered(r#""order <i> by <aws.events.rule-name>""#), Ok(r#""order 7 by r""#.to_owned()));
        assert_eq!(rendered("\"one <i>\"\n\"two <s>\""), Ok("\"one 7\"\n\"two shop\"".to_owned()));
        assert_eq!(rendered(r#"{"a": 1, "b": "x < y"}"#), Ok(r#"{"a": 1, "b": "x < y"}"#.to_owned()));
    }

    #[test]
    fn an_object_in_a_text_loses_its_quotes_and_a_quote_spoils_the_json() {
        let event = json!({ "detail": { "n": { "k": "v" }, "say": "a\"b", "many": [1, 2], "none": {}, "yes": true, "seven": 7 } });
        let made = |text: &str| {
            let paths = json!({ "n": "$.detail.n", "say": "$.detail.say", "many": "$.detail.many[*]", "none": "$.detail.none",
                "yes": "$.detail.yes", "seven": "$.detail.seven" });
            template(&paths, text).expect(text).render(&event, &|_| None)
        };
        assert_eq!(made(r#"{"n":<n>}"#), Ok(r#"{"n":{"k":"v"}}"#.to_owned()));
        assert_eq!(made(r#""got <n>""#), Ok(r#""got {k:v}""#.to_owned()));
        assert_eq!(made(r#"{"say":"<say>"}"#), Err(r#"{"say":"a"b"}"#.to_owned()));
        for quoted in [r#"{"n":"<n>"}"#, r#"{"n":"it is <n>"}"#, r#"["<none>"]"#, r#"{"many":"<many>"}"#] {
            assert!(made(quoted).is_err(), "{quoted}");
        }
        assert_eq!(made(r#"{"all":<many>,"none":<none>}"#), Ok(r#"{"all":[1,2],"none":{}}"#.to_owned()));
        assert_eq!(made(r#""<many> and <none>""#), Ok(r#""[1,2] and {}""#.to_owned()));
        assert_eq!(made(r#""<yes> <seven>""#), Ok(r#""true 7""#.to_owned()));
    }

    #[test]
    fn a_pipes_template_holds_the_paths_themselves() {
        let template = InputTemplate::of_pipe(r#"{"n":<$.body.n>,"first":<$.list[0]>}"#, &[]).expect("valid");
        let event = json!({ "body": { "n": 1 }, "list": ["a"] });
        assert_eq!(template.render(&event, &|_| None), Ok(r#"{"n":1,"first":"a"}"#.to_owned()));
        let said = json!({ "body": "say \"hi\"" });
        let quotes = InputTemplate::of_pipe(r#"{"a":<$.body>,"b":"<$.body>!"}"#, &[]).expect("valid");
        assert_eq!(quotes.render(&said, &|_| None), Ok(r#"{"a":"say \"hi\"","b":"say \"hi\"!"}"#.to_owned()));
        let whole = InputTemplate::of_pipe(r#"{"a":"<aws.pipes.event>"}"#, &["aws.pipes.event"]).expect("valid");
        assert_eq!(whole.render(&said, &|_| Some(json!({ "n": "x" }))), Ok(r#"{"a":"{\"n\":\"x\"}"}"#.to_owned()));
        let free = InputTemplate::of_pipe("Hello <$.list[0]>, <$.body>", &[]).expect("free text");
        assert_eq!(free.render(&event, &|_| None), Ok("Hello a, {n:1}".to_owned()));
        let all = InputTemplate::of_pipe(r#"{"all":<$.list[*]>}"#, &[]).expect("valid");
        assert_eq!(all.render(&event, &|_| None), Ok(r#"{"all":["a"]}"#.to_owned()));
        assert!(InputTemplate::of_pipe("{\"n\":<$.a[x]>}", &[]).is_err());
    }

    #[test]
    fn steps_grow_as_the_template_does() {
        steps::assert_linear(&["<", "<a", "<$", "<a>", "<$>", "\\<", "\"<", "> "], 4, |text| {
            let _ = InputTemplate::of_pipe(text, &[]);
            let _ = InputTemplate::compile(text, BTreeMap::new(), &["a"]);
        });
    }

    #[test]
    fn what_aws_refuses_is_refused() {
        let none = json!({});
        let paths = json!({ "i": "$.detail.id" });
        for (paths, text) in [
            (&none, "{\"id\":<i>}"),
            (&paths, "{id:<i>}"),
            (&paths, "order <i>"),
            (&paths, "{<i>:1}"),
            (&paths, "{\"<i>\":1}"),
            (&json!({ "i": "detail.id" }), "{\"id\":<i>}"),
            (&json!({ "AWSx": "$.id" }), "{\"id\":1}"),
            (&none, &format!("\"{}\"", "x".repeat(8_192))),
        ] {
            assert!(template(paths, text).is_err(), "{text}");
        }
        assert!(InputTemplate::read(&json!({}), &KNOWN).is_err());
    }
}
