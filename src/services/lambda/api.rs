//! The function's API in AWS's shapes: the only file of this folder another service may import.

use serde_json::{Value, json};

use crate::services::{ApiError, Draft, Meta};

/// Both bring their payloads as messages.
#[derive(Clone, Debug)]
pub enum Request {
    /// `Invoke` with `InvocationType` `RequestResponse`: answered when the function has ended.
    Invoke,
    /// `Invoke` with `InvocationType` `Event`: answered at once.
    InvokeEvent,
}

#[derive(Clone, Debug)]
pub enum Response {
    /// With what went wrong in the function, if anything did.
    Invoke {
        function_error: Option<String>,
    },
    Accepted,
}

impl Response {
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Invoke { function_error: None } => json!({ "StatusCode": 200, "Payload": null }),
            Self::Invoke { function_error: Some(text) } => {
                json!({ "StatusCode": 200, "FunctionError": "Unhandled", "Payload": { "errorMessage": text } })
            }
            Self::Accepted => json!({ "StatusCode": 202 }),
        }
    }
}

/// A script's call, parsed. `FunctionName` is ignored: the call names its node.
///
/// # Errors
/// AWS's errors for an unknown action and wrong parameters.
pub fn parse(action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
    if action != "Invoke" {
        return Err(ApiError::unknown_action(action, "A Lambda function", &["Invoke"]));
    }
    let request = match input.get("InvocationType").map(Value::as_str) {
        None | Some(Some("RequestResponse")) => Request::Invoke,
        Some(Some("Event")) => Request::InvokeEvent,
        Some(_) => {
            let text = "InvocationType must be RequestResponse or Event.";
            return Err(ApiError::client("InvalidParameterValueException", text));
        }
    };
    let body = match input.get("Payload") {
        None => "{}".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(payload) => payload.to_string(),
    };
    Ok((request, vec![Draft { body, meta: Meta::default() }]))
}
