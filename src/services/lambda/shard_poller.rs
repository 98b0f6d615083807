//! One shard of a mapped stream: where its poller stands, and what it does.

use std::collections::VecDeque;

use crate::engine::{Key, Micros};
use crate::services::Cx;
use crate::services::kinesis::api::{IteratorKind, Record, ShardInfo, ShardIterator};

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
    /// The function works on the first records.
    Running,
    /// The shard is closed, and all of it was processed.
    Finished,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    Unknown,
    At(ShardIterator),
    /// At the end of a closed shard.
    End,
}

#[derive(Clone, Debug)]
pub struct ShardPoller {
    pub shard: u32,
    pub parents: Vec<u32>,
    pub doing: Doing,
    pub position: Position,
    /// Read and not yet processed.
    pub records: VecDeque<Record>,
    /// When its place was last asked for.
    pub asked: Micros,
    /// Before that it does not read again.
    pub next_read: Micros,
    start: IteratorKind,
    /// The last record processed.
    checkpoint: Option<u128>,
}

impl ShardPoller {
    #[must_use]
    pub fn new(info: &ShardInfo, start: IteratorKind) -> Self {
        Self {
            shard: info.shard,
            parents: info.parents.clone(),
            doing: Doing::Waiting,
            position: Position::Unknown,
            records: VecDeque::new(),
            asked: 0,
            next_read: 0,
            start,
            checkpoint: None,
        }
    }

    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(self.doing, Doing::Finished)
    }

    #[must_use]
    pub fn awaits(&self, number: u64) -> bool {
        matches!(self.doing, Doing::Locating { call } | Doing::Fetching { call } if call == number)
    }

    /// Where an iterator must begin.
    #[must_use]
    pub fn origin(&self) -> IteratorKind {
        self.checkpoint.map_or(self.start, IteratorKind::AfterSequenceNumber)
    }

    /// Its first iterator is there: "latest" stays what it was then, also when the iterator expires unused.
    pub fn located(&mut self, iterator: ShardIterator) {
        if self.start == IteratorKind::Latest {
            self.start = IteratorKind::AtTimestamp(self.asked);
        }
        self.position = Position::At(iterator);
    }

    pub fn processed(&mut self, count: usize) {
        let last = self.records.drain(..count).next_back();
        self.checkpoint = last.map(|record| record.sequence).or(self.checkpoint);
    }

    /// Takes away records that the stream no longer has; how many.
    pub fn forget_expired(&mut self, retention: Micros, now: Micros) -> u64 {
        let kept = self.records.partition_point(|record| record.arrived.saturating_add(retention) <= now);
        self.processed(kept);
        kept as u64
    }

    /// Forgets all since the last batch that succeeded.
    pub fn pause(&mut self, cx: &mut Cx<'_>) {
        if self.is_finished() {
            return;
        }
        if let Doing::Pausing(key) = std::mem::replace(&mut self.doing, Doing::Waiting) {
            cx.cancel(key);
        }
        self.records.clear();
        self.position = Position::Unknown;
    }
}
