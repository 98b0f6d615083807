//! The queue's API in AWS's shapes: the only file of this folder another service may import.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::message_attributes;
use crate::lang::hex::{hex_text, id_text, push_hex};
use crate::services::{self, ApiError, Attribute, EntryIds, Message, Meta, Page, Token, batch_json};

/// Names one receive of one message. Its text form is what AWS calls the receipt handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Receipt {
    pub slot: u32,
    pub generation: u32,
    /// Which receive of the message it was.
    pub receive: u32,
}

impl Receipt {
    #[must_use]
    pub fn to_text(self) -> String {
        let mut text = String::with_capacity(28);
        text.push_str("AQEB");
        [self.slot, self.generation, self.receive].iter().for_each(|part| push_hex(&mut text, &part.to_be_bytes()));
        text
    }

    /// # Errors
    /// `ReceiptHandleIsInvalid` for anything that is not a handle (SQS-18).
    pub fn from_text(text: &str) -> Result<Self, ApiError> {
        let invalid =
            || ApiError::client("ReceiptHandleIsInvalid", format!("The input receipt handle \"{text}\" is not valid."));
        let digits =
            text.strip_prefix("AQEB").filter(|rest| rest.len() == 24 && rest.is_ascii()).ok_or_else(invalid)?;
        let part = |from: usize| u32::from_str_radix(&digits[from..from + 8], 16).map_err(|_| invalid());
        Ok(Self { slot: part(0)?, generation: part(8)?, receive: part(16)? })
    }
}

#[derive(Clone, Debug)]
pub enum Request {
    SendMessage,
    /// An entry that cannot be read fails by itself, at its place; the others bring their messages.
    SendMessageBatch {
        ids: EntryIds,
        wrong: Vec<(usize, ApiError)>,
    },
    ReceiveMessage {
        max: u64,
        wait_seconds: Option<u64>,
        visibility_timeout: Option<u64>,
    },
    /// With the parameters that only a script names.
    ReceiveMessageInFull {
        max: u64,
        wait_seconds: Option<u64>,
        visibility_timeout: Option<u64>,
        attempt_id: Option<String>,
        asked: Option<Arc<Asked>>,
    },
    DeleteMessage {
        receipt: Receipt,
    },
    /// An entry whose handle is none fails by itself.
    DeleteMessageBatch {
        ids: EntryIds,
        receipts: Vec<Result<Receipt, ApiError>>,
    },
    ChangeMessageVisibility {
        receipt: Receipt,
        visibility_timeout: u64,
    },
    ChangeMessageVisibilityBatch {
        ids: EntryIds,
        entries: Vec<Result<(Receipt, u64), ApiError>>,
    },
    PurgeQueue,
    DeleteQueue,
    /// All, for a service that looks at the queue it polls.
    GetQueueAttributes,
    /// The attributes named alone: none without a name.
    GetSomeQueueAttributes {
        names: Vec<String>,
    },
    SetQueueAttributes {
        attributes: Map<String, Value>,
    },
    GetQueueUrl {
        name: String,
    },
    ListDeadLetterSourceQueues {
        page: Page,
    },
    StartMessageMoveTask {
        source: Option<String>,
        destination: Option<String>,
        per_second: Option<u64>,
    },
    ListMessageMoveTasks {
        max: usize,
    },
    CancelMessageMoveTask {
        handle: String,
    },
    /// Not an API action: a queue hands a message to its dead-letter queue. `sent` is when it was first sent,
    /// `receives` how often it was received and `first_received` when (all stay: SQS-39, SQS-15).
    Redrive {
        sent: u64,
        receives: u32,
        first_received: u64,
    },
    /// Not an API action: a move task hands over a message, which begins anew (SQS-41).
    Move,
}

/// What a receive asks to be returned beside the bodies (SQS-15).
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub system: Vec<String>,
    pub message: Vec<String>,
}

const NONE_ASKED: Asked = Asked { system: Vec::new(), message: Vec::new() };

#[derive(Clone, Debug)]
pub struct Received {
    pub message: Message,
    pub receipt: Receipt,
    pub receive_count: u32,
    /// When it was sent, in microseconds.
    pub sent: u64,
    pub first_received: u64,
    /// Of a FIFO queue: its order there, which its sequence number follows.
    pub order: Option<u64>,
    /// The queue that dead-lettered it.
    pub source: Option<Arc<str>>,
}

/// What a send is answered with: ids and digests are made of it when somebody reads them.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The message that is stored: of a duplicate the one that was sent before.
    pub token: Token,
    pub body: Arc<str>,
    pub meta: Option<Arc<Meta>>,
    pub order: Option<u64>,
}

#[derive(Clone, Debug)]
pub enum Response {
    SendMessage(Sent),
    SendMessageBatch {
        ids: EntryIds,
        sent: Vec<Result<Sent, ApiError>>,
    },
    ReceiveMessage {
        received: Vec<Received>,
        shown: Vec<Message>,
        asked: Option<Arc<Asked>>,
    },
    Done,
    DeleteMessageBatch {
        ids: EntryIds,
        deleted: Vec<Result<(), ApiError>>,
    },
    ChangeMessageVisibilityBatch {
        ids: EntryIds,
        changed: Vec<Result<(), ApiError>>,
    },
    Attributes(Map<String, Value>),
    /// An answer that only a script reads, in AWS's shape.
    Shape(Value),
}

impl Response {
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        if let Self::ReceiveMessage { shown, .. } = self { shown } else { &[] }
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::SendMessage(sent) => sent.to_json(),
            Self::SendMessageBatch { ids, sent } => batch_json(ids, sent, Sent::to_json),
            Self::ReceiveMessage { received, .. } if received.is_empty() => json!({}),
            Self::ReceiveMessage { received, asked, .. } => {
                let messages: Vec<Value> =
                    received.iter().map(|one| one.to_json(asked.as_deref().unwrap_or(&NONE_ASKED))).collect();
                json!({ "Messages": messages })
            }
            Self::Done => json!({}),
            Self::DeleteMessageBatch { ids, deleted: done }
            | Self::ChangeMessageVisibilityBatch { ids, changed: done } => batch_json(ids, done, |()| json!({})),
            Self::Attributes(attributes) if attributes.is_empty() => json!({}),
            Self::Attributes(attributes) => json!({ "Attributes": attributes }),
            Self::Shape(shape) => shape.clone(),
        }
    }
}

impl Sent {
    fn to_json(&self) -> Value {
        let mut json =
            json!({ "MessageId": message_id_of(self.token), "MD5OfMessageBody": md5_hex(self.body.as_bytes()) });
        let attributes = self.meta.as_deref().map_or(&[][..], |meta| &meta.attributes);
        if !attributes.is_empty() {
            json["MD5OfMessageAttributes"] = message_attributes::md5(attributes.iter()).into();
        }
        if let Some(order) = self.order {
            json["SequenceNumber"] = sequence_number(order).into();
        }
        json
    }
}

impl Received {
    /// With those attributes alone that the receive named (SQS-15).
    fn to_json(&self, asked: &Asked) -> Value {
        let mut json = json!({
            "MessageId": message_id(&self.message),
            "ReceiptHandle": self.receipt.to_text(),
            "MD5OfBody": md5_hex(self.message.body.as_bytes()),
            "Body": &*self.message.body,
        });
        let mut system = self.system_attributes();
        system.retain(|name, _| asked.system.iter().any(|other| other == "All" || other == name));
        if !system.is_empty() {
            json["Attributes"] = Value::Object(system);
        }
        let is_asked = |a: &&Attribute| asked.message.iter().any(|other| names_attribute(other, &a.name));
        let attributes: Vec<&Attribute> = self.message.attributes().iter().filter(is_asked).collect();
        if !attributes.is_empty() {
            json["MD5OfMessageAttributes"] = message_attributes::md5(attributes.iter().copied()).into();
            json["MessageAttributes"] =
                attributes.iter().map(|a| (a.name.clone(), message_attributes::to_json(a))).collect();
        }
        json
    }

    /// SQS-15.
    pub(super) fn system_attributes(&self) -> Map<String, Value> {
        let meta = self.message.meta.as_deref();
        let text = |name: &str, value: Option<String>| Some((name.to_owned(), Value::String(value?)));
        let fifo = |value: &dyn Fn(u64) -> Option<String>| self.order.and_then(value);
        let pairs = [
            text("SenderId", Some(SENDER_ID.to_owned())),
            text("ApproximateReceiveCount", Some(self.receive_count.to_string())),
            text("SentTimestamp", Some((self.sent / 1_000).to_string())),
            text("ApproximateFirstReceiveTimestamp", Some((self.first_received / 1_000).to_string())),
            text("MessageGroupId", meta.and_then(|meta| meta.message_group_id.clone())),
            text("MessageDeduplicationId", fifo(&|_| Some(self.message.deduplication_id()))),
            text("SequenceNumber", fifo(&|order| Some(sequence_number(order)))),
            text("AWSTraceHeader", meta.and_then(|meta| meta.trace_header.clone())),
            text("DeadLetterQueueSourceArn", self.source.as_deref().map(str::to_owned)),
        ];
        pairs.into_iter().flatten().collect()
    }
}

/// The account that every caller here is of.
const SENDER_ID: &str = crate::services::parts::arns::ACCOUNT;

/// `All`, `*`, `.*`, a name, or the beginning of one as `name.*`; of the beginning the dot is no part.
fn names_attribute(asked: &str, name: &str) -> bool {
    asked == "All"
        || asked == "*"
        || asked == name
        || asked.strip_suffix(".*").is_some_and(|start| name.starts_with(start))
}

/// Twenty digits that grow from message to message, with gaps (SQS-12).
#[must_use]
pub fn sequence_number(order: u64) -> String {
    let gap = order.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
    (18_850_000_000_000_000_000_u128 + u128::from(order) * 256 + u128::from(gap)).to_string()
}

/// The id SQS gives a message. A dead-lettered message keeps it (SQS-38), so it follows the token.
#[must_use]
pub fn message_id(message: &Message) -> String {
    message_id_of(message.token)
}

fn message_id_of(token: Token) -> String {
    let mixed = (u128::from(token) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    id_text(mixed, '4', 'a')
}

#[must_use]
pub fn md5_hex(bytes: &[u8]) -> String {
    use md5::{Digest, Md5};
    hex_text(&Md5::digest(bytes))
}

/// The call that hands so many messages to a queue.
pub fn push(count: usize) -> Option<services::Request> {
    Some(match count {
        1 => Request::SendMessage.into(),
        _ => Request::SendMessageBatch { ids: EntryIds::default(), wrong: Vec::new() }.into(),
    })
}
