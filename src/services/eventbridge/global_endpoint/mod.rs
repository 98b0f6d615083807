//! A global endpoint: one address for custom events, in front of a bus in the primary and one in the secondary Region
//! (EB-21).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-global-endpoints.html>
//!
//! Its health check is what it sees itself: calls to the primary bus that fail. Once they have failed for
//! `FailoverTime` (AWS's objective is 360 s, with the prescribed alarm at most 420 s), events go to the secondary. With
//! replication each event also goes to the other bus, late or lost calls included; so it is seen that the primary is
//! well again, and after the same time events go there. Without replication nobody looks, and nothing goes back.

mod fact;
mod form;
mod model;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
