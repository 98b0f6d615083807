//! Amazon DynamoDB: items under a key, conditions and changes by expressions, a table's capacity, and the stream of its
//! changes. State machines and scripts call it, consumers put what they pass on, the Kinesis Client Library keeps its
//! leases in such a table (KDS-19), and a pipe reads its stream (EB-22).
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html>
//!
//! **Not modelled** (a scene that asks for it gets a problem): indexes, batches, transactions, time to live.
//!
//! **Simplified** `[MODEL]`: a provisioned table takes its units in each second and saves none for later; every read sees
//! the last write, also an eventually consistent one; a scan goes by the order of the keys.

mod action;
pub mod api;
mod config;
mod decimal;
mod expression;
mod fact;
mod figure;
mod form;
mod inside;
mod key;
mod legacy;
pub mod links;
mod model;
mod parsing;
mod prices;
mod putting;
mod stream;
mod table;
mod value;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
