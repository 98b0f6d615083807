//! On-demand capacity (KDS-16): the stream looks at its traffic, and grows until it takes twice the highest it has
//! seen, within fifteen minutes. A shard that takes more than half of its limit is split too; one hot key stays one.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html>
//!
//! `[MODEL]`: it looks fifteen times in that span, at averages, and splits at its end. It never shrinks: the peak of
//! thirty days counts.

use super::config::{ON_DEMAND_SHARDS, SHARDS_MAX};
use super::fact::Fact;
use super::model::{Model, Timer};
use super::shard::Shard;
use super::throughput::{WRITE_RECORDS_MAX, WRITE_SIZE_MAX};
use crate::engine::{Key, MICROS_PER_SECOND, Micros};
use crate::services::Cx;

const LOOKS: u64 = 15;
/// Beyond half its limit by this much in a hundred, so that chance alone splits nothing `[MODEL]`.
const HOT_PERCENT: u64 = 110;

#[derive(Clone, Debug, Default)]
pub struct OnDemand {
    /// The highest average seen, a second: records and bytes.
    peak: (u64, u64),
    /// When what is missing is there.
    due: Option<Micros>,
    timer: Option<Key>,
}

/// What a second would be of what a span had.
fn per_second((records, bytes): (u64, u64), span: Micros) -> (u64, u64) {
    let rate = |amount: u64| amount.saturating_mul(MICROS_PER_SECOND) / span;
    (rate(records), rate(bytes))
}

/// Shards that take twice such a peak.
fn shards_for((records, bytes): (u64, u64)) -> u64 {
    (2 * records).div_ceil(WRITE_RECORDS_MAX).max((2 * bytes).div_ceil(WRITE_SIZE_MAX))
}

fn is_hot((records, bytes): (u64, u64)) -> bool {
    records * 200 > WRITE_RECORDS_MAX * HOT_PERCENT || bytes * 200 > WRITE_SIZE_MAX * HOT_PERCENT
}

impl Model {
    fn look_interval(&self) -> Micros {
        self.config.scaling_time / LOOKS
    }

    /// Begins or ceases to look, as the mode is.
    pub(super) fn watch_traffic(&mut self, cx: &mut Cx<'_>) {
        match (self.config.on_demand, self.on_demand.timer) {
            (true, None) => {
                let key = cx.wake_in(self.look_interval(), Timer::TrafficMeasured);
                self.on_demand.timer = Some(key);
            }
            (false, Some(key)) => {
                cx.cancel(key);
                self.on_demand = OnDemand::default();
            }
            _ => {}
        }
    }

    pub(super) fn stop_watching(&mut self, cx: &mut Cx<'_>) {
        if let Some(key) = self.on_demand.timer.take() {
            cx.cancel(key);
        }
    }

    fn wanted_shards(&self) -> u64 {
        let wanted = shards_for(self.on_demand.peak).max(u64::from(ON_DEMAND_SHARDS)).max(self.config.warm);
        wanted.min(u64::from(SHARDS_MAX))
    }

    pub(super) fn measure(&mut self, cx: &mut Cx<'_>) {
        let (now, span) = (cx.now(), self.look_interval());
        self.on_demand.timer = Some(cx.wake_in(span, Timer::TrafficMeasured));
        let mut sum = (0, 0);
        for shard in &mut self.shards {
            (sum.0, sum.1) = (sum.0 + shard.load.0, sum.1 + shard.load.1);
            shard.load = per_second(shard.load, span);
        }
        let rate = per_second(sum, span);
        let peak = &mut self.on_demand.peak;
        *peak = (peak.0.max(rate.0), peak.1.max(rate.1));
        let is_missing = self.wanted_shards() > self.open_shards();
        let open = self.shards.iter().filter(|shard| shard.is_open());
        let hot: Vec<u32> =
            open.filter(|shard| is_hot(shard.load) && is_divisible(shard)).map(|shard| shard.id).collect();
        if !is_missing && hot.is_empty() {
            self.on_demand.due = None;
        }
        let due = (is_missing || !hot.is_empty()).then(|| *self.on_demand.due.get_or_insert(now + span * (LOOKS - 1)));
        if due.is_some_and(|due| due <= now) {
            self.on_demand.due = None;
            self.grow(&hot, cx);
        }
        self.shards.iter_mut().for_each(|shard| shard.load = (0, 0));
    }

    /// To what is wanted at once, where a call or the scene asks for it.
    pub(super) fn warm_up(&mut self, cx: &mut Cx<'_>) {
        if self.config.on_demand && self.wanted_shards() > self.open_shards() {
            self.grow(&[], cx);
        }
    }

    fn grow(&mut self, hot: &[u32], cx: &mut Cx<'_>) {
        let from = self.open_shards();
        let has_room = |model: &Self| model.open_shards() < u64::from(SHARDS_MAX);
        for shard in hot {
            if has_room(self) {
                self.halve(*shard, cx);
            }
        }
        while self.open_shards() < self.wanted_shards() {
            // Of equal loads the widest range, of equal widths the first.
            let weight = |shard: &&Shard| (shard.load, shard.range.1 - shard.range.0, std::cmp::Reverse(shard.id));
            let open = self.shards.iter().filter(|shard| shard.is_open() && is_divisible(shard));
            let Some(heaviest) = open.max_by_key(weight).map(|shard| shard.id) else { break };
            self.halve(heaviest, cx);
        }
        let to = self.open_shards();
        if to > from {
            cx.fact(Fact::OnDemandScaled { from, to }, None);
        }
    }

    fn halve(&mut self, shard: u32, cx: &mut Cx<'_>) {
        let Some(held) = self.shards.iter().find(|held| held.id == shard) else { return };
        let ((start, end), load) = (held.range, held.load);
        self.split_now(shard, start + (end - start) / 2 + 1, cx);
        for child in self.shards.iter_mut().rev().take(2) {
            child.load = (load.0 / 2, load.1 / 2);
        }
    }
}

fn is_divisible(shard: &Shard) -> bool {
    shard.range.0 < shard.range.1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// KDS-E13, in bytes: 4 MiB/s need 8 shards, and those take 8 MiB/s, not 9.
    #[test]
    fn capacity_is_twice_the_peak() {
        assert_eq!(shards_for((10, 4 * WRITE_SIZE_MAX)), 8);
        assert_eq!(shards_for((4_000, 10)), 8);
        assert_eq!(shards_for((4_001, 10)), 9);
    }

    #[test]
    fn a_shard_is_hot_above_half_its_limit() {
        assert!(!is_hot((500, WRITE_SIZE_MAX / 2)));
        assert!(is_hot((551, 0)) && is_hot((0, 600_000)));
    }
}
