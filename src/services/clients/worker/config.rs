//! The worker's properties, read.

use serde_json::Value;

use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::lang::event_pattern::Pattern;
use crate::services::{Deadline, Distribution, Idempotency, Settings, TaskToken};

/// When it deletes a message: at-least-once, at-most-once, or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    After,
    Before,
    Never,
}

#[derive(Clone)]
pub struct Config {
    pub concurrency: usize,
    pub processing: Distribution,
    pub failure_parts: u32,
    pub fail_when: Option<Pattern>,
    pub effect_before_failure: bool,
    /// Of a million messages, those whose work a crash cuts short.
    pub crash_parts: u32,
    pub restart: Distribution,
    pub max: u64,
    pub wait_seconds: u64,
    pub visibility_timeout: Option<u64>,
    /// Between two heartbeats; a visibility timeout counts whole seconds.
    pub heartbeat: Option<Micros>,
    pub deletion: Deletion,
    pub idempotency: Idempotency,
    pub deadline: Deadline,
    pub task_token: Option<TaskToken>,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        Self {
            concurrency: usize::try_from(settings.integer("Concurrency")).unwrap_or(1).clamp(1, 1_000),
            processing: settings.distribution("ProcessingTime"),
            failure_parts: settings.parts_per_million("FailureRate"),
            fail_when: settings.pattern("FailWhen"),
            effect_before_failure: settings.boolean("EffectBeforeFailure"),
            crash_parts: settings.parts_per_million("CrashRate"),
            restart: settings.distribution("RestartTime"),
            max: settings.integer("MaxNumberOfMessages").clamp(1, 10),
            wait_seconds: settings.integer("WaitTimeSeconds").min(20),
            visibility_timeout: settings.optional_integer("VisibilityTimeout"),
            heartbeat: settings.duration("Heartbeat").map(|interval| interval.max(MICROS_PER_SECOND)),
            deletion: deletion(settings.get("DeleteMessages").as_ref()),
            idempotency: Idempotency::read(settings),
            deadline: Deadline::of_client(settings),
            task_token: TaskToken::read(settings, "TaskOutput"),
        }
    }

    /// What a heartbeat sets the visibility timeout to: its own, else time for two heartbeats.
    #[must_use]
    pub fn extension(&self, interval: Micros) -> u64 {
        self.visibility_timeout.unwrap_or_else(|| (2 * interval).div_ceil(MICROS_PER_SECOND).min(43_200))
    }
}

/// Scenes of old have a switch here.
fn deletion(value: Option<&Value>) -> Deletion {
    match value {
        Some(Value::Bool(false)) => Deletion::Never,
        Some(Value::String(text)) if text == "Never" || text == "false" => Deletion::Never,
        Some(Value::String(text)) if text == "Before" => Deletion::Before,
        _ => Deletion::After,
    }
}
