//! CloudWatch's metrics of a rule's invocations (EB-26), as exact totals and averages.

use crate::engine::Micros;
use crate::services::Metric;

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// Successes and final failures: an attempt that is retried does not count.
    pub invocations: u64,
    pub failed: u64,
    pub retries: u64,
    pub throttled: u64,
    /// Calls of API destinations, retries included.
    pub api_calls: u64,
    pub sent_to_dlq: u64,
    pub failed_to_dlq: u64,
    /// Not made, because they would have gone on for ever.
    pub dead_letter: u64,
    pub started: Average,
    pub completed: Average,
    pub succeeded: Average,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Average {
    sum: Micros,
    count: u64,
}

impl Average {
    pub fn add(&mut self, time: Micros) {
        self.sum += time;
        self.count += 1;
    }

    fn metric(self) -> Metric {
        Metric::Milliseconds(self.sum.checked_div(self.count).unwrap_or(0))
    }
}

impl Metrics {
    #[must_use]
    pub fn list(&self) -> Vec<(&'static str, Metric)> {
        vec![
            ("Invocations", Metric::Count(self.invocations)),
            ("FailedInvocations", Metric::Count(self.failed)),
            ("RetryInvocationAttempts", Metric::Count(self.retries)),
            ("ThrottledRules", Metric::Count(self.throttled)),
            ("InvocationsSentToDlq", Metric::Count(self.sent_to_dlq)),
            ("InvocationsFailedToBeSentToDlq", Metric::Count(self.failed_to_dlq)),
            ("DeadLetterInvocations", Metric::Count(self.dead_letter)),
            ("IngestionToInvocationStartLatency", self.started.metric()),
            ("IngestionToInvocationCompleteLatency", self.completed.metric()),
            ("IngestionToInvocationSuccessLatency", self.succeeded.metric()),
        ]
    }
}
