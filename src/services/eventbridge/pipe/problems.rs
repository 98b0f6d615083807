//! What AWS refuses of a pipe though every value is in its range, and what is not modelled of it.

use serde_json::{Map, Value};

use super::config::{filters, returns};
use crate::lang::input_template::InputTemplate;
use crate::services::{Kind, is_true};

/// Property and sentence; what stands at its two ends, if anything does.
#[must_use]
#[inline(never)]
pub fn problems(
    pipe: &Map<String, Value>,
    source: Option<Kind>,
    target: Option<(Kind, &Map<String, Value>)>,
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
    for other in [
        "DynamoDBStreamParameters",
        "ActiveMQBrokerParameters",
        "RabbitMQBrokerParameters",
        "ManagedStreamingKafkaParameters",
        "SelfManagedKafkaParameters",
    ] {
        if parameters.get(other).is_some() {
            found.push(("SourceParameters", format!("{other}: not modelled as a source: it is no node here")));
        }
    }
    let only = |name: &str, kind: Kind| parameters.get(name).is_some() && source.is_some_and(|source| source != kind);
    for (name, kind) in [("SqsQueueParameters", Kind::Queue), ("KinesisStreamParameters", Kind::Stream)] {
        if only(name, kind) {
            found.push(("SourceParameters", format!("{name} is for a {} as source", kind.spec().name)));
        }
    }
    let factor = &parameters["KinesisStreamParameters"]["ParallelizationFactor"];
    if !factor.is_null() && *factor != 1 {
        found.push((
            "SourceParameters",
            "ParallelizationFactor: more than one batch a shard at a time is not modelled".to_owned(),
        ));
    }
    for (name, value) in [("EnrichmentParameters", &part("EnrichmentParameters")), ("TargetParameters", &outputs)] {
        if let Some(Err(why)) = value["InputTemplate"].as_str().map(|text| InputTemplate::of_pipe(text, &[])) {
            found.push((name, format!("InputTemplate: {why}")));
        }
    }
    if let Some(Err(why)) = pipe.get("EnrichmentReturns").map(returns) {
        found.push(("EnrichmentReturns", why));
    }
    if let Some((Kind::Queue, queue)) = target
        && queue.get("FifoQueue").is_some_and(is_true)
        && outputs["SqsQueueParameters"]["MessageGroupId"].is_null()
    {
        found.push(("TargetParameters", "a FIFO queue as target needs SqsQueueParameters.MessageGroupId".to_owned()));
    }
    found
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
        let count = |pipe: Value| problems(pipe.as_object().expect("properties"), Some(Kind::Queue), None).len();
        let filter = |test: Value| json!({ "SourceParameters": { "FilterCriteria": { "Filters": [{ "Pattern": { "body": { "a": [test] } } }] } } });
        assert_eq!(count(filter(json!({ "prefix": "x" }))), 0);
        assert_eq!(count(filter(json!({ "anything-but": ["x"] }))), 0);
        assert_eq!(count(filter(json!({ "wildcard": "x*" }))), 1);
        assert_eq!(count(filter(json!({ "anything-but": { "prefix": "x" } }))), 1);
        assert_eq!(count(filter(json!({ "nonsense": 1 }))), 1);
        assert_eq!(
            count(
                json!({ "SourceParameters": { "DynamoDBStreamParameters": {}, "KinesisStreamParameters": { "ParallelizationFactor": 2 } } })
            ),
            3
        );
        assert_eq!(
            count(
                json!({ "TargetParameters": { "InputTemplate": "{<$.x>" }, "EnrichmentReturns": { "a": "<$.b[*]>" } })
            ),
            2
        );
    }
}
