//! What travels between actors: calls of an API and their answers, and what is pushed on connections.

use serde_json::{Value, json};

use super::connection::{Acknowledgement, ConnectionId, Push};
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

/// An answer under way, or the end of the time in which one was awaited.
#[derive(Clone, Debug)]
pub struct Answer {
    pub call: u64,
    pub result: Result<Response, ApiError>,
    /// Those of the call that were not accepted: they travel back.
    pub messages: Vec<Message>,
    /// What the other side answers in words of its own: a function's result, an endpoint's body. It ends where it arrives.
    pub reply: Option<Message>,
    /// The call was for a connection, which now stands.
    pub connection: Option<ConnectionId>,
}

impl Answer {
    #[must_use]
    pub fn of(call: u64, result: Result<Response, ApiError>, messages: Vec<Message>) -> Self {
        Self { call, result, messages, reply: None, connection: None }
    }

    /// What was answered in words; empty where nothing was.
    #[must_use]
    pub fn body(&self) -> &str {
        self.reply.as_ref().map_or("", |reply| &reply.body)
    }
}

#[derive(Clone, Debug)]
pub enum Signal {
    Call(Box<Call>),
    Answer(Box<Answer>),
    Push(Box<Push>),
    Acknowledgement(Box<Acknowledgement>),
    /// The other end of a connection has closed it, or is gone.
    Closed {
        connection: ConnectionId,
        why: &'static str,
    },
}

impl Signal {
    /// The messages that are in this signal and nowhere else.
    #[must_use]
    pub fn cargo(&self) -> [&[Message]; 2] {
        match self {
            Self::Call(call) => [&call.messages, &[]],
            Self::Answer(answer) => [&answer.messages, answer.reply.as_slice()],
            Self::Push(push) => [&push.messages, &[]],
            Self::Acknowledgement(acknowledgement) => [&acknowledgement.messages, &[]],
            Self::Closed { .. } => [&[], &[]],
        }
    }

    /// The messages a person sees travelling: the cargo, or what an answer shows of stored ones.
    pub fn visible(&self) -> impl Iterator<Item = &Message> {
        self.visible_parts().into_iter().flatten()
    }

    /// The cargo, and what is shown of stored ones.
    #[must_use]
    pub fn visible_parts(&self) -> [&[Message]; 3] {
        let shown: &[Message] = match self {
            Self::Answer(answer) => answer.result.as_ref().map(Response::shown).unwrap_or_default(),
            Self::Push(push) => push.event.shown(),
            Self::Call(_) | Self::Acknowledgement(_) | Self::Closed { .. } => &[],
        };
        let [own, reply] = self.cargo();
        [own, reply, shown]
    }
}
