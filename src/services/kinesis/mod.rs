//! Amazon Kinesis Data Streams, provisioned: an ordered log cut into shards. A record lies in the shard whose
//! hash range holds MD5 of its partition key, in the order in which it came; reading removes nothing; a record
//! goes when its retention ends.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/introduction.html>
//!
//! **Not modelled** (a scene that asks for it gets a problem): on-demand mode, enhanced fan-out, records above
//! 1 MiB, encryption, shard-level metrics, tags. Also absent: quotas of control calls (`GetShardIterator` and
//! `ListShards` never throttle) and `SequenceNumberForOrdering`: records take the order of their arrival.
//!
//! **Simplified**: a changed `ShardCount` closes all open shards at once and opens the new even split, so a child
//! may have more parents than AWS's two; AWS gets there by many splits and merges (KDS-14).
//! `GetRecords.IteratorAgeMilliseconds` is the age, now, of the oldest record that a connected reader has not
//! read. A shard that returned more than 2 MB within a second refuses reads for as long as 2 MB/s would have
//! taken (KDS-7; 10 MB: 5 s).

pub mod api;
mod config;
mod fact;
mod figure;
mod form;
mod iterator;
mod metrics;
mod model;
mod parsing;
mod reading;
mod resharding;
mod retention;
mod shard;
mod throughput;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
