//! `TestEventPattern`: whether an event would match a pattern (EB-7). The call is the account's; here a bus takes it, and a
//! rule, whose own pattern it is unless another is given.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html>

use serde_json::Value;

use super::api::{Request, Response};
use crate::lang::event_pattern::{Dialect, Pattern};
use crate::services::ApiError;

/// # Errors
/// `ValidationException` for an event that is none, `InvalidEventPatternException` for such a pattern.
#[inline(never)] // second part
pub fn test_event_pattern(input: &Value, own: Option<Value>) -> Result<Request, ApiError> {
    let wrong = |text: &str| ApiError::client("ValidationException", text);
    let event = match input.get("Event") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        given => given.cloned().unwrap_or_default(),
    };
    if !event.is_object() {
        return Err(wrong("Parameter Event is not valid."));
    }
    let missing = "1 validation error detected: Value null at 'eventPattern' failed to satisfy constraint: Member must \
                   not be null";
    let given = input.get("EventPattern").cloned().or(own).ok_or_else(|| wrong(missing))?;
    let pattern = match &given {
        Value::String(text) => Pattern::parse(text, Dialect::EventBridge),
        pattern => Pattern::from_value(pattern, Dialect::EventBridge),
    };
    let pattern = pattern.map_err(|error| ApiError::client("InvalidEventPatternException", error.message))?;
    Ok(Request::Tell(Ok(Response::TestEventPattern { result: pattern.matches(&event) })))
}
