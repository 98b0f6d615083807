//! Another number of shards: parents close and stay readable, and each child knows its parents, so that readers keep
//! the order of a key by reading parents to their end first (KDS-14, KDS-15).
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-resharding.html>

use super::api::shard_id;
use super::control::{in_use, invalid};
use super::fact::Fact;
use super::model::Model;
use super::shard::{Shard, even_ranges};
use super::updating::Work;
use crate::engine::Sort;
use crate::services::{ApiError, Cx};

impl Model {
    /// The place of an open shard.
    fn open(&self, shard: u32) -> Result<usize, ApiError> {
        let place = self.find(shard)?;
        if self.shards[place].is_open() {
            return Ok(place);
        }
        Err(in_use(format!("Shard {} is closed.", shard_id(shard))))
    }

    pub(super) fn split(&mut self, shard: u32, at: u128, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        self.must_be_active()?;
        let (start, end) = self.shards[self.open(shard)?].range;
        // Both children must have a hash key at least.
        if at <= start || at > end {
            return Err(invalid(format!("NewStartingHashKey must lie above {start} and not above {end}.")));
        }
        self.check_quota(1, cx)?;
        self.begin(Work::Split { shard, at }, self.config.resharding_time, cx);
        Ok(())
    }

    pub(super) fn merge(&mut self, shard: u32, adjacent: u32, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        self.must_be_active()?;
        let (one, other) = (self.shards[self.open(shard)?].range, self.shards[self.open(adjacent)?].range);
        let touches = |low: (u128, u128), high: (u128, u128)| low.1.checked_add(1) == Some(high.0);
        if !touches(one, other) && !touches(other, one) {
            let text = format!("Shards {} and {} are not adjacent.", shard_id(shard), shard_id(adjacent));
            return Err(invalid(text));
        }
        self.begin(Work::Merge { shard, adjacent }, self.config.resharding_time, cx);
        Ok(())
    }

    /// On its way to so many even shards; where it is changing already, afterwards.
    pub(super) fn resize(&mut self, target: u32, cx: &mut Cx<'_>) {
        if let Some((work, _, _)) = &mut self.updating {
            match work {
                Work::Resize { target: under_way } => *under_way = target,
                _ => self.wanted = Some(target),
            }
        } else if self.open_shards() != u64::from(target) {
            self.begin(Work::Resize { target }, self.config.resharding_time, cx);
        }
    }

    /// The next split or merge towards so many even shards. Splits come first, at the borders that are missing, and
    /// make shards for a while that merges take away again: so AWS does it, and to twice as many is the shortest way.
    pub(super) fn next_step(&self, target: u32) -> Option<Work> {
        let mut open: Vec<&Shard> = self.shards.iter().filter(|shard| shard.is_open()).collect();
        open.order_by_key(|shard| shard.range.0);
        let borders: Vec<u128> = even_ranges(target).into_iter().map(|(start, _)| start).collect();
        let split = open.iter().find_map(|shard| {
            let at = borders.iter().find(|at| shard.range.0 < **at && **at <= shard.range.1)?;
            Some(Work::Split { shard: shard.id, at: *at })
        });
        split.or_else(|| {
            let pair = open.windows(2).find(|pair| !borders.contains(&pair[1].range.0))?;
            Some(Work::Merge { shard: pair[0].id, adjacent: pair[1].id })
        })
    }

    pub(super) fn step_towards(&mut self, target: u32, cx: &mut Cx<'_>) {
        match self.next_step(target) {
            Some(Work::Split { shard, at }) => self.split_now(shard, at, cx),
            Some(Work::Merge { shard, adjacent }) => self.merge_now(shard, adjacent, cx),
            _ => {}
        }
    }

    /// `[start, at − 1]` and `[at, end]` follow the shard.
    pub(super) fn split_now(&mut self, shard: u32, at: u128, cx: &mut Cx<'_>) {
        let Ok(place) = self.open(shard) else { return };
        let (start, end) = self.shards[place].range;
        self.close(place, cx);
        for range in [(start, at - 1), (at, end)] {
            self.open_shard(range, vec![shard], cx);
        }
        self.share(cx);
        self.shards_changed(&[shard], cx);
    }

    pub(super) fn merge_now(&mut self, shard: u32, adjacent: u32, cx: &mut Cx<'_>) {
        let (Ok(one), Ok(other)) = (self.open(shard), self.open(adjacent)) else { return };
        let (a, b) = (self.shards[one].range, self.shards[other].range);
        self.close(one, cx);
        self.close(other, cx);
        self.open_shard((a.0.min(b.0), a.1.max(b.1)), vec![shard, adjacent], cx);
        self.share(cx);
        self.shards_changed(&[shard, adjacent], cx);
    }

    fn close(&mut self, place: usize, cx: &mut Cx<'_>) {
        let shard = &mut self.shards[place];
        shard.closed = Some(cx.now());
        cx.fact(Fact::ShardClosed { shard: shard.id }, None);
    }

    fn open_shard(&mut self, range: (u128, u128), parents: Vec<u32>, cx: &mut Cx<'_>) {
        let (id, now) = (self.next_shard, cx.now());
        self.next_shard += 1;
        self.shards.push(Shard::new(id, range, parents, now));
        cx.fact(Fact::ShardOpened { shard: id }, None);
        debug_assert!(covers(&self.shards), "the open shards cover every hash key once");
    }

    /// Closed shards expire, and their subscribers hear of the end.
    fn shards_changed(&mut self, closed: &[u32], cx: &mut Cx<'_>) {
        self.watch_retention(cx);
        for shard in closed {
            self.push_soon(*shard, 0, cx);
        }
    }

    /// What the scene says follows what a call did, so that its author sees it and may change it.
    pub(super) fn count_changed(&mut self, cx: &mut Cx<'_>) {
        if !self.config.on_demand {
            self.config.shard_count = u32::try_from(self.open_shards()).unwrap_or(u32::MAX);
            self.set_property("ShardCount", self.config.shard_count, cx);
        }
    }
}

/// Whether open shards hold every hash key, each once at most while one is being opened after the other.
fn covers(shards: &[Shard]) -> bool {
    let mut ranges: Vec<(u128, u128)> =
        shards.iter().filter(|shard| shard.is_open()).map(|shard| shard.range).collect();
    ranges.order_by(Ord::cmp);
    ranges.windows(2).all(|pair| pair[0].1 < pair[1].0)
}
