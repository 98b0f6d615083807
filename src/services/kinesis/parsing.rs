//! A script's calls in AWS's shapes, read.

use serde_json::Value;

use super::api::{IteratorKind, ListQuery, PUT_RECORDS_MAX, READ_RECORDS_MAX, Request, ShardFilter, ShardIterator};
use super::consumers::name_of_arn;
use super::parsing_control::{self, ACTIONS};
use crate::engine::Micros;
use crate::services::{ApiError, Draft, Meta, whole_number};

/// A script's call, parsed. `StreamName` and `StreamARN` are ignored: the call names its node. `Data` is plain
/// text, not Base64.
///
/// # Errors
/// AWS's errors for missing and wrong parameters.
pub fn parse(action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
    match action {
        "PutRecord" => {
            let ordering = sequence(input, "SequenceNumberForOrdering")?;
            Ok((Request::PutRecord { ordering }, vec![draft(input)?]))
        }
        "PutRecords" => {
            let records = input.get("Records").and_then(Value::as_array).ok_or_else(|| missing("records"))?;
            if !(1..=PUT_RECORDS_MAX).contains(&records.len()) {
                return Err(out_of_range("records", "Member must have length between 1 and 500"));
            }
            Ok((Request::PutRecords, records.iter().map(draft).collect::<Result<_, _>>()?))
        }
        "ListShards" => Ok((Request::ListShards(list_query(input)?), Vec::new())),
        "GetShardIterator" => {
            let shard = shard(input, "ShardId")?;
            Ok((
                Request::GetShardIterator { shard, kind: kind(input, "ShardIteratorType", "StartingSequenceNumber")? },
                Vec::new(),
            ))
        }
        "RegisterStreamConsumer" => {
            let name = text(input, "ConsumerName")?.to_owned();
            if !(1..=128).contains(&name.chars().count()) {
                return Err(out_of_range("consumerName", "Member must have length between 1 and 128"));
            }
            Ok((Request::RegisterStreamConsumer { name }, Vec::new()))
        }
        "SubscribeToShard" => {
            let consumer = name_of_arn(text(input, "ConsumerARN")?).to_owned();
            let shard = shard(input, "ShardId")?;
            let start = input.get("StartingPosition").ok_or_else(|| missing("startingPosition"))?;
            Ok((
                Request::SubscribeToShard { consumer, shard, kind: kind(start, "Type", "SequenceNumber")? },
                Vec::new(),
            ))
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
        _ => match parsing_control::parse(action, input)? {
            Some(control) => Ok((Request::Control(control), Vec::new())),
            // KDS-18.
            None if action.contains("Queue") || action.contains("Channel") => {
                let text = format!("{action}: queues and channels on streams are not modelled, too little is known.");
                Err(ApiError::client("InvalidAction", text))
            }
            None => Err(ApiError::unknown_action(action, "A Kinesis stream", ACTIONS)),
        },
    }
}

/// A shard by its id.
pub(super) fn shard(input: &Value, name: &str) -> Result<u32, ApiError> {
    let shard = text(input, name)?;
    let digits = shard.strip_prefix("shardId-").and_then(|digits| digits.parse().ok());
    digits.ok_or_else(|| ApiError::client("ResourceNotFoundException", format!("Shard {shard} does not exist.")))
}

fn sequence(input: &Value, name: &str) -> Result<Option<u128>, ApiError> {
    let Some(value) = input.get(name) else { return Ok(None) };
    let number = value.as_str().and_then(|text| text.parse().ok());
    number.map(Some).ok_or_else(|| ApiError::client("InvalidArgumentException", format!("Invalid {name}.")))
}

/// Seconds since the epoch, which is the beginning of the run.
fn instant(input: &Value) -> Result<Micros, ApiError> {
    let time = input.get("Timestamp").and_then(Value::as_f64).ok_or_else(|| missing("timestamp"))?;
    Ok(libm::rint(time.max(0.0) * 1e6) as Micros)
}

fn list_query(input: &Value) -> Result<ListQuery, ApiError> {
    let most = input.get("MaxResults").and_then(whole_number).and_then(|most| usize::try_from(most).ok());
    let most = most.or(Some(1_000));
    if input.get("ExclusiveStartShardId").is_some() {
        let filter = ShardFilter::AfterShardId(shard(input, "ExclusiveStartShardId")?);
        return Ok(ListQuery { filter, most });
    }
    let Some(given) = input.get("ShardFilter") else { return Ok(ListQuery { most, ..ListQuery::default() }) };
    let filter = match text(given, "Type")? {
        "AFTER_SHARD_ID" => ShardFilter::AfterShardId(shard(given, "ShardId")?),
        "AT_LATEST" => ShardFilter::AtLatest,
        "AT_TIMESTAMP" => ShardFilter::AtTimestamp(instant(given)?),
        "FROM_TIMESTAMP" => ShardFilter::FromTimestamp(instant(given)?),
        "AT_TRIM_HORIZON" => ShardFilter::AtTrimHorizon,
        "FROM_TRIM_HORIZON" => ShardFilter::All,
        _ => {
            return Err(out_of_range(
                "shardFilter.type",
                "Member must satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST, \
                 AT_TIMESTAMP, FROM_TIMESTAMP]",
            ));
        }
    };
    Ok(ListQuery { filter, most })
}

pub(super) fn missing(name: &str) -> ApiError {
    out_of_range(name, "Member must not be null")
}

/// AWS's form of a failed constraint.
#[must_use]
pub fn out_of_range(name: &str, constraint: &str) -> ApiError {
    let text = format!("1 validation error detected: Value at '{name}' failed to satisfy constraint: {constraint}");
    ApiError::client("ValidationException", text)
}

pub(super) fn text<'a>(input: &'a Value, name: &str) -> Result<&'a str, ApiError> {
    input.get(name).and_then(Value::as_str).ok_or_else(|| missing(name))
}

/// The position that `name` says, its sequence number under `number`.
fn kind(input: &Value, name: &str, number: &str) -> Result<IteratorKind, ApiError> {
    let sequence = || sequence(input, number)?.ok_or_else(|| missing(number));
    match text(input, name)? {
        "TRIM_HORIZON" => Ok(IteratorKind::TrimHorizon),
        "LATEST" => Ok(IteratorKind::Latest),
        "AT_SEQUENCE_NUMBER" => sequence().map(IteratorKind::AtSequenceNumber),
        "AFTER_SEQUENCE_NUMBER" => sequence().map(IteratorKind::AfterSequenceNumber),
        "AT_TIMESTAMP" => instant(input).map(IteratorKind::AtTimestamp),
        _ => Err(out_of_range(
            name,
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
