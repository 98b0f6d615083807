#![doc = include_str!("ARCHITECTURE.md")]
#![forbid(unsafe_code)]

pub mod editor;
pub mod engine;
pub mod figure;
pub mod lang;
pub mod play;
pub mod scene;
pub mod services;
pub mod sim;
pub mod view;
