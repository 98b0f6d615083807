//! AWS's sub-languages as pure functions over JSON values, and the small notations of a scene.

pub mod duration;
pub mod event_pattern;
pub mod hex;
pub mod instant;
pub mod template;
