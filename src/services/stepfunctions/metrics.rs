//! What CloudWatch counts of a state machine (SFN-24).

use super::model::Model;
use super::prices;
use crate::engine::Micros;
use crate::lang::asl::execution::{Execution, Status};
use crate::services::{Metric, Usage};

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub started: u64,
    pub succeeded: u64,
    pub failed: u64,
    pub timed_out: u64,
    pub aborted: u64,
    pub redriven: u64,
    /// State transitions that had to wait.
    pub throttled: u64,
    pub starts_throttled: u64,
    pub time: Micros,
    pub transitions: u64,
    /// Of Express executions, in steps of 100 ms.
    pub billed_ms: u64,
}

impl Metrics {
    pub fn note_end(&mut self, execution: &Execution) {
        match execution.status() {
            Status::Running => return,
            Status::Succeeded => self.succeeded += 1,
            Status::Failed => self.failed += 1,
            Status::TimedOut => self.timed_out += 1,
            Status::Aborted => self.aborted += 1,
        }
        let time = execution.ended().unwrap_or_default().saturating_sub(execution.started());
        self.time += time;
        self.billed_ms += time.div_ceil(100_000).max(1) * 100;
    }

    fn ended(&self) -> u64 {
        self.succeeded + self.failed + self.timed_out + self.aborted
    }
}

impl Model {
    pub(super) fn metric_values(&self) -> Vec<(&'static str, Metric)> {
        let metrics = &self.metrics;
        let mean = metrics.time.checked_div(metrics.ended()).unwrap_or_default();
        vec![
            ("ExecutionsStarted", Metric::Count(metrics.started)),
            ("ExecutionsSucceeded", Metric::Count(metrics.succeeded)),
            ("ExecutionsFailed", Metric::Count(metrics.failed)),
            ("ExecutionsTimedOut", Metric::Count(metrics.timed_out)),
            ("ExecutionsAborted", Metric::Count(metrics.aborted)),
            ("ExecutionsRedriven", Metric::Count(metrics.redriven)),
            ("ExecutionsRunning", Metric::Level(self.executions.running)),
            ("ExecutionThrottled", Metric::Count(metrics.throttled)),
            ("ThrottledEvents", Metric::Count(metrics.starts_throttled)),
            ("ExecutionTime", Metric::Milliseconds(mean)),
            ("StateTransitions", Metric::Count(metrics.transitions)),
        ]
    }

    /// A Standard execution is billed by its state transitions, an Express one by its number and time.
    pub(super) fn billed(&self) -> Usage {
        if self.config.is_express {
            let time = self.metrics.billed_ms * prices::MEGABYTES;
            vec![(prices::REQUEST, self.metrics.started), (prices::TIME, time)]
        } else {
            vec![(prices::TRANSITION, self.metrics.transitions)]
        }
    }
}
