//! The end-to-end latencies of a run; what is counted stands in `services::latency`.

use super::Run;
use crate::services::{Latencies, Percentiles};

/// Of all consumers together, and of each by its id.
#[must_use]
pub fn latencies(run: &Run) -> (Percentiles, Vec<(String, Percentiles)>) {
    let mut all = Latencies::default();
    let mut by_consumer = Vec::new();
    for (actor, latencies) in &run.shared().latencies {
        all.merge(latencies);
        by_consumer.push((run.name_of(*actor).to_owned(), latencies.percentiles()));
    }
    (all.percentiles(), by_consumer)
}
