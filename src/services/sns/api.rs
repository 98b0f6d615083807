//! The topic's API in AWS's shapes: the only file of this folder another service may import.

use serde_json::{Map, Value, json};

use crate::services::{ApiError, Attribute, Draft, EntryIds, Message, Meta, batch_json};

#[derive(Clone, Debug)]
pub enum Request {
    Publish,
    PublishBatch { ids: EntryIds },
    GetTopicAttributes,
}

#[derive(Clone, Debug)]
pub enum Response {
    Publish { message_id: String },
    PublishBatch { ids: EntryIds, message_ids: Vec<Result<String, ApiError>> },
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
        &[]
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Publish { message_id } => json!({ "MessageId": message_id }),
            Self::PublishBatch { ids, message_ids } => batch_json(ids, message_ids, |id| json!({ "MessageId": id })),
            Self::Attributes(attributes) => json!({ "Attributes": attributes }),
        }
    }
}

/// The id SNS gives a message. The copies it makes have ids of their own in SQS (SNS-12).
#[must_use]
pub fn message_id(message: &Message) -> String {
    let mixed = (u128::from(message.token) + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9_94d0_49bb_1331_11eb);
    let hex = format!("{mixed:032x}");
    format!("{}-{}-5{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

#[must_use]
pub fn topic_arn(name: &str) -> String {
    format!("arn:aws:sns:us-east-1:000000000000:{name}")
}

/// A script's call, parsed. Sizes, counts and subjects are checked by the topic.
///
/// # Errors
/// AWS's errors for missing and wrong parameters.
pub fn parse(action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
    match action {
        "Publish" => Ok((Request::Publish, vec![draft(input)?])),
        "PublishBatch" => {
            let entries = input.get("PublishBatchRequestEntries").and_then(Value::as_array);
            let entries = entries.ok_or_else(|| missing("PublishBatchRequestEntries"))?;
            let ids = EntryIds::read(entries);
            if !ids.distinct() {
                let text = "Two or more batch entries in the request have the same Id.";
                return Err(ApiError::client("BatchEntryIdsNotDistinct", text));
            }
            let drafts = entries.iter().map(draft).collect::<Result<Vec<_>, _>>()?;
            Ok((Request::PublishBatch { ids }, drafts))
        }
        "GetTopicAttributes" => Ok((Request::GetTopicAttributes, Vec::new())),
        _ => {
            let actions = &["Publish", "PublishBatch", "GetTopicAttributes"];
            Err(ApiError::unknown_action(action, "An SNS topic", actions))
        }
    }
}

fn missing(name: &str) -> ApiError {
    ApiError::client("InvalidParameter", format!("Invalid parameter: {name}: it must not be empty."))
}

fn draft(input: &Value) -> Result<Draft, ApiError> {
    for absent in ["MessageStructure", "MessageGroupId", "MessageDeduplicationId"] {
        if input.get(absent).is_some() {
            let text = format!("{absent} is not modelled; leave it out.");
            return Err(ApiError::client("UnsupportedOperation", text));
        }
    }
    let body = input.get("Message").and_then(Value::as_str).ok_or_else(|| missing("Message"))?;
    let subject = input.get("Subject").and_then(Value::as_str).map(str::to_owned);
    let attributes = attributes(input.get("MessageAttributes"))?;
    Ok(Draft { body: body.to_owned(), meta: Meta { attributes, subject, ..Meta::default() } })
}

/// Message attributes, of which SNS takes any number (SNS-11): `{"name": {"DataType": "String", "StringValue": "…"}}`.
fn attributes(value: Option<&Value>) -> Result<Vec<Attribute>, ApiError> {
    let Some(map) = value.and_then(Value::as_object) else { return Ok(Vec::new()) };
    let parse = |(name, attribute): (&String, &Value)| {
        let text = |key: &str| attribute.get(key).and_then(Value::as_str).map(str::to_owned);
        match (text("DataType"), text("StringValue").or_else(|| text("BinaryValue"))) {
            (Some(data_type), Some(value)) => Ok(Attribute { name: name.clone(), data_type, value }),
            _ => {
                let text = format!("The message attribute '{name}' must contain a DataType and a non-empty value.");
                Err(ApiError::client("ParameterValueInvalid", text))
            }
        }
    };
    map.iter().map(parse).collect()
}
