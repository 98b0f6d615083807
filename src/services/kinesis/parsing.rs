//! A script's calls in AWS's shapes, read.

use serde_json::Value;

use super::api::{IteratorKind, ListQuery, PUT_RECORDS_MAX, READ_RECORDS_MAX, Request, ShardFilter, ShardIterator};
use super::consumers::name_of_arn;
use super::parsing_control::{self, ACTIONS};
use crate::engine::Micros;
use crate::lang::instant::instant_of;
use crate::services::{ApiError, Draft, Meta, whole_number};

const VALIDATION: &str = "ValidationException";

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
            let kind = kind(input, "ShardIteratorType", "StartingSequenceNumber");
            // What is not valid is told before what is not there.
            let first = |error: ApiError| match &kind {
                Err(other) if other.code == VALIDATION => other.clone(),
                _ => error,
            };
            let shard = shard(input, "ShardId").map_err(first)?;
            Ok((Request::GetShardIterator { shard, kind: kind? }, Vec::new()))
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
            let iterator = text(input, "ShardIterator")?;
            if !(1..=512).contains(&iterator.len()) {
                return Err(out_of_range("shardIterator", "Member must have length between 1 and 512"));
            }
            let limit = match input.get("Limit") {
                None => READ_RECORDS_MAX,
                Some(value) => whole_number(value)
                    .filter(|limit| (1..=READ_RECORDS_MAX).contains(limit))
                    .ok_or_else(|| out_of_range("limit", "Member must have value between 1 and 10000"))?,
            };
            Ok((Request::GetRecords { iterator: ShardIterator::from_text(iterator)?, limit }, Vec::new()))
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

/// A shard by its id: one that no shard has is not there, one that cannot be an id is not valid.
pub(super) fn shard(input: &Value, name: &str) -> Result<u32, ApiError> {
    let shard = text(input, name)?;
    let is_id = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    if !(1..=128).contains(&shard.chars().count()) || !shard.chars().all(is_id) {
        return Err(out_of_range(name, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+, of 1 to 128"));
    }
    let digits = shard.strip_prefix("shardId-").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|digits| digits.parse().ok());
    number.ok_or_else(|| ApiError::client("ResourceNotFoundException", format!("Could not find shard {shard}.")))
}

fn argument(text: String) -> ApiError {
    ApiError::client("InvalidArgumentException", text)
}

fn serialization(name: &str) -> ApiError {
    ApiError::client("SerializationException", format!("{name} cannot be read."))
}

/// A text of digits that has the form of one; whether a shard gave it is the shard's to say.
fn sequence(input: &Value, name: &str) -> Result<Option<u128>, ApiError> {
    let Some(value) = input.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let text = value.as_str().ok_or_else(|| serialization(name))?;
    let is_number = (1..=129).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    if !is_number {
        return Err(out_of_range(name, "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,128})"));
    }
    text.parse().map(Some).map_err(|_| argument(format!("{name} {text} is invalid.")))
}

/// A time by which a position or a filter is told, if there is one.
fn instant(input: &Value) -> Result<Option<Micros>, ApiError> {
    let Some(value) = input.get("Timestamp").filter(|value| !value.is_null()) else { return Ok(None) };
    instant_of(value).map(Some).ok_or_else(|| serialization("Timestamp"))
}

fn list_query(input: &Value) -> Result<ListQuery, ApiError> {
    let most = input.get("MaxResults").and_then(whole_number).and_then(|most| usize::try_from(most).ok());
    let most = most.or(Some(1_000));
    if input.get("ExclusiveStartShardId").is_some() {
        let filter = ShardFilter::AfterShardId(shard(input, "ExclusiveStartShardId")?);
        return Ok(ListQuery { filter, most });
    }
    let Some(given) = input.get("ShardFilter") else { return Ok(ListQuery { most, ..ListQuery::default() }) };
    let time = || instant(given)?.ok_or_else(|| argument("A filter by a time needs a Timestamp.".to_owned()));
    let filter = match text(given, "Type")? {
        "AFTER_SHARD_ID" => ShardFilter::AfterShardId(shard(given, "ShardId")?),
        "AT_LATEST" => ShardFilter::AtLatest,
        "AT_TIMESTAMP" => ShardFilter::AtTimestamp(time()?),
        "FROM_TIMESTAMP" => ShardFilter::FromTimestamp(time()?),
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
    ApiError::client(VALIDATION, text)
}

pub(super) fn text<'a>(input: &'a Value, name: &str) -> Result<&'a str, ApiError> {
    input.get(name).and_then(Value::as_str).ok_or_else(|| missing(name))
}

/// The position that `name` says, its sequence number under `number`. What does not go together is an argument that is not
/// valid (recorded).
fn kind(input: &Value, name: &str, number: &str) -> Result<IteratorKind, ApiError> {
    let (sequence, kind) = (sequence(input, number)?, text(input, name)?);
    let pairs = |has: &str| {
        argument(format!(
            "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and {number} or (2) TRIM_HORIZON or LATEST \
             and no {number}. Request specified {kind} and {has} {number}."
        ))
    };
    let needed = || sequence.ok_or_else(|| pairs("no"));
    match kind {
        "TRIM_HORIZON" | "LATEST" if sequence.is_some() => Err(pairs("also a")),
        "TRIM_HORIZON" => Ok(IteratorKind::TrimHorizon),
        "LATEST" => Ok(IteratorKind::Latest),
        "AT_SEQUENCE_NUMBER" => needed().map(IteratorKind::AtSequenceNumber),
        "AFTER_SEQUENCE_NUMBER" => needed().map(IteratorKind::AfterSequenceNumber),
        "AT_TIMESTAMP" => {
            let text = "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no \
                        timestamp parameter.";
            instant(input)?.map(IteratorKind::AtTimestamp).ok_or_else(|| argument(text.to_owned()))
        }
        _ => Err(out_of_range(
            name,
            "Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, \
             TRIM_HORIZON]",
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
