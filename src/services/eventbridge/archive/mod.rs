//! An archive keeps the events of its bus, and plays them to it again (EB-19).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html>
//!
//! A replay takes the events of its time in slices of one minute, which follow each other a second apart `[MODEL]`;
//! within a slice there is no order. Replayed events carry `replay-name`, and are not archived again. AWS advises to
//! wait ten minutes before fresh events are replayed; here an event is in the archive once it arrives there.

mod fact;
mod figure;
mod form;
mod model;
mod replay;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
