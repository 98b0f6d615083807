//! The pure projection: (editor state, run, time) → what is drawn. No web, no mutation.
//!
//! *Architecture invariant:* where a message is follows from when it left, when it arrives and the time asked
//! for, never from what was drawn before. Nothing here can change a run.

mod badges;
mod frame;
mod layout;
mod panel;
mod project;
mod travel;

pub use crate::editor::{Rect, camera_to_fit, card_rect, scene_bounds};
pub use frame::{Badge, Dot, Frame};
pub use layout::{input_port, link_curve, output_port};
pub use panel::{MessageRow, MetricRow, TraceRow, grouped, message_rows, metrics_of, trace_rows};
pub use project::project;
