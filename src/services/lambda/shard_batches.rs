//! Batches of a shard's lanes: made, run, tried again, cut in two, given up (KDS-26 … KDS-28, KDS-30).

use super::batch_response::named_failures;
use super::fact::Fact;
use super::invocation::{Origin, Outcome};
use super::mapping::PAUSE;
use super::model::{Model, Timer};
use super::stream_destination::GivenUp;
use crate::engine::LinkId;
use crate::services::kinesis::api::Record;
use crate::services::parts::shard_lane::{LaneDoing, PAYLOAD_MAX, add_to_lane};
use crate::services::{Cx, Door, Kind, Message};

impl Model {
    /// Gives records to the lanes; what no filter accepts is skipped and counts as done, what is too large for an
    /// invocation goes to the destination alone.
    pub(super) fn distribute(&mut self, link: LinkId, shard: u32, records: Vec<Record>, cx: &mut Cx<'_>) {
        let now = cx.now();
        self.metrics.polled += records.len() as u64;
        let function = cx.name();
        for record in records {
            let Some((mapping, place)) = self.place_of(link, shard) else { return };
            let (count, filter) = (mapping.config.lanes, &mapping.config.filter);
            let is_change = mapping.route.peer_kind == Kind::Table;
            let source = (&*mapping.route.peer_name, shard);
            let accepts = if is_change {
                filter.accepts_change(&record)
            } else {
                filter.accepts_record(&record, source, &function)
            };
            let poller = &mut mapping.shards[place];
            if !accepts {
                self.metrics.filtered_out += 1;
                cx.tell_first(Fact::RecordSkipped, Some(&record.message));
            } else if record.size() > PAYLOAD_MAX {
                self.give_up_records(link, shard, &[record], (GivenUp::TooLarge, 0, None), cx);
            } else {
                add_to_lane(&mut poller.lanes, count, record, now);
            }
        }
    }

    pub(super) fn run_lanes(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        let lanes = self.place_of(link, shard).map_or(0, |(mapping, place)| mapping.shards[place].lanes.len());
        (0..lanes).for_each(|lane| self.run_lane(link, shard, lane, cx));
        self.look_at_window(link, shard, cx);
    }

    pub(super) fn lane_due(&mut self, link: LinkId, shard: u32, lane: usize, cx: &mut Cx<'_>) {
        if let Some((mapping, place)) = self.place_of(link, shard)
            && let Some(lane) = mapping.shards[place].lanes.get_mut(lane)
        {
            // Its timer has rung, and there is nothing to cancel.
            lane.rouse();
        }
        self.run_lane(link, shard, lane, cx);
        self.look_at_window(link, shard, cx);
        self.finish_if_done(link, shard, cx);
    }

    /// The lane's next batch, if none is under way.
    fn run_lane(&mut self, link: LinkId, shard: u32, lane: usize, cx: &mut Cx<'_>) {
        if cx.is_down() {
            return;
        }
        let now = cx.now();
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let retention = mapping.retention;
        let poller = &mut mapping.shards[place];
        let at_end = matches!(poller.doing, super::shard_poller::Doing::AtEnd);
        let Some(one) = poller.lanes.get_mut(lane) else { return };
        let lost = one.forget_expired(retention, now);
        if lost > 0 {
            cx.fact(Fact::RecordsLost { shard, records: lost }, None);
        }
        if !one.is_free(|key| cx.cancel(key)) {
            return;
        }
        if one.parts.is_empty() {
            if one.records.is_empty() || !self.opens_window(link, shard, lane) {
                return;
            }
            let Some((mapping, place)) = self.place_of(link, shard) else { return };
            let (config, one) = (&mapping.config, &mut mapping.shards[place].lanes[lane]);
            let window = if at_end { 0 } else { config.window };
            if let Some(due) = one.cut(config.batch_size, window, config.tumbling, now) {
                one.doing = LaneDoing::Gathering(cx.wake_at(due, Timer::ShardLaneResumes { link, shard, lane }));
                return;
            }
        }
        if self.give_up_old(link, shard, lane, cx) {
            return self.run_lane(link, shard, lane, cx);
        }
        self.offer_part(link, shard, lane, cx);
    }

    /// Records older than the mapping allows leave their batch; whether there were some.
    fn give_up_old(&mut self, link: LinkId, shard: u32, lane: usize, cx: &mut Cx<'_>) -> bool {
        let now = cx.now();
        let Some((mapping, place)) = self.place_of(link, shard) else { return false };
        let Some(most) = mapping.config.age_max else { return false };
        let Some((old, invoked)) = mapping.shards[place].lanes[lane].take_old(most, now) else { return false };
        self.give_up_records(link, shard, &old, (GivenUp::RecordAgeExceeded, invoked, None), cx);
        true
    }

    fn offer_part(&mut self, link: LinkId, shard: u32, lane: usize, cx: &mut Cx<'_>) {
        let has_slot = self.has_slot(cx);
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let one = &mut mapping.shards[place].lanes[lane];
        let Some(part) = one.parts.front_mut() else { return };
        if !has_slot {
            // Throttles are tried again, and do not count (KDS-27).
            let first = part.records[0].message.clone();
            one.doing = LaneDoing::Pausing(cx.wake_in(PAUSE, Timer::ShardLaneResumes { link, shard, lane }));
            return self.note_throttle(&first, cx);
        }
        part.invoked += 1;
        let messages: Vec<Message> = part.records.iter().map(|record| record.message.clone()).collect();
        one.doing = LaneDoing::Running;
        self.metrics.invoked += messages.len() as u64;
        self.invoke(Origin::Shard { link, shard, lane }, messages, cx);
    }

    /// A batch has ended. Until it is done, its lane waits for it (KDS-27).
    pub(super) fn shard_batch_ended(
        &mut self,
        (link, shard, lane): (LinkId, u32, usize),
        failed: &[usize],
        outcome: Outcome,
        cx: &mut Cx<'_>,
    ) {
        let is_down = cx.is_down();
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let Some(one) = mapping.shards[place].lanes.get_mut(lane) else { return };
        if is_down || !matches!(one.doing, LaneDoing::Running) {
            return;
        }
        one.doing = LaneDoing::Idle;
        let records = one.parts.front().map_or(&[][..], |part| &part.records).to_vec();
        let count = records.len();
        let done = self.done_of_shard(&records, failed, outcome, cx);
        self.add_to_window(link, shard, done as u64);
        self.metrics.failed_invoke += (count - done) as u64;
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let (bisects, most) = (mapping.config.bisects, mapping.config.retries_max);
        let one = &mut mapping.shards[place].lanes[lane];
        if done == count {
            one.parts.pop_front();
        } else {
            let Some(part) = one.parts.front_mut() else { return };
            part.records.drain(..done);
            if bisects && done == 0 && part.records.len() > 1 {
                cx.fact(Fact::BatchBisected { shard, records: part.records.len() as u64 }, None);
                one.bisect();
            } else {
                // What stands first now has failed once.
                part.attempts = if done > 0 { 1 } else { part.attempts + 1 };
                if most.is_some_and(|most| part.attempts > most) {
                    let part = one.parts.pop_front().expect("the part was just seen");
                    let why = (GivenUp::RetryAttemptsExhausted, part.invoked, Some(outcome));
                    self.give_up_records(link, shard, &part.records, why, cx);
                } else {
                    let key = cx.wake_in(PAUSE, Timer::ShardLaneResumes { link, shard, lane });
                    one.doing = LaneDoing::Pausing(key);
                    cx.fact(Fact::ShardBlocked { shard }, None);
                }
            }
        }
        self.run_lane(link, shard, lane, cx);
        self.look_at_window(link, shard, cx);
        self.finish_if_done(link, shard, cx);
        self.read_if_idle(link, shard, cx);
    }

    /// How many records from the first on are done: all before the lowest that the response names (KDS-28).
    fn done_of_shard(&self, records: &[Record], failed: &[usize], outcome: Outcome, cx: &mut Cx<'_>) -> usize {
        match outcome {
            Outcome::Succeeds => records.len(),
            Outcome::Fails(_) | Outcome::TimesOut => 0,
            Outcome::Reports => {
                let ids: Vec<String> = records.iter().map(|record| record.sequence.to_string()).collect();
                let failed_ids: Vec<String> = failed.iter().map(|place| ids[*place].clone()).collect();
                match named_failures(&self.config.response.payload(&failed_ids), &ids) {
                    Ok(named) => {
                        let done = named.into_iter().min().unwrap_or(records.len());
                        for place in failed.iter().filter(|place| **place < done) {
                            cx.tell(Fact::FailureNotReported, Some(&records[*place].message));
                        }
                        done
                    }
                    Err(why) => {
                        cx.tell(Fact::ResponseNotUnderstood { why }, records.first().map(|one| &one.message));
                        0
                    }
                }
            }
        }
    }
}
