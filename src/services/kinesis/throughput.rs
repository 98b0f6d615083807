//! A shard's limits (KDS-3, KDS-7), exact: no window of one second holds more than the limit.

use std::collections::VecDeque;

use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::services::{Window, is_past};

pub const WRITE_RECORDS_MAX: u64 = 1_000;
/// Bytes.
pub const WRITE_SIZE_MAX: u64 = 1_048_576;
pub const READ_CALLS_MAX: usize = 5;
/// Bytes.
pub const READ_SIZE_MAX: u64 = 2 * 1_048_576;

/// Where records may be larger than 1 MiB, a shard takes this at once and 1 MiB/s on the average (KDS-3): in no ten
/// seconds more than ten seconds' worth.
pub const BURST_SIZE_MAX: u64 = 10 * WRITE_SIZE_MAX;
const BURST_SPAN: Micros = 10 * MICROS_PER_SECOND;
/// `GetShardIterator` calls (KDS-8).
pub const ITERATORS_MAX: u64 = 5;

/// What a shard accepted during the last second.
#[derive(Clone, Debug)]
pub struct Writes {
    records: Window,
    size: Window,
    /// Of the last ten seconds, where records may be large.
    burst: Window,
}

impl Default for Writes {
    fn default() -> Self {
        Self { records: Window::default(), size: Window::default(), burst: Window::of(BURST_SPAN) }
    }
}

impl Writes {
    /// Accepts a record of `size` bytes, or names the limit it would exceed.
    ///
    /// # Errors
    /// The limit, in words.
    pub fn admit(&mut self, size: u64, bursts: bool, now: Micros) -> Result<(), &'static str> {
        if !self.records.has_room(1, WRITE_RECORDS_MAX, now) {
            return Err("1,000 records/s");
        }
        if bursts && !self.burst.has_room(size, BURST_SIZE_MAX, now) {
            return Err("1 MiB/s on the average");
        }
        if !bursts && !self.size.has_room(size, WRITE_SIZE_MAX, now) {
            return Err("1 MiB/s");
        }
        self.records.spend(1, now);
        self.size.spend(size, now);
        if bursts {
            self.burst.spend(size, now);
        }
        Ok(())
    }

    /// The part of the nearer limit that the last second used, in 0..=1.
    #[must_use]
    pub fn load(&self, now: Micros) -> f32 {
        let records = self.records.spent(now) as f32 / WRITE_RECORDS_MAX as f32;
        records.max(self.size.spent(now) as f32 / WRITE_SIZE_MAX as f32)
    }
}

/// The reads of a shard during the last second.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// Time and bytes returned, oldest first; at most [`READ_CALLS_MAX`].
    replies: VecDeque<(Micros, u64)>,
    /// After much was returned at once nothing is, until the average is 2 MB/s again.
    blocked_until: Micros,
    /// The latest call that found all five taken.
    refused: Option<Micros>,
}

/// For how long after a refusal a shard is contended `[MODEL]`.
const CONTENDED: Micros = 10 * MICROS_PER_SECOND;

impl Reads {
    /// Lets a call pass, or names the limit it would exceed. A refused call counts for nothing.
    ///
    /// # Errors
    /// The limit, in words.
    pub fn admit(&mut self, now: Micros) -> Result<(), &'static str> {
        while self.replies.front().is_some_and(|(at, _)| is_past(*at, now)) {
            self.replies.pop_front();
        }
        if self.replies.len() >= READ_CALLS_MAX {
            self.refused = Some(now);
            return Err("5 reads/s");
        }
        if now < self.blocked_until {
            return Err("2 MB/s");
        }
        self.replies.push_back((now, 0));
        Ok(())
    }

    /// Whether more ask than it has reads for.
    #[must_use]
    pub fn are_contended(&self, now: Micros) -> bool {
        self.refused.is_some_and(|at| now - at < CONTENDED)
    }

    /// The call that was just let pass returned this many bytes.
    pub fn spend(&mut self, size: u64, now: Micros) {
        let last = self.replies.back_mut().expect("a reply has its call");
        last.1 = size;
        let recent: u64 = self.replies.iter().map(|(_, size)| size).sum();
        if recent >= READ_SIZE_MAX {
            self.blocked_until = now + recent * MICROS_PER_SECOND / READ_SIZE_MAX;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// KDS-E2: 1,500 a second for ten seconds, every window of one second checked.
    #[test]
    fn no_second_accepts_more_than_a_thousand_records() {
        let mut writes = Writes::default();
        let offered = (0..15_000_u64).map(|n| n * 1_000_000 / 1_500);
        let accepted: Vec<Micros> = offered.filter(|at| writes.admit(100, false, *at).is_ok()).collect();
        for (index, at) in accepted.iter().enumerate() {
            let within = accepted[index..].iter().take_while(|later| **later < at + MICROS_PER_SECOND).count();
            assert!(within as u64 <= WRITE_RECORDS_MAX, "{within} records in the second after {at}");
        }
        assert_eq!(accepted.len(), 10_000);
    }

    /// KDS-E3: 500 records of 4 KiB in one call.
    #[test]
    fn no_second_accepts_more_than_a_mebibyte() {
        let mut writes = Writes::default();
        let accepted = (0..500).filter(|_| writes.admit(4_096, false, 7).is_ok()).count();
        assert_eq!(accepted, 256);
        assert_eq!(writes.admit(1, false, 7 + MICROS_PER_SECOND - 1), Err("1 MiB/s"));
        assert_eq!(writes.admit(WRITE_SIZE_MAX, false, 7 + MICROS_PER_SECOND), Ok(()));
    }

    /// KDS-3: a burst of 10 MiB, and nothing more until the average is 1 MiB/s again.
    #[test]
    fn where_records_are_large_ten_seconds_are_taken_at_once() {
        let mut writes = Writes::default();
        assert_eq!(writes.admit(BURST_SIZE_MAX, true, 0), Ok(()));
        assert_eq!(writes.admit(1, true, 9_999_999), Err("1 MiB/s on the average"));
        assert_eq!(writes.admit(BURST_SIZE_MAX, true, 10_000_000), Ok(()));
    }

    /// KDS-E4.
    #[test]
    fn the_sixth_read_of_a_second_is_refused() {
        let mut reads = Reads::default();
        let passed = (0..6).filter(|n| reads.admit(n * 100_000).is_ok()).count();
        assert_eq!(passed, 5);
        assert_eq!(reads.admit(1_000_000), Ok(()));
    }

    /// KDS-7: after a reply of 10 MB calls in the next 5 s throw.
    #[test]
    fn a_reply_of_ten_megabytes_blocks_five_seconds() {
        let mut reads = Reads::default();
        assert_eq!(reads.admit(0), Ok(()));
        reads.spend(10 * 1_048_576, 0);
        assert_eq!(reads.admit(4_999_999), Err("2 MB/s"));
        assert_eq!(reads.admit(5_000_000), Ok(()));
    }
}
