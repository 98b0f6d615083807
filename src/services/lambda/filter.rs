//! `FilterCriteria` of a mapping: which records reach the function at all (SQS-48, KDS-28).
//!
//! A pattern sees a record as Lambda would hand it over; a body that is a JSON object is looked into, any other is
//! one text. So a pattern for the one never fits the other.

use serde_json::{Map, Value, json};

use crate::lang::event_pattern::{Dialect, Pattern};
use crate::services::kinesis::api::Record;
use crate::services::sqs::api::{Received, message_id};

/// Patterns of one mapping, which are ORed; AWS raises 5 to 10 on request.
pub const FILTERS_MAX: usize = 10;

#[derive(Clone, Debug, Default)]
pub struct Filter(Vec<Pattern>);

impl Filter {
    #[must_use]
    pub fn read(criteria: Option<&Value>) -> Self {
        let filters = criteria.and_then(|criteria| criteria.get("Filters")).and_then(Value::as_array);
        Self(filters.into_iter().flatten().filter_map(|filter| pattern(filter).ok()).collect())
    }

    /// Whether the record goes to the function; without patterns every one does.
    #[must_use]
    pub fn accepts(&self, received: &Received) -> bool {
        self.0.is_empty() || self.matches(&record(received))
    }

    /// The same for a record of a stream (KDS-28).
    #[must_use]
    pub fn accepts_record(&self, record: &Record) -> bool {
        self.0.is_empty() || self.matches(&stream_record(record))
    }

    /// The same for a change in a table, whose record is the message.
    #[must_use]
    pub fn accepts_change(&self, record: &Record) -> bool {
        self.0.is_empty() || self.matches(&body_value(&record.message.body))
    }

    fn matches(&self, record: &Value) -> bool {
        self.0.iter().any(|pattern| pattern.matches(record))
    }
}

/// One of `Filters`: `{"Pattern": "…"}`, the pattern as JSON text (as AWS has it) or as JSON.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn pattern(filter: &Value) -> Result<Pattern, String> {
    match filter.get("Pattern") {
        Some(Value::String(text)) => Pattern::parse(text, Dialect::EventBridge).map_err(|error| error.to_string()),
        Some(pattern) => Pattern::from_value(pattern, Dialect::EventBridge).map_err(|error| error.to_string()),
        None => Err("a filter is {\"Pattern\": \"…\"}".to_owned()),
    }
}

fn record(received: &Received) -> Value {
    let message = &received.message;
    let attribute = |one: &crate::services::Attribute| {
        (one.name.clone(), json!({ "dataType": one.data_type, "stringValue": one.value }))
    };
    let attributes: Map<String, Value> = message.attributes().iter().map(attribute).collect();
    let mut own = json!({ "ApproximateReceiveCount": received.receive_count.to_string(),
        "SentTimestamp": (received.sent / 1_000).to_string() });
    if let Some(group) = message.message_group_id() {
        own["MessageGroupId"] = group.into();
    }
    json!({ "messageId": message_id(message), "body": body_value(&message.body),
        "attributes": own, "messageAttributes": attributes, "eventSource": "aws:sqs" })
}

fn stream_record(record: &Record) -> Value {
    json!({ "data": body_value(&record.message.body), "partitionKey": record.message.partition_key(),
        "sequenceNumber": record.sequence.to_string(), "kinesisSchemaVersion": "1.0",
        "approximateArrivalTimestamp": (record.arrived / 1_000) as f64 / 1e3, "eventSource": "aws:kinesis" })
}

fn body_value(body: &str) -> Value {
    serde_json::from_str::<Value>(body).ok().filter(Value::is_object).unwrap_or_else(|| body.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(filters: Value, body: &str) -> bool {
        Filter::read(Some(&json!({ "Filters": filters }))).matches(&json!({ "body": body_value(body) }))
    }

    #[test]
    fn patterns_are_ored_and_see_into_json_alone() {
        let books = json!({ "Pattern": "{\"body\":{\"kind\":[\"book\"]}}" });
        let text = json!({ "Pattern": { "body": ["book"] } });
        assert!(accepts(json!([books]), r#"{"kind":"book"}"#));
        assert!(!accepts(json!([books]), r#"{"kind":"toy"}"#));
        assert!(!accepts(json!([books]), "book"));
        assert!(accepts(json!([text]), "book"));
        assert!(!accepts(json!([text]), r#"{"kind":"book"}"#));
        assert!(accepts(json!([books, text]), "book"));
    }
}
