//! A stream as source: a reader for each shard, one batch at a time, in order. A batch that fails is tried again until
//! it succeeds, its records grow too old, or its attempts are used up; in halves, if so wished.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::batch::{Item, parsed};
use super::fact::Fact;
use super::model::{Model, Origin, PAUSE, Timer};
use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::services::kinesis::api::{
    self, IteratorKind, ListQuery, Record, Request, ShardInfo, ShardIterator, shard_id,
};
use crate::services::sqs::api as sqs;
use crate::services::{ApiError, Cx, Door, LinkKind, Response};

/// Between reads, of which a shard takes five a second (KDS-7); between looks for new shards.
const READ_PAUSE: Micros = MICROS_PER_SECOND;
const RELIST: Micros = 10 * MICROS_PER_SECOND;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Resting,
    Awaiting(u64),
    Working,
    /// The shard is closed and read to its end.
    Done,
}

#[derive(Clone, Debug)]
pub struct ShardReader {
    shard: u32,
    is_child: bool,
    step: Step,
    iterator: Option<ShardIterator>,
    /// Where to go on when the iterator is gone.
    resume: Option<u128>,
    records: VecDeque<Record>,
    /// Items of the next batch, when one was cut in two.
    most: Option<usize>,
    /// Failures of what is in front.
    attempts: u64,
}

impl ShardReader {
    fn new(info: &ShardInfo) -> Self {
        Self {
            shard: info.shard,
            is_child: !info.parents.is_empty(),
            step: Step::Resting,
            iterator: None,
            resume: None,
            records: VecDeque::new(),
            most: None,
            attempts: 0,
        }
    }

    #[must_use]
    pub fn awaits(&self, call: u64) -> bool {
        self.step == Step::Awaiting(call)
    }
}

impl Model {
    pub(super) fn list_shards(&mut self, cx: &mut Cx<'_>) {
        let Some(source) = self.source.clone().filter(|_| self.config.running) else { return };
        self.listing = Some(cx.call(&source, Request::ListShards(ListQuery::default()).into(), Vec::new()));
        cx.wake_in(RELIST, Timer::ListShards { generation: self.generation });
    }

    pub(super) fn shards_listed(&mut self, result: Result<Response, ApiError>, cx: &mut Cx<'_>) {
        self.listing = None;
        let Ok(Response::Kinesis(api::Response::Shards { shards, .. })) = result else { return };
        for info in &shards {
            let exists = |parent: &&u32| shards.iter().any(|other| other.shard == **parent);
            let is_done =
                |parent: &u32| self.readers.iter().any(|reader| reader.shard == *parent && reader.step == Step::Done);
            let is_known = self.readers.iter().any(|reader| reader.shard == info.shard);
            if !is_known && info.parents.iter().filter(exists).all(is_done) {
                self.readers.push(ShardReader::new(info));
                self.read_shard(self.readers.len() - 1, cx);
            }
        }
    }

    pub(super) fn read_shard(&mut self, place: usize, cx: &mut Cx<'_>) {
        let Some(source) = self.source.clone().filter(|_| self.config.running) else { return };
        let reader = &mut self.readers[place];
        if reader.step != Step::Resting {
            return;
        }
        if !reader.records.is_empty() {
            return self.start_shard_batch(place, cx);
        }
        let request = match reader.iterator {
            Some(iterator) => Request::GetRecords { iterator, limit: self.config.stream.size as u64 },
            None => Request::GetShardIterator {
                shard: reader.shard,
                kind: match reader.resume {
                    Some(sequence) => IteratorKind::AtSequenceNumber(sequence),
                    None if self.config.latest && !reader.is_child => IteratorKind::Latest,
                    None => IteratorKind::TrimHorizon,
                },
            },
        };
        reader.step = Step::Awaiting(cx.call(&source, request.into(), Vec::new()));
    }

    fn rest(&mut self, place: usize, wait: Micros, cx: &mut Cx<'_>) {
        self.readers[place].step = Step::Resting;
        cx.wake_in(wait, Timer::ReadShard { reader: place, generation: self.generation });
    }

    pub(super) fn shard_answered(&mut self, place: usize, result: Result<Response, ApiError>, cx: &mut Cx<'_>) {
        let reader = &mut self.readers[place];
        reader.step = Step::Resting;
        match result {
            Ok(Response::Kinesis(api::Response::Iterator(iterator))) => {
                reader.iterator = Some(iterator);
                self.read_shard(place, cx);
            }
            Ok(Response::Kinesis(api::Response::Records { records, next, .. })) => {
                reader.iterator = next;
                reader.records = records.into();
                if !reader.records.is_empty() {
                    return self.start_shard_batch(place, cx);
                }
                if next.is_none() {
                    reader.step = Step::Done;
                    return self.list_shards(cx);
                }
                self.rest(place, READ_PAUSE, cx);
            }
            result => {
                let code = result.err().map_or("UnexpectedAnswer", |error| error.code);
                if let Some(iterator) = reader.iterator.take() {
                    reader.resume = Some(iterator.from);
                }
                cx.fact(Fact::PollFailed { code }, None);
                self.rest(place, PAUSE, cx);
            }
        }
    }

    /// Takes a batch from the front, past what the filter refuses.
    fn start_shard_batch(&mut self, place: usize, cx: &mut Cx<'_>) {
        let most = self.readers[place].most.unwrap_or(self.config.stream.size);
        let records: Vec<Record> = self.readers[place].records.iter().take(most).cloned().collect();
        let (mut items, mut refused) = (Vec::new(), Vec::new());
        for record in &records {
            let item = item_of(record, self.readers[place].shard);
            if self.passes(&item.value) { items.push(item) } else { refused.push(item.message.token) }
        }
        if self.readers[place].attempts == 0 && self.readers[place].most.is_none() {
            self.metrics.filtered += refused.len() as u64;
            refused.into_iter().for_each(|token| cx.fact(Fact::FilteredOut, Some(token)));
        }
        if items.is_empty() {
            return self.pass_on(place, records.len(), cx);
        }
        self.readers[place].step = Step::Working;
        self.start_batch(Origin::Shard { reader: place }, items, cx);
    }

    /// The records in front are done with.
    fn pass_on(&mut self, place: usize, count: usize, cx: &mut Cx<'_>) {
        let reader = &mut self.readers[place];
        reader.records.drain(..count.min(reader.records.len()));
        (reader.attempts, reader.most, reader.step) = (0, None, Step::Resting);
        if !reader.records.is_empty() {
            return self.start_shard_batch(place, cx);
        }
        if reader.iterator.is_none() {
            reader.step = Step::Done;
            return self.list_shards(cx);
        }
        self.rest(place, READ_PAUSE, cx);
    }

    pub(super) fn shard_batch_ended(&mut self, place: usize, items: Vec<Item>, failed: &[usize], cx: &mut Cx<'_>) {
        let Some(reader) = self.readers.get_mut(place) else { return };
        let taken = reader.most.unwrap_or(self.config.stream.size).min(reader.records.len());
        let Some(first) = failed.first().copied() else { return self.pass_on(place, taken, cx) };
        let token = Some(items[first].message.token);
        // What stands before the first that failed is done with.
        let done =
            reader.records.iter().position(|record| record.message.token == items[first].message.token).unwrap_or(0);
        reader.records.drain(..done);
        if first > 0 {
            reader.attempts = 0;
        }
        reader.attempts += 1;
        let left = taken - done;
        let age = cx.now() - reader.records.front().map_or(cx.now(), |record| record.arrived);
        let too_often = self.config.retries_max.is_some_and(|most| reader.attempts > most);
        let too_old = self.config.age_max.is_some_and(|most| age > most);
        if self.config.bisects && left > 1 && !too_old {
            let half = left.div_ceil(2);
            (reader.most, reader.attempts) = (Some(half), 0);
            cx.fact(Fact::BatchBisected { items: half as u64 }, token);
            return self.rest(place, PAUSE, cx);
        }
        if too_often || too_old {
            let why = if too_old { "MaximumRecordAgeInSeconds" } else { "MaximumRetryAttempts" };
            cx.fact(Fact::BatchGivenUp { items: left as u64, why }, token);
            self.bury_batch(place, left, why, cx);
            return self.pass_on(place, left, cx);
        }
        reader.most = Some(left);
        cx.fact(Fact::BatchReturned { items: left as u64 }, token);
        self.rest(place, PAUSE, cx);
    }

    /// What is told of a batch that was given up: where its records lie, and not the records (KDS-28).
    fn bury_batch(&mut self, place: usize, count: usize, why: &'static str, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        let queue = self.config.dead_letter.as_deref();
        let mut lines = routes.iter().filter(|route| route.kind == LinkKind::Redrive && route.outward);
        let Some(route) = lines.find(|route| Some(&*route.peer_name) == queue) else { return };
        let reader = &self.readers[place];
        let (Some(first), Some(last)) = (reader.records.front(), reader.records.get(count - 1)) else { return };
        let told: Value = json!({
            "context": { "partnerResourceArn": &*cx.name(), "condition": why },
            "version": "1.0",
            "KinesisBatchInfo": {
                "shardId": shard_id(reader.shard),
                "startSequenceNumber": first.sequence.to_string(),
                "endSequenceNumber": last.sequence.to_string(),
                "batchSize": count,
            },
        });
        let message = cx.produce(told.to_string().into(), None, first.message.hue);
        cx.call(route, sqs::Request::SendMessage.into(), vec![message]);
    }
}

/// A record as a pipe shows it to filters, enrichment and target.
fn item_of(record: &Record, shard: u32) -> Item {
    let sequence = record.sequence.to_string();
    let value = json!({
        "eventSource": "aws:kinesis",
        "eventID": format!("{}:{sequence}", shard_id(shard)),
        "partitionKey": record.message.partition_key(),
        "sequenceNumber": sequence,
        "data": parsed(&record.message.body),
        "approximateArrivalTimestamp": (record.arrived / 1_000) as f64 / 1e3,
        "awsRegion": "us-east-1",
    });
    Item { message: record.message.clone(), value }
}
