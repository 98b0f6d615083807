//! Amazon Kinesis Data Streams: an ordered log cut into shards. A record lies in the shard whose hash range holds MD5 of
//! its partition key, in the order in which it came; reading removes nothing; a record goes when its retention ends.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/introduction.html>
//!
//! Readers poll a shard and share its 2 MB/s, or are pushed by enhanced fan-out, each with 2 MB/s of its own. Shards are
//! split and merged by hand, or by the stream itself when it is on demand.
//!
//! **Not modelled** (a scene that asks for it gets a problem): tags, a KMS key that is taken away; queues on streams and
//! channels (KDS-18), of which nothing is known but their API's shapes; the `Latency` metrics of KDS-25, for a call takes
//! no time at the stream, but on the way there and back. `Data` is plain text, not Base64.
//!
//! **Simplified**: a changed `ShardCount` of a running scene is carried out whatever its size, as by several calls.
//! `GetRecords.IteratorAgeMilliseconds` is the age of the last record that a connected reader has read, as CloudWatch
//! has it, or, where that is more, the age now of the oldest that it has not read. A shard that returned more than 2 MB within a second refuses reads for as long as 2 MB/s would have
//! taken (KDS-7; 10 MB: 5 s). A node of the scene is a stream that is there: it is never CREATING.

mod account;
pub mod api;
mod config;
mod consumers;
mod control;
mod event;
mod fact;
mod figure;
mod form;
mod inside;
mod iterator;
pub mod links;
mod metrics;
mod model;
mod on_demand;
mod parsing;
mod parsing_control;
mod prices;
mod reading;
mod resharding;
mod retention;
mod shard;
mod shard_filter;
mod subscription;
mod throughput;
mod updating;
mod usage;
mod writing;

pub use account::Account;
pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
