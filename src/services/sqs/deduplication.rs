//! Deduplication in a FIFO queue: a message sent again within five minutes is accepted and not stored (SQS-27).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::engine::{Micros, seconds};
use crate::services::{Message, Token};

/// From the first send that was accepted; at its very end a message is new.
pub const WINDOW: Micros = seconds(300);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    #[default]
    Queue,
    MessageGroup,
}

/// The message that was stored.
#[derive(Clone, Debug)]
pub struct Original {
    pub token: Token,
    pub message_id: String,
    pub order: u64,
    pub hue: u8,
}

#[derive(Clone, Debug, Default)]
pub struct Deduplication {
    /// As the queue was created: a change of the attribute changes nothing (SQS-27, observed).
    scope: Scope,
    sent: BTreeMap<Arc<str>, Original>,
    window: VecDeque<(Micros, Arc<str>)>,
}

impl Deduplication {
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        Self { scope, ..Self::default() }
    }

    /// What an id is compared as.
    #[must_use]
    pub fn key(&self, group: &str, id: String) -> String {
        match self.scope {
            Scope::Queue => id,
            Scope::MessageGroup => format!("{group}\u{1f}{id}"),
        }
    }

    pub fn find(&mut self, key: &str, now: Micros) -> Option<&Original> {
        while let Some((_, key)) = self.window.front().filter(|(at, _)| at + WINDOW <= now) {
            self.sent.remove(key);
            self.window.pop_front();
        }
        self.sent.get(key)
    }

    pub fn remember(&mut self, key: String, original: Original, now: Micros) {
        let key: Arc<str> = Arc::from(key);
        self.window.push_back((now, Arc::clone(&key)));
        self.sent.insert(key, original);
    }

    /// A purge forgets them too (SQS-7).
    pub fn clear(&mut self) {
        self.sent.clear();
        self.window.clear();
    }

    /// What is remembered at `now`, the latest first: its colour and the part of the window still left.
    pub fn remembered(&self, now: Micros) -> impl Iterator<Item = (u8, f32)> + '_ {
        let latest = self.window.iter().rev().take_while(move |(at, _)| at + WINDOW > now);
        latest.filter_map(move |(at, key)| {
            let left = (at + WINDOW - now) as f32 / WINDOW as f32;
            Some((self.sent.get(key)?.hue, left))
        })
    }
}

/// The id of content-based deduplication: SHA-256 of the body alone.
#[must_use]
pub fn content_id(message: &Message) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(message.body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
