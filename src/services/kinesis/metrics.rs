//! CloudWatch's metrics of a stream (KDS-25), as exact totals.

use crate::engine::Micros;
use crate::services::Metric;

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub incoming_records: u64,
    pub incoming_bytes: u64,
    /// PUT payload units of 25 KB, and bytes with each record rounded up to 1 KB.
    pub put_units: u64,
    pub rounded_bytes: u64,
    /// How long shards were open that are forgotten by now, and consumers times shards of consumers that are gone.
    pub past_shard_time: Micros,
    pub past_consumer_time: Micros,
    /// `PutRecord` calls that succeeded, and bytes they brought.
    pub put_record: (u64, u64),
    pub put_records: PutRecords,
    /// `GetRecords` calls that succeeded.
    pub reads: u64,
    pub records_read: u64,
    pub bytes_read: u64,
    pub writes_throttled: u64,
    pub reads_throttled: u64,
    pub subscribed: u64,
    pub subscriptions_refused: u64,
    pub events: u64,
    pub records_pushed: u64,
    pub bytes_pushed: u64,
    /// Of the last event pushed.
    pub pushed_behind: Micros,
    /// First deliveries, and the time from put to them, of all together.
    delivered: (u64, Micros),
}

#[derive(Clone, Debug, Default)]
pub struct PutRecords {
    /// Calls of which something was taken.
    pub success: u64,
    pub bytes: u64,
    pub total: u64,
    pub successful: u64,
    pub throttled: u64,
}

impl Metrics {
    /// A record was given to a reader, so long after it was put.
    pub fn delivered(&mut self, count: u64, latency: Micros) {
        self.delivered.0 += count;
        self.delivered.1 += latency;
    }

    /// On the average, over all readers.
    #[must_use]
    pub fn put_to_get(&self) -> Option<Micros> {
        (self.delivered.0 > 0).then(|| self.delivered.1 / self.delivered.0)
    }

    /// Those that are not worked out from the shards.
    #[must_use]
    pub fn list(&self) -> Vec<(&'static str, Metric)> {
        let puts = &self.put_records;
        vec![
            ("IncomingRecords", Metric::Count(self.incoming_records)),
            ("IncomingBytes", Metric::Count(self.incoming_bytes)),
            ("PutRecord.Success", Metric::Count(self.put_record.0)),
            ("PutRecord.Bytes", Metric::Count(self.put_record.1)),
            ("PutRecords.Success", Metric::Count(puts.success)),
            ("PutRecords.Bytes", Metric::Count(puts.bytes)),
            ("PutRecords.TotalRecords", Metric::Count(puts.total)),
            ("PutRecords.SuccessfulRecords", Metric::Count(puts.successful)),
            ("PutRecords.FailedRecords", Metric::Count(puts.total - puts.successful - puts.throttled)),
            ("PutRecords.ThrottledRecords", Metric::Count(puts.throttled)),
            ("GetRecords.Success", Metric::Count(self.reads)),
            ("GetRecords.Records", Metric::Count(self.records_read)),
            ("GetRecords.Bytes", Metric::Count(self.bytes_read)),
            ("WriteProvisionedThroughputExceeded", Metric::Count(self.writes_throttled)),
            ("ReadProvisionedThroughputExceeded", Metric::Count(self.reads_throttled)),
            ("SubscribeToShard.Success", Metric::Count(self.subscribed)),
            ("SubscribeToShard.RateExceeded", Metric::Count(self.subscriptions_refused)),
            ("SubscribeToShardEvent.Success", Metric::Count(self.events)),
            ("SubscribeToShardEvent.Records", Metric::Count(self.records_pushed)),
            ("SubscribeToShardEvent.Bytes", Metric::Count(self.bytes_pushed)),
            ("SubscribeToShardEvent.MillisBehindLatest", Metric::Milliseconds(self.pushed_behind)),
            ("PutToGetLatency", Metric::Milliseconds(self.put_to_get().unwrap_or(0))),
        ]
    }
}
