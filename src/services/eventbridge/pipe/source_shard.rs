//! One shard of the stream that is a pipe's source: how far it is read, and the lanes that work on what was read.

use crate::services::kinesis::api::{IteratorKind, ShardInfo};
use crate::services::parts::shard_lane::ShardLane;
use crate::services::parts::shard_reader::ShardReader;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Resting,
    Reading,
    /// The shard is closed and read to its end.
    AtEnd,
    /// And all of it is done.
    Done,
}

#[derive(Clone, Debug)]
pub struct SourceShard {
    pub step: Step,
    pub reader: ShardReader,
    /// Batches at work at a time, `ParallelizationFactor`: each key has its lane.
    pub lanes: Vec<ShardLane>,
}

impl SourceShard {
    /// What follows a parent is read from its oldest record.
    #[must_use]
    pub fn new(info: &ShardInfo, start: IteratorKind) -> Self {
        let begin = if info.parents.is_empty() { start } else { IteratorKind::TrimHorizon };
        Self { step: Step::Resting, reader: ShardReader::new(info.shard, begin), lanes: Vec::new() }
    }

    /// Records that were read and are not done.
    #[must_use]
    pub fn held(&self) -> usize {
        self.lanes.iter().map(ShardLane::len).sum()
    }
}
