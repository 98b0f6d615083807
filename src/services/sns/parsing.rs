//! A script's calls to a topic, read. Sizes, counts, subjects and states are checked by the topic.

use serde_json::{Map, Value};

use super::api::Request;
use super::message_attributes::attributes;
use crate::services::{ApiError, Draft, EntryIds, Meta, Page};

const ACTIONS: &[&str] = &[
    "Publish",
    "PublishBatch",
    "Subscribe",
    "ConfirmSubscription",
    "Unsubscribe",
    "GetSubscriptionAttributes",
    "SetSubscriptionAttributes",
    "GetTopicAttributes",
    "SetTopicAttributes",
    "ListSubscriptionsByTopic",
    "DeleteTopic",
];
/// Characters of an entry's id (SNS-6).
const ENTRY_ID_CHARS_MAX: usize = 80;

/// `TopicArn` is ignored: the call names its node.
///
/// # Errors
/// AWS's errors for missing and wrong parameters.
pub fn parse(action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
    let request = match action {
        "Publish" => return Ok((Request::Publish, vec![draft(input)?])),
        "PublishBatch" => return batch(input),
        "Subscribe" => {
            let return_arn = input.get("ReturnSubscriptionArn") == Some(&Value::Bool(true));
            let attributes = subscription_attributes(input.get("Attributes"))?;
            Request::Subscribe {
                protocol: text(input, "Protocol")?,
                endpoint: text(input, "Endpoint")?,
                attributes,
                return_arn,
            }
        }
        "ConfirmSubscription" => Request::ConfirmSubscription { token: text(input, "Token")? },
        "Unsubscribe" => Request::Unsubscribe { subscription: subscription(input)? },
        "GetSubscriptionAttributes" => Request::GetSubscriptionAttributes { subscription: subscription(input)? },
        "SetSubscriptionAttributes" => {
            let name = text(input, "AttributeName")?;
            let value =
                attribute_value(&name, input.get("AttributeValue")).map_err(|why| invalid(format!("{name}: {why}")))?;
            Request::SetSubscriptionAttributes { subscription: subscription(input)?, name, value }
        }
        "GetTopicAttributes" => Request::GetTopicAttributes,
        "SetTopicAttributes" => {
            let name = text(input, "AttributeName")?;
            let value =
                attribute_value(&name, input.get("AttributeValue")).map_err(|why| invalid(format!("{name}: {why}")))?;
            Request::SetTopicAttributes { name, value }
        }
        "ListSubscriptionsByTopic" => {
            let page = Page::read(input.get("NextToken"), None);
            Request::ListSubscriptionsByTopic { page: page.ok_or_else(|| invalid("NextToken"))? }
        }
        "DeleteTopic" => Request::DeleteTopic,
        _ => return Err(ApiError::unknown_action(action, "An SNS topic", ACTIONS)),
    };
    Ok((request, Vec::new()))
}

/// `InvalidParameter` in SNS's usual words.
#[must_use]
pub fn invalid(text: impl std::fmt::Display) -> ApiError {
    ApiError::client("InvalidParameter", format!("Invalid parameter: {text}"))
}

fn text(input: &Value, name: &str) -> Result<String, ApiError> {
    let given = input.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    given.map(str::to_owned).ok_or_else(|| invalid(format!("{name} Reason: no value for required parameter")))
}

fn subscription(input: &Value) -> Result<String, ApiError> {
    let arn = text(input, "SubscriptionArn")?;
    let elements = arn.split(':').count();
    // A scene names a node where AWS has an ARN, so one word is an ARN too.
    if elements > 1 && elements < 6 {
        return Err(invalid(format!("SubscriptionArn Reason: An ARN must have at least 6 elements, not {elements}")));
    }
    Ok(arn)
}

fn batch(input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
    let entries = input.get("PublishBatchRequestEntries").and_then(Value::as_array);
    let entries =
        entries.ok_or_else(|| invalid("PublishBatchRequestEntries Reason: no value for required parameter"))?;
    let ids = EntryIds::read(entries);
    for id in entries.iter().filter_map(|entry| entry.get("Id").and_then(Value::as_str)) {
        let wrong = if id.chars().count() > ENTRY_ID_CHARS_MAX {
            "is too long"
        } else if id.is_empty() || id.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_') {
            "contains an impermissible character"
        } else {
            continue;
        };
        let text = format!("The Id of a batch entry in the batch request {wrong}: {id}");
        return Err(ApiError::client("InvalidBatchEntryId", text));
    }
    if !ids.distinct() {
        let text = "Two or more batch entries in the request have the same Id.";
        return Err(ApiError::client("BatchEntryIdsNotDistinct", text));
    }
    let drafts = entries.iter().map(draft).collect::<Result<Vec<_>, _>>()?;
    Ok((Request::PublishBatch { ids }, drafts))
}

fn draft(input: &Value) -> Result<Draft, ApiError> {
    for (absent, remedy) in [("PhoneNumber", "subscribe an endpoint by sms"), ("TargetArn", "name the topic's node")] {
        if input.get(absent).is_some() {
            let text = format!("Publishing to a {absent} is not modelled: {remedy}.");
            return Err(ApiError::client("UnsupportedOperation", text));
        }
    }
    let per_protocol = match input.get("MessageStructure").map(Value::as_str) {
        None => false,
        Some(Some("json")) => true,
        Some(_) => return Err(invalid("MessageStructure Reason: the only value is json")),
    };
    let body = input.get("Message").and_then(Value::as_str).ok_or_else(|| invalid("Empty message"))?;
    let text = |name: &str| input.get(name).and_then(Value::as_str).map(str::to_owned);
    let meta = Meta {
        attributes: attributes(input.get("MessageAttributes"))?,
        subject: text("Subject"),
        message_group_id: text("MessageGroupId"),
        deduplication_id: text("MessageDeduplicationId"),
        per_protocol,
        ..Meta::default()
    };
    Ok(Draft { body: body.to_owned(), meta })
}

/// The attributes of `Subscribe`: a map of texts.
fn subscription_attributes(value: Option<&Value>) -> Result<Map<String, Value>, ApiError> {
    let mut attributes = Map::new();
    for (name, given) in value.and_then(Value::as_object).into_iter().flatten() {
        let read = attribute_value(name, Some(given));
        let read = read.map_err(|why| invalid(format!("Attributes Reason: {name}: {why}")))?;
        if let Some(read) = read {
            attributes.insert(name.clone(), read);
        }
    }
    Ok(attributes)
}

/// An attribute's text in the scene's shape: policies are objects, flags are flags, an empty text is nothing.
fn attribute_value(name: &str, value: Option<&Value>) -> Result<Option<Value>, String> {
    let text = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(other) => return Ok(Some(other.clone())),
    };
    match name {
        "RawMessageDelivery" | "FifoTopic" | "ContentBasedDeduplication" => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(Some(true.into())),
            "false" => Ok(Some(false.into())),
            _ => Err(format!("Invalid value [{text}]. Must be true or false.")),
        },
        _ if text.is_empty() => Ok(None),
        _ if name.ends_with("Policy") => match serde_json::from_str::<Value>(text) {
            Ok(policy @ Value::Object(_)) if policy == Value::Object(Map::new()) && name != "FilterPolicy" => Ok(None),
            Ok(policy @ Value::Object(_)) => Ok(Some(policy)),
            _ => Err("failed to parse JSON.".to_owned()),
        },
        _ => Ok(Some(text.parse::<u64>().map_or_else(|_| text.clone().into(), Value::from))),
    }
}
