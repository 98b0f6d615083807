//! CloudWatch's metrics of a function, as exact totals.

use crate::engine::Micros;

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub invocations: u64,
    pub errors: u64,
    pub throttles: u64,
    pub events_received: u64,
    pub events_dropped: u64,
    pub ended: u64,
    /// Of all invocations that ended.
    pub duration: Micros,
}

impl Metrics {
    #[must_use]
    pub fn average_duration(&self) -> Micros {
        self.duration / self.ended.max(1)
    }
}
