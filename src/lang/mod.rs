//! AWS's sub-languages as pure functions over JSON values.

pub mod event_pattern;
