//! AWS's sub-languages as pure functions over JSON values.

pub mod duration;
pub mod event_pattern;
pub mod template;
