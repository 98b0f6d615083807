//! The topic's API in AWS's shapes: the only file of this folder another service may import.

use serde_json::{Map, Value, json};

use crate::lang::hex::id_text;
use crate::services::{self, ApiError, EntryIds, Message, Page, Token, batch_json};

pub use super::parsing::parse;

#[derive(Clone, Debug)]
pub enum Request {
    Publish,
    PublishBatch {
        ids: EntryIds,
    },
    Subscribe {
        protocol: String,
        endpoint: String,
        /// In the scene's shapes: policies as objects.
        attributes: Map<String, Value>,
        return_arn: bool,
    },
    ConfirmSubscription {
        token: String,
    },
    Unsubscribe {
        subscription: String,
    },
    GetSubscriptionAttributes {
        subscription: String,
    },
    SetSubscriptionAttributes {
        subscription: String,
        name: String,
        /// `None` takes the attribute away.
        value: Option<Value>,
    },
    GetTopicAttributes,
    SetTopicAttributes {
        name: String,
        value: Option<Value>,
    },
    ListSubscriptionsByTopic {
        page: Page,
    },
    DeleteTopic,
}

/// What a publish is answered: the message's id, and its place in the order of a FIFO topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    pub message: Token,
    pub sequence: Option<u64>,
}

#[derive(Clone, Debug)]
pub enum Response {
    Publish(Published),
    PublishBatch {
        ids: EntryIds,
        results: Vec<Result<Published, ApiError>>,
    },
    Subscription {
        arn: String,
    },
    /// A page of subscriptions, in AWS's shape.
    Subscriptions(Value),
    Attributes(Map<String, Value>),
    Done,
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
            Self::Publish(published) => published.json(),
            Self::PublishBatch { ids, results } => batch_json(ids, results, Published::json),
            Self::Subscription { arn } => json!({ "SubscriptionArn": arn }),
            Self::Subscriptions(page) => page.clone(),
            Self::Attributes(attributes) => json!({ "Attributes": attributes }),
            Self::Done => json!({}),
        }
    }
}

impl Published {
    fn json(&self) -> Value {
        let mut json = json!({ "MessageId": message_id_of(self.message) });
        if let Some(sequence) = self.sequence {
            json["SequenceNumber"] = sequence_text(sequence).into();
        }
        json
    }
}

/// The id SNS gives a message, by its token. The copies it makes have ids of their own in SQS (SNS-12).
#[must_use]
pub fn message_id_of(token: Token) -> String {
    let mixed = (u128::from(token) + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9_94d0_49bb_1331_11eb);
    id_text(mixed, '5', '8')
}

/// Twenty digits (SNS-25).
#[must_use]
pub fn sequence_text(sequence: u64) -> String {
    format!("{}", 10_000_000_000_000_000_000_u64.saturating_add(sequence))
}

/// A topic's ARN by its node's id; the name of a FIFO topic ends in `.fifo` (SNS-2).
#[must_use]
pub fn topic_arn(name: &str, fifo: bool) -> String {
    let suffix = if fifo && !name.ends_with(".fifo") { ".fifo" } else { "" };
    format!("arn:aws:sns:us-east-1:000000000000:{name}{suffix}")
}

/// The call that hands so many messages to a topic.
pub fn push(count: usize) -> Option<services::Request> {
    Some(if count == 1 { Request::Publish.into() } else { Request::PublishBatch { ids: EntryIds::default() }.into() })
}
