//! What stands around AWS's services: producers that push, workers that poll, endpoints that are called.

pub mod endpoint;
pub mod http;
mod passing_on;
pub mod producer;
pub mod worker;

pub use passing_on::pass_on;
