//! Amazon DynamoDB, as far as leases and pipes need it: items under one key, conditions on their attributes, a table's
//! capacity, and the stream of its changes. The Kinesis Client Library keeps its leases in such a table (KDS-19), and a
//! pipe reads its stream (EB-22).
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html>
//!
//! **Not modelled** (a scene that asks for it gets a problem): sort keys, indexes, transactions, time to live.
//! Conditions and changes are those of `Expected` and `AttributeUpdates`; expressions are not read. Scripts do not call a
//! table's stream.
//!
//! **Simplified** `[MODEL]`: a provisioned table takes its units in each second and saves none for later; a scan reads
//! the table at once.

pub mod api;
mod config;
mod fact;
mod figure;
mod form;
mod inside;
mod model;
mod parsing;
mod prices;
mod stream;
mod table;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
