//! What AWS refuses of a target though every value is in its range.

use serde_json::{Map, Value};

use super::api_destination::connection_problem;
use super::input::RESERVED;
use crate::lang::input_template::InputTemplate;
use crate::lang::json_path::JsonPath;
use crate::services::{Kind, is_true};

type Properties = Map<String, Value>;

/// Property and sentence; `owner` is a rule, a schedule or a pipe, `dead_letter` gives the properties of the queue that is named.
#[must_use]
#[inline(never)] // second part
pub fn problems(
    owner: Kind,
    target: &Properties,
    (kind, properties): (Kind, &Properties),
    dead_letter: Option<&Properties>,
) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let inputs: Vec<&'static str> =
        ["Input", "InputPath", "InputTransformer"].into_iter().filter(|name| target.contains_key(*name)).collect();
    if let [_, second, ..] = inputs.as_slice() {
        found.push((*second, "only one of Input, InputPath and InputTransformer may be given".to_owned()));
    }
    if let (Kind::Rule, Kind::EventBus, Some(first)) = (owner, kind, inputs.first()) {
        found.push((*first, "another bus gets the whole event: inputs are not for it".to_owned()));
    }
    if let Some(Err(why)) = target.get("InputTransformer").map(|value| InputTemplate::read(value, &RESERVED)) {
        found.push(("InputTransformer", why));
    }
    let path = |name: &str, inner: Option<&str>| {
        let value = target.get(name)?;
        JsonPath::parse(inner.map_or(Some(value), |inner| value.get(inner))?.as_str()?).err()
    };
    found.extend(path("InputPath", None).map(|why| ("InputPath", why)));
    found.extend(path("KinesisParameters", Some("PartitionKeyPath")).map(|why| ("KinesisParameters", why)));
    found.extend(target.get("Connection").and_then(connection_problem).map(|why| ("Connection", why)));
    let fits = |name: &'static str, wanted: Kind| {
        (target.contains_key(name) && kind != wanted).then(|| (name, format!("is for a {} alone", wanted.spec().name)))
    };
    found.extend(fits("SqsParameters", Kind::Queue));
    found.extend(fits("KinesisParameters", Kind::Stream));
    found.extend(fits("ApiDestination", Kind::Endpoint));
    found.extend(fits("Connection", Kind::Endpoint));
    let is_fifo = |properties: &Properties| properties.get("FifoQueue").is_some_and(is_true);
    // A pipe says in its own properties what a FIFO queue needs.
    if kind == Kind::Queue && is_fifo(properties) && owner != Kind::Pipe {
        let group = target.get("SqsParameters").and_then(|parameters| parameters.get("MessageGroupId"));
        if group.is_none() {
            found.push(("SqsParameters", "a FIFO queue as target needs a MessageGroupId".to_owned()));
        }
        if !properties.get("ContentBasedDeduplication").is_some_and(is_true) {
            found.push(("", "a FIFO queue as target needs ContentBasedDeduplication".to_owned()));
        }
    }
    if dead_letter.is_some_and(is_fifo) {
        found.push(("DeadLetterConfig.Arn", "a target's dead-letter queue must be a standard queue".to_owned()));
    }
    found
}
