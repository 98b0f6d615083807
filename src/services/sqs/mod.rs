//! Amazon SQS: every message is delivered at least once until somebody deletes it. Receiving hides a message for its
//! visibility timeout; it comes back unless deleted in time. A standard queue keeps order as well as it can; a FIFO
//! queue keeps it in each message group, and takes a message that is sent again within five minutes once.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/welcome.html>
//!
//! **Not modelled:** access policies, tags, creating a queue by a call, the Extended Client Library (SQS-4) and
//! CloudWatch's delays (SQS-43), more than 100 move tasks at once (SQS-41). New attributes hold at once, not within 60 seconds (SQS-6).
//!
//! **Ours where AWS leaves it open:** how often a server misses a receive or a delete and how loose the order is are
//! knobs, 0 unless set (SQS-21); a stale handle deletes nothing unless a knob says so (SQS-19); a FIFO queue with
//! high throughput has all its partitions from the start (SQS-33); a move task without a velocity moves 500 messages
//! a second (SQS-41).

mod ages;
pub mod api;
mod attempts;
mod attributes;
mod backlog;
mod config;
mod dead_letter;
mod event;
mod fact;
mod fair;
mod fifo;
mod figure;
mod form;
mod groups;
mod inside;
mod lanes;
pub mod links;
mod message_attributes;
mod metrics;
mod model;
mod move_task;
mod parsing;
mod prices;
mod problems;
mod receiving;
mod retention;
mod sending;
mod slots;
mod throughput;
mod visibility;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
