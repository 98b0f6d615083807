//! How many calls a FIFO queue takes: 300 a second for each API action, or, in high throughput mode, for each
//! partition, up to the Region's ceiling (SQS-33). Standard queues take any number.

use std::collections::BTreeMap;

use crate::engine::{Micros, seconds};
use crate::services::ApiError;

/// Calls a second for each API action of a queue, and of a partition.
pub const CALLS_PER_SECOND: u64 = 300;

/// Regions by their ceilings: calls a second for each API action, without batching.
pub const REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "sa-east-1",
];

#[must_use]
pub fn region_ceiling(region: &str) -> u64 {
    match region {
        "us-east-1" | "us-west-2" | "eu-west-1" => 70_000,
        "us-east-2" | "eu-central-1" => 19_000,
        "ap-south-1" | "ap-southeast-1" | "ap-southeast-2" | "ap-northeast-1" => 9_000,
        "eu-west-2" | "sa-east-1" => 4_500,
        _ => 2_400,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    Send,
    Receive,
    Delete,
    ChangeVisibility,
}

/// A token bucket in millionths of a call (G-4): a second's worth may come at once.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    millionths: u64,
    at: Micros,
}

impl Bucket {
    fn take(&mut self, rate: u64, now: Micros) -> bool {
        let refilled = (now - self.at).min(seconds(1)) * rate;
        self.millionths = (self.millionths + refilled).min(rate * 1_000_000);
        self.at = now;
        let has_one = self.millionths >= 1_000_000;
        self.millionths -= if has_one { 1_000_000 } else { 0 };
        has_one
    }
}

#[derive(Clone, Debug, Default)]
pub struct Throughput {
    /// By action and partition; the queue as a whole has none.
    buckets: BTreeMap<(Action, Option<u64>), Bucket>,
}

impl Throughput {
    fn take(&mut self, action: Action, partition: Option<u64>, rate: u64, now: Micros) -> Result<(), ApiError> {
        let full = Bucket { millionths: rate * 1_000_000, at: now };
        let bucket = self.buckets.entry((action, partition)).or_insert(full);
        if bucket.take(rate, now) { Ok(()) } else { Err(throttled(partition)) }
    }

    /// A call of a queue as a whole: of every action without high throughput, of receives with it.
    ///
    /// # Errors
    /// `ThrottlingException`.
    pub fn call(&mut self, action: Action, ceiling: Option<u64>, now: Micros) -> Result<(), ApiError> {
        self.take(action, None, ceiling.unwrap_or(CALLS_PER_SECOND), now)
    }

    /// A call's part in the partition of a message group.
    ///
    /// # Errors
    /// `ThrottlingException`.
    pub fn partition(&mut self, action: Action, partition: u64, now: Micros) -> Result<(), ApiError> {
        self.take(action, Some(partition), CALLS_PER_SECOND, now)
    }
}

/// The partition of a group. AWS adds partitions as they are needed; here all that the Region's ceiling can fill
/// are there from the start `[MODEL]`.
#[must_use]
pub fn partition_of(group: &str, ceiling: u64) -> u64 {
    let mixed = group
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    (mixed ^ mixed >> 32) % ceiling.div_ceil(CALLS_PER_SECOND)
}

fn throttled(partition: Option<u64>) -> ApiError {
    let where_ = if partition.is_some() { "for the partition of this message group" } else { "for this queue" };
    ApiError::server("ThrottlingException", format!("Rate exceeded: the quota of calls a second {where_} is reached."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_a_second_at_once_and_then_its_rate() {
        let mut throughput = Throughput::default();
        let mut passed = |at: Micros| (0..400).filter(|_| throughput.call(Action::Send, None, at).is_ok()).count();
        assert_eq!(passed(0), 300);
        assert_eq!(passed(0), 0);
        assert_eq!(passed(10_000), 3);
        assert_eq!(passed(seconds(60)), 300);
    }

    #[test]
    fn groups_spread_over_partitions() {
        let partitions: std::collections::BTreeSet<u64> =
            (0..1_000).map(|group| partition_of(&format!("g{group}"), 2_400)).collect();
        assert_eq!(partitions.len(), 8);
        assert_eq!(partition_of("a", 2_400), partition_of("a", 2_400));
    }
}
