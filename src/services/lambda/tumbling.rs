//! Tumbling windows (KDS-29): records that came within one window are handed over with a state that each invocation
//! gives to the next; a final one closes the window. Where it fails, the shard waits until it succeeds.
//!
//! `[MODEL]`: the state is a size, which grows by the function's `WindowStateSize` with each record; above 1 MB the
//! window ends early. The final invocation has no records.

use super::fact::Fact;
use super::invocation::Origin;
use super::mapping::PAUSE;
use super::model::{Model, Timer};
use super::shard_poller::{Closing, Doing};
use crate::engine::LinkId;
use crate::services::Cx;
use crate::services::parts::shard_lane::{LaneDoing, ShardLane, window_of};

/// Bytes of the state.
const STATE_MAX: u64 = 1_000_000;

/// A window that is open in a shard.
#[derive(Clone, Copy, Debug)]
pub struct Tumbling {
    pub index: u64,
    pub records: u64,
    state: u64,
}

impl Model {
    /// Whether a lane may begin a batch of this window: an earlier one must be closed first.
    pub(super) fn opens_window(&mut self, link: LinkId, shard: u32, lane: usize) -> bool {
        let Some((mapping, place)) = self.place_of(link, shard) else { return false };
        let length = mapping.config.tumbling;
        let poller = &mut mapping.shards[place];
        if length == 0 {
            return true;
        }
        if matches!(poller.closing, Closing::Running | Closing::Pausing(_)) {
            return false;
        }
        let Some(index) = poller.lanes[lane].first().map(|record| window_of(record, length)) else { return false };
        let open = poller.tumbling.get_or_insert(Tumbling { index, records: 0, state: 0 });
        open.index >= index
    }

    /// What a batch that succeeded leaves in the state; true when that has become too large.
    pub(super) fn add_to_window(&mut self, link: LinkId, shard: u32, records: u64) {
        let growth = self.config.state_growth;
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        if let Some(open) = &mut mapping.shards[place].tumbling {
            open.records += records;
            open.state += growth * records;
        }
    }

    /// Closes the window of a shard if all of it is done: a later record is there, or its time is over.
    pub(super) fn look_at_window(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        let (now, has_slot) = (cx.now(), self.has_slot(cx));
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let length = mapping.config.tumbling;
        let poller = &mut mapping.shards[place];
        let Some(open) = poller.tumbling else { return };
        if matches!(poller.closing, Closing::Running | Closing::Pausing(_)) {
            return;
        }
        let is_busy =
            poller.lanes.iter().any(|lane| matches!(lane.doing, LaneDoing::Running) || !lane.parts.is_empty());
        let end = (open.index + 1) * length;
        let is_early = open.state > STATE_MAX;
        let in_window = |lane: &ShardLane| lane.first().is_some_and(|record| window_of(record, length) <= open.index);
        let has_more = poller.lanes.iter().any(in_window);
        let is_later = poller.oldest().is_some_and(|record| window_of(record, length) > open.index);
        let is_over = is_later || now >= end && poller.next_read > end || matches!(poller.doing, Doing::AtEnd);
        if is_busy || !is_early && (has_more || !is_over) {
            if !is_early && !has_more && matches!(poller.closing, Closing::No) {
                // A read after its end shows that nothing more is in it.
                let at = end.max(poller.next_read) + 1;
                poller.closing = Closing::Waiting(cx.wake_at(at, Timer::WindowEnds { link, shard }));
            }
            return;
        }
        if let Closing::Waiting(key) = poller.closing {
            cx.cancel(key);
        }
        if !has_slot {
            poller.closing = Closing::Pausing(cx.wake_in(PAUSE, Timer::WindowEnds { link, shard }));
            return;
        }
        poller.closing = Closing::Running;
        cx.fact(Fact::WindowClosing { shard, records: open.records, early: is_early }, None);
        self.invoke(Origin::Window { link, shard }, Vec::new(), cx);
    }

    pub(super) fn window_due(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        if !matches!(mapping.shards[place].closing, Closing::Running) {
            mapping.shards[place].closing = Closing::No;
            self.look_at_window(link, shard, cx);
        }
    }

    pub(super) fn window_ended(&mut self, link: LinkId, shard: u32, succeeded: bool, cx: &mut Cx<'_>) {
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let poller = &mut mapping.shards[place];
        if !matches!(poller.closing, Closing::Running) {
            return;
        }
        if !succeeded {
            cx.fact(Fact::ShardBlocked { shard }, None);
            poller.closing = Closing::Pausing(cx.wake_in(PAUSE, Timer::WindowEnds { link, shard }));
            return;
        }
        (poller.closing, poller.tumbling) = (Closing::No, None);
        self.run_lanes(link, shard, cx);
        self.finish_if_done(link, shard, cx);
    }
}
