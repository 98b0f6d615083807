//! A worker: one's own program on EC2 or ECS that polls queues and streams.
//!
//! For each queue it polls it runs `Concurrency` threads, each of which receives, processes the messages one
//! after the other, deletes what succeeded, and polls again. For each stream it runs one reader a shard.
//!
//! It deletes after the work (at least once), before it (at most once), or never. Heartbeats keep what it works on
//! hidden; a table of what it has done makes it idempotent; it may crash in the middle of its work.
//!
//! **Not modelled:** hosts shared with others. Calls are not repeated by an SDK: a delete that is lost lets its
//! message come back.

mod config;
mod crash;
mod fact;
mod fan_out;
mod figure;
mod form;
mod heartbeat;
mod model;
mod shards;
mod thread;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
