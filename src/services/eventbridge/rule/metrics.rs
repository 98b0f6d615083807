//! CloudWatch's metrics of a rule (EB-26), as exact totals.

use crate::services::Metric;

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub matched: u64,
    /// By the pattern; CloudWatch does not count these.
    pub refused: u64,
    pub triggered: u64,
    /// Successes and final failures: an attempt that is retried does not count.
    pub invocations: u64,
    pub failed: u64,
    pub retries: u64,
}

impl Metrics {
    #[must_use]
    pub fn list(&self) -> Vec<(&'static str, Metric)> {
        vec![
            ("MatchedEvents", Metric::Count(self.matched)),
            ("TriggeredRules", Metric::Count(self.triggered)),
            ("Invocations", Metric::Count(self.invocations)),
            ("FailedInvocations", Metric::Count(self.failed)),
            ("RetryInvocationAttempts", Metric::Count(self.retries)),
        ]
    }
}
