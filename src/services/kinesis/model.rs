//! The stream's state machine: who calls what, and putting records.

use serde_json::Value;

use super::api::{self, Placed, Record, Request, Response, record_size, shard_id};
use super::config::Config;
use super::fact::Fact;
use super::metrics::Metrics;
use super::parsing::out_of_range;
use super::shard::{Shard, even_ranges, hash_of};
use crate::engine::Micros;
use crate::figure::Figure;
use crate::services::{
    self, Alarm, Answer, ApiError, Call, Caller, Cx, Door, Draft, Message, Metric, Place, Service, Settings,
};

/// Bytes of key and data of one record (KDS-3).
const RECORD_SIZE_MAX: u64 = 1_048_576;
/// Bytes of all records of one `PutRecords` (KDS-4).
const PUT_SIZE_MAX: u64 = 10 * 1_048_576;
/// Characters of a partition key (KDS-1).
const KEY_CHARS_MAX: usize = 256;
/// Sequence numbers are not dense (KDS-2): the step from one to the next is drawn up to this `[MODEL]`.
const SEQUENCE_STEP_MAX: u64 = 1_000;

#[derive(Clone, Debug)]
pub enum Timer {
    RetentionEnds,
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    /// By id. Open shards cover every hash key once; closed ones stay until their retention ends.
    pub(super) shards: Vec<Shard>,
    pub(super) next_shard: u32,
    pub(super) metrics: Metrics,
    pub(super) retention_timer: Alarm,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        let config = Config::read(settings);
        let ranges = even_ranges(config.shard_count);
        let shards = (0..).zip(ranges).map(|(id, range)| Shard::new(id, range, Vec::new())).collect();
        let next_shard = config.shard_count;
        let (metrics, retention_timer) = (Metrics::default(), Alarm::default());
        Self { config, shards, next_shard, metrics, retention_timer }
    }

    fn start(&mut self, _cx: &mut Cx<'_>) {}

    /// A shorter retention makes older records unreadable at once (KDS-6).
    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        let before = std::mem::replace(&mut self.config, Config::read(settings));
        if before.shard_count != self.config.shard_count {
            self.reshard(cx);
        }
        self.watch_retention(cx);
    }

    /// Forgets readers that are no longer connected: nobody's age counts for ever.
    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        for shard in &mut self.shards {
            shard.readers.retain(|reader| routes.iter().any(|route| route.link == reader.link));
        }
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        cx.book(self.stored(), Place::Stored, Place::Dropped("ResourceDeleted"));
        self.shards.clear();
        self.retention_timer.stop(cx);
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        let services::Request::Kinesis(request) = request else {
            let error = ApiError::client("InvalidAction", "A stream takes Kinesis's own API alone.");
            return cx.answer(caller, Err(error), messages);
        };
        match request {
            Request::PutRecord => self.put_record(caller, messages, cx),
            Request::PutRecords => self.put_records(caller, messages, cx),
            Request::DescribeStreamSummary => {
                let open_shards = self.open_shards();
                let summary = Response::Summary { open_shards, retention: self.config.retention };
                cx.answer(caller, Ok(summary.into()), messages);
            }
            Request::ListShards => {
                let shards = self.shards.iter().map(Shard::info).collect();
                let listed = Response::Shards { shards, retention: self.config.retention };
                cx.answer(caller, Ok(listed.into()), messages);
            }
            Request::GetShardIterator { shard, kind } => {
                let iterator = self.iterator(shard, kind, cx.now());
                cx.answer(caller, iterator.map(|iterator| Response::Iterator(iterator).into()), messages);
            }
            Request::GetRecords { iterator, limit } => {
                let result = self.get_records(caller, iterator, limit, cx);
                cx.answer(caller, result.map(Into::into), messages);
            }
        }
    }

    /// A stream calls nobody: what comes back is the copy of an answer that a fault made.
    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        cx.book(answer.messages.len() as u64, Place::Travelling, Place::Dropped("UnexpectedAnswer"));
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::RetentionEnds => self.expire(cx),
        }
    }

    fn stored(&self) -> u64 {
        self.shards.iter().map(|shard| shard.records.len() as u64).sum()
    }

    fn metrics(&self, now: Micros) -> Vec<(&'static str, Metric)> {
        let age = self.shards.iter().map(|shard| shard.age(now)).max().unwrap_or(0);
        vec![
            ("IncomingRecords", Metric::Count(self.metrics.incoming_records)),
            ("IncomingBytes", Metric::Count(self.metrics.incoming_bytes)),
            ("GetRecords.Records", Metric::Count(self.metrics.records_read)),
            ("GetRecords.IteratorAgeMilliseconds", Metric::Milliseconds(age)),
            ("WriteProvisionedThroughputExceeded", Metric::Count(self.metrics.writes_throttled)),
            ("ReadProvisionedThroughputExceeded", Metric::Count(self.metrics.reads_throttled)),
            ("OpenShardCount", Metric::Count(self.open_shards())),
        ]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse(action, input).map(|(request, drafts)| (request.into(), drafts))
    }
}

impl Model {
    pub(super) fn open_shards(&self) -> u64 {
        self.shards.iter().filter(|shard| shard.is_open()).count() as u64
    }

    fn put_record(&mut self, caller: Caller, mut messages: Vec<Message>, cx: &mut Cx<'_>) {
        let checked = check_batch(&messages).inspect_err(|error| {
            let token = messages.first().map(|message| message.token);
            cx.fact(Fact::RequestRefused { code: error.code }, token);
        });
        let admitted = checked.and_then(|()| self.admit(&messages[0], cx));
        let placed = admitted.map(|index| self.append(index, messages.remove(0), cx));
        cx.answer(caller, placed.map(|placed| Response::PutRecord(placed).into()), messages);
    }

    /// Each record by itself, in the order of the request (KDS-4).
    fn put_records(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        if let Err(error) = check_batch(&messages) {
            cx.fact(Fact::RequestRefused { code: error.code }, None);
            return cx.answer(caller, Err(error), messages);
        }
        let (mut results, mut refused) = (Vec::new(), Vec::new());
        for message in messages {
            let admitted = self.admit(&message, cx);
            results.push(match admitted {
                Ok(index) => Ok(self.append(index, message, cx)),
                Err(error) => {
                    refused.push(message);
                    Err(error)
                }
            });
        }
        cx.answer(caller, Ok(Response::PutRecords { results }.into()), refused);
    }

    /// The place of the shard that takes a message, unless its limits forbid.
    fn admit(&mut self, message: &Message, cx: &mut Cx<'_>) -> Result<usize, ApiError> {
        let explicit = message.meta.as_deref().and_then(|meta| meta.explicit_hash_key);
        let hash = explicit.unwrap_or_else(|| hash_of(&message.partition_key()));
        let index = self.shards.iter().position(|shard| shard.is_open() && shard.holds(hash));
        let index = index.expect("the open shards cover every hash key");
        let shard = &mut self.shards[index];
        let Err(limit) = shard.writes.admit(record_size(message), cx.now()) else { return Ok(index) };
        self.metrics.writes_throttled += 1;
        cx.fact(Fact::RecordThrottled { shard: shard.id, limit }, Some(message.token));
        Err(throttled(shard.id, limit))
    }

    fn append(&mut self, index: usize, message: Message, cx: &mut Cx<'_>) -> Placed {
        self.metrics.incoming_records += 1;
        self.metrics.incoming_bytes += record_size(&message);
        cx.book(1, Place::Travelling, Place::Stored);
        let (now, step) = (cx.now(), 1 + cx.rng("sequence").below(SEQUENCE_STEP_MAX));
        let shard = &mut self.shards[index];
        cx.fact(Fact::RecordPut { shard: shard.id }, Some(message.token));
        shard.last_sequence += u128::from(step);
        let placed = Placed { shard: shard.id, sequence: shard.last_sequence };
        shard.records.push_back(Record { message, sequence: placed.sequence, arrived: now });
        if !self.retention_timer.is_set() {
            self.watch_retention(cx);
        }
        placed
    }
}

pub(super) fn throttled(shard: u32, limit: &str) -> ApiError {
    let text = format!("Rate exceeded for shard {} in the stream: {limit}.", shard_id(shard));
    ApiError::server("ProvisionedThroughputExceededException", text)
}

/// KDS-1, KDS-3 and KDS-4: one wrong record refuses the whole request.
fn check_batch(messages: &[Message]) -> Result<(), ApiError> {
    if !(1..=api::PUT_RECORDS_MAX).contains(&messages.len()) {
        return Err(out_of_range("records", "Member must have length between 1 and 500"));
    }
    messages.iter().try_for_each(check)?;
    if messages.iter().map(record_size).sum::<u64>() > PUT_SIZE_MAX {
        let text = format!("Records size exceeds the limit of {PUT_SIZE_MAX} bytes for one request.");
        return Err(ApiError::client("InvalidArgumentException", text));
    }
    Ok(())
}

fn check(message: &Message) -> Result<(), ApiError> {
    if !(1..=KEY_CHARS_MAX).contains(&message.partition_key().chars().count()) {
        return Err(out_of_range("partitionKey", "Member must have length between 1 and 256"));
    }
    if record_size(message) > RECORD_SIZE_MAX {
        let text = format!("Key and data of a record must not exceed {RECORD_SIZE_MAX} bytes.");
        return Err(ApiError::client("InvalidArgumentException", text));
    }
    Ok(())
}
