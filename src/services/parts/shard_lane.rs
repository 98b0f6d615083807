//! One lane of a shard: records of the keys that fall to it, one batch at a time, in order (KDS-26, KDS-27). A mapping
//! of a function and a pipe (EB-23) both have such lanes.

use std::collections::VecDeque;

use crate::engine::{Key, Micros};
use crate::services::kinesis::api::Record;
use crate::services::wire::fnv_1a;

/// Bytes of one synchronous invocation's payload.
pub const PAYLOAD_MAX: u64 = 6_000_000;

/// The lane of a partition key.
fn lane_of(key: &str, lanes: usize) -> usize {
    usize::try_from(fnv_1a(key)).unwrap_or(0) % lanes.max(1)
}

/// Gives a record to the lane of its key, of `count` lanes. Those above a number that was lowered run dry.
pub fn add_to_lane(lanes: &mut Vec<ShardLane>, count: usize, record: Record, now: Micros) {
    while lanes.len() < count {
        lanes.push(ShardLane::new());
    }
    lanes[lane_of(&record.message.partition_key(), count)].add(record, now);
}

/// The number of the tumbling window in which a record came; all are one where there are none.
#[must_use]
pub fn window_of(record: &Record, tumbling: Micros) -> u64 {
    record.arrived.checked_div(tumbling).unwrap_or(0)
}

#[derive(Clone, Debug)]
pub enum LaneDoing {
    Idle,
    /// Gathers until its batching window is over.
    Gathering(Key),
    Running,
    /// Before a batch is tried again, or there is room for it.
    Pausing(Key),
}

/// A batch, or what bisecting made of one.
#[derive(Clone, Debug)]
pub struct Part {
    pub records: Vec<Record>,
    /// Attempts that count against the limit of retries.
    pub attempts: u32,
    pub invoked: u32,
}

#[derive(Clone, Debug)]
pub struct ShardLane {
    pub doing: LaneDoing,
    /// Read and in no batch yet.
    pub records: VecDeque<Record>,
    /// When the first of them was read.
    since: Micros,
    /// In order; the first is tried until it is done.
    pub parts: VecDeque<Part>,
}

impl ShardLane {
    fn new() -> Self {
        Self { doing: LaneDoing::Idle, records: VecDeque::new(), since: 0, parts: VecDeque::new() }
    }

    fn add(&mut self, record: Record, now: Micros) {
        if self.records.is_empty() {
            self.since = now;
        }
        self.records.push_back(record);
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len() + self.parts.iter().map(|part| part.records.len()).sum::<usize>()
    }

    /// The oldest record that is not done.
    #[must_use]
    pub fn first(&self) -> Option<&Record> {
        self.parts.front().and_then(|part| part.records.first()).or(self.records.front())
    }

    /// How many records the next batch has, of a tumbling window at most, and whether it can have no more.
    fn next_batch(&self, size: usize, tumbling: Micros) -> (usize, bool) {
        let mut bytes = 0;
        let first = self.records.front().map(|record| window_of(record, tumbling));
        for (count, record) in self.records.iter().enumerate() {
            bytes += record.size();
            if count >= size || count > 0 && bytes > PAYLOAD_MAX || first != Some(window_of(record, tumbling)) {
                return (count, true);
            }
        }
        (self.records.len(), self.records.len() >= size)
    }

    /// Makes a batch of what was read if it is full or its window is over; otherwise, when it will be over.
    pub fn cut(&mut self, size: usize, window: Micros, tumbling: Micros, now: Micros) -> Option<Micros> {
        let (count, is_full) = self.next_batch(size, tumbling);
        let due = self.since + window;
        if count == 0 || !is_full && now < due {
            return (count > 0).then_some(due);
        }
        let records = self.records.drain(..count).collect();
        self.since = now;
        self.parts.push_back(Part { records, attempts: 0, invoked: 0 });
        None
    }

    /// Takes away what the stream no longer has; how many.
    pub fn forget_expired(&mut self, retention: Micros, now: Micros) -> u64 {
        let is_kept = |record: &Record| record.arrived.saturating_add(retention) > now;
        let before = self.len();
        self.records.retain(is_kept);
        if !matches!(self.doing, LaneDoing::Running) {
            self.parts.iter_mut().for_each(|part| part.records.retain(is_kept));
            self.parts.retain(|part| !part.records.is_empty());
        }
        (before - self.len()) as u64
    }

    /// Takes the records of the first part that are older than allowed, and says how often they were tried.
    pub fn take_old(&mut self, most: Micros, now: Micros) -> Option<(Vec<Record>, u32)> {
        let part = self.parts.front_mut()?;
        let is_old = |record: &&Record| now.saturating_sub(record.arrived) > most;
        let count = part.records.iter().take_while(is_old).count();
        let old = (part.records.drain(..count).collect(), part.invoked);
        if part.records.is_empty() {
            self.parts.pop_front();
        }
        (count > 0).then_some(old)
    }

    /// Halves the first part: the older half is tried first.
    pub fn bisect(&mut self) {
        let Some(mut part) = self.parts.pop_front() else { return };
        let newer = part.records.split_off(part.records.len() / 2);
        self.parts.push_front(Part { records: newer, ..part.clone() });
        self.parts.push_front(part);
    }

    /// Whether it has time for a batch; one that only gathers no longer does, and `cancel` gets its timer.
    pub fn is_free(&mut self, cancel: impl FnMut(Key)) -> bool {
        if matches!(self.doing, LaneDoing::Gathering(_)) {
            self.rouse().into_iter().for_each(cancel);
        }
        matches!(self.doing, LaneDoing::Idle)
    }

    /// Waits no longer; its timer, if it has set one.
    pub fn rouse(&mut self) -> Option<Key> {
        let (LaneDoing::Gathering(key) | LaneDoing::Pausing(key)) = self.doing else { return None };
        self.doing = LaneDoing::Idle;
        Some(key)
    }

    /// Stops what it does; its timer, if it has set one.
    pub fn stop(&mut self) -> Option<Key> {
        self.records.clear();
        self.parts.clear();
        let timer = self.rouse();
        self.doing = LaneDoing::Idle;
        timer
    }
}
