//! Batches of a shard's lanes, each lane's one at a time and in order. A batch that fails is tried again until it
//! succeeds, its records grow too old, or its attempts are used up; in halves, if so wished (EB-23, KDS-27).

use serde_json::{Value, json};

use super::super::envelope::resource_arn;
use super::batch::Item;
use super::fact::Fact;
use super::model::{Model, Origin, PAUSE, Timer};
use super::source_shard::Step;
use crate::lang::instant::instant_text;
use crate::services::follow;
use crate::services::kinesis::api::{Record, shard_id};
use crate::services::parts::shard_lane::LaneDoing;
use crate::services::{Cx, Deadline, Door, Kind, LinkKind};

impl Model {
    pub(super) fn run_lanes(&mut self, place: usize, cx: &mut Cx<'_>) {
        (0..self.readers[place].lanes.len()).for_each(|lane| self.run_lane(place, lane, cx));
    }

    pub(super) fn lane_due(&mut self, place: usize, lane: usize, cx: &mut Cx<'_>) {
        // Its timer has rung, and there is nothing to cancel.
        if let Some(one) = self.readers[place].lanes.get_mut(lane) {
            one.rouse();
        }
        self.run_lane(place, lane, cx);
        self.finish_if_done(place, cx);
    }

    /// The lane's next batch, if none is under way.
    fn run_lane(&mut self, place: usize, lane: usize, cx: &mut Cx<'_>) {
        if !self.is_at_work() {
            return;
        }
        let (now, timer) = (cx.now(), Timer::LaneResumes { reader: place, lane, generation: self.generation });
        let reader = &mut self.readers[place];
        let (shard, at_end) = (reader.reader.shard, reader.step == Step::AtEnd);
        let Some(one) = reader.lanes.get_mut(lane) else { return };
        let lost = one.forget_expired(self.retention, now);
        if lost > 0 {
            cx.fact(Fact::RecordsLost { shard, records: lost }, None);
        }
        if !one.is_free(|key| cx.cancel(key)) {
            return;
        }
        if one.parts.is_empty() {
            let batching = self.config.stream;
            let window = if at_end { 0 } else { batching.window };
            if let Some(due) = one.cut(batching.size, window, 0, now) {
                one.doing = LaneDoing::Gathering(cx.wake_at(due, timer));
                return;
            }
        }
        let old = self.config.age_max.and_then(|most| one.take_old(most, now));
        if let Some((old, _)) = old {
            self.give_up(place, &old, "RecordAgeExceeded", cx);
            return self.run_lane(place, lane, cx);
        }
        let Some(part) = one.parts.front_mut() else { return };
        part.invoked += 1;
        let records = part.records.clone();
        one.doing = LaneDoing::Running;
        let items = records.iter().map(|record| self.item_of(record, shard, cx)).collect();
        self.start_batch(Origin::Shard { reader: place, lane }, items, cx);
    }

    pub(super) fn shard_batch_ended(
        &mut self,
        (place, lane): (usize, usize),
        items: &[Item],
        failed: &[usize],
        cx: &mut Cx<'_>,
    ) {
        let timer = Timer::LaneResumes { reader: place, lane, generation: self.generation };
        let Some(one) = self.readers.get_mut(place).and_then(|reader| reader.lanes.get_mut(lane)) else { return };
        one.doing = LaneDoing::Idle;
        let Some(first) = failed.first().copied() else {
            one.parts.pop_front();
            self.run_lane(place, lane, cx);
            return self.finish_if_done(place, cx);
        };
        let token = Some(items[first].message.token);
        let Some(part) = one.parts.front_mut() else { return };
        // What stands before the first that failed is done with.
        part.records.drain(..first);
        part.attempts = if first > 0 { 1 } else { part.attempts + 1 };
        let left = part.records.len();
        if self.config.bisects && left > 1 {
            // Cutting is no attempt.
            part.attempts -= 1;
            cx.fact(Fact::BatchBisected { items: left as u64 / 2 }, token);
            one.bisect();
        } else if self.config.retries_max.is_some_and(|most| u64::from(part.attempts) > most) {
            let part = one.parts.pop_front().expect("the part was just seen");
            self.give_up(place, &part.records, "RetryAttemptsExhausted", cx);
            self.run_lane(place, lane, cx);
            return self.finish_if_done(place, cx);
        } else {
            cx.fact(Fact::BatchReturned { items: left as u64 }, token);
        }
        self.readers[place].lanes[lane].doing = LaneDoing::Pausing(cx.wake_in(PAUSE, timer));
    }

    /// Records that are given up go nowhere; what is told of them is where they lie, and not the records (KDS-28).
    pub(super) fn give_up(&mut self, place: usize, records: &[Record], why: &'static str, cx: &mut Cx<'_>) {
        let (Some(first), Some(last)) = (records.first(), records.last()) else { return };
        cx.tell(Fact::BatchGivenUp { items: records.len() as u64, why }, Some(&first.message));
        let routes = cx.routes();
        let name = self.config.dead_letter.as_deref();
        let mut lines = routes.iter().filter(|route| route.kind == LinkKind::Redrive && route.outward);
        let Some(route) = lines.find(|route| Some(&*route.peer_name) == name) else { return };
        let Some(source) = &self.source else { return };
        let is_change = source.peer_kind == Kind::Table;
        let batch = if is_change { "DDBStreamBatchInfo" } else { "KinesisBatchInfo" };
        let told: Value = json!({
            "context": { "partnerResourceArn": self.pipe_arn(cx), "condition": why },
            "version": "1.0",
            "timestamp": instant_text(cx.now()),
            batch: {
                "shardId": shard_id(self.readers[place].reader.shard),
                "startSequenceNumber": first.sequence.to_string(),
                "endSequenceNumber": last.sequence.to_string(),
                "approximateArrivalOfFirstRecord": instant_text(first.arrived),
                "approximateArrivalOfLastRecord": instant_text(last.arrived),
                "batchSize": records.len(),
                "streamArn": resource_arn(source),
            },
        });
        follow(&first.message, route, (told.to_string().into(), None), Deadline::SERVICE, cx);
    }
}
