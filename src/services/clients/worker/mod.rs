//! A worker: one's own program on EC2 or ECS that polls queues and streams.
//!
//! For each queue it polls it runs `Concurrency` threads, each of which receives, processes the messages one
//! after the other, deletes what succeeded, and polls again. For each stream it runs one reader a shard.
//!
//! **Not modelled:** heartbeats, deleting before the work, hosts shared with others.

mod fact;
mod figure;
mod form;
mod model;
mod shards;
mod thread;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
