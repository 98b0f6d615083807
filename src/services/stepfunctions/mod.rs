//! AWS Step Functions: a state machine as Amazon States Language says it, and its executions, each of which is seen to walk
//! through its states (SFN-1…24).
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/welcome.html>
//!
//! A task calls what its `Resource` and parameters name on the canvas: over the link that leads there, or over none, which
//! nobody sees. `DefinitionSubstitutions` are filled in; a placeholder that none of them fills stands for the node of its name.
//! Objects that a distributed map reads lie in the property `Objects`.
//!
//! **Not modelled** (a scene that asks for it gets a problem): encryption with own keys, log destinations, tracing.
//!
//! **Simplified** `[MODEL]`: a state transition takes `TransitionLatency`; histories of the last executions that have ended
//! are kept, where AWS keeps those of 90 days.

mod activities;
pub mod api;
mod callbacks;
mod calling;
mod config;
mod control;
mod drawing;
mod executions;
mod fact;
mod form;
mod graph;
mod inside;
mod integrations;
pub mod links;
mod live;
mod metrics;
mod model;
mod naming;
mod prices;
mod problems;
mod requests;
mod state_changes;
mod telling;
mod visit;

pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
