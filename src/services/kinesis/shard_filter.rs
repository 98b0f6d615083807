//! Which shards `ListShards` lists.

use super::shard::Shard;
use crate::engine::Micros;

/// AWS's `ShardFilter`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShardFilter {
    #[default]
    All,
    AfterShardId(u32),
    /// Those open now.
    AtLatest,
    /// Those that were open at a time.
    AtTimestamp(Micros),
    /// Those that were open at a time or since.
    FromTimestamp(Micros),
    /// Those that were open when the oldest record there is came.
    AtTrimHorizon,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    pub filter: ShardFilter,
    /// `MaxResults`; everything unless set.
    pub most: Option<usize>,
}

impl ShardFilter {
    #[must_use]
    pub fn takes(self, shard: &Shard, horizon: Micros) -> bool {
        let was_open_at = |time: Micros| shard.opened <= time && shard.closed.is_none_or(|closed| closed > time);
        match self {
            Self::All => true,
            Self::AfterShardId(id) => shard.id > id,
            Self::AtLatest => shard.is_open(),
            Self::AtTimestamp(time) => was_open_at(time),
            Self::FromTimestamp(time) => shard.closed.is_none_or(|closed| closed >= time),
            Self::AtTrimHorizon => was_open_at(horizon),
        }
    }
}
