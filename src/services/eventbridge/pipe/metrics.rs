//! CloudWatch's metrics of a pipe (EB-26), as exact totals.

use crate::services::Metric;

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub invocations: u64,
    pub events: u64,
    /// Requests as they are billed: what the filter let pass, batch by batch.
    pub billed: u64,
    pub filtered: u64,
    pub failed: u64,
    pub partially_failed: u64,
    pub enrichment_failed: u64,
    pub target_failed: u64,
    pub target_partially_failed: u64,
    pub target_skipped: u64,
}

impl Metrics {
    #[must_use]
    pub fn list(&self, concurrency: u64) -> Vec<(&'static str, Metric)> {
        vec![
            ("Invocations", Metric::Count(self.invocations)),
            ("EventCount", Metric::Count(self.events)),
            ("FilteredOutEventCount", Metric::Count(self.filtered)),
            ("Concurrency", Metric::Level(concurrency)),
            ("ExecutionFailed", Metric::Count(self.failed)),
            ("ExecutionPartiallyFailed", Metric::Count(self.partially_failed)),
            ("EnrichmentStageFailed", Metric::Count(self.enrichment_failed)),
            ("TargetStageFailed", Metric::Count(self.target_failed)),
            ("TargetStagePartiallyFailed", Metric::Count(self.target_partially_failed)),
            ("TargetStageSkipped", Metric::Count(self.target_skipped)),
        ]
    }
}
