//! A rule: it looks at each event of its bus, and hands those its pattern matches to up to five targets.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html>
//!
//! A target gets the whole event (EB-13); it has it once its service accepted it (EB-15). What a target refuses
//! for a while is held and tried again, for at most a day and 185 times (EB-14); what it refuses for good is
//! dropped under the error's code. Another bus as target gets the event as it is, without a second envelope.

mod config;
mod fact;
mod figure;
mod form;
mod metrics;
mod model;
mod retry;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
pub use retry::retry_wait;
