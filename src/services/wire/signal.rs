//! What travels between actors: calls of an API and their answers.

use serde_json::{Value, json};

use super::message::Message;
use crate::engine::{ActorId, LinkId};
use crate::services::{Request, Response};

/// An error in AWS's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// AWS's `Code`.
    pub code: &'static str,
    pub message: String,
    /// Whether the fault lies with the service (5xx, throttling): then a retry makes sense (SNS-14).
    pub retryable: bool,
    /// Seconds that an endpoint asks to be left alone; below zero, for ever (EB-17).
    pub retry_after: Option<i64>,
}

impl ApiError {
    #[must_use]
    pub fn client(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: false, retry_after: None }
    }

    #[must_use]
    pub fn server(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: true, retry_after: None }
    }

    #[must_use]
    pub fn unknown_action(action: &str, kind: &str, known: &[&str]) -> Self {
        Self::client("InvalidAction", format!("{kind} has no action {action}; known here: {}.", known.join(", ")))
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "Code": self.code, "Message": self.message })
    }
}

/// Whom to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    pub actor: ActorId,
    /// The caller's own number for the call.
    pub call: u64,
    pub link: LinkId,
}

/// A call under way, with the messages it carries (which it owns until they are accepted).
#[derive(Clone, Debug)]
pub struct Call {
    pub caller: Caller,
    pub request: Request,
    pub messages: Vec<Message>,
}

/// An answer under way. `messages` are those of the call that were not accepted: they travel back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub call: u64,
    pub result: Result<Response, ApiError>,
    pub messages: Vec<Message>,
}

#[derive(Clone, Debug)]
pub enum Signal {
    Call(Box<Call>),
    Answer(Box<Answer>),
}

impl Signal {
    /// The messages that are in this signal and nowhere else.
    #[must_use]
    pub fn cargo(&self) -> &[Message] {
        match self {
            Self::Call(call) => &call.messages,
            Self::Answer(answer) => &answer.messages,
        }
    }

    /// The messages a person sees travelling: the cargo, or what an answer shows of stored ones.
    pub fn visible(&self) -> impl Iterator<Item = &Message> {
        self.visible_parts().into_iter().flatten()
    }

    /// The cargo, and what an answer shows of stored ones.
    #[must_use]
    pub fn visible_parts(&self) -> [&[Message]; 2] {
        let shown: &[Message] = match self {
            Self::Answer(answer) => match &answer.result {
                Ok(response) => response.shown(),
                Err(_) => &[],
            },
            Self::Call(_) => &[],
        };
        [self.cargo(), shown]
    }
}
