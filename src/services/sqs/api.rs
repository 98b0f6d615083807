//! The queue's API in AWS's shapes: the only file of this folder another service may import.

use serde_json::{Map, Value, json};

use crate::services::{ApiError, Attribute, Draft, EntryIds, Message, Meta, batch_json, whole_number};

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
        format!("AQEB{:08x}{:08x}{:08x}", self.slot, self.generation, self.receive)
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
    SendMessageBatch {
        ids: EntryIds,
    },
    ReceiveMessage {
        max: u64,
        wait_seconds: Option<u64>,
        visibility_timeout: Option<u64>,
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
    PurgeQueue,
    GetQueueAttributes,
    /// Not an API action: a queue hands a message to its dead-letter queue. `sent` is when it was first sent,
    /// `receives` how often it was received (both stay: SQS-39, SQS-15).
    Redrive {
        sent: u64,
        receives: u32,
    },
}

#[derive(Clone, Debug)]
pub struct Received {
    pub message: Message,
    pub receipt: Receipt,
    pub receive_count: u32,
    /// When it was sent, in microseconds.
    pub sent: u64,
    pub first_received: u64,
}

#[derive(Clone, Debug)]
pub enum Response {
    SendMessage { message_id: String, body_md5: String },
    SendMessageBatch { ids: EntryIds, message_ids: Vec<Result<String, ApiError>> },
    ReceiveMessage { received: Vec<Received>, shown: Vec<Message> },
    Done,
    DeleteMessageBatch { ids: EntryIds, deleted: Vec<Result<(), ApiError>> },
    Attributes(Map<String, Value>),
}

impl Request {
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        &[]
    }
}

impl Response {
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        if let Self::ReceiveMessage { shown, .. } = self { shown } else { &[] }
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::SendMessage { message_id, body_md5 } => {
                json!({ "MessageId": message_id, "MD5OfMessageBody": body_md5 })
            }
            Self::SendMessageBatch { ids, message_ids } => {
                batch_json(ids, message_ids, |id| json!({ "MessageId": id }))
            }
            Self::ReceiveMessage { received, .. } if received.is_empty() => json!({}),
            Self::ReceiveMessage { received, .. } => {
                json!({ "Messages": received.iter().map(Received::to_json).collect::<Vec<_>>() })
            }
            Self::Done => json!({}),
            Self::DeleteMessageBatch { ids, deleted } => batch_json(ids, deleted, |()| json!({})),
            Self::Attributes(attributes) => json!({ "Attributes": attributes }),
        }
    }
}

impl Received {
    fn to_json(&self) -> Value {
        let mut json = json!({
            "MessageId": message_id(&self.message),
            "ReceiptHandle": self.receipt.to_text(),
            "MD5OfBody": md5_hex(self.message.body.as_bytes()),
            "Body": &*self.message.body,
            "Attributes": {
                "ApproximateReceiveCount": self.receive_count.to_string(),
                "SentTimestamp": (self.sent / 1_000).to_string(),
                "ApproximateFirstReceiveTimestamp": (self.first_received / 1_000).to_string(),
            },
        });
        if !self.message.attributes().is_empty() {
            let attributes = self.message.attributes().iter();
            let map: Map<String, Value> = attributes
                .map(|a| (a.name.clone(), json!({ "DataType": a.data_type, "StringValue": a.value })))
                .collect();
            json["MessageAttributes"] = Value::Object(map);
        }
        json
    }
}

/// The id SQS gives a message. A dead-lettered message keeps it (SQS-38), so it follows the token.
#[must_use]
pub fn message_id(message: &Message) -> String {
    let mixed = (u128::from(message.token) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let hex = format!("{mixed:032x}");
    format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

#[must_use]
pub fn md5_hex(bytes: &[u8]) -> String {
    use md5::{Digest, Md5};
    Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

const ACTIONS: &[&str] = &[
    "SendMessage",
    "SendMessageBatch",
    "ReceiveMessage",
    "DeleteMessage",
    "DeleteMessageBatch",
    "ChangeMessageVisibility",
    "PurgeQueue",
    "GetQueueAttributes",
];

/// A script's call, parsed.
///
/// # Errors
/// AWS's errors for missing and wrong parameters.
pub fn parse(action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
    match action {
        "SendMessage" => Ok((Request::SendMessage, vec![draft(input)?])),
        "SendMessageBatch" => {
            let entries = entries(input)?;
            let drafts = entries.iter().map(draft).collect::<Result<Vec<_>, _>>()?;
            Ok((Request::SendMessageBatch { ids: EntryIds::read(entries) }, drafts))
        }
        "ReceiveMessage" => {
            let max = match input.get("MaxNumberOfMessages") {
                None => 1,
                Some(value) => whole_number(value).filter(|max| (1..=10).contains(max)).ok_or_else(|| {
                    out_of_range(value, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
                })?,
            };
            let wait_seconds =
                match input.get("WaitTimeSeconds") {
                    None => None,
                    Some(value) => Some(whole_number(value).filter(|wait| *wait <= 20).ok_or_else(|| {
                        out_of_range(value, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")
                    })?),
                };
            let visibility_timeout = input.get("VisibilityTimeout").map(visibility).transpose()?;
            Ok((Request::ReceiveMessage { max, wait_seconds, visibility_timeout }, Vec::new()))
        }
        "DeleteMessage" => Ok((Request::DeleteMessage { receipt: receipt(input)? }, Vec::new())),
        "DeleteMessageBatch" => {
            let entries = entries(input)?;
            let (ids, receipts) = (EntryIds::read(entries), entries.iter().map(receipt).collect());
            Ok((Request::DeleteMessageBatch { ids, receipts }, Vec::new()))
        }
        "ChangeMessageVisibility" => {
            let timeout = input.get("VisibilityTimeout").ok_or_else(|| missing("VisibilityTimeout"))?;
            let visibility_timeout = visibility(timeout)?;
            Ok((Request::ChangeMessageVisibility { receipt: receipt(input)?, visibility_timeout }, Vec::new()))
        }
        "PurgeQueue" => Ok((Request::PurgeQueue, Vec::new())),
        "GetQueueAttributes" => Ok((Request::GetQueueAttributes, Vec::new())),
        _ => Err(ApiError::unknown_action(action, "An SQS queue", ACTIONS)),
    }
}

fn missing(name: &str) -> ApiError {
    ApiError::client("MissingParameter", format!("The request must contain the parameter {name}."))
}

fn out_of_range(value: &Value, name: &str, reason: &str) -> ApiError {
    let text = format!("Value {value} for parameter {name} is invalid. Reason: {reason}");
    ApiError::client("InvalidParameterValue", text)
}

fn visibility(value: &Value) -> Result<u64, ApiError> {
    whole_number(value)
        .filter(|timeout| *timeout <= 43_200)
        .ok_or_else(|| out_of_range(value, "VisibilityTimeout", "Must be between 0 and 43200, if provided."))
}

fn receipt(input: &Value) -> Result<Receipt, ApiError> {
    let handle = input.get("ReceiptHandle").and_then(Value::as_str).ok_or_else(|| missing("ReceiptHandle"))?;
    Receipt::from_text(handle)
}

/// The entries of a batch, checked as a batch (SQS-9).
fn entries(input: &Value) -> Result<&Vec<Value>, ApiError> {
    let entries = input.get("Entries").and_then(Value::as_array).ok_or_else(|| missing("Entries"))?;
    if entries.is_empty() {
        return Err(ApiError::client("EmptyBatchRequest", "There should be at least one entry in the request."));
    }
    if entries.len() > 10 {
        let text = format!("Maximum number of entries per request are 10. You have sent {}.", entries.len());
        return Err(ApiError::client("TooManyEntriesInBatchRequest", text));
    }
    if !EntryIds::read(entries).distinct() {
        return Err(ApiError::client("BatchEntryIdsNotDistinct", "Two entries of the batch have the same Id."));
    }
    Ok(entries)
}

fn draft(input: &Value) -> Result<Draft, ApiError> {
    let body = input.get("MessageBody").and_then(Value::as_str).ok_or_else(|| missing("MessageBody"))?;
    let delay_seconds = match input.get("DelaySeconds") {
        None => None,
        Some(value) => {
            let delay = whole_number(value).filter(|delay| *delay <= 900);
            let delay = delay.ok_or_else(|| out_of_range(value, "DelaySeconds", "Must be between 0 and 900."))?;
            u32::try_from(delay).ok()
        }
    };
    if input.get("MessageGroupId").is_some() {
        let text = "MessageGroupId on a standard queue (fair queues) is not modelled.";
        return Err(ApiError::client("UnsupportedOperation", text));
    }
    let attributes = attributes(input.get("MessageAttributes"))?;
    Ok(Draft { body: body.to_owned(), meta: Meta { attributes, delay_seconds, ..Meta::default() } })
}

/// Message attributes in the API's shape: `{"name": {"DataType": "String", "StringValue": "…"}}`.
///
/// # Errors
/// `InvalidParameterValue` names the attribute that is wrong.
pub fn attributes(value: Option<&Value>) -> Result<Vec<Attribute>, ApiError> {
    let Some(map) = value.and_then(Value::as_object) else { return Ok(Vec::new()) };
    if map.len() > 10 {
        return Err(ApiError::client("InvalidParameterValue", "Number of message attributes exceeds the allowed 10."));
    }
    let parse = |(name, attribute): (&String, &Value)| {
        let text = |key: &str| attribute.get(key).and_then(Value::as_str).map(str::to_owned);
        let value = text("StringValue").or_else(|| text("BinaryValue"));
        match (text("DataType"), value) {
            (Some(data_type), Some(value)) => Ok(Attribute { name: name.clone(), data_type, value }),
            _ => {
                let text = format!("The message attribute '{name}' must contain a DataType and a value.");
                Err(ApiError::client("InvalidParameterValue", text))
            }
        }
    };
    map.iter().map(parse).collect()
}
