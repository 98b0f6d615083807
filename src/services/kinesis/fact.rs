//! What can be seen to happen in a stream.

use super::api::shard_id;
use crate::services::fact::facts;

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
}
