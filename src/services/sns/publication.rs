//! A message as it was published: its identity, its place in the order, and its text for each protocol (SNS-7).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::protocol::Protocol;
use crate::engine::Micros;
use crate::services::{Message, Token};

#[derive(Clone, Debug)]
pub struct Publication<'a> {
    pub message: &'a Message,
    /// The message whose id it has: a replayed copy keeps that of the first.
    pub id: Token,
    /// Of a FIFO topic.
    pub sequence: Option<u64>,
    pub at: Micros,
    pub replayed: bool,
    /// Of a `MessageStructure` `json`.
    texts: Option<Map<String, Value>>,
}

impl<'a> Publication<'a> {
    #[must_use]
    pub fn new(message: &'a Message, sequence: Option<u64>, at: Micros) -> Self {
        let structured = message.meta.as_deref().is_some_and(|meta| meta.per_protocol);
        let texts = structured.then(|| texts(&message.body).ok()).flatten();
        Self { message, id: message.token, sequence, at, replayed: false, texts }
    }

    /// Whether all subscribers get the same text.
    #[must_use]
    pub fn is_uniform(&self) -> bool {
        self.texts.is_none()
    }

    #[must_use]
    pub fn text(&self, protocol: Protocol) -> Arc<str> {
        let Some(texts) = &self.texts else { return Arc::clone(&self.message.body) };
        let own = texts.get(protocol.name()).and_then(Value::as_str);
        Arc::from(own.or_else(|| texts.get("default").and_then(Value::as_str)).unwrap_or_default())
    }

    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.message.message_group_id()
    }

    /// What a FIFO queue tells duplicates by: the publisher's id, else the hash of the body.
    #[must_use]
    pub fn deduplication_id(&self) -> Option<String> {
        let is_given = self.message.meta.as_deref().is_some_and(|meta| meta.deduplication_id.is_some());
        (is_given || self.sequence.is_some()).then(|| self.message.deduplication_id())
    }
}

/// The texts of a `MessageStructure` `json`.
///
/// # Errors
/// AWS's sentence about what is wrong.
pub fn texts(body: &str) -> Result<Map<String, Value>, &'static str> {
    let Ok(Value::Object(texts)) = serde_json::from_str(body) else {
        return Err("Message Structure - JSON message body failed to parse");
    };
    if !texts.get("default").is_some_and(Value::is_string) {
        return Err("Message Structure - No default entry in JSON message body");
    }
    Ok(texts)
}
