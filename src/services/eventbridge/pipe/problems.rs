//! What AWS refuses of a pipe though every value is in its range, and what is not modelled of it.

use serde_json::{Map, Value};

use super::config::{LANES_MAX, filters, stream_parameters};
use super::event::RESERVED;
use super::target_parameters::TargetParameters;
use crate::lang::input_template::InputTemplate;
use crate::services::{Kind, is_true, whole_number};

/// Property and sentence; what stands at its two ends, if anything does. `node` gives the kind of any node, and whether
/// it is a FIFO one.
#[must_use]
#[inline(never)] // second part
pub fn problems(
    pipe: &Map<String, Value>,
    source: Option<(Kind, &Map<String, Value>)>,
    target: Option<(Kind, &Map<String, Value>)>,
    node: &dyn Fn(&str) -> Option<(Kind, bool)>,
) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let part = |name: &str| pipe.get(name).cloned().unwrap_or_default();
    let (parameters, outputs) = (part("SourceParameters"), part("TargetParameters"));
    if let Err(why) = filters(&parameters) {
        found.push(("SourceParameters", format!("FilterCriteria: {why}")));
    }
    // EB-9.
    for filter in parameters["FilterCriteria"]["Filters"].as_array().into_iter().flatten() {
        let pattern = match &filter["Pattern"] {
            Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
            other => other.clone(),
        };
        if let Some(operator) = unknown_operator(&pattern) {
            found.push(("SourceParameters", format!("FilterCriteria: a pipe's patterns have no {operator}")));
        }
    }
    found.extend(of_source(&parameters, source, node).into_iter().map(|why| ("SourceParameters", why)));
    for (name, value) in [("EnrichmentParameters", &part("EnrichmentParameters")), ("TargetParameters", &outputs)] {
        if let Some(Err(why)) = value["InputTemplate"].as_str().map(|text| InputTemplate::of_pipe(text, &RESERVED)) {
            found.push((name, format!("InputTemplate: {why}")));
        }
    }
    found.extend(TargetParameters::problems(&outputs).into_iter().map(|why| ("TargetParameters", why)));
    found.extend(target.and_then(|target| of_target(&outputs, target)).map(|why| ("TargetParameters", why.to_owned())));
    found
}

/// What a target that is a FIFO one lacks.
fn of_target(outputs: &Value, (kind, target): (Kind, &Map<String, Value>)) -> Option<&'static str> {
    let is = |name: &str| target.get(name).is_some_and(is_true);
    let parameters = &outputs["SqsQueueParameters"];
    match kind {
        Kind::Queue if !is("FifoQueue") => (!parameters["MessageDeduplicationId"].is_null())
            .then_some("SqsQueueParameters.MessageDeduplicationId is for FIFO queues alone"),
        Kind::Queue if parameters["MessageGroupId"].is_null() => {
            Some("a FIFO queue as target needs SqsQueueParameters.MessageGroupId")
        }
        Kind::Queue if parameters["MessageDeduplicationId"].is_null() && !is("ContentBasedDeduplication") => Some(
            "a FIFO queue as target needs SqsQueueParameters.MessageDeduplicationId, or ContentBasedDeduplication of its own",
        ),
        Kind::Topic if is("FifoTopic") => Some("a FIFO topic cannot be a pipe's target"),
        _ => None,
    }
}

/// What is wrong with the parameters of the source.
fn of_source(
    parameters: &Value,
    source: Option<(Kind, &Map<String, Value>)>,
    node: &dyn Fn(&str) -> Option<(Kind, bool)>,
) -> Vec<String> {
    let mut found = Vec::new();
    for other in [
        "ActiveMQBrokerParameters",
        "RabbitMQBrokerParameters",
        "ManagedStreamingKafkaParameters",
        "SelfManagedKafkaParameters",
    ] {
        if parameters.get(other).is_some() {
            found.push(format!("{other}: not modelled as a source: it is no node here"));
        }
    }
    let only =
        |name: &str, kind: Kind| parameters.get(name).is_some() && source.is_some_and(|(source, _)| source != kind);
    for (name, kind) in [
        ("SqsQueueParameters", Kind::Queue),
        ("KinesisStreamParameters", Kind::Stream),
        ("DynamoDBStreamParameters", Kind::Table),
    ] {
        if only(name, kind) {
            found.push(format!("{name} is for a {} as source", kind.spec().name));
        }
    }
    if source.is_some_and(|(kind, table)| kind == Kind::Table && !table.contains_key("StreamSpecification")) {
        let text = "a table as source needs a stream: its StreamSpecification.StreamViewType".to_owned();
        found.push(text);
    }
    let factor = &stream_parameters(parameters)["ParallelizationFactor"];
    if !factor.is_null() && !whole_number(factor).is_some_and(|factor| (1..=LANES_MAX).contains(&factor)) {
        found.push(format!("ParallelizationFactor: 1 to {LANES_MAX} batches a shard at a time"));
    }
    found.extend(dead_letter(parameters, node));
    found
}

/// What is wrong with the dead-letter queue or topic, which sources that are streams have.
fn dead_letter(parameters: &Value, node: &dyn Fn(&str) -> Option<(Kind, bool)>) -> Option<String> {
    if !parameters["SqsQueueParameters"]["DeadLetterConfig"].is_null() {
        return Some("DeadLetterConfig: of a queue, its own RedrivePolicy tells where failed messages go".to_owned());
    }
    let config = &stream_parameters(parameters)["DeadLetterConfig"];
    if config.is_null() {
        return None;
    }
    let Some(name) = config["Arn"].as_str() else {
        return Some("DeadLetterConfig: needs an Arn, which names a queue or a topic".to_owned());
    };
    match node(name) {
        Some((Kind::Queue | Kind::Topic, false)) => None,
        Some((Kind::Queue | Kind::Topic, true)) => {
            Some(format!("DeadLetterConfig: {name} is a FIFO one; it must be a standard queue or topic"))
        }
        Some((kind, _)) => Some(format!("DeadLetterConfig: {name} is a {}, not a queue or topic", kind.spec().name)),
        None => Some(format!("DeadLetterConfig: there is no node {name}")),
    }
}

/// An operator that rules have and pipes have not.
fn unknown_operator(pattern: &Value) -> Option<&'static str> {
    match pattern {
        Value::Array(tests) => tests.iter().find_map(unknown_operator),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| match (&**name, value) {
            ("wildcard", Value::String(_)) => Some("wildcard"),
            ("anything-but", Value::Object(_)) => Some("nested anything-but"),
            (_, value) => unknown_operator(value),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pipe_knows_less_than_a_rule() {
        let node = |name: &str| match name {
            "q" => Some((Kind::Queue, false)),
            "fifo" => Some((Kind::Topic, true)),
            "bus" => Some((Kind::EventBus, false)),
            _ => None,
        };
        let count = |pipe: Value| {
            problems(pipe.as_object().expect("properties"), Some((Kind::Queue, &Map::new())), None, &node).len()
        };
        let filter = |test: Value| json!({ "SourceParameters": { "FilterCriteria": { "Filters": [{ "Pattern": { "body": { "a": [test] } } }] } } });
        assert_eq!(count(filter(json!({ "prefix": "x" }))), 0);
        assert_eq!(count(filter(json!({ "anything-but": ["x"] }))), 0);
        assert_eq!(count(filter(json!({ "wildcard": "x*" }))), 1);
        assert_eq!(count(filter(json!({ "anything-but": { "prefix": "x" } }))), 1);
        assert_eq!(count(filter(json!({ "nonsense": 1 }))), 1);
        assert_eq!(
            count(
                json!({ "SourceParameters": { "DynamoDBStreamParameters": { "ParallelizationFactor": 11 }, "ActiveMQBrokerParameters": {} } })
            ),
            3
        );
        // The source is a queue, which has no such parameters.
        let letter = |config: Value| json!({ "SourceParameters": { "KinesisStreamParameters": { "DeadLetterConfig": config } } });
        assert_eq!(count(letter(json!({ "Arn": "q" }))), 1);
        for wrong in [json!({ "Arn": "fifo" }), json!({ "Arn": "bus" }), json!({ "Arn": "nobody" }), json!({})] {
            assert_eq!(count(letter(wrong)), 2);
        }
        assert_eq!(count(json!({ "TargetParameters": { "InputTemplate": "{<$.x>" } })), 1);
        assert_eq!(count(json!({ "TargetParameters": { "InputTemplate": "{\"x\": <aws.pipes.name>}" } })), 1);
        assert_eq!(count(json!({ "TargetParameters": { "KinesisStreamParameters": { "PartitionKey": "$.a[" } } })), 1);
        assert_eq!(
            count(
                json!({ "TargetParameters": { "EventBridgeEventBusParameters": { "Time": "now", "Source": "$.body.s" } } })
            ),
            1
        );
    }

    #[test]
    fn a_fifo_target_needs_group_and_deduplication() {
        let of = |queue: Value, parameters: Value| {
            of_target(
                &json!({ "SqsQueueParameters": parameters }),
                (Kind::Queue, queue.as_object().expect("properties")),
            )
        };
        let (plain, fifo) = (json!({}), json!({ "FifoQueue": true }));
        let by_content = json!({ "FifoQueue": "true", "ContentBasedDeduplication": true });
        let (group, both) = (
            json!({ "MessageGroupId": "$.body.g" }),
            json!({ "MessageGroupId": "g", "MessageDeduplicationId": "$.messageId" }),
        );
        assert_eq!(of(plain.clone(), json!({})), None);
        assert_eq!(of(plain.clone(), group.clone()), None);
        assert!(of(plain, both.clone()).is_some());
        assert!(of(fifo.clone(), json!({})).is_some());
        assert!(of(fifo.clone(), group.clone()).is_some());
        assert_eq!(of(fifo, both), None);
        assert_eq!(of(by_content, group), None);
    }
}
