//! Iterators and `GetRecords` (KDS-7, KDS-8, KDS-9).

use super::api::{IteratorKind, Response, ShardInfo, ShardIterator, shard_id};
use super::fact::Fact;
use super::model::{Model, throttled};
use super::shard::{Shard, first_sequence, is_of_shard};
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
            IteratorKind::AtTimestamp(time) => {
                let place = held.records.partition_point(|record| record.arrived < time);
                held.records.get(place).map_or(held.last_sequence + 1, |record| record.sequence)
            }
        };
        Ok(ShardIterator { shard, from, made: now })
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
            cx.fact(Fact::ReadThrottled { shard: id, limit }, None);
            return Err(throttled(id, limit));
        }
        let mut reading = shard.read(iterator.from, limit, now.checked_sub(readable_after));
        if reading.behind > 0 {
            reading.behind += readable_after;
        }
        shard.reads.spend(reading.size, now);
        if caller.actor != ActorId::OUTSIDE {
            shard.note_reader(caller.actor, caller.link, reading.from);
        }
        let count = reading.records.len() as u64;
        self.metrics.records_read += count;
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
        Ok(Response::Records { records: reading.records, next, behind: reading.behind, children, shown })
    }

    fn children(&self, parent: u32) -> Vec<u32> {
        self.shards.iter().filter(|shard| shard.parents.contains(&parent)).map(|shard| shard.id).collect()
    }

    /// The place of a shard that exists and is not expired.
    fn find(&self, shard: u32) -> Result<usize, ApiError> {
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
