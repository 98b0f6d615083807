//! Amazon SQS, standard queue: every message is delivered at least once, in best-effort order, until somebody
//! deletes it. Receiving hides a message for its visibility timeout; it comes back unless deleted in time.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/welcome.html>
//!
//! **Not modelled** (a scene that asks for it gets a problem): FIFO queues, fair queues, redrive allow
//! policies, move tasks, encryption keys, access policies. A receipt handle that is stale deletes nothing and
//! says 200 (SQS-19, our choice where AWS leaves it open). At-least-once duplicates (SQS-21) occur only by the
//! fault `Duplicate`. Limits per Region are not modelled.

pub mod api;
mod backlog;
mod config;
mod fact;
mod figure;
mod form;
mod metrics;
mod model;
mod visibility;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
