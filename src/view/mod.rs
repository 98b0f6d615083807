//! The pure projection: (editor state, run, time) → what is drawn. No web, no mutation.

mod frame;

pub use frame::{Badge, Dot, Frame};
