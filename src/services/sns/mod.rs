//! Amazon SNS, standard topic: every message published is pushed at once to each subscription whose filter policy
//! accepts it. A topic keeps nothing to read: who subscribes later never sees the message (SNS-1).
//!
//! <https://docs.aws.amazon.com/sns/latest/dg/welcome.html>
//!
//! **Not modelled** (a scene that asks for it gets a problem): FIFO topics, archive and replay, confirmation of
//! subscriptions, delivery policies and dead-letter queues of subscriptions, per-protocol messages
//! (`MessageStructure`), e-mail, SMS and mobile push, encryption, access policies. A filter policy takes effect at
//! once (SNS-23), signatures in the envelope are not real, and retries have no jitter (SNS-17). Limits per Region
//! are not modelled, nor is the smaller choice of subscriptions for messages above 256 KiB (SNS-5).

pub mod api;
mod config;
mod delivery;
mod envelope;
mod fact;
mod figure;
mod filter;
mod form;
mod metrics;
mod model;
mod retry;
mod subscription;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
