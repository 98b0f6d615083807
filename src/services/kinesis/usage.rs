//! What the bill counts of a stream: the time shards are open, what is put, and what fan-out adds. A stream whose mode
//! was changed is reckoned by the mode it has now.

use super::consumers::Consumer;
use super::model::Model;
use super::prices;
use super::shard::Shard;
use crate::engine::Micros;
use crate::services::Usage;

/// How long a shard was open after `from`.
fn open_time(shard: &Shard, from: Micros, now: Micros) -> Micros {
    shard.closed.unwrap_or(now).saturating_sub(shard.opened.max(from))
}

impl Model {
    pub(super) fn billed(&self, now: Micros) -> Usage {
        let metrics = &self.metrics;
        if self.config.on_demand {
            return vec![
                (prices::STREAM_TIME, now.saturating_sub(self.created)),
                (prices::BYTES_IN, metrics.rounded_bytes),
                (prices::BYTES_OUT, metrics.bytes_read),
                (prices::ON_DEMAND_FAN_OUT_BYTES, metrics.bytes_pushed),
            ];
        }
        let shard_time: Micros = self.shards.iter().map(|shard| open_time(shard, 0, now)).sum();
        let consumer_time: Micros = self.consumers.iter().map(|consumer| self.consumer_time(consumer, now)).sum();
        vec![
            (prices::SHARD_TIME, metrics.past_shard_time + shard_time),
            (prices::PUT_UNIT, metrics.put_units),
            (prices::CONSUMER_SHARD_TIME, metrics.past_consumer_time + consumer_time),
            (prices::FAN_OUT_BYTES, metrics.bytes_pushed),
        ]
    }

    /// For how long there was a consumer, times the shards that were open meanwhile.
    pub(super) fn consumer_time(&self, consumer: &Consumer, now: Micros) -> Micros {
        self.shards.iter().map(|shard| open_time(shard, consumer.created, now)).sum()
    }

    /// Before a closed shard is forgotten.
    pub(super) fn bill_past(&mut self, place: usize) {
        let shard = &self.shards[place];
        self.metrics.past_shard_time += open_time(shard, 0, 0);
        let consumers = self.consumers.iter();
        self.metrics.past_consumer_time += consumers.map(|consumer| open_time(shard, consumer.created, 0)).sum::<u64>();
    }
}
