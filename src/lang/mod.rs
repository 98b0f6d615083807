//! AWS's sub-languages as pure functions over JSON values, and the small notations of a scene.

pub mod asl;
pub mod base64;
pub mod duration;
pub mod event_pattern;
pub mod event_schema;
pub mod hex;
pub mod input_template;
pub mod instant;
pub mod json_path;
pub mod jsonata;
pub mod markdown;
pub mod regex;
pub mod schedule;
mod steps;
pub mod template;
