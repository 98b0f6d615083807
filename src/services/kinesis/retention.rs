//! Records and closed shards go when the retention period ends (KDS-6, KDS-15).

use super::fact::Fact;
use super::model::{Model, Timer};
use super::shard::Shard;
use crate::engine::Micros;
use crate::services::{Cx, Door, Place};

impl Shard {
    /// When the oldest thing of this shard came, or it closed.
    fn oldest(&self) -> Option<Micros> {
        self.records.first().map(|record| record.arrived).or(self.closed)
    }
}

impl Model {
    /// Keeps one timer at the moment the oldest record or closed shard expires.
    pub(super) fn watch_retention(&mut self, cx: &mut Cx<'_>) {
        let oldest = self.shards.iter().filter_map(Shard::oldest).min();
        let due = oldest.map(|came| came.saturating_add(self.config.retention));
        self.retention_timer.set(due, Timer::RetentionEnds, cx);
    }

    pub(super) fn expire(&mut self, cx: &mut Cx<'_>) {
        self.retention_timer.rang();
        let (now, retention) = (cx.now(), self.config.retention);
        let is_over = |came: Micros| came.saturating_add(retention) <= now;
        for shard in &mut self.shards {
            while let Some(record) = shard.records.first().filter(|record| is_over(record.arrived)) {
                cx.fact(Fact::RecordExpired, Some(record.message.token));
                shard.records.trim(1);
                cx.book(1, Place::Stored, Place::Expired);
            }
        }
        for place in 0..self.shards.len() {
            let shard = &self.shards[place];
            if shard.records.is_empty() && shard.closed.is_some_and(is_over) {
                self.bill_past(place);
            }
        }
        self.shards.retain(|shard| {
            let is_expired = shard.records.is_empty() && shard.closed.is_some_and(is_over);
            if is_expired {
                cx.fact(Fact::ShardExpired { shard: shard.id }, None);
            }
            !is_expired
        });
        self.watch_retention(cx);
    }
}
