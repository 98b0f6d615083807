//! Scene × engine × services: wiring, run, script, report.

mod report;
mod run;
mod stimulus;
mod wiring;

pub use report::{report, trace_lines};
pub use run::{Reply, Run};
