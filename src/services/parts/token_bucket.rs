//! A token bucket: so many a second on the average, and so many at once after a pause. Whoever is over the limit waits, or is
//! refused (EB-4, EB-17; G-4). An exact number in any second is [`super::Window`]'s matter: a full bucket would let twice as
//! many pass within one.
//!
//! Kept as the moment when the bucket will be full, in nanoseconds, so that no rate is rounded in the long run.

use crate::engine::Micros;

const NANOS: u64 = 1_000_000_000;

#[derive(Clone, Debug, Default)]
pub struct TokenBucket {
    full_at: u64,
}

/// How fast a bucket fills, and how much it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub per_second: u64,
    pub burst: u64,
}

impl TokenBucket {
    /// Takes so many tokens, now or as soon as they are there: how long that is to wait.
    pub fn wait_for(&mut self, tokens: u64, limit: Limit, now: Micros) -> Micros {
        let wait = self.lack(tokens, limit, now);
        let now = now * 1_000;
        self.full_at = self.full_at.max(now) + tokens * step(limit);
        wait
    }

    /// Takes so many tokens if they are there.
    pub fn take(&mut self, tokens: u64, limit: Limit, now: Micros) -> bool {
        let is_there = self.lack(tokens, limit, now) == 0;
        if is_there {
            self.wait_for(tokens, limit, now);
        }
        is_there
    }

    /// Tokens in the bucket.
    #[must_use]
    pub fn level(&self, limit: Limit, now: Micros) -> u64 {
        let missing = self.full_at.saturating_sub(now * 1_000).div_ceil(step(limit));
        limit.burst.saturating_sub(missing)
    }

    /// How long until so many tokens are there.
    fn lack(&self, tokens: u64, limit: Limit, now: Micros) -> Micros {
        let step = step(limit);
        let (now, after) = (now * 1_000, self.full_at.max(now * 1_000) + tokens * step);
        after.saturating_sub(now + limit.burst.max(1) * step).div_ceil(1_000)
    }
}

/// Between two tokens, in nanoseconds.
fn step(limit: Limit) -> u64 {
    NANOS / limit.per_second.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Limit = Limit { per_second: 10, burst: 3 };

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_a_steady_pace() {
        let mut bucket = TokenBucket::default();
        let waits: Vec<Micros> = (0..5).map(|_| bucket.wait_for(1, TEN, 1_000_000)).collect();
        assert_eq!(waits, [0, 0, 0, 100_000, 200_000]);
        assert_eq!(bucket.wait_for(1, TEN, 9_000_000), 0);
        let (mut strict, one) = (TokenBucket::default(), Limit { per_second: 1, burst: 1 });
        let waits = [0, 0, 500_000].map(|now| strict.wait_for(1, one, now));
        assert_eq!(waits, [0, 1_000_000, 1_500_000]);
    }

    #[test]
    fn what_is_refused_takes_nothing_and_the_bucket_fills_again() {
        let mut bucket = TokenBucket::default();
        assert_eq!([2, 2, 1].map(|tokens| bucket.take(tokens, TEN, 0)), [true, false, true]);
        assert_eq!([0, 99_999, 100_000, 250_000, 9_000_000].map(|now| bucket.level(TEN, now)), [0, 0, 1, 2, 3]);
        assert!(!bucket.take(1, TEN, 99_999) && bucket.take(1, TEN, 100_000));
    }
}
