//! Calls in AWS's shapes, read.

use serde_json::Value;

use super::action::{self, missing};
use super::api::{Request, StreamCall};
use super::key::Schema;
use crate::services::kinesis::api::{self as kinesis, IteratorKind, ShardIterator, shard_id};
use crate::services::{ApiError, whole_number};

const ACTIONS: &[&str] = &[
    "GetItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "Query",
    "Scan",
    "DescribeTable",
    "ListStreams",
    "DescribeStream",
    "GetShardIterator",
    "GetRecords",
];
/// Records of one `GetRecords`, unless it asks for fewer.
const LIMIT: u64 = 1_000;

/// `TableName` is ignored: the call names its node.
///
/// # Errors
/// AWS's errors for an unknown action and wrong parameters.
pub fn parse(action: &str, input: &Value, schema: &Schema) -> Result<Request, ApiError> {
    if !ACTIONS.contains(&action) {
        return Err(ApiError::unknown_action(action, "A DynamoDB table", ACTIONS));
    }
    match stream_call(action, input)? {
        Some(call) => Ok(Request::Stream(call)),
        None => action::read(action, input, schema).map(|action| Request::Action(Box::new(action))),
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
