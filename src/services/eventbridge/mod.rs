//! Amazon EventBridge: a bus takes events, its rules look at each, and a rule that matches hands the event to up
//! to five targets. Nothing is stored for a reader: an event that no rule matches is gone (EB-6). Delivery is at
//! least once and in no promised order (EB-5).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is.html>
//!
//! **Not modelled** (a scene that asks for it gets a problem): resource policies of a bus, its own dead-letter queue
//! and logs, keys of one's own, targets that are no node here, code bindings of schemas. Simplified: the bus named
//! `default` lets anybody put events whose source begins with `aws.`, so that a scene can play an AWS service's part;
//! every other bus refuses them (EB-2). Which rules match is decided by the rules' own nodes, so that a refusal can be
//! seen where it happens.

mod account;
pub mod api;
pub mod archive;
pub mod bus;
mod envelope;
pub mod global_endpoint;
pub mod links;
mod pattern_text;
mod pattern_trial;
pub mod pipe;
mod prices;
mod problems;
mod refusals;
pub mod rule;
pub mod schedule;
mod schemas;
pub mod target;

pub use account::Account;

/// From an event to its target (EB-5) `[MODEL]`: the way from a bus to a rule takes as long as the one from a rule to its target.
const HOP: crate::engine::Micros = 50 * crate::engine::MICROS_PER_MILLI;
