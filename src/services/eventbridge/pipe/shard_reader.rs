//! One shard of the stream that is a pipe's source: how far it is read, and the lanes that work on what was read.

use crate::services::kinesis::api::{ShardInfo, ShardIterator};
use crate::services::parts::shard_lane::ShardLane;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Resting,
    Awaiting(u64),
    /// The shard is closed and read to its end.
    AtEnd,
    /// And all of it is done.
    Done,
}

#[derive(Clone, Debug)]
pub struct ShardReader {
    pub shard: u32,
    pub is_child: bool,
    pub step: Step,
    pub iterator: Option<ShardIterator>,
    /// Where to go on when the iterator is gone.
    pub resume: Option<u128>,
    /// Batches at work at a time, `ParallelizationFactor`: each key has its lane.
    pub lanes: Vec<ShardLane>,
}

impl ShardReader {
    #[must_use]
    pub fn new(info: &ShardInfo) -> Self {
        Self {
            shard: info.shard,
            is_child: !info.parents.is_empty(),
            step: Step::Resting,
            iterator: None,
            resume: None,
            lanes: Vec::new(),
        }
    }

    #[must_use]
    pub fn awaits(&self, call: u64) -> bool {
        self.step == Step::Awaiting(call)
    }

    /// Records that were read and are not done.
    #[must_use]
    pub fn held(&self) -> usize {
        self.lanes.iter().map(ShardLane::len).sum()
    }
}
