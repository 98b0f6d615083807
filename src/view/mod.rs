//! The pure projection: (editor state, run, time) → what is drawn. No web, no mutation.
//!
//! *Architecture invariant:* where a message is follows from when it left, when it arrives and the time asked
//! for, never from what was drawn before. Nothing here can change a run.

mod badges;
mod broken;
mod card;
mod chart;
mod csv;
mod frame;
mod journey;
mod layout;
mod outline;
mod panel;
mod picture;
mod project;
mod settle;
mod sight;
mod spot;
mod still;
mod travel;

pub use crate::editor::{HEADLINE_USUAL, Rect, camera_to_fit, card_rect, scene_bounds};
pub use crate::figure::grouped;
pub use broken::broken_described;
pub use card::{card_headline, card_name, card_subtitle, ports};
pub use chart::{Chart, Statistic, chart, chart_periods, spark, ticks};
pub use csv::metrics_csv;
pub use frame::{Badge, Dot, Frame};
pub use journey::{
    JourneyLeg, JourneyPath, JourneyRows, JourneyStops, find_messages, journey_rows, journey_stops, message_at,
};
pub use layout::{LinkCurves, curve_between, input_port, line_near, link_curve, output_port};
pub use outline::{OutlineRow, next_in_flow, outline};
pub use panel::{
    MessageRow, MetricRow, TraceRow, dollars, duration_text, message_rows, metrics_of, narrated, sentence, trace_rows,
};
pub use picture::{Picture, badge_figure, frames_of, picture};
pub use project::project;
pub use sight::Sight;
pub use spot::way_to;
pub use still::{Look, folded_summary, frame_title, frame_type, look_of, note_colour};
