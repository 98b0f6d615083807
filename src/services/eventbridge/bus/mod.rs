//! An event bus: it wraps each event into its envelope (EB-2) and shows it to every rule connected to it.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html>
//!
//! The bus keeps nothing: once its rules have a copy each, the event itself is consumed; with no rule at all it is
//! dropped as `NoMatchingRule`. A copy that cannot reach its rule is held and tried again as a target's would be
//! (EB-14): over a limit, events are delayed and not lost (EB-4).

mod fact;
mod figure;
mod form;
mod model;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{DEFAULT, Model, Timer};

/// An account's limits in the largest Regions (EB-4).
pub const PUTS_PER_SECOND: u64 = 10_000;
pub const INVOCATIONS_PER_SECOND: u64 = 18_750;
