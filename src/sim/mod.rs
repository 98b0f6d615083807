//! Scene × engine × services: wiring, run, script, report.

mod amendment;
mod boundary;
mod check;
mod conservation;
mod cost;
mod history;
mod holding;
mod journey;
mod latency;
mod report;
mod run;
mod search;
mod stimulus;
mod wiring;

pub use check::{Verdict, check, judged, stands};
pub use cost::{Cost, CostLine, cost};
pub use history::{History, Point};
pub use journey::{Journey, Leg, journey};
pub use latency::latencies;
pub use report::{record_json, report, trace_lines};
pub use run::{Reply, Run, Struck};
pub use search::{Sought, matters};
