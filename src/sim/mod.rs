//! Scene × engine × services: wiring, run, script, report.

mod amendment;
mod boundary;
mod check;
mod checkpoints;
mod conservation;
mod future;
mod journey;
mod report;
mod run;
mod search;
mod stimulus;
mod wiring;

pub use check::{Verdict, check};
pub use checkpoints::{Checkpoints, Rescripted, Why};
pub use journey::{Journey, Leg, journey};
pub use report::{record_json, report, trace_lines};
pub use run::{Reply, Run, Struck};
pub use search::{Sought, matters};
