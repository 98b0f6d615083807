//! A stream as source, of Kinesis or of a table's changes: its shards, parents before children, each read once a second into its lanes.

use super::super::envelope::resource_arn;
use super::batch::Item;
use super::fact::Fact;
use super::model::{Model, PAUSE, Timer};
use super::source_shard::{SourceShard, Step};
use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::services::kinesis::api::{self, ListQuery, READ_RECORDS_MAX, Record, Request, ShardInfo};
use crate::services::parts::shard_lane::{PAYLOAD_MAX, ShardLane, add_to_lane};
use crate::services::parts::shard_reader::Got;
use crate::services::{Answer, ApiError, Cx, Deadline, Door, Kind, Response, json_or_text};

/// Between reads, of which a shard takes five a second (KDS-7); between looks for new shards.
const READ_PAUSE: Micros = MICROS_PER_SECOND;
const RELIST: Micros = 10 * MICROS_PER_SECOND;
/// It reads no more while it holds so many records of a shard `[MODEL]`.
const HELD_MAX: usize = 10_000;

impl Model {
    /// Begins with the stream, or goes on after a rest.
    pub(super) fn read_stream(&mut self, cx: &mut Cx<'_>) {
        self.generation += 1;
        self.list_shards(cx);
        for place in 0..self.readers.len() {
            let lanes = &mut self.readers[place].lanes;
            lanes.iter_mut().filter_map(ShardLane::rouse).for_each(|key| cx.cancel(key));
            self.run_lanes(place, cx);
            self.read_shard(place, cx);
        }
    }

    pub(super) fn list_shards(&mut self, cx: &mut Cx<'_>) {
        let Some(source) = self.source.clone().filter(|_| self.is_at_work()) else { return };
        self.listing = Some(cx.call_within(
            &source,
            Request::ListShards(ListQuery::default()).into(),
            Vec::new(),
            Deadline::SERVICE,
        ));
        if let Some(key) = self.next_listing.take() {
            cx.cancel(key);
        }
        self.next_listing = Some(cx.wake_in(RELIST, Timer::ListShards { generation: self.generation }));
    }

    pub(super) fn shards_listed(&mut self, result: Result<Response, ApiError>, cx: &mut Cx<'_>) {
        self.listing = None;
        let (shards, retention) = match result {
            Ok(Response::Kinesis(api::Response::Shards { shards, retention })) => (shards, retention),
            result => {
                let code = result.err().map_or("UnexpectedAnswer", |error| error.code);
                return cx.fact(Fact::PollFailed { code }, None);
            }
        };
        self.retention = retention;
        for info in &shards {
            let is_known = self.readers.iter().any(|known| known.reader.shard == info.shard);
            if !is_known && self.is_next(info, &shards) {
                self.readers.push(SourceShard::new(info, self.config.start));
                self.read_shard(self.readers.len() - 1, cx);
            }
        }
    }

    /// Whether all of a shard's parents that are still listed are done.
    fn is_next(&self, info: &ShardInfo, listed: &[ShardInfo]) -> bool {
        let exists = |parent: &&u32| listed.iter().any(|other| other.shard == **parent);
        let is_done =
            |parent: &u32| self.readers.iter().any(|one| one.reader.shard == *parent && one.step == Step::Done);
        info.parents.iter().filter(exists).all(is_done)
    }

    pub(super) fn read_shard(&mut self, place: usize, cx: &mut Cx<'_>) {
        let Some(source) = self.source.clone().filter(|_| self.is_at_work()) else { return };
        let shard = &mut self.readers[place];
        if shard.step != Step::Resting {
            return;
        }
        if shard.held() >= HELD_MAX {
            return self.rest(place, READ_PAUSE, cx);
        }
        shard.step = Step::Reading;
        shard.reader.ask(&source, READ_RECORDS_MAX, Deadline::SERVICE, cx);
    }

    fn rest(&mut self, place: usize, wait: Micros, cx: &mut Cx<'_>) {
        self.readers[place].step = Step::Resting;
        let wait = self.readers[place].reader.pause(wait, cx);
        cx.wake_in(wait, Timer::ReadShard { reader: place, generation: self.generation });
    }

    pub(super) fn shard_answered(&mut self, place: usize, answer: Answer, cx: &mut Cx<'_>) {
        let shard = &mut self.readers[place];
        shard.step = Step::Resting;
        match shard.reader.answered(answer) {
            Got::Place => self.read_shard(place, cx),
            Got::Records(records) => {
                let at_end = shard.reader.is_at_end();
                if at_end {
                    shard.step = Step::AtEnd;
                }
                self.distribute(place, records, cx);
                self.run_lanes(place, cx);
                if !at_end {
                    return self.rest(place, READ_PAUSE, cx);
                }
                self.finish_if_done(place, cx);
            }
            Got::Error(code) => {
                cx.fact(Fact::PollFailed { code }, None);
                self.rest(place, PAUSE, cx);
            }
            Got::Connection => {}
        }
    }

    /// Gives records to the lanes of their keys; what no filter lets pass is consumed.
    fn distribute(&mut self, place: usize, records: Vec<Record>, cx: &mut Cx<'_>) {
        let (now, count) = (cx.now(), self.config.lanes);
        for record in records {
            if !self.passes(&self.item_of(&record, self.readers[place].reader.shard, cx).value) {
                self.metrics.filtered += 1;
                cx.tell_first(Fact::FilteredOut, Some(&record.message));
            } else if record.size() > PAYLOAD_MAX {
                self.give_up(place, &[record], "MaximumPayloadSizeExceeded", cx);
            } else {
                add_to_lane(&mut self.readers[place].lanes, count, record, now);
            }
        }
    }

    /// A closed shard is done when all of it is; then its children have their turn.
    pub(super) fn finish_if_done(&mut self, place: usize, cx: &mut Cx<'_>) {
        let reader = &mut self.readers[place];
        if reader.step == Step::AtEnd && reader.held() == 0 {
            reader.step = Step::Done;
            self.list_shards(cx);
        }
    }

    /// A record as the pipe hands it on; a table's is one already, but for where it comes from.
    pub(super) fn item_of(&self, record: &Record, shard: u32, cx: &Cx<'_>) -> Item {
        let message = record.message.clone();
        let Some(source) = &self.source else { return Item { message, value: serde_json::Value::Null } };
        let value = if source.peer_kind == Kind::Table {
            let mut change = json_or_text(&message.body);
            change["eventSourceARN"] = resource_arn(source).into();
            change
        } else {
            record.event((&source.peer_name, shard), &self.pipe_name(cx))
        };
        Item { message, value }
    }
}
