//! End-to-end latencies: from when a producer made a message to when a consumer had worked on it.
//!
//! Counted is each *successful* piece of work of a consumer on one copy: a fan-out's copies each at their consumer, a
//! message that is processed twice both times, one that an idempotent consumer skips not at all. The clock starts when
//! the first of the lineage was produced: what a consumer passes on goes on with the time of what it came from, so the
//! last consumer of a chain shows the whole way.

use std::sync::Arc;

use crate::engine::Micros;

/// Up to so many are kept one by one; beyond, in buckets.
const EXACT_MAX: usize = 1 << 16;
const CHUNK: usize = 1 << 10;
/// A bucket is at most 1 part in so many wide.
const BUCKETS_PER_DOUBLING: u64 = 1 << 10;

/// What is known of a consumer's latencies. A clone shares what is full.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    full: Vec<Arc<[Micros]>>,
    last: Vec<Micros>,
    /// Once there are too many: how often each bucket was hit.
    buckets: Option<Arc<std::collections::BTreeMap<u32, u64>>>,
    count: u64,
    max: Micros,
}

/// Percentiles by the nearest rank: the least latency that so many of a hundred do not exceed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Percentiles {
    pub count: u64,
    pub p50: Micros,
    pub p90: Micros,
    pub p99: Micros,
    pub max: Micros,
    /// Every latency was kept; otherwise the three are at most a thousandth too high.
    pub exact: bool,
}

impl Latencies {
    pub fn add(&mut self, latency: Micros) {
        self.count += 1;
        self.max = self.max.max(latency);
        if let Some(buckets) = &mut self.buckets {
            *Arc::make_mut(buckets).entry(bucket(latency)).or_default() += 1;
            return;
        }
        self.last.push(latency);
        if self.last.len() == CHUNK {
            self.full.push(Arc::from(std::mem::take(&mut self.last)));
            if self.full.len() * CHUNK >= EXACT_MAX {
                self.put_in_buckets();
            }
        }
    }

    #[inline(never)] // second part
    fn put_in_buckets(&mut self) {
        let mut buckets = std::collections::BTreeMap::new();
        for latency in self.full.drain(..).flat_map(|chunk| chunk.to_vec()) {
            *buckets.entry(bucket(latency)).or_insert(0) += 1;
        }
        self.buckets = Some(Arc::new(buckets));
    }

    /// Takes in those of another consumer.
    pub fn merge(&mut self, other: &Self) {
        other.full.iter().flat_map(|chunk| chunk.iter()).chain(&other.last).for_each(|latency| self.add(*latency));
        for (index, count) in other.buckets.iter().flat_map(|buckets| buckets.iter()) {
            if self.buckets.is_none() {
                let rest = std::mem::take(&mut self.last);
                self.put_in_buckets();
                self.count -= rest.len() as u64;
                rest.into_iter().for_each(|latency| self.add(latency));
            }
            if let Some(buckets) = &mut self.buckets {
                *Arc::make_mut(buckets).entry(*index).or_default() += count;
            }
            self.count += count;
        }
        self.max = self.max.max(other.max);
    }

    #[must_use]
    pub fn percentiles(&self) -> Percentiles {
        let rank = |percent: u64| (self.count * percent).div_ceil(100).max(1);
        let of: Box<dyn Fn(u64) -> Micros> = match &self.buckets {
            _ if self.count == 0 => return Percentiles { exact: true, ..Percentiles::default() },
            None => {
                let mut all: Vec<Micros> =
                    self.full.iter().flat_map(|chunk| chunk.iter()).chain(&self.last).copied().collect();
                all.sort_unstable();
                Box::new(move |percent| all[usize::try_from(rank(percent) - 1).unwrap_or(0)])
            }
            Some(buckets) => Box::new(move |percent| {
                let mut left = rank(percent);
                let reached = buckets.iter().find(|(_, count)| {
                    let here = left <= **count;
                    left = left.saturating_sub(**count);
                    here
                });
                reached.map_or(self.max, |(index, _)| top_of(*index).min(self.max))
            }),
        };
        Percentiles {
            count: self.count,
            p50: of(50),
            p90: of(90),
            p99: of(99),
            max: self.max,
            exact: self.buckets.is_none(),
        }
    }
}

/// Which bucket a latency falls into: one by one at first, then so many for each doubling.
fn bucket(latency: Micros) -> u32 {
    let doubling = (latency / BUCKETS_PER_DOUBLING).checked_ilog2().map_or(0, |log| log + 1);
    let shift = doubling.saturating_sub(1);
    let within = (latency >> shift) % BUCKETS_PER_DOUBLING
        + if doubling == 0 { latency & !(BUCKETS_PER_DOUBLING - 1) } else { 0 };
    doubling * 1_024 + u32::try_from(within).expect("less than the buckets of a doubling")
}

/// The greatest latency of a bucket.
fn top_of(bucket: u32) -> Micros {
    let (doubling, within) = (bucket / 1_024, u64::from(bucket % 1_024));
    match doubling {
        0 => within,
        _ => ((BUCKETS_PER_DOUBLING + within + 1) << (doubling - 1)) - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_go_by_the_nearest_rank() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.percentiles(), Percentiles { exact: true, ..Percentiles::default() });
        for latency in (1..=200).rev() {
            latencies.add(latency * 1_000);
        }
        let exact = Percentiles { count: 200, p50: 100_000, p90: 180_000, p99: 198_000, max: 200_000, exact: true };
        assert_eq!(latencies.percentiles(), exact);
        let mut one = Latencies::default();
        one.add(7);
        assert_eq!(one.percentiles(), Percentiles { count: 1, p50: 7, p90: 7, p99: 7, max: 7, exact: true });
    }

    #[test]
    fn a_bucket_holds_what_falls_into_it_and_is_a_thousandth_wide() {
        let mut last = 0;
        for latency in
            (0..5_000).chain((13..60).map(|power| (1_u64 << power) - 1)).chain((13..60).map(|power| 3_u64 << power))
        {
            let top = top_of(bucket(latency));
            assert!(top >= latency && top - latency <= latency / 1_000, "{latency} in a bucket up to {top}");
            if latency < 5_000 {
                assert!(bucket(latency) >= last, "{latency}");
                last = bucket(latency);
            }
        }
    }

    #[test]
    fn many_are_kept_in_buckets_to_a_thousandth() {
        let (mut latencies, mut half) = (Latencies::default(), Latencies::default());
        for latency in 1..=100_000_u64 {
            latencies.add(latency * 100);
            if latency % 2 == 0 {
                half.add(latency * 100);
            }
        }
        let close = |found: u64, real: u64| found >= real && found - real <= real / 1_000;
        let found = latencies.percentiles();
        assert!(!found.exact && found.count == 100_000 && found.max == 10_000_000, "{found:?}");
        assert!(close(found.p50, 5_000_000) && close(found.p90, 9_000_000) && close(found.p99, 9_900_000), "{found:?}");
        assert!(half.percentiles().exact);
        half.merge(&latencies);
        let both = half.percentiles();
        assert!(both.count == 150_000 && close(both.p50, 5_000_000) && both.max == 10_000_000, "{both:?}");
    }
}
