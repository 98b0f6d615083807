//! Iterators and `GetRecords` (KDS-7, KDS-8, KDS-9).

use super::api::{IteratorKind, Record, Response, ShardInfo, ShardIterator, shard_id};
use super::fact::Fact;
use super::model::Model;
use super::shard::{Shard, first_sequence, is_of_shard};
use super::throughput::ITERATORS_MAX;
use super::writing::throttled;
use crate::engine::{ActorId, Micros};
use crate::services::{ApiError, Caller, Cx};

impl Model {
    pub(super) fn iterator(&self, shard: u32, kind: IteratorKind, now: Micros) -> Result<ShardIterator, ApiError> {
        let held = &self.shards[self.find(shard)?];
        let own = |sequence: u128| {
            let text = format!("Sequence number {sequence} was not given by {}.", shard_id(shard));
            let foreign = ApiError::client("InvalidArgumentException", text);
            if is_of_shard(sequence, shard) { Ok(sequence) } else { Err(foreign) }
        };
        let from = match kind {
            IteratorKind::TrimHorizon => first_sequence(shard),
            IteratorKind::Latest => held.last_sequence + 1,
            IteratorKind::AtSequenceNumber(sequence) => own(sequence)?,
            IteratorKind::AfterSequenceNumber(sequence) => own(sequence)? + 1,
            IteratorKind::AtTimestamp(time) if time > now => {
                let text = format!(
                    "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. \
                     timestampInMillis: {}, currentTimestampInMillis: {}",
                    time / 1_000,
                    now / 1_000
                );
                return Err(ApiError::client("InvalidArgumentException", text));
            }
            IteratorKind::AtTimestamp(time) => {
                let place = held.records.partition_point(|record| record.arrived < time);
                held.records.get(place).map_or(held.last_sequence + 1, |record| record.sequence)
            }
        };
        Ok(ShardIterator { shard, from, made: now })
    }

    /// A shard gives five a second.
    pub(super) fn get_iterator(
        &mut self,
        shard: u32,
        kind: IteratorKind,
        cx: &mut Cx<'_>,
    ) -> Result<Response, ApiError> {
        let (now, place) = (cx.now(), self.find(shard)?);
        let iterators = &mut self.shards[place].iterators;
        if !iterators.has_room(1, ITERATORS_MAX, now) {
            return Err(throttled(shard, "5 iterators/s"));
        }
        iterators.spend(1, now);
        self.iterator(shard, kind, now).map(Response::Iterator)
    }

    /// What a reader got of a shard counts for the shard, and for the time from put to get.
    pub(super) fn note_delivery(&mut self, shard: u32, records: &[Record], size: u64, now: Micros) {
        if let Ok(place) = self.find(shard) {
            let counts = &mut self.shards[place].counts;
            counts.outgoing_records += records.len() as u64;
            counts.outgoing_bytes += size;
        }
        let latency = records.iter().map(|record| now.saturating_sub(record.arrived)).sum();
        self.metrics.delivered(records.len() as u64, latency);
    }

    /// Reading removes nothing (KDS-E5).
    pub(super) fn get_records(
        &mut self,
        caller: Caller,
        iterator: ShardIterator,
        limit: u64,
        cx: &mut Cx<'_>,
    ) -> Result<Response, ApiError> {
        let (now, id) = (cx.now(), iterator.shard);
        if iterator.is_expired(now) {
            cx.fact(Fact::IteratorExpired { shard: id }, None);
            let text = "Iterator expired. The iterator was created more than 5 minutes ago.";
            return Err(ApiError::client("ExpiredIteratorException", text));
        }
        let index = self.find(id)?;
        let readable_after = cx.shared_ref().network.record_readable();
        let shard = &mut self.shards[index];
        if let Err(limit) = shard.reads.admit(now) {
            self.metrics.reads_throttled += 1;
            shard.counts.reads_throttled += 1;
            cx.fact(Fact::ReadThrottled { shard: id, limit }, None);
            return Err(throttled(id, limit));
        }
        let mut reading = shard.read(iterator.from, now.checked_sub(readable_after), Shard::fits_answer(limit));
        if reading.behind > 0 {
            reading.behind += readable_after;
        }
        shard.reads.spend(reading.size, now);
        let is_contended = shard.reads.are_contended(now);
        if caller.actor != ActorId::OUTSIDE {
            shard.note_reader(caller.actor, caller.link, reading.from, reading.lag(now));
        }
        let count = reading.records.len() as u64;
        self.metrics.reads += 1;
        self.metrics.records_read += count;
        self.metrics.bytes_read += reading.size;
        self.note_delivery(id, &reading.records, reading.size, now);
        let only = reading.records.first().filter(|_| count == 1).map(|record| record.message.token);
        let behind_ms = reading.behind / 1_000;
        let fact =
            if count == 0 { Fact::EmptyRead { shard: id } } else { Fact::RecordsRead { shard: id, count, behind_ms } };
        cx.fact(fact, only);
        if reading.at_end {
            cx.fact(Fact::ShardEndReached { shard: id }, None);
        }
        let children = if reading.at_end { self.children(id) } else { Vec::new() };
        let next = (!reading.at_end).then_some(ShardIterator { shard: id, from: reading.from, made: now });
        let shown = reading.records.iter().map(|record| record.message.clone()).collect();
        Ok(Response::Records { records: reading.records, next, behind: reading.behind, children, shown, is_contended })
    }

    pub(super) fn children(&self, parent: u32) -> Vec<u32> {
        self.shards.iter().filter(|shard| shard.parents.contains(&parent)).map(|shard| shard.id).collect()
    }

    /// The place of a shard that exists and is not expired.
    pub(super) fn find(&self, shard: u32) -> Result<usize, ApiError> {
        self.shards.binary_search_by_key(&shard, |held| held.id).map_err(|_| {
            let text = format!("Shard {} in the stream does not exist.", shard_id(shard));
            ApiError::client("ResourceNotFoundException", text)
        })
    }
}

impl Shard {
    pub(super) fn info(&self) -> ShardInfo {
        ShardInfo {
            shard: self.id,
            range: self.range,
            parents: self.parents.clone(),
            first_sequence: first_sequence(self.id),
            last_sequence: (!self.is_open()).then_some(self.last_sequence),
        }
    }
}
