//! AWS Lambda: a function that runs once for each batch of messages, in as many copies at a time as its
//! concurrency allows. It is called with an answer (`Invoke`), without one (an event, kept in a queue of the
//! function's own), or by its event source mappings, which poll queues and streams.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/concepts-event-driven-architectures.html>
//!
//! An event that fails three times, or grows too old, goes to a dead-letter queue and a destination. A queue's
//! mapping works with as many lanes, one batch each, as its scaling allows.
//!
//! **Not modelled** (a scene that asks for it gets a problem): code, memory, cold starts. Also absent: the payload
//! limits of `Invoke`, the rate at which a function's environments grow (1,000 in 10 s), retries of a delivery to
//! a destination, and destinations in S3 and Kafka.
//!
//! **Simplified** `[MODEL]`: a mapping whose batch failed, was throttled, or whose poll failed waits one second
//! before that lane goes on. Scaling and backing off are steps of a second ([`scaling`]). A mapping reads a shard
//! once a second, as much as Kinesis returns, while it holds fewer than 10,000 records of it, and cuts batches from
//! that (KDS-26). Payloads count records' bytes, before Base64.

mod account;
pub mod api;
mod batch;
mod batch_response;
mod config;
mod events;
mod fact;
mod figure;
mod filter;
mod form;
mod invocation;
mod lane;
mod mapping;
mod mapping_config;
mod metrics;
mod model;
mod outcomes;
mod polling;
mod prices;
pub mod problems;
mod queue_mapping;
mod scaling;
mod shard_batches;
mod shard_poller;
mod stream_config;
mod stream_destination;
mod stream_mapping;
mod tumbling;

pub use account::Account;
pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
