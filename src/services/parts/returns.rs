//! What a function or an endpoint of a scene answers: its `Returns` stands in for the code that it does not have.
//!
//! `"input"` gives back what it got. Any other value is the answer itself; in its texts `<$.path>` is filled from what it
//! got, and a text that is nothing else takes the value's own type. A text with such paths that is JSON once they are filled
//! is that JSON. `{"each": …}` answers a list, with what each of its items gives, one after the other: a list gives as
//! many as it has.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::lang::input_template::InputTemplate;
use crate::lang::json_path::JsonPath;
use crate::services::attribute_text;

#[derive(Clone, Debug, PartialEq)]
pub enum Returns {
    Input,
    Each(Template),
    Whole(Template),
}

/// A JSON value with places to fill.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    Constant(Value),
    Path(JsonPath),
    /// Literals and paths by turns.
    Text(Vec<(String, Option<JsonPath>)>),
    /// JSON written as a text.
    Json(Box<InputTemplate>),
    List(Vec<Template>),
    Object(Vec<(String, Template)>),
}

impl Returns {
    /// # Errors
    /// What is wrong with a path, in a sentence.
    pub fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(text) if text == "input" => Ok(Self::Input),
            Value::Object(map) if map.len() == 1 && map.contains_key("each") => {
                Template::read(&map["each"]).map(Self::Each)
            }
            other => Template::read(other).map(Self::Whole),
        }
    }

    /// The answer to an event.
    #[must_use]
    pub fn of(&self, event: &Value) -> Value {
        match self {
            Self::Input => event.clone(),
            Self::Whole(template) => template.fill(event),
            Self::Each(template) => {
                let items = event.as_array().map_or(std::slice::from_ref(event), Vec::as_slice);
                let mut all = Vec::new();
                for item in items {
                    match (template, template.fill(item)) {
                        (Template::List(_) | Template::Constant(Value::Array(_)), Value::Array(several)) => {
                            all.extend(several);
                        }
                        (_, one) => all.push(one),
                    }
                }
                Value::Array(all)
            }
        }
    }
}

impl Template {
    fn read(value: &Value) -> Result<Self, String> {
        Ok(match value {
            Value::String(text) if text.contains("<$") => Self::of_text(text)?,
            Value::Array(items) => Self::List(items.iter().map(Self::read).collect::<Result<_, String>>()?),
            Value::Object(map) => {
                let field = |(name, value): (&String, &Value)| Ok((name.clone(), Self::read(value)?));
                Self::Object(map.iter().map(field).collect::<Result<_, String>>()?)
            }
            other => Self::Constant(other.clone()),
        })
    }

    fn of_text(text: &str) -> Result<Self, String> {
        if text.trim_start().starts_with(['{', '['])
            && let Ok(template) = InputTemplate::of_pipe(text, &[])
        {
            return Ok(Self::Json(Box::new(template)));
        }
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, behind)) = rest.split_once("<$") {
            let (path, after) = behind.split_once('>').ok_or_else(|| format!("\"{text}\" lacks a closing >"))?;
            parts.push((before.to_owned(), Some(JsonPath::parse(&format!("${path}"))?)));
            rest = after;
        }
        if parts.len() == 1 && parts[0].0.is_empty() && rest.is_empty() {
            return Ok(Self::Path(parts.remove(0).1.expect("a path was just read")));
        }
        parts.push((rest.to_owned(), None));
        Ok(Self::Text(parts))
    }

    fn fill(&self, event: &Value) -> Value {
        match self {
            Self::Constant(value) => value.clone(),
            Self::Path(path) => path.find(event).map(Cow::into_owned).unwrap_or_default(),
            Self::Json(template) => match template.render(event, &|_| None) {
                Ok(text) | Err(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            },
            Self::Text(parts) => {
                let mut text = String::new();
                for (literal, path) in parts {
                    text.push_str(literal);
                    if let Some(value) = path.as_ref().and_then(|path| path.find(event)) {
                        text.push_str(&attribute_text(&value));
                    }
                }
                Value::String(text)
            }
            Self::List(items) => items.iter().map(|item| item.fill(event)).collect(),
            Self::Object(fields) => {
                let filled = fields.iter().map(|(name, field)| (name.clone(), field.fill(event)));
                Value::Object(filled.collect::<Map<_, _>>())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(returns: Value, event: Value) -> Value {
        Returns::read(&returns).expect("it can be read").of(&event)
    }

    #[test]
    fn an_answer_is_the_input_a_constant_or_made_of_the_input() {
        let event = json!({ "n": 7, "who": "a", "deep": { "x": [1] } });
        for (returns, wanted) in [
            (json!("input"), event.clone()),
            (json!("done"), json!("done")),
            (json!({ "ok": true, "n": "<$.n>" }), json!({ "ok": true, "n": 7 })),
            (json!("<$.deep>"), json!({ "x": [1] })),
            (json!("order <$.n> of <$.who><$.nobody>"), json!("order 7 of a")),
            (json!("{\"n\": <$.n>, \"who\": \"<$.who>\"}"), json!({ "n": 7, "who": "a" })),
            (json!(["<$.n>", 2, "<$.none>"]), json!([7, 2, null])),
        ] {
            assert_eq!(answer(returns.clone(), event.clone()), wanted, "{returns}");
        }
    }

    #[test]
    fn each_item_gives_one_or_as_many_as_are_listed() {
        let list = json!([{ "n": 1 }, { "n": 2 }]);
        assert_eq!(answer(json!({ "each": { "m": "<$.n>" } }), list.clone()), json!([{ "m": 1 }, { "m": 2 }]));
        assert_eq!(answer(json!({ "each": ["<$.n>", 0] }), list.clone()), json!([1, 0, 2, 0]));
        assert_eq!(answer(json!({ "each": [] }), list), json!([]));
        assert_eq!(answer(json!({ "each": "<$.n>" }), json!({ "n": 3 })), json!([3]));
    }

    #[test]
    fn a_path_that_cannot_be_read_says_so() {
        assert!(Returns::read(&json!({ "a": "<$.b" })).is_err_and(|why| why.contains("closing")));
    }
}
