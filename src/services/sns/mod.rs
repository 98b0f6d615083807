//! Amazon SNS: every message published is pushed at once to each confirmed subscription whose filter policy accepts
//! it. A topic keeps nothing to read: who subscribes later never sees the message (SNS-1), unless a FIFO topic has
//! an archive to replay (SNS-26).
//!
//! <https://docs.aws.amazon.com/sns/latest/dg/welcome.html>
//!
//! What cannot be delivered is tried again in four phases (SNS-14), then goes to the subscription's dead-letter
//! queue or is gone under the error's code (SNS-18). Calls that change subscriptions change the running scene.
//!
//! **Not modelled** (a scene that asks for it gets a problem): delivery status logs, signatures, access policies,
//! direct publishing to a phone or a device. **Simplified:** what a scene subscribes from the start is confirmed (SNS-9), a dead-letter queue gets one attempt, the
//! curves of backoff are our model (SNS-17), and an ARN ends in the id of a node.

pub mod api;
mod archive;
mod attributes;
mod config;
mod confirmation;
mod dead_letter;
mod delivery;
mod delivery_policy;
mod envelope;
mod fact;
mod figure;
mod filter;
mod form;
mod message_attributes;
mod message_groups;
mod metrics;
mod model;
mod parsing;
mod prices;
mod protocol;
mod publication;
mod publish;
mod quotas;
mod replay;
mod retry;
mod rules;
mod subscribing;
mod subscription;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
pub use protocol::Protocol;
pub use quotas::{Account, FIFO_SUBSCRIPTIONS_MAX};
pub use rules::{subscription_problems, topic_problems};
