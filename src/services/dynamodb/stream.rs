//! A table's stream: each change of an item as a record, in the order of the changes, for a day.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>
//!
//! It is read as a stream of Kinesis is, by `ListShards`, `GetShardIterator` and `GetRecords`. What changes nothing
//! makes no record. `[MODEL]`: the table has one partition, so its stream has one shard, which stays open.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::api::{Item, StreamCall};
use super::fact::Fact;
use super::key::Key;
use super::model::{Model, Timer};
use super::value::size_of;
use crate::engine::{Micros, seconds};
use crate::services::kinesis::api::{IteratorKind, Record, Request, Response, ShardInfo, ShardIterator, shard_id};
use crate::services::parts::arns::{REGION, arn};
use crate::services::{Alarm, ApiError, Cx, Door, Message, Meta, Place, hue_of, json_or_text};

const RETENTION: Micros = seconds(86_400);
const ITERATOR_LIFE: Micros = seconds(900);
/// Records in one answer, and their bytes.
const READ_RECORDS_MAX: u64 = 1_000;
const READ_SIZE_MAX: u64 = 1_048_576;
const SHARD: u32 = 0;

fn no_stream() -> ApiError {
    ApiError::client("ResourceNotFoundException", "The table has no stream.")
}

#[derive(Clone, Debug, Default)]
pub struct Changes {
    records: VecDeque<Record>,
    last_sequence: u128,
    retention: Alarm,
}

impl Changes {
    pub fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.records.iter().for_each(|record| see(&record.message));
    }

    #[must_use]
    pub fn len(&self) -> u64 {
        self.records.len() as u64
    }

    fn first_from(&self, from: u128) -> usize {
        self.records.partition_point(|record| record.sequence < from)
    }
}

impl Model {
    /// Keeps a record of what became of an item, if the table has a stream and something did.
    pub(super) fn note_change(&mut self, key: &Key, old: Option<&Item>, new: Option<&Item>, cx: &mut Cx<'_>) {
        let Some(view) = self.config.stream else { return };
        let event = match (old, new) {
            (None, Some(_)) => "INSERT",
            (Some(old), Some(new)) if old != new => "MODIFY",
            (Some(_), None) => "REMOVE",
            _ => return,
        };
        self.changes.last_sequence += 1;
        let (now, sequence) = (cx.now(), self.changes.last_sequence);
        let mut change = json!({
            "ApproximateCreationDateTime": now / 1_000_000,
            "Keys": self.config.schema.attributes(key),
            "SequenceNumber": sequence.to_string(),
            "SizeBytes": old.map_or(0, size_of) + new.map_or(0, size_of),
            "StreamViewType": view,
        });
        for (image, item, views) in [
            ("NewImage", new, ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"]),
            ("OldImage", old, ["OLD_IMAGE", "NEW_AND_OLD_IMAGES"]),
        ] {
            if let Some(item) = item.filter(|_| views.contains(&view)) {
                change[image] = json!(item);
            }
        }
        let key = key.to_string();
        let body = json!({
            "eventID": format!("{sequence:032x}"),
            "eventName": event,
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": REGION,
            "dynamodb": change,
        });
        let meta = Meta { partition_key: Some(key.clone()), ..Meta::default() };
        let mut message = cx.produce(body.to_string().into(), Some(meta.into()), hue_of(&key));
        cx.book(1, Place::Travelling, Place::Stored);
        cx.fact(Fact::ChangeRecorded { event, key }, Some(message.token));
        message.kept = true;
        self.changes.records.push_back(Record { message, sequence, arrived: now, encrypted: false });
        self.watch_stream(cx);
    }

    fn watch_stream(&mut self, cx: &mut Cx<'_>) {
        let due = self.changes.records.front().map(|record| record.arrived + RETENTION);
        self.changes.retention.set(due, Timer::StreamRecordExpires, cx);
    }

    pub(super) fn expire_changes(&mut self, cx: &mut Cx<'_>) {
        self.changes.retention.rang();
        let now = cx.now();
        while self.changes.records.front().is_some_and(|record| record.arrived + RETENTION <= now) {
            let record = self.changes.records.pop_front().expect("the front was just seen");
            cx.fact(Fact::ChangeExpired, Some(record.message.token));
            cx.book(1, Place::Stored, Place::Expired);
        }
        self.watch_stream(cx);
    }

    pub(super) fn drop_changes(&mut self, cx: &mut Cx<'_>) {
        cx.book(self.changes.len(), Place::Stored, Place::Dropped("ResourceDeleted"));
        self.changes = Changes::default();
    }

    /// A script's call of the stream, answered in the shape of DynamoDB Streams.
    pub(super) fn stream_told(&self, call: &StreamCall, cx: &Cx<'_>) -> Result<Value, ApiError> {
        let arn = arn("dynamodb", &format!("table/{}/stream/2026-01-01T00:00:00.000", cx.name()));
        let request = match call {
            StreamCall::ListStreams => {
                let streams = self.config.stream.map(|_| json!({ "StreamArn": arn, "TableName": &*cx.name() }));
                return Ok(json!({ "Streams": streams.into_iter().collect::<Vec<_>>() }));
            }
            StreamCall::DescribeStream => {
                let view = self.config.stream.ok_or_else(no_stream)?;
                let shard =
                    json!({ "ShardId": shard_id(SHARD), "SequenceNumberRange": { "StartingSequenceNumber": "1" } });
                return Ok(json!({ "StreamDescription": { "StreamArn": arn, "StreamStatus": "ENABLED",
                    "StreamViewType": view, "TableName": &*cx.name(), "Shards": [shard] } }));
            }
            StreamCall::Read(request) => request,
        };
        Ok(match self.read_changes(request, cx.now())? {
            Response::Records { records, next, .. } => {
                let records: Vec<Value> = records.iter().map(|record| json_or_text(&record.message.body)).collect();
                json!({ "Records": records, "NextShardIterator": next.map(ShardIterator::to_text) })
            }
            other => other.to_json(),
        })
    }

    /// A reader's request. A stream that was switched off can be read for as long as it holds something.
    pub(super) fn read_changes(&self, request: &Request, now: Micros) -> Result<Response, ApiError> {
        if self.config.stream.is_none() && self.changes.len() == 0 {
            return Err(no_stream());
        }
        match request {
            Request::ListShards(_) => {
                let (range, first_sequence) = ((0, u128::MAX), 1);
                let shard = ShardInfo { shard: SHARD, range, parents: Vec::new(), first_sequence, last_sequence: None };
                Ok(Response::Shards { shards: vec![shard], retention: RETENTION })
            }
            Request::GetShardIterator { kind, .. } => {
                let from = match *kind {
                    IteratorKind::Latest => self.changes.last_sequence + 1,
                    IteratorKind::AtSequenceNumber(sequence) => sequence,
                    IteratorKind::AfterSequenceNumber(sequence) => sequence + 1,
                    IteratorKind::TrimHorizon | IteratorKind::AtTimestamp(_) => 1,
                };
                Ok(Response::Iterator(ShardIterator { shard: SHARD, from, made: now }))
            }
            Request::GetRecords { iterator, limit } => self.changes_from(*iterator, *limit, now),
            _ => Err(ApiError::client("InvalidAction", "The stream of a table is not called that way.")),
        }
    }

    fn changes_from(&self, iterator: ShardIterator, limit: u64, now: Micros) -> Result<Response, ApiError> {
        if now > iterator.made + ITERATOR_LIFE {
            let text = "Iterator expired. The iterator was created more than 15 minutes ago.";
            return Err(ApiError::client("ExpiredIteratorException", text));
        }
        let (mut from, mut size) = (iterator.from, 0);
        let mut records = Vec::new();
        for record in self.changes.records.range(self.changes.first_from(iterator.from)..) {
            size += record.size();
            if records.len() as u64 >= limit.min(READ_RECORDS_MAX) || size > READ_SIZE_MAX && !records.is_empty() {
                break;
            }
            from = record.sequence + 1;
            records.push(record.clone());
        }
        let next = Some(ShardIterator { shard: SHARD, from, made: now });
        let shown = records.iter().map(|record| record.message.clone()).collect();
        Ok(Response::Records { records, next, behind: 0, children: Vec::new(), shown, is_contended: false })
    }
}
