//! A rule: it looks at each event of its bus, and hands those its pattern matches to up to five targets.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html>
//!
//! What a target gets, and how often it is tried, is the target's own matter ([`super::target`]): a target has an
//! event once its service accepted it (EB-15). Another bus as target gets the event as it is, without a second
//! envelope. A rule of the default bus may also have a schedule, and hands out an event of its own then (EB-18).

mod config;
mod fact;
mod figure;
mod form;
mod metrics;
mod model;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
