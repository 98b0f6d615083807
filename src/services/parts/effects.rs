//! What a consumer's work does to the world, and whether it does it again: at-least-once delivery asks for an
//! idempotent consumer (SQS-21, X-3).
//!
//! An idempotent consumer keeps a table of keys it has worked through. The key is the message's identity, which a
//! message keeps when its queue delivers it again; or a field of its body, which also finds the same order in two
//! messages. The entry is made together with the effect, as in one transaction.

use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;

use crate::services::{Message, Settings, Token};

/// Keys remembered; the oldest are forgotten first.
const REMEMBERED_MAX: usize = 200_000;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Message(Token),
    Field(String),
}

/// The consumer's properties about it, read.
#[derive(Clone, Debug, Default)]
pub struct Idempotency {
    pub is_on: bool,
    /// The field of the body that is the key: names with dots between them.
    path: Option<String>,
}

impl Idempotency {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let path = settings.text("IdempotencyKey").filter(|path| !path.is_empty());
        Self { is_on: settings.boolean("Idempotent"), path }
    }

    /// A body without the field goes by its identity.
    fn key(&self, message: &Message) -> Key {
        let field = self.path.as_deref().and_then(|path| field_of(&message.body, path));
        field.map_or(Key::Message(message.token), Key::Field)
    }
}

/// The text at a path of a JSON body. A text that is JSON itself, as in SNS's envelope, is looked into.
fn field_of(body: &str, path: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(body).ok()?;
    for part in path.split('.') {
        if let Value::String(text) = &value {
            value = serde_json::from_str(text).ok()?;
        }
        value = value.get(part)?.clone();
    }
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    First,
    /// The same again, for nobody kept it from happening.
    Again,
    /// The table had the key: nothing happened.
    Skipped,
}

#[derive(Clone, Debug, Default)]
pub struct Effects {
    seen: BTreeSet<Key>,
    order: VecDeque<Key>,
    pub made: u64,
    pub duplicates: u64,
    pub skipped: u64,
}

impl Effects {
    pub fn make(&mut self, message: &Message, idempotency: &Idempotency) -> Effect {
        let key = idempotency.key(message);
        if self.seen.contains(&key) {
            if idempotency.is_on {
                self.skipped += 1;
                return Effect::Skipped;
            }
            self.made += 1;
            self.duplicates += 1;
            return Effect::Again;
        }
        self.seen.insert(key.clone());
        self.order.push_back(key);
        if self.order.len() > REMEMBERED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        self.made += 1;
        Effect::First
    }

    /// Entries of the table.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.seen.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_in_a_body_and_in_a_notification() {
        assert_eq!(field_of(r#"{"order":7}"#, "order").as_deref(), Some("7"));
        assert_eq!(field_of(r#"{"a":{"b":"x"}}"#, "a.b").as_deref(), Some("x"));
        assert_eq!(field_of(r#"{"Message":"{\"order\":7}"}"#, "Message.order").as_deref(), Some("7"));
        for absent in ["{}", "text", r#"{"order":null}"#] {
            assert_eq!(field_of(absent, "order"), None, "{absent}");
        }
    }

    #[test]
    fn a_table_skips_what_it_has_and_without_one_it_happens_again() {
        let message = |token: Token, body: &str| Message {
            token,
            origin: token,
            body: body.into(),
            meta: None,
            born: 0,
            lineage: token,
            hue: 0,
            hops: 0,
            kept: false,
            poisoned: false,
        };
        let by_order = |is_on| Idempotency { is_on, path: Some("order".to_owned()) };
        let mut effects = Effects::default();
        assert_eq!(effects.make(&message(1, r#"{"order":7}"#), &by_order(true)), Effect::First);
        assert_eq!(effects.make(&message(2, r#"{"order":7}"#), &by_order(true)), Effect::Skipped);
        assert_eq!(effects.make(&message(2, r#"{"order":7}"#), &by_order(false)), Effect::Again);
        assert_eq!(effects.make(&message(3, "text"), &Idempotency::default()), Effect::First);
        assert_eq!((effects.made, effects.duplicates, effects.skipped, effects.keys()), (3, 1, 1, 2));
    }
}
