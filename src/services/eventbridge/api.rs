//! EventBridge's API in AWS's shapes, and what else another service may use of this folder.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::engine::Micros;
use crate::lang::instant::{instant_of, parse_instant};
use crate::services::{ApiError, Draft, Message, Meta, whole_number};

use super::pattern_trial::test_event_pattern;

pub use super::pattern_text::{cut, one_line};
pub use crate::services::TokenBucket;

#[derive(Clone, Debug)]
pub enum Request {
    /// The messages' bodies are the entries' details.
    PutEvents,
    /// Not an API action: a bus shows a rule an event, in its envelope.
    Match,
    /// Not an API action: a rule hands an event to another bus, in the envelope it has.
    Deliver,
    /// Not an API action: an archive hands an event back to its bus, for these rules or for all.
    Replay {
        rules: Arc<[String]>,
    },
    StartReplay(Replay),
    DescribeReplay {
        name: String,
    },
    CancelReplay {
        name: String,
    },
    /// A call whose answer was clear when it was read.
    Tell(Result<Response, ApiError>),
    DescribeArchive,
    ListReplays,
    ListSchemas,
    DescribeSchema {
        name: String,
        version: Option<usize>,
    },
}

/// `StartReplay`: what of the archive goes where (EB-19).
#[derive(Clone, Debug)]
pub struct Replay {
    pub name: String,
    pub from: Micros,
    pub until: Micros,
    /// Names of rules; empty for all.
    pub rules: Arc<[String]>,
}

#[derive(Clone, Debug)]
pub enum Response {
    /// The event's id or the error, by entry.
    PutEvents {
        entries: Vec<Result<String, ApiError>>,
    },
    Match {
        matched: bool,
    },
    Deliver,
    TestEventPattern {
        result: bool,
    },
    /// An answer that only a script reads, in AWS's shape.
    Shape(Value),
}

impl Response {
    /// None: no message stays behind that it shows.
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        &[]
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::PutEvents { entries } => {
                let failed = entries.iter().filter(|entry| entry.is_err()).count();
                let entry = |entry: &Result<String, ApiError>| match entry {
                    Ok(id) => json!({ "EventId": id }),
                    Err(error) => json!({ "ErrorCode": error.code, "ErrorMessage": error.message }),
                };
                json!({ "FailedEntryCount": failed, "Entries": entries.iter().map(entry).collect::<Vec<_>>() })
            }
            Self::Match { matched } => json!({ "Matched": matched }),
            Self::Deliver => json!({}),
            Self::TestEventPattern { result } => json!({ "Result": result }),
            Self::Shape(shape) => shape.clone(),
        }
    }
}

/// A script's call to a bus, parsed. What is wrong with a single entry is found by the bus (EB-3).
///
/// # Errors
/// AWS's errors for a request that is wrong as a whole.
pub fn parse(action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
    match action {
        "PutEvents" => {
            let entries = input.get("Entries").and_then(Value::as_array).ok_or_else(|| {
                ApiError::client("ValidationException", "Value null at 'entries' failed: it must not be null.")
            })?;
            let drafts = entries.iter().map(draft).collect::<Result<Vec<_>, _>>()?;
            Ok((Request::PutEvents, drafts))
        }
        "ListSchemas" => Ok((Request::ListSchemas, Vec::new())),
        "DescribeSchema" => {
            let name = input.get("SchemaName").and_then(Value::as_str).unwrap_or_default().to_owned();
            let version = input.get("SchemaVersion").and_then(whole_number);
            let version = version.and_then(|version| usize::try_from(version).ok());
            Ok((Request::DescribeSchema { name, version }, Vec::new()))
        }
        "TestEventPattern" => Ok((test_event_pattern(input, None)?, Vec::new())),
        _ => {
            let known = ["PutEvents", "TestEventPattern", "ListSchemas", "DescribeSchema"];
            Err(ApiError::unknown_action(action, "An event bus", &known))
        }
    }
}

fn draft(entry: &Value) -> Result<Draft, ApiError> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
    let resources = entry.get("Resources").and_then(Value::as_array).map_or_else(Vec::new, |resources| {
        resources.iter().filter_map(|resource| resource.as_str().map(str::to_owned)).collect()
    });
    let event_time = match entry.get("Time") {
        None => None,
        Some(time) => Some(
            instant_of(time)
                .ok_or_else(|| ApiError::client("ValidationException", "Time must be such as 2026-01-01T00:00:30Z."))?,
        ),
    };
    let meta = Meta {
        source: text("Source"),
        detail_type: text("DetailType"),
        resources,
        event_time,
        event_bus: text("EventBusName"),
        trace_header: text("TraceHeader"),
        ..Meta::default()
    };
    Ok(Draft { body: text("Detail").unwrap_or_default(), meta })
}

/// A script's call to an archive, parsed.
///
/// # Errors
/// AWS's errors for an unknown action and wrong parameters.
pub fn parse_archive_call(action: &str, input: &Value) -> Result<Request, ApiError> {
    const KNOWN: [&str; 5] = ["StartReplay", "DescribeReplay", "CancelReplay", "ListReplays", "DescribeArchive"];
    let invalid = |name: &str| ApiError::client("ValidationException", format!("Parameter {name} is not valid."));
    let name = || match input.get("ReplayName").and_then(Value::as_str) {
        Some(name) if !name.is_empty() && name.len() <= 64 => Ok(name.to_owned()),
        _ => Err(invalid("ReplayName")),
    };
    let time =
        |name: &str| input.get(name).and_then(Value::as_str).and_then(parse_instant).ok_or_else(|| invalid(name));
    match action {
        "StartReplay" => {
            let (from, until) = (time("EventStartTime")?, time("EventEndTime")?);
            if until <= from {
                return Err(invalid("EventEndTime"));
            }
            let rules = input.get("Destination").and_then(|destination| destination.get("FilterArns"));
            let named = rules.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            let rules = named.map(|arn| arn.rsplit('/').next().unwrap_or(arn).to_owned()).collect();
            Ok(Request::StartReplay(Replay { name: name()?, from, until, rules }))
        }
        "DescribeReplay" => Ok(Request::DescribeReplay { name: name()? }),
        "CancelReplay" => Ok(Request::CancelReplay { name: name()? }),
        "ListReplays" => Ok(Request::ListReplays),
        "DescribeArchive" => Ok(Request::DescribeArchive),
        _ => Err(ApiError::unknown_action(action, "An archive", &KNOWN)),
    }
}
