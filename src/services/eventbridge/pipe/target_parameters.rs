//! `TargetParameters`: what a target needs beside the body. A value that is a JSON path is read out of each event, as it came
//! before its template (EB-22).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html>

use serde_json::Value;

use super::event::looked_into;
use crate::lang::instant::parse_instant;
use crate::lang::json_path::JsonPath;
use crate::services::{Kind, Meta, attribute_text};

/// Each with its place in `TargetParameters`.
const NAMES: [[&str; 2]; 6] = [
    ["SqsQueueParameters", "MessageGroupId"],
    ["SqsQueueParameters", "MessageDeduplicationId"],
    ["KinesisStreamParameters", "PartitionKey"],
    ["EventBridgeEventBusParameters", "Source"],
    ["EventBridgeEventBusParameters", "DetailType"],
    ["EventBridgeEventBusParameters", "Time"],
];

#[derive(Clone, Debug)]
enum Parameter {
    Constant(String),
    Path(JsonPath),
}

#[derive(Clone, Debug, Default)]
pub struct TargetParameters {
    /// In the order of their names.
    named: [Option<Parameter>; NAMES.len()],
    resources: Vec<Parameter>,
}

impl Parameter {
    /// # Errors
    /// When it begins as a path and is none.
    fn read(value: &Value) -> Result<Option<Self>, String> {
        match value.as_str() {
            None => Ok(None),
            Some(path) if path.starts_with('$') => JsonPath::parse(path).map(|path| Some(Self::Path(path))),
            Some(text) => Ok(Some(Self::Constant(text.to_owned()))),
        }
    }

    fn of(&self, event: &Value) -> Option<String> {
        match self {
            Self::Constant(text) => Some(text.clone()),
            Self::Path(path) => path.find(event).filter(|value| !value.is_null()).map(|value| attribute_text(&value)),
        }
    }
}

fn resources(target: &Value) -> impl Iterator<Item = &Value> {
    target["EventBridgeEventBusParameters"]["Resources"].as_array().into_iter().flatten()
}

impl TargetParameters {
    #[must_use]
    pub fn read(target: &Value) -> Self {
        let read = |value: &Value| Parameter::read(value).ok().flatten();
        let named = NAMES.map(|[group, name]| read(&target[group][name]));
        Self { named, resources: resources(target).filter_map(read).collect() }
    }

    /// What is wrong with them, each in a sentence.
    #[must_use]
    #[inline(never)] // second part
    pub fn problems(target: &Value) -> Vec<String> {
        let named = NAMES.into_iter().map(|[group, name]| (name, &target[group][name]));
        let all = named.chain(resources(target).map(|value| ("Resources", value)));
        let wrong = all.filter_map(|(name, value)| Some(format!("{name}: {}", Parameter::read(value).err()?)));
        let time = &target["EventBridgeEventBusParameters"]["Time"];
        let is_constant = time.as_str().is_some_and(|time| !time.starts_with('$'));
        wrong.chain(is_constant.then(|| "Time: must be a JSON path into the event".to_owned())).collect()
    }

    /// What a target gets beside the body that is made of an event.
    #[must_use]
    pub fn meta(&self, event: &Value, pipe: &str, source: Kind) -> Meta {
        let (event, _) = looked_into(event);
        let [group, deduplication, key, own_source, detail_type, time] =
            self.named.each_ref().map(|parameter| parameter.as_ref().and_then(|parameter| parameter.of(&event)));
        let of = match source {
            Kind::Stream => "kinesis",
            Kind::Table => "dynamodb",
            _ => "sqs",
        };
        Meta {
            message_group_id: group.filter(|id| !id.is_empty()),
            deduplication_id: deduplication.filter(|id| !id.is_empty()),
            partition_key: key,
            source: Some(own_source.unwrap_or_else(|| format!("Pipe {pipe}"))),
            detail_type: Some(detail_type.unwrap_or_else(|| format!("Event from aws:{of}"))),
            resources: self.resources.iter().filter_map(|parameter| parameter.of(&event)).collect(),
            event_time: time.and_then(|time| parse_instant(&time)),
            ..Meta::default()
        }
    }
}
