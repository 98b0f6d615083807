//! One shard of a mapped stream: where its poller stands, and the lanes that work on what it read.

use super::tumbling::Tumbling;
use crate::engine::{Key, Micros};
use crate::services::Cx;
use crate::services::kinesis::api::{IteratorKind, Record, ShardInfo};
use crate::services::parts::shard_lane::ShardLane;
use crate::services::parts::shard_reader::ShardReader;

#[derive(Clone, Debug)]
pub enum Doing {
    /// For its parents' end, or for an outage's.
    Waiting,
    Pausing(Key),
    /// Its reader asks, or is pushed records.
    Reading,
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
    pub reader: ShardReader,
    pub lanes: Vec<ShardLane>,
    pub tumbling: Option<Tumbling>,
    /// The final invocation of its tumbling window is under way, or waits.
    pub closing: Closing,
    /// Before that it does not read again.
    pub next_read: Micros,
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
            reader: ShardReader::new(info.shard, start),
            lanes: Vec::new(),
            tumbling: None,
            closing: Closing::No,
            next_read: 0,
        }
    }

    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(self.doing, Doing::Finished)
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
        match self.oldest().map(|record| record.sequence) {
            Some(oldest) => self.reader.rewind(IteratorKind::AtSequenceNumber(oldest), cx),
            None if !self.reader.is_at_end() => self.reader.stop(cx),
            None => {}
        }
        if let Doing::Pausing(key) = std::mem::replace(&mut self.doing, Doing::Waiting) {
            cx.cancel(key);
        }
        if let Closing::Pausing(key) | Closing::Waiting(key) = std::mem::replace(&mut self.closing, Closing::No) {
            cx.cancel(key);
        }
        self.lanes.iter_mut().filter_map(ShardLane::stop).for_each(|key| cx.cancel(key));
    }
}
