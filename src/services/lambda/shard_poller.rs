//! One shard of a mapped stream: where its poller stands, and the lanes that work on what it read.

use super::tumbling::Tumbling;
use crate::engine::{Key, Micros};
use crate::services::Cx;
use crate::services::kinesis::api::{IteratorKind, Record, ShardInfo, ShardIterator};
use crate::services::parts::shard_lane::ShardLane;

#[derive(Clone, Debug)]
pub enum Doing {
    /// For its parents' end, or for an outage's.
    Waiting,
    Pausing(Key),
    Locating {
        call: u64,
    },
    Fetching {
        call: u64,
    },
    /// Subscribed: records are pushed.
    Listening {
        call: u64,
    },
    /// All of a closed shard was read.
    AtEnd,
    /// And processed.
    Finished,
}

#[derive(Clone, Debug)]
pub struct ShardPoller {
    pub shard: u32,
    pub parents: Vec<u32>,
    pub doing: Doing,
    pub iterator: Option<ShardIterator>,
    pub lanes: Vec<ShardLane>,
    pub tumbling: Option<Tumbling>,
    /// The final invocation of its tumbling window is under way, or waits.
    pub closing: Closing,
    /// When its place was last asked for.
    pub asked: Micros,
    /// Before that it does not read again.
    pub next_read: Micros,
    start: IteratorKind,
    /// The last record read, or after a pause the last one before those that are not done: it goes on behind it.
    last_read: Option<u128>,
}

#[derive(Clone, Debug)]
pub enum Closing {
    No,
    Running,
    Pausing(Key),
    /// Until the window's end.
    Waiting(Key),
}

impl ShardPoller {
    #[must_use]
    pub fn new(info: &ShardInfo, start: IteratorKind) -> Self {
        Self {
            shard: info.shard,
            parents: info.parents.clone(),
            doing: Doing::Waiting,
            iterator: None,
            lanes: Vec::new(),
            tumbling: None,
            closing: Closing::No,
            asked: 0,
            next_read: 0,
            start,
            last_read: None,
        }
    }

    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(self.doing, Doing::Finished)
    }

    #[must_use]
    pub fn awaits(&self, number: u64) -> bool {
        matches!(self.doing, Doing::Locating { call } | Doing::Fetching { call } | Doing::Listening { call }
            if call == number)
    }

    /// Where an iterator must begin.
    #[must_use]
    pub fn origin(&self) -> IteratorKind {
        self.last_read.map_or(self.start, IteratorKind::AfterSequenceNumber)
    }

    /// Its first iterator is there: "latest" stays what it was then, also when the iterator expires unused.
    pub fn located(&mut self, iterator: ShardIterator) {
        if self.start == IteratorKind::Latest {
            self.start = IteratorKind::AtTimestamp(self.asked);
        }
        self.iterator = Some(iterator);
    }

    pub fn note_read(&mut self, sequence: u128) {
        self.last_read = Some(sequence);
    }

    #[must_use]
    pub fn held(&self) -> usize {
        self.lanes.iter().map(ShardLane::len).sum()
    }

    /// The oldest record that is not done: the checkpoint lies before it, the lowest of all lanes.
    #[must_use]
    pub fn oldest(&self) -> Option<&Record> {
        self.lanes.iter().filter_map(ShardLane::first).min_by_key(|record| record.sequence)
    }

    /// Forgets all that is not done: it is read again.
    pub fn pause(&mut self, cx: &mut Cx<'_>) {
        if self.is_finished() {
            return;
        }
        let before = self.oldest().map(|record| record.sequence - 1);
        self.last_read = before.or(self.last_read);
        if let Doing::Pausing(key) = std::mem::replace(&mut self.doing, Doing::Waiting) {
            cx.cancel(key);
        }
        if let Closing::Pausing(key) | Closing::Waiting(key) = std::mem::replace(&mut self.closing, Closing::No) {
            cx.cancel(key);
        }
        self.lanes.iter_mut().filter_map(ShardLane::stop).for_each(|key| cx.cancel(key));
        self.iterator = None;
    }
}
