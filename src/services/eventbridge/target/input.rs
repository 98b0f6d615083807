//! What a target gets of an event: all of it, a part, a constant, or what a template makes of it (EB-13).

use std::sync::Arc;

use serde_json::Value;

use crate::engine::Micros;
use crate::lang::input_template::InputTemplate;
use crate::lang::instant::instant_text;
use crate::lang::json_path::JsonPath;
use crate::services::{Message, Settings};

/// AWS's own variables of a template.
pub const RESERVED: [&str; 5] = [
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event.ingestion-time",
    "aws.events.event",
    "aws.events.event.json",
];

#[derive(Clone, Debug)]
pub enum Input {
    Whole,
    Constant(Arc<str>),
    Path(JsonPath),
    Template(Box<InputTemplate>),
    /// AWS takes no target with an input that is none: it gets nothing.
    Invalid,
}

/// An event about to be handed to targets.
#[derive(Clone, Debug)]
pub struct Occurrence<'a> {
    pub message: &'a Message,
    pub value: &'a Value,
    pub ingested: Micros,
    /// When a schedule had it due.
    pub due: Option<Micros>,
    /// Name and ARN of the rule.
    pub rule: (&'a str, &'a str),
}

impl Input {
    /// The first of them that is given: AWS allows one.
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        if let Some(constant) = settings.get("Input") {
            return Self::Constant(crate::services::attribute_text(&constant).into());
        }
        if let Some(path) = settings.text("InputPath") {
            return JsonPath::parse(&path).map_or(Self::Invalid, Self::Path);
        }
        let transformer = settings.get("InputTransformer");
        let template = transformer.map(|value| InputTemplate::read(&value, &RESERVED));
        let read = |template: Result<InputTemplate, _>| {
            template.map_or(Self::Invalid, |template| Self::Template(Box::new(template)))
        };
        template.map_or(Self::Whole, read)
    }

    /// # Errors
    /// What a template made, when that is not JSON.
    pub fn of(&self, event: &Occurrence<'_>) -> Result<Arc<str>, String> {
        match self {
            Self::Whole => Ok(Arc::clone(&event.message.body)),
            Self::Constant(text) => Ok(Arc::clone(text)),
            // A path that leads nowhere leaves an empty object `[MODEL]`.
            Self::Path(path) => {
                Ok(path.find(event.value).map_or_else(|| "{}".to_owned(), |value| value.to_string()).into())
            }
            Self::Invalid => Err("the input is none".to_owned()),
            Self::Template(template) => template.render(event.value, &|name| reserved(name, event)).map(Into::into),
        }
    }
}

fn reserved(name: &str, event: &Occurrence<'_>) -> Option<Value> {
    let (rule, arn) = event.rule;
    match name {
        "aws.events.rule-arn" => Some(arn.into()),
        "aws.events.rule-name" => Some(rule.into()),
        "aws.events.event.ingestion-time" => Some(instant_text(event.ingested).into()),
        "aws.events.event" => {
            // So it was recorded: without the detail, and with this field spelt in another way.
            let fields = event.value.as_object()?.iter().filter(|(name, _)| *name != "detail");
            let spelt = |name: &String| if name == "detail-type" { "detailType".to_owned() } else { name.clone() };
            Some(Value::Object(fields.map(|(name, value)| (spelt(name), value.clone())).collect()))
        }
        "aws.events.event.json" => Some(event.value.clone()),
        _ => None,
    }
}
