//! EventBridge's API in AWS's shapes, and what else another service may use of this folder.

use serde_json::{Value, json};

use crate::services::{ApiError, Draft, Message, Meta};

pub use super::deliveries::{Deliveries, Delivery, Outcome};
pub use super::pattern_text::{cut, one_line};

#[derive(Clone, Debug)]
pub enum Request {
    /// The messages' bodies are the entries' details.
    PutEvents,
    /// Not an API action: a bus shows a rule an event, in its envelope.
    Match,
    /// Not an API action: a rule hands an event to another bus, in the envelope it has.
    Deliver,
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
}

impl Request {
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        &[]
    }
}

impl Response {
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
        _ => Err(ApiError::unknown_action(action, "An event bus", &["PutEvents"])),
    }
}

fn draft(entry: &Value) -> Result<Draft, ApiError> {
    for absent in ["Time", "TraceHeader"] {
        if entry.get(absent).is_some() {
            let text = format!("{absent} is not modelled: an event carries the time at which the bus took it.");
            return Err(ApiError::client("UnsupportedOperation", text));
        }
    }
    let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
    let resources = entry.get("Resources").and_then(Value::as_array).map_or_else(Vec::new, |resources| {
        resources.iter().filter_map(|resource| resource.as_str().map(str::to_owned)).collect()
    });
    let meta = Meta { source: text("Source"), detail_type: text("DetailType"), resources, ..Meta::default() };
    Ok(Draft { body: text("Detail").unwrap_or_default(), meta })
}
