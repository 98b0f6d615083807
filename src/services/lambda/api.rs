//! The function's API in AWS's shapes: the only file of this folder another service may import.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::services::{ApiError, Draft, Message, Meta, json_or_text};

/// Both bring their payloads as messages.
#[derive(Clone, Debug)]
pub enum Request {
    /// `Invoke` with `InvocationType` `RequestResponse`: answered when the function has ended. Who brings a list of events, as
    /// a pipe does, gets one answer to all of them.
    Invoke { is_list: bool },
    /// `Invoke` with `InvocationType` `Event`: answered at once.
    InvokeEvent,
}

#[derive(Clone, Debug)]
pub enum Response {
    /// With what the function returned, or with the error that it raised.
    Invoke {
        payload: Arc<str>,
        is_error: bool,
    },
    Accepted,
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
            Self::Invoke { payload, is_error } => {
                let payload = json_or_text(payload);
                if *is_error {
                    return json!({ "StatusCode": 200, "FunctionError": "Unhandled", "Payload": payload });
                }
                json!({ "StatusCode": 200, "Payload": payload })
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
        None | Some(Some("RequestResponse")) => Request::Invoke { is_list: false },
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
