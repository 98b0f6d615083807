//! EventBridge Pipes: from one source through a filter and an enrichment to one target (EB-22, EB-23).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html>
//!
//! What the filter refuses is consumed and goes nowhere. A batch that fails, in the enrichment or at the target, goes
//! back to its source: a queue shows the failed messages again, a stream's lane of keys waits until the batch succeeds,
//! is bisected, or has failed often enough. Then it goes through the enrichment again.
//!
//! **Not modelled** (a scene that asks for it gets a problem): sources and targets that are no node here. Simplified: of a
//! queue five batches are at work at first, and up to five more each second while messages wait `[MODEL]`.

mod batch;
mod config;
mod event;
mod fact;
mod figure;
mod form;
mod metrics;
mod model;
mod problems;
mod queue_source;
mod shard_batches;
mod source_shard;
mod stream_source;
mod target_parameters;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
pub use problems::problems;
