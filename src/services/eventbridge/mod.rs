//! Amazon EventBridge: a bus takes events, its rules look at each, and a rule that matches hands the event to up
//! to five targets. Nothing is stored for a reader: an event that no rule matches is gone (EB-6). Delivery is at
//! least once and in no promised order (EB-5).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is.html>
//!
//! **Not modelled** (a scene that asks for it gets a problem): schedules, archives and replay, partner buses,
//! input transformers, own retry policies and dead-letter queues of targets, API destinations, the schema
//! registry, other accounts and Regions, limits per Region. Simplified: the bus named `default` lets anybody put
//! events whose source begins with `aws.`, so that a scene can play an AWS service's part; every other bus refuses
//! them (EB-2). Which rules match is decided by the rules' own nodes, so that a refusal can be seen where it happens.

pub mod api;
pub mod bus;
mod deliveries;
mod envelope;
mod pattern_text;
pub mod rule;
