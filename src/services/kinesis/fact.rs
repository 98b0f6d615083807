//! What can be seen to happen in a stream.

use super::api::shard_id;
use crate::engine::{Micros, clock_text};
use crate::services::contract::fact::facts;

facts! {
    RecordPut { shard: u32 } => Plain, "stored in {}", shard_id(*shard);
    /// `limit` is the limit that was reached.
    RecordThrottled { shard: u32, limit: &'static str } => Bad, "{limit} exceeded on {}", shard_id(*shard);
    RequestRefused { code: &'static str } => Bad, "{code}";
    RecordsRead { shard: u32, count: u64, behind_ms: u64 } => Plain, "{count} from {} · {behind_ms} ms behind", shard_id(*shard);
    EmptyRead { shard: u32 } => Quiet, "nothing new in {}", shard_id(*shard);
    ReadThrottled { shard: u32, limit: &'static str } => Warn, "{limit} exceeded on {}", shard_id(*shard);
    RecordExpired => Bad, "older than the retention period";
    IteratorExpired { shard: u32 } => Warn, "the iterator of {} is older than 5 minutes", shard_id(*shard);
    ShardEndReached { shard: u32 } => Plain, "{} is closed and read to its end", shard_id(*shard);
    ShardOpened { shard: u32 } => Plain, "{} takes records", shard_id(*shard);
    ShardClosed { shard: u32 } => Plain, "{} takes no more records; it stays readable", shard_id(*shard);
    ShardExpired { shard: u32 } => Quiet, "{} was closed longer ago than the retention period", shard_id(*shard);
    ReshardingStarted { until: Micros } => Plain, "UPDATING, goes on taking and giving records · next step at {}", clock_text(*until);
    StreamUpdated { open_shards: u64 } => Plain, "ACTIVE with {open_shards} open shards";
    OnDemandScaled { from: u64, to: u64 } => Good, "from {from} to {to} shards for twice the peak";
    ConsumerRegistered { name: String } => Plain, "{name} gets 2 MB/s of each shard for itself";
    ConsumerDeregistered { name: String } => Plain, "{name}";
    ShardSubscribed { shard: u32 } => Plain, "{} is pushed for five minutes", shard_id(*shard);
    SubscriptionEnded { shard: u32, why: &'static str } => Plain, "{}: {why}", shard_id(*shard);
    RecordsPushed { shard: u32, count: u64, behind_ms: u64, consumer: String } => Plain, "{count} from {} to {consumer} · {behind_ms} ms behind", shard_id(*shard);
    EncryptionChanged { key: String } => Plain, "new records are kept {key}";
    RetentionChanged { hours: u64 } => Plain, "{hours} h";
}
