//! The one call of an HTTP/S endpoint: a POST of a message.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::services::{Message, json_or_text};

/// The header by which SNS says what it sends (SNS-10).
pub const MESSAGE_TYPE: &str = "x-amz-sns-message-type";
/// What stands there when an endpoint is asked to confirm its subscription.
pub const CONFIRMATION: &str = "SubscriptionConfirmation";
/// The error of an endpoint that answers 429.
pub const THROTTLED: &str = "TooManyRequests";
/// Those of 401, 407 and 409.
pub const UNAUTHORIZED: &str = "Unauthorized";
pub const PROXY_AUTHENTICATION: &str = "ProxyAuthenticationRequired";
pub const CONFLICT: &str = "Conflict";

#[derive(Clone, Debug)]
pub enum Request {
    Post,
    /// A POST of SNS.
    Notify {
        headers: Vec<(&'static str, String)>,
    },
    /// A call of an API destination.
    Invoke {
        method: String,
        headers: Vec<(String, String)>,
    },
    /// Not HTTP: what the endpoint got last.
    GetLastRequest,
}

#[derive(Clone, Debug)]
pub enum Response {
    Answer { status: u16, headers: Vec<(String, String)>, body: Arc<str> },
    LastRequest(Value),
}

impl Response {
    /// None: no message stays behind that it shows.
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        &[]
    }

    /// Without headers or a body.
    #[must_use]
    pub fn of(status: u16) -> Self {
        Self::Answer { status, headers: Vec::new(), body: Arc::from("") }
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Answer { status, headers, body } => {
                let mut json = json!({ "StatusCode": status });
                if !headers.is_empty() {
                    json["Headers"] = headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
                }
                if !body.is_empty() {
                    json["Body"] = json_or_text(body);
                }
                json
            }
            Self::LastRequest(request) => request.clone(),
        }
    }
}
