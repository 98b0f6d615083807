//! What stands around AWS's services: producers that push, workers that poll, endpoints that are called.

pub mod endpoint;
pub mod http;
pub mod kcl;
mod passing_on;
pub mod producer;
pub mod saas_partner;
pub mod worker;

pub use passing_on::{follow, pass_on};
