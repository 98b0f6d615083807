//! CloudWatch's metrics of a function and its mappings, as exact totals.

use crate::engine::Micros;

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub invocations: u64,
    pub errors: u64,
    pub throttles: u64,
    pub ended: u64,
    /// Of all invocations that ended.
    pub duration: Micros,
    /// The same, each rounded up to a whole millisecond, those that crashed included.
    pub billed_ms: u64,
    pub events_received: u64,
    pub events_dropped: u64,
    pub dead_letter_errors: u64,
    pub destination_failures: u64,
    events_started: u64,
    /// From acceptance to invocation, of all events invoked.
    events_age: Micros,
    /// Of the mappings of queues, in messages.
    pub polled: u64,
    pub filtered_out: u64,
    pub invoked: u64,
    pub failed_invoke: u64,
    pub deleted: u64,
    /// Records of streams that were given up.
    pub events_given_up: u64,
}

impl Metrics {
    #[must_use]
    pub fn average_duration(&self) -> Micros {
        self.duration / self.ended.max(1)
    }

    pub fn event_started(&mut self, age: Micros) {
        self.events_started += 1;
        self.events_age += age;
    }

    #[must_use]
    pub fn average_event_age(&self) -> Micros {
        self.events_age / self.events_started.max(1)
    }
}
