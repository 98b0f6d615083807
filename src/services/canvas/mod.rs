//! What lies on the canvas beside services: notes to read, and boundaries around nodes. They take no part in a run.

pub mod boundary;
pub mod note;
