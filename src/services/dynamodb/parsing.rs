//! A script's calls in AWS's shapes, read.

use serde_json::{Map, Value};

use super::api::{Condition, Item, Request, StreamCall};
use super::table::key_text;
use crate::services::kinesis::api::{self as kinesis, IteratorKind, ShardIterator, shard_id};
use crate::services::{ApiError, whole_number};

const ACTIONS: &[&str] = &[
    "GetItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "Scan",
    "DescribeTable",
    "ListStreams",
    "DescribeStream",
    "GetShardIterator",
    "GetRecords",
];
/// Records of one `GetRecords`, unless it asks for fewer.
const LIMIT: u64 = 1_000;
const EXPRESSIONS: [&str; 6] = [
    "ConditionExpression",
    "UpdateExpression",
    "FilterExpression",
    "ProjectionExpression",
    "ExpressionAttributeValues",
    "ExpressionAttributeNames",
];

/// `TableName` is ignored: the call names its node.
///
/// # Errors
/// AWS's errors for an unknown action and wrong parameters.
pub fn parse(action: &str, input: &Value, key_name: &str) -> Result<Request, ApiError> {
    if !ACTIONS.contains(&action) {
        return Err(ApiError::unknown_action(action, "A DynamoDB table", ACTIONS));
    }
    if let Some(name) = EXPRESSIONS.iter().find(|name| input.get(**name).is_some()) {
        let text = format!("{name} is not read here; use Expected and AttributeUpdates.");
        return Err(invalid(text));
    }
    if let Some(call) = stream_call(action, input)? {
        return Ok(Request::Stream(call));
    }
    let conditions = conditions(input.get("Expected"))?;
    match action {
        "Scan" => Ok(Request::Scan),
        "DescribeTable" => Ok(Request::DescribeTable),
        "PutItem" => {
            let item = input.get("Item").and_then(Value::as_object).ok_or_else(|| missing("item"))?;
            Ok(Request::PutItem { key: key(item, key_name)?, item: typed(item)?, conditions })
        }
        _ => {
            let keys = input.get("Key").and_then(Value::as_object).ok_or_else(|| missing("key"))?;
            let key = key(keys, key_name)?;
            Ok(match action {
                "GetItem" => Request::GetItem { key },
                "DeleteItem" => Request::DeleteItem { key, conditions },
                _ => Request::UpdateItem { key, changes: changes(input.get("AttributeUpdates"))?, conditions },
            })
        }
    }
}

/// `StreamArn` is ignored: the call names its node.
fn stream_call(action: &str, input: &Value) -> Result<Option<StreamCall>, ApiError> {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    Ok(Some(match action {
        "ListStreams" => StreamCall::ListStreams,
        "DescribeStream" => StreamCall::DescribeStream,
        "GetShardIterator" => {
            let sequence = || {
                let number = text("SequenceNumber").and_then(|text| text.parse().ok());
                number.ok_or_else(|| missing("sequenceNumber"))
            };
            let kind = match text("ShardIteratorType") {
                Some("TRIM_HORIZON") => IteratorKind::TrimHorizon,
                Some("LATEST") => IteratorKind::Latest,
                Some("AT_SEQUENCE_NUMBER") => IteratorKind::AtSequenceNumber(sequence()?),
                Some("AFTER_SEQUENCE_NUMBER") => IteratorKind::AfterSequenceNumber(sequence()?),
                _ => return Err(missing("shardIteratorType")),
            };
            let shard = text("ShardId").ok_or_else(|| missing("shardId"))?;
            if shard != shard_id(0) {
                return Err(ApiError::client("ResourceNotFoundException", format!("The stream has no shard {shard}.")));
            }
            StreamCall::Read(kinesis::Request::GetShardIterator { shard: 0, kind })
        }
        "GetRecords" => {
            let iterator = text("ShardIterator").ok_or_else(|| missing("shardIterator"))?;
            let limit = input.get("Limit").and_then(whole_number).unwrap_or(LIMIT).clamp(1, LIMIT);
            StreamCall::Read(kinesis::Request::GetRecords { iterator: ShardIterator::from_text(iterator)?, limit })
        }
        _ => return Ok(None),
    }))
}

fn invalid(text: impl Into<String>) -> ApiError {
    ApiError::client("ValidationException", text)
}

fn missing(name: &str) -> ApiError {
    invalid(format!(
        "1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must not be null"
    ))
}

fn key(item: &Map<String, Value>, name: &str) -> Result<String, ApiError> {
    let text = item.get(name).and_then(key_text).map(str::to_owned);
    text.ok_or_else(|| invalid(format!("The provided key element does not match the schema: {name} is missing.")))
}

/// Each attribute must be a typed value.
fn typed(item: &Map<String, Value>) -> Result<Item, ApiError> {
    let is_typed = |value: &Value| value.as_object().is_some_and(|value| value.len() == 1);
    match item.iter().find(|(_, value)| !is_typed(value)) {
        Some((name, _)) => Err(invalid(format!("Supplied AttributeValue of {name} must contain exactly one type."))),
        None => Ok(item.clone()),
    }
}

fn changes(updates: Option<&Value>) -> Result<Vec<(String, Option<Value>)>, ApiError> {
    let updates = updates.and_then(Value::as_object).ok_or_else(|| missing("attributeUpdates"))?;
    let change = |(name, update): (&String, &Value)| {
        let value = match update.get("Action").and_then(Value::as_str).unwrap_or("PUT") {
            "PUT" => Some(update.get("Value").cloned().ok_or_else(|| missing("value"))?),
            "DELETE" => None,
            other => return Err(invalid(format!("The action {other} is not read here; use PUT or DELETE."))),
        };
        Ok((name.clone(), value))
    };
    updates.iter().map(change).collect()
}

fn conditions(expected: Option<&Value>) -> Result<Vec<Condition>, ApiError> {
    let Some(expected) = expected else { return Ok(Vec::new()) };
    let expected = expected.as_object().ok_or_else(|| invalid("Expected must be an object."))?;
    let condition = |(name, wanted): (&String, &Value)| match (wanted.get("Value"), wanted.get("Exists")) {
        (Some(value), _) => Ok(Condition::Equals(name.clone(), value.clone())),
        (None, Some(Value::Bool(false))) => Ok(Condition::Absent(name.clone())),
        (None, Some(Value::Bool(true))) => Ok(Condition::Present(name.clone())),
        _ => Err(invalid(format!("Expected.{name} needs a Value or Exists."))),
    };
    expected.iter().map(condition).collect()
}
