//! Amazon States Language: reading a definition, and running it (SFN-5…19). Pure: time, chance and the services that tasks
//! call are the caller's.

pub mod chance;
pub mod definition;
pub mod execution;
pub mod intrinsic;
pub mod machine;
pub mod path;
pub mod read;
pub mod resource;
pub mod scope;
pub mod template;
pub mod test_state;
pub mod timestamp;

pub use machine::Machine;

/// The Region that scenes lie in.
pub const REGION: &str = "us-east-1";
