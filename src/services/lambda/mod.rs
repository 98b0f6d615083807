//! AWS Lambda: a function that runs once for each batch of messages, in as many copies at a time as its
//! concurrency allows. It is called with an answer (`Invoke`), without one (an event, kept in a queue of the
//! function's own), or by its event source mappings, which poll queues and streams.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/concepts-event-driven-architectures.html>
//!
//! **Not modelled** (a scene that asks for it gets a problem): code, memory, cold starts, dead-letter queues and
//! destinations of a function. Also absent: payload limits, the highest age of an event (events wait as long as
//! it takes), batching windows, filters and partial batch responses of a mapping (SQS-46, SQS-48), and scaling of
//! a queue's mapping: it stays at the 5 batches at a time it starts with (SQS-47), of 10 messages at most.
//!
//! **Simplified** `[MODEL]`: a mapping whose batch failed, was throttled, or whose poll failed waits one second.
//! A throttled batch of a queue is offered again until the visibility timeout of the queue is over (SQS-45). A
//! mapping reads a shard once a second, as much as Kinesis returns, and cuts batches from that (KDS-26). A
//! failing batch blocks its shard until it succeeds or its records expire (KDS-27).

pub mod api;
mod config;
mod events;
mod fact;
mod figure;
mod form;
mod invocation;
mod mapping;
mod metrics;
mod model;
mod queue_mapping;
mod shard_poller;
mod stream_mapping;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
