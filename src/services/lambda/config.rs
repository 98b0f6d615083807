//! The function's properties, read.

use crate::engine::Micros;
use crate::lang::event_pattern::{Dialect, Pattern};
use crate::services::{Distribution, Settings};

/// Concurrent executions of an account in a Region, which a function without a reservation may use.
pub const UNRESERVED_CONCURRENCY: u64 = 1_000;

#[derive(Clone, Debug)]
pub struct Config {
    pub timeout: Micros,
    pub reserved: Option<u64>,
    pub processing: Distribution,
    /// Of a million invocations.
    pub failure_parts: u32,
    pub fail_when: Option<Pattern>,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let pattern = settings.get("FailWhen");
        Self {
            timeout: settings.seconds("Timeout"),
            reserved: settings.optional_integer("ReservedConcurrentExecutions"),
            processing: settings.distribution("ProcessingTime"),
            failure_parts: settings.parts_per_million("FailureRate"),
            fail_when: pattern.and_then(|pattern| Pattern::from_value(&pattern, Dialect::EventBridge).ok()),
        }
    }

    /// Invocations that may run at a time.
    #[must_use]
    pub fn concurrency_max(&self) -> u64 {
        self.reserved.unwrap_or(UNRESERVED_CONCURRENCY)
    }
}
