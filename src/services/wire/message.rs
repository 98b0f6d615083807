//! A message and its identity: every copy is one [`Token`], in one place at any instant.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::engine::Micros;
use crate::lang::event_pattern::Pattern;
use crate::lang::hex::hex_text;

/// Identity of one copy of a message, unique in a run and never used again.
pub type Token = u64;

/// `m0007`: how a token is written in traces and on the canvas.
#[must_use]
pub fn token_text(token: Token) -> String {
    format!("m{token:04}")
}

/// A message attribute as SQS and SNS know it. `data_type` is `String`, `Number`, `Binary` or `String.Array`,
/// perhaps with a `.label`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub name: String,
    pub data_type: String,
    pub value: String,
}

/// What a message may carry beside its body; absent for most, so it is boxed away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    pub attributes: Vec<Attribute>,
    pub subject: Option<String>,
    /// SNS's `MessageStructure` `json`: the body holds a text for each protocol.
    pub per_protocol: bool,
    pub partition_key: Option<String>,
    pub explicit_hash_key: Option<u128>,
    pub message_group_id: Option<String>,
    pub deduplication_id: Option<String>,
    pub delay_seconds: Option<u32>,
    /// SQS's system attribute `AWSTraceHeader`.
    pub trace_header: Option<String>,
    /// EventBridge.
    pub source: Option<String>,
    pub detail_type: Option<String>,
    pub resources: Vec<String>,
    /// The `Time` that an entry of `PutEvents` names, and the bus it is for.
    pub event_time: Option<Micros>,
    pub event_bus: Option<String>,
    /// When a bus took the event.
    pub ingested: Option<Micros>,
}

/// One copy of a message. Cloning it does not make another copy: [`super::door::Door::copy`] does.
#[derive(Clone, Debug)]
pub struct Message {
    pub token: Token,
    /// The copy it was made from; itself for one produced anew.
    pub origin: Token,
    pub body: Arc<str>,
    pub meta: Option<Arc<Meta>>,
    /// When the first copy was produced.
    pub born: Micros,
    /// The message that a source made, and that this came of.
    pub lineage: Token,
    /// Which of the eight message colours it has.
    pub hue: u8,
    /// Links its lineage has passed; see `limits::LINEAGE_HOPS_MAX`.
    pub hops: u16,
    /// It stays in its stream: whoever reads it looks at it, and its life goes on there.
    pub kept: bool,
    /// A fault made it unprocessable for ever.
    pub poisoned: bool,
}

impl Message {
    /// Why work on it is sure to fail: a fault has poisoned it, or its consumer's `FailWhen` matches its body.
    #[must_use]
    pub fn sure_failure(&self, fail_when: Option<&Pattern>) -> Option<&'static str> {
        if self.poisoned {
            return Some("poisoned");
        }
        let matches =
            |pattern: &Pattern| serde_json::from_str::<Value>(&self.body).is_ok_and(|body| pattern.matches(&body));
        fail_when.is_some_and(matches).then_some("FailWhen matches")
    }

    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        self.meta.as_deref().map_or(&[], |meta| &meta.attributes)
    }

    /// Bytes of body and attributes (names, types, values): what SQS and SNS count (SQS-3).
    #[must_use]
    pub fn size(&self) -> usize {
        let attributes = self.attributes().iter();
        self.body.len() + attributes.map(|a| a.name.len() + a.data_type.len() + a.value.len()).sum::<usize>()
    }

    #[must_use]
    pub fn message_group_id(&self) -> Option<&str> {
        self.meta.as_deref().and_then(|meta| meta.message_group_id.as_deref())
    }

    /// What FIFO queues and topics know it by: its own id, else the SHA-256 of the body alone, which is the id of
    /// content-based deduplication (SQS-27, SNS-24).
    #[must_use]
    pub fn deduplication_id(&self) -> String {
        let own = self.meta.as_deref().and_then(|meta| meta.deduplication_id.clone());
        own.unwrap_or_else(|| content_id(&self.body))
    }

    /// The partition key, or the whole identity when it has none: then records spread evenly.
    #[must_use]
    pub fn partition_key(&self) -> Cow<'_, str> {
        let key = self.meta.as_deref().and_then(|meta| meta.partition_key.as_deref());
        key.map_or_else(|| token_text(self.origin).into(), Cow::Borrowed)
    }
}

fn content_id(body: &str) -> String {
    use sha2::{Digest, Sha256};
    hex_text(&Sha256::digest(body.as_bytes()))
}

/// A hash of a text that is the same everywhere.
pub(in crate::services) fn fnv_1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The colour of a key: stable, spread over the eight message hues.
#[must_use]
pub fn hue_of(key: &str) -> u8 {
    let hash = fnv_1a(key);
    ((hash ^ hash >> 15) % 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_its_hash() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(content_id("abc"), abc);
    }
}
