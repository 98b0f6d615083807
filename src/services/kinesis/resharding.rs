//! Another number of shards: the open ones close, an even split opens, and each child knows its parents, so that
//! readers keep the order of a key by reading parents to their end first (KDS-15).

use super::fact::Fact;
use super::model::Model;
use super::shard::{Shard, even_ranges};
use crate::services::Cx;

impl Model {
    pub(super) fn reshard(&mut self, cx: &mut Cx<'_>) {
        let now = cx.now();
        let mut closed = Vec::new();
        for shard in self.shards.iter_mut().filter(|shard| shard.is_open()) {
            shard.closed = Some(now);
            closed.push((shard.id, shard.range));
            cx.fact(Fact::ShardClosed { shard: shard.id }, None);
        }
        for (start, end) in even_ranges(self.config.shard_count) {
            let overlapping = closed.iter().filter(|(_, (first, last))| *first <= end && start <= *last);
            let parents = overlapping.map(|(id, _)| *id).collect();
            let id = self.next_shard;
            self.next_shard += 1;
            self.shards.push(Shard::new(id, (start, end), parents));
            cx.fact(Fact::ShardOpened { shard: id }, None);
        }
        debug_assert_eq!(self.open_shards(), u64::from(self.config.shard_count));
    }
}
