//! What stands around AWS's services: producers that push, workers that poll, endpoints that are called.

pub mod endpoint;
pub mod kcl;
pub mod links;
pub mod producer;
pub mod saas_partner;
pub mod worker;
