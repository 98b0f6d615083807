//! `FilterCriteria` of a mapping: which records reach the function at all (SQS-48, KDS-28).
//!
//! A pattern sees a record as Lambda would hand it over; a body that is a JSON object is looked into, any other is
//! one text. So a pattern for the one never fits the other.

use serde_json::Value;

use crate::lang::event_pattern::{Dialect, Pattern};
use crate::services::kinesis::api::Record;
use crate::services::sqs::api::Received;

/// Patterns of one mapping, which are ORed; AWS raises 5 to 10 on request.
pub const FILTERS_MAX: usize = 10;

#[derive(Clone, Debug)]
pub struct Filter {
    patterns: Vec<Pattern>,
    is_valid: bool,
}

impl Filter {
    /// AWS makes no mapping with criteria that are none: nothing is polled for it.
    #[must_use]
    pub fn read(criteria: Option<&Value>) -> Self {
        let patterns = patterns(criteria);
        Self { is_valid: patterns.is_ok(), patterns: patterns.unwrap_or_default() }
    }

    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.is_valid
    }

    /// Whether the record goes to the function; without patterns every one does. `queue` is the id of the queue.
    #[must_use]
    pub fn accepts(&self, received: &Received, queue: &str) -> bool {
        self.patterns.is_empty() || {
            let mut record = received.event(queue);
            record["body"] = body_value(&received.message.body);
            self.matches(&record)
        }
    }

    /// The same for a record of a stream (KDS-28).
    #[must_use]
    pub fn accepts_record(&self, record: &Record, shard: (&str, u32), function: &str) -> bool {
        self.patterns.is_empty() || {
            let mut seen = record.event(shard, function);
            seen["data"] = body_value(&record.message.body);
            self.matches(&seen)
        }
    }

    /// The same for a change in a table, whose record is the message.
    #[must_use]
    pub fn accepts_change(&self, record: &Record) -> bool {
        self.patterns.is_empty() || self.matches(&body_value(&record.message.body))
    }

    fn matches(&self, record: &Value) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(record))
    }
}

/// Those of `{"Filters": […]}`; `None` and `null` are no criteria.
///
/// # Errors
/// What is wrong, each in a sentence.
pub fn patterns(criteria: Option<&Value>) -> Result<Vec<Pattern>, Vec<String>> {
    let Some(criteria) = criteria.filter(|criteria| !criteria.is_null()) else { return Ok(Vec::new()) };
    let filters = match criteria.get("Filters") {
        None if criteria.is_object() => return Ok(Vec::new()),
        Some(Value::Array(filters)) => filters,
        _ => return Err(vec!["must be {\"Filters\": [{\"Pattern\": \"…\"}]}".to_owned()]),
    };
    if filters.len() > FILTERS_MAX {
        return Err(vec![format!("has {} filters; allowed are {FILTERS_MAX}", filters.len())]);
    }
    let read: Vec<Result<Pattern, String>> = filters.iter().map(pattern).collect();
    let wrong: Vec<String> = read.iter().filter_map(|one| one.as_ref().err().cloned()).collect();
    if wrong.is_empty() { Ok(read.into_iter().flatten().collect()) } else { Err(wrong) }
}

/// One of `Filters`: `{"Pattern": "…"}`, the pattern as JSON text (as AWS has it) or as JSON.
///
/// # Errors
/// A sentence that says what is wrong.
fn pattern(filter: &Value) -> Result<Pattern, String> {
    match filter.get("Pattern") {
        Some(Value::String(text)) => Pattern::parse(text, Dialect::EventBridge).map_err(|error| error.to_string()),
        Some(pattern) => Pattern::from_value(pattern, Dialect::EventBridge).map_err(|error| error.to_string()),
        None => Err("a filter is {\"Pattern\": \"…\"}".to_owned()),
    }
}

fn body_value(body: &str) -> Value {
    serde_json::from_str::<Value>(body).ok().filter(Value::is_object).unwrap_or_else(|| body.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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

    #[test]
    fn criteria_that_are_none_are_told() {
        let is_valid = |criteria: Value| Filter::read(Some(&criteria)).is_valid();
        let filters = |patterns: Value| json!({ "Filters": patterns });
        assert!(Filter::read(None).is_valid() && is_valid(json!({})) && is_valid(filters(json!([]))));
        assert!(is_valid(filters(json!([{ "Pattern": "{\"body\":[1]}" }]))));
        for wrong in [json!([{}]), json!([{ "Pattern": "{\"body\":" }]), json!([{ "Pattern": { "body": "x" } }])] {
            assert!(!is_valid(filters(wrong.clone())), "{wrong}");
        }
        let one = json!({ "Pattern": { "body": ["x"] } });
        assert!(!is_valid(filters(json!([one, { "Pattern": "[]" }]))) && !is_valid(filters(json!(vec![one; 11]))));
        assert!(!is_valid(json!({ "Filters": "all" })) && !is_valid(json!("all")));
    }
}
