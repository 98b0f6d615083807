#![doc = include_str!("ARCHITECTURE.md")]
#![forbid(unsafe_code)]

pub mod engine;
pub mod lang;
