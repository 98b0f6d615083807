//! `PutRecord` and `PutRecords` (KDS-1 … KDS-5): each record goes to the shard that holds its hash key, if the shard's
//! limits let it. No record is recognized: one that is put again lies there twice (KDS-5).

use super::api::{self, Placed, Record, Response, record_size, shard_id};
use super::config::RECORD_KIB_DEFAULT;
use super::control::invalid;
use super::fact::Fact;
use super::model::Model;
use super::parsing::out_of_range;
use super::shard::{hash_of, is_of_shard};
use crate::services::{ApiError, Caller, Cx, Door, Message, Place};

/// Bytes of all records of one `PutRecords` (KDS-4).
const PUT_SIZE_MAX: u64 = 10 * 1_048_576;
/// Bytes of a PUT payload unit, which a provisioned stream is billed by.
const PUT_UNIT: u64 = 25 * 1_024;
/// Characters of a partition key (KDS-1).
const KEY_CHARS_MAX: usize = 256;
/// Sequence numbers are not dense (KDS-2): the step from one to the next is drawn up to this `[MODEL]`.
const SEQUENCE_STEP_MAX: u64 = 1_000;

impl Model {
    pub(super) fn put_record(
        &mut self,
        caller: Caller,
        ordering: Option<u128>,
        mut messages: Vec<Message>,
        cx: &mut Cx<'_>,
    ) {
        let checked = self.check_batch(&messages).and_then(|()| self.check_ordering(ordering));
        let checked = checked.inspect_err(|error| {
            let token = messages.first().map(|message| message.token);
            cx.fact(Fact::RequestRefused { code: error.code }, token);
        });
        let admitted = checked.and_then(|()| self.admit(&messages[0], cx));
        let placed = admitted.map(|index| {
            self.metrics.put_record.0 += 1;
            self.metrics.put_record.1 += record_size(&messages[0]);
            self.append(index, messages.remove(0), cx)
        });
        cx.answer(caller, placed.map(|placed| Response::PutRecord(placed).into()), messages);
    }

    /// Each record by itself, in the order of the request (KDS-4).
    pub(super) fn put_records(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        if let Err(error) = self.check_batch(&messages) {
            cx.fact(Fact::RequestRefused { code: error.code }, None);
            return cx.answer(caller, Err(error), messages);
        }
        let (mut results, mut refused) = (Vec::new(), Vec::new());
        self.metrics.put_records.total += messages.len() as u64;
        for message in messages {
            let admitted = self.admit(&message, cx);
            results.push(match admitted {
                Ok(index) => {
                    self.metrics.put_records.successful += 1;
                    self.metrics.put_records.bytes += record_size(&message);
                    Ok(self.append(index, message, cx))
                }
                Err(error) => {
                    self.metrics.put_records.throttled += 1;
                    refused.push(message);
                    Err(error)
                }
            });
        }
        self.metrics.put_records.success += u64::from(results.iter().any(Result::is_ok));
        cx.answer(caller, Ok(Response::PutRecords { results }.into()), refused);
    }

    /// The place of the shard that takes a message, unless its limits forbid.
    fn admit(&mut self, message: &Message, cx: &mut Cx<'_>) -> Result<usize, ApiError> {
        let (bursts, index) = (self.config.record_kib > RECORD_KIB_DEFAULT, self.shard_for(message));
        let shard = &mut self.shards[index];
        let Err(limit) = shard.writes.admit(record_size(message), bursts, cx.now()) else { return Ok(index) };
        self.metrics.writes_throttled += 1;
        shard.counts.writes_throttled += 1;
        cx.fact(Fact::RecordThrottled { shard: shard.id, limit }, Some(message.token));
        Err(throttled(shard.id, limit))
    }

    /// By its hash key; where the stream spreads records by itself, the open shards in turn (KDS-18).
    fn shard_for(&mut self, message: &Message) -> usize {
        let explicit = message.meta.as_deref().and_then(|meta| meta.explicit_hash_key);
        if self.config.spreads && explicit.is_none() {
            self.turn += 1;
            let open = self.open_shards();
            let mut places = (0..self.shards.len()).filter(|place| self.shards[*place].is_open());
            let turn = usize::try_from(self.turn % open).unwrap_or(0);
            return places.nth(turn).expect("a stream has an open shard");
        }
        let hash = explicit.unwrap_or_else(|| hash_of(&message.partition_key()));
        let index = self.shards.iter().position(|shard| shard.is_open() && shard.holds(hash));
        index.expect("the open shards cover every hash key")
    }

    /// A number from the future is refused; with any other the record gets a greater one, as every later record does.
    fn check_ordering(&self, ordering: Option<u128>) -> Result<(), ApiError> {
        let Some(number) = ordering else { return Ok(()) };
        let given = self.shards.iter().any(|shard| is_of_shard(number, shard.id) && number <= shard.last_sequence);
        if given { Ok(()) } else { Err(invalid("SequenceNumberForOrdering was given to no record of this stream.")) }
    }

    /// KDS-1, KDS-3 and KDS-4: one wrong record refuses the whole request.
    fn check_batch(&self, messages: &[Message]) -> Result<(), ApiError> {
        if !(1..=api::PUT_RECORDS_MAX).contains(&messages.len()) {
            return Err(out_of_range("records", "Member must have length between 1 and 500"));
        }
        let most = self.config.record_kib * 1_024;
        messages.iter().try_for_each(|message| check(message, most))?;
        if messages.iter().map(record_size).sum::<u64>() > PUT_SIZE_MAX {
            return Err(invalid(format!("Records size exceeds the limit of {PUT_SIZE_MAX} bytes for one request.")));
        }
        Ok(())
    }

    fn append(&mut self, index: usize, mut message: Message, cx: &mut Cx<'_>) -> Placed {
        let size = record_size(&message);
        self.metrics.incoming_records += 1;
        self.metrics.incoming_bytes += size;
        self.metrics.put_units += size.div_ceil(PUT_UNIT).max(1);
        self.metrics.rounded_bytes += size.div_ceil(1_024) * 1_024;
        cx.book(1, Place::Travelling, Place::Stored);
        let (now, step) = (cx.now(), 1 + cx.rng("sequence").below(SEQUENCE_STEP_MAX));
        let encrypted = self.config.key.is_some();
        let shard = &mut self.shards[index];
        shard.counts.incoming_records += 1;
        shard.counts.incoming_bytes += size;
        shard.load = (shard.load.0 + 1, shard.load.1 + size);
        cx.fact(Fact::RecordPut { shard: shard.id }, Some(message.token));
        shard.last_sequence += u128::from(step);
        let placed = Placed { shard: shard.id, sequence: shard.last_sequence };
        message.kept = true;
        shard.records.push(Record { message, sequence: placed.sequence, arrived: now, encrypted });
        if !self.retention_timer.is_set() {
            self.watch_retention(cx);
        }
        if !self.subscriptions.is_empty() {
            self.push_soon(placed.shard, cx.shared_ref().network.record_pushed(), cx);
        }
        placed
    }
}

pub(super) fn throttled(shard: u32, limit: &str) -> ApiError {
    let text = format!("Rate exceeded for shard {} in the stream: {limit}.", shard_id(shard));
    ApiError::server("ProvisionedThroughputExceededException", text)
}

fn check(message: &Message, size_max: u64) -> Result<(), ApiError> {
    if !(1..=KEY_CHARS_MAX).contains(&message.partition_key().chars().count()) {
        return Err(out_of_range("partitionKey", "Member must have length between 1 and 256"));
    }
    if record_size(message) > size_max {
        return Err(invalid(format!("Key and data of a record must not exceed {size_max} bytes.")));
    }
    Ok(())
}
