//! An application of the Kinesis Client Library: n workers share the shards of a stream by leases in a DynamoDB table,
//! one row a shard (KDS-19 … KDS-24). Applications of the scene that share a table are one application on several
//! machines; those with tables of their own read independently.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/kcl.html>
//!
//! A worker renews its leases by counting up; a counter that stands still for the failover time tells the others that
//! its owner is gone. With KCL 2 each worker takes what it is short of; with KCL 3 a leader assigns, and balances by CPU.
//! A new owner begins after the last checkpoint: what was done since is done again.
//!
//! Without a table drawn, the application keeps its leases in one of its own, as the library makes it by itself.
//!
//! **Not modelled** (a scene that asks for it gets a problem): several streams of one application, and sub-sequence
//! numbers of aggregated records. Calls are not repeated by an SDK: what is lost is tried at its next turn.
//!
//! **Simplified** `[MODEL]`: the rows of KCL 3's leader and of its workers' metrics stand in the lease table, where the
//! library has tables of their own. The CPU of a worker is the part of the last half minute in which its record
//! processors worked, by the number of its cores. The auditor of leases is the shard sync.

pub mod api;
mod assigning;
mod balance;
mod checkpointing;
mod config;
mod consumer;
mod fact;
mod figure;
mod form;
mod inside;
mod leader;
mod lease;
mod life;
mod model;
mod processing;
mod renewing;
mod store;
mod syncing;
mod taking;
mod worker;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
