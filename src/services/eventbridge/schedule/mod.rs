//! EventBridge Scheduler: one target, invoked once or again and again, by the clock of a time zone (EB-24).
//!
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html>
//!
//! What the target refuses is tried again and put aside as a rule's is ([`super::target`]). A schedule fires at the
//! beginning of its minute, or as much later as `FiringDelay` and the flexible window say. Schedule groups only name
//! things, and are absent; so are the account's quotas of schedules, which no scene reaches.

mod config;
mod fact;
mod figure;
mod form;
mod model;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
