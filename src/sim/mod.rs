//! Scene × engine × services: wiring, run, script, report.

mod report;
mod run;
mod stimulus;
mod wiring;

pub use report::report;
pub use run::Run;
