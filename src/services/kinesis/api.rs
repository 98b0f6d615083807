//! The stream's API in AWS's shapes: the only file of this folder another service may import.

use serde_json::{Map, Value, json};

pub use super::control::Control;
pub use super::iterator::{IteratorKind, ShardIterator};
pub use super::parsing::parse;
pub use super::shard_filter::{ListQuery, ShardFilter};
use crate::engine::Micros;
use crate::services::{self, ApiError, Message};

/// Records in one answer of `GetRecords` (KDS-7).
pub const READ_RECORDS_MAX: u64 = 10_000;
/// Records in one `PutRecords` (KDS-4).
pub const PUT_RECORDS_MAX: usize = 500;

/// `shardId-000000000000` (KDS-2).
#[must_use]
pub fn shard_id(shard: u32) -> String {
    format!("shardId-{shard:012}")
}

/// `PutRecord` and `PutRecords` put the messages of the call.
#[derive(Clone, Debug)]
pub enum Request {
    /// `ordering` is AWS's `SequenceNumberForOrdering` (KDS-2).
    PutRecord {
        ordering: Option<u128>,
    },
    PutRecords,
    ListShards(ListQuery),
    GetShardIterator {
        shard: u32,
        kind: IteratorKind,
    },
    GetRecords {
        iterator: ShardIterator,
        limit: u64,
    },
    RegisterStreamConsumer {
        name: String,
    },
    /// Answered by one event after the other, until one says that it was the last (KDS-10).
    SubscribeToShard {
        consumer: String,
        shard: u32,
        kind: IteratorKind,
    },
    /// What administers the stream.
    Control(Control),
}

/// Where a record was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub shard: u32,
    pub sequence: u128,
}

/// A record as a shard keeps it.
#[derive(Clone, Debug)]
pub struct Record {
    pub message: Message,
    pub sequence: u128,
    pub arrived: Micros,
    /// By a key of KMS (KDS-13).
    pub encrypted: bool,
}

/// What readers must know of a shard: read its parents to their end before it (KDS-15).
#[derive(Clone, Debug)]
pub struct ShardInfo {
    pub shard: u32,
    pub range: (u128, u128),
    pub parents: Vec<u32>,
    pub first_sequence: u128,
    /// The last sequence number of a closed shard.
    pub last_sequence: Option<u128>,
}

#[derive(Clone, Debug)]
pub enum Response {
    PutRecord(Placed),
    /// In the order of the request; what was not put travels back in the same order (KDS-4).
    PutRecords {
        results: Vec<Result<Placed, ApiError>>,
    },
    /// Of a call that only scripts and hands make: in AWS's shape.
    Described(Value),
    /// `retention` is not in AWS's answer; readers learn it from the stream's description.
    Shards {
        shards: Vec<ShardInfo>,
        retention: Micros,
    },
    Iterator(ShardIterator),
    Records {
        records: Vec<Record>,
        /// Absent at the end of a closed shard (KDS-9).
        next: Option<ShardIterator>,
        behind: Micros,
        /// At that end: the shards that follow.
        children: Vec<u32>,
        shown: Vec<Message>,
        /// Not in AWS's answer: whether a reader was refused of late, for there were too many.
        is_contended: bool,
    },
    /// A connection stands, on which events are pushed.
    Subscribed,
    Event(ShardEvent),
}

/// What a subscription pushes (KDS-10).
#[derive(Clone, Debug)]
pub struct ShardEvent {
    pub records: Vec<Record>,
    /// The least sequence number that was not pushed yet; absent at the end of a closed shard.
    pub from: Option<u128>,
    pub behind: Micros,
    pub children: Vec<u32>,
    pub shown: Vec<Message>,
}

impl Record {
    /// Bytes of key and data: what every limit counts.
    #[must_use]
    pub fn size(&self) -> u64 {
        record_size(&self.message)
    }
}

/// Bytes of key and data of a record.
#[must_use]
pub fn record_size(message: &Message) -> u64 {
    (message.partition_key().len() + message.body.len()) as u64
}

impl Response {
    /// The records read: they stay where they are.
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        match self {
            Self::Records { shown, .. } | Self::Event(ShardEvent { shown, .. }) => shown,
            _ => &[],
        }
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::PutRecord(placed) => placed.to_json(),
            Self::PutRecords { results } => {
                let failed = results.iter().filter(|result| result.is_err()).count();
                let entry = |result: &Result<Placed, ApiError>| match result {
                    Ok(placed) => placed.to_json(),
                    Err(error) => json!({ "ErrorCode": error.code, "ErrorMessage": error.message }),
                };
                json!({ "FailedRecordCount": failed, "Records": results.iter().map(entry).collect::<Vec<_>>() })
            }
            Self::Described(value) => value.clone(),
            Self::Shards { shards, .. } => {
                json!({ "Shards": shards.iter().map(ShardInfo::to_json).collect::<Vec<_>>() })
            }
            Self::Iterator(iterator) => json!({ "ShardIterator": iterator.to_text() }),
            Self::Records { records, next, behind, children, .. } => {
                let mut json = json!({
                    "Records": records.iter().map(Record::to_json).collect::<Vec<_>>(),
                    "NextShardIterator": next.map(ShardIterator::to_text),
                    "MillisBehindLatest": behind / 1_000,
                });
                if !children.is_empty() {
                    let child = |shard: &u32| json!({ "ShardId": shard_id(*shard) });
                    json["ChildShards"] = children.iter().map(child).collect();
                }
                json
            }
            Self::Subscribed => json!({}),
            Self::Event(event) => json!({ "EventStream": { "SubscribeToShardEvent": event.to_json() } }),
        }
    }
}

impl ShardEvent {
    fn to_json(&self) -> Value {
        let mut json = json!({
            "Records": self.records.iter().map(Record::to_json).collect::<Vec<_>>(),
            "ContinuationSequenceNumber": self.from.map(|from| from.to_string()),
            "MillisBehindLatest": self.behind / 1_000,
        });
        if !self.children.is_empty() {
            json["ChildShards"] = self.children.iter().map(|shard| json!({ "ShardId": shard_id(*shard) })).collect();
        }
        json
    }
}

impl Placed {
    fn to_json(self) -> Value {
        json!({ "ShardId": shard_id(self.shard), "SequenceNumber": self.sequence.to_string() })
    }
}

impl Record {
    fn to_json(&self) -> Value {
        json!({
            "EncryptionType": if self.encrypted { "KMS" } else { "NONE" },
            "SequenceNumber": self.sequence.to_string(),
            "ApproximateArrivalTimestamp": (self.arrived / 1_000) as f64 / 1e3,
            "Data": &*self.message.body,
            "PartitionKey": self.message.partition_key(),
        })
    }
}

impl ShardInfo {
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut json = json!({ "ShardId": shard_id(self.shard) });
        for (name, parent) in ["ParentShardId", "AdjacentParentShardId"].into_iter().zip(&self.parents) {
            json[name] = shard_id(*parent).into();
        }
        let (start, end) = (self.range.0.to_string(), self.range.1.to_string());
        json["HashKeyRange"] = json!({ "StartingHashKey": start, "EndingHashKey": end });
        let mut numbers = Map::new();
        numbers.insert("StartingSequenceNumber".to_owned(), self.first_sequence.to_string().into());
        if let Some(last) = self.last_sequence {
            numbers.insert("EndingSequenceNumber".to_owned(), last.to_string().into());
        }
        json["SequenceNumberRange"] = Value::Object(numbers);
        json
    }
}

/// The call that hands so many records to a stream.
pub fn push(count: usize) -> Option<services::Request> {
    Some(if count == 1 { Request::PutRecord { ordering: None }.into() } else { Request::PutRecords.into() })
}
