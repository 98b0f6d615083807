//! A script's calls in AWS's shapes, read.

use serde_json::Value;

use super::api::{IteratorKind, PUT_RECORDS_MAX, READ_RECORDS_MAX, Request, ShardIterator};
use crate::engine::Micros;
use crate::services::{ApiError, Draft, Meta, whole_number};

const ACTIONS: &[&str] =
    &["PutRecord", "PutRecords", "DescribeStreamSummary", "ListShards", "GetShardIterator", "GetRecords"];

/// A script's call, parsed. `StreamName` and `StreamARN` are ignored: the call names its node. `Data` is plain
/// text, not Base64.
///
/// # Errors
/// AWS's errors for missing and wrong parameters.
pub fn parse(action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
    match action {
        "PutRecord" => Ok((Request::PutRecord, vec![draft(input)?])),
        "PutRecords" => {
            let records = input.get("Records").and_then(Value::as_array).ok_or_else(|| missing("records"))?;
            if !(1..=PUT_RECORDS_MAX).contains(&records.len()) {
                return Err(out_of_range("records", "Member must have length between 1 and 500"));
            }
            Ok((Request::PutRecords, records.iter().map(draft).collect::<Result<_, _>>()?))
        }
        "DescribeStreamSummary" => Ok((Request::DescribeStreamSummary, Vec::new())),
        "ListShards" => Ok((Request::ListShards, Vec::new())),
        "GetShardIterator" => {
            let shard = text(input, "ShardId")?;
            let digits = shard.strip_prefix("shardId-").and_then(|digits| digits.parse().ok());
            let no_shard = || ApiError::client("ResourceNotFoundException", format!("Shard {shard} does not exist."));
            let shard = digits.ok_or_else(no_shard)?;
            Ok((Request::GetShardIterator { shard, kind: kind(input)? }, Vec::new()))
        }
        "GetRecords" => {
            let iterator = ShardIterator::from_text(text(input, "ShardIterator")?)?;
            let limit = match input.get("Limit") {
                None => READ_RECORDS_MAX,
                Some(value) => whole_number(value)
                    .filter(|limit| (1..=READ_RECORDS_MAX).contains(limit))
                    .ok_or_else(|| out_of_range("limit", "Member must have value between 1 and 10000"))?,
            };
            Ok((Request::GetRecords { iterator, limit }, Vec::new()))
        }
        _ => Err(ApiError::unknown_action(action, "A Kinesis stream", ACTIONS)),
    }
}

fn missing(name: &str) -> ApiError {
    out_of_range(name, "Member must not be null")
}

/// AWS's form of a failed constraint.
#[must_use]
pub fn out_of_range(name: &str, constraint: &str) -> ApiError {
    let text = format!("1 validation error detected: Value at '{name}' failed to satisfy constraint: {constraint}");
    ApiError::client("ValidationException", text)
}

fn text<'a>(input: &'a Value, name: &str) -> Result<&'a str, ApiError> {
    input.get(name).and_then(Value::as_str).ok_or_else(|| missing(name))
}

fn kind(input: &Value) -> Result<IteratorKind, ApiError> {
    let sequence = || {
        let number = text(input, "StartingSequenceNumber")?.parse();
        number.map_err(|_| ApiError::client("InvalidArgumentException", "Invalid StartingSequenceNumber."))
    };
    match text(input, "ShardIteratorType")? {
        "TRIM_HORIZON" => Ok(IteratorKind::TrimHorizon),
        "LATEST" => Ok(IteratorKind::Latest),
        "AT_SEQUENCE_NUMBER" => sequence().map(IteratorKind::AtSequenceNumber),
        "AFTER_SEQUENCE_NUMBER" => sequence().map(IteratorKind::AfterSequenceNumber),
        "AT_TIMESTAMP" => {
            let time = input.get("Timestamp").and_then(Value::as_f64).ok_or_else(|| missing("timestamp"))?;
            Ok(IteratorKind::AtTimestamp(libm::rint(time.max(0.0) * 1e6) as Micros))
        }
        _ => Err(out_of_range(
            "shardIteratorType",
            "Member must satisfy enum value set: [TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, \
             AT_TIMESTAMP]",
        )),
    }
}

fn draft(input: &Value) -> Result<Draft, ApiError> {
    let body = text(input, "Data")?.to_owned();
    let partition_key = Some(text(input, "PartitionKey")?.to_owned());
    let explicit_hash_key = match input.get("ExplicitHashKey") {
        None => None,
        Some(value) => {
            let number = value.as_str().and_then(|text| text.parse().ok());
            let wrong = || ApiError::client("InvalidArgumentException", format!("Invalid ExplicitHashKey {value}."));
            Some(number.ok_or_else(wrong)?)
        }
    };
    Ok(Draft { body, meta: Meta { partition_key, explicit_hash_key, ..Meta::default() } })
}
