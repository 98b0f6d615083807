//! Targets, as rules and schedules have them: what each gets, how often it is tried, and where it goes when that was
//! not enough (EB-12 … EB-17, EB-24).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html>

mod api_destination;
mod config;
mod dead_letter;
mod error_code;
mod form;
mod input;
mod invoker;
mod metrics;
mod problems;
mod retry;

pub use api_destination::API_DESTINATION;
pub use form::{NOT_MODELLED, PROPERTIES};
pub use input::{Occurrence, RESERVED};
pub use invoker::{Invoker, Knobs, Owner, Wake};
pub use problems::problems;
pub use retry::RetryPolicy;
