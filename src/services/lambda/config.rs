//! The function's properties, read.

use serde_json::Value;

use super::batch_response::BatchResponse;
use crate::engine::{Micros, seconds};
use crate::lang::event_pattern::Pattern;
use crate::services::{Distribution, Idempotency, Returns, Settings, TaskToken, whole_number};

/// `MaximumRetryAttempts` and `MaximumEventAgeInSeconds` unless set.
const RETRIES_DEFAULT: u64 = 2;
const EVENT_AGE_DEFAULT: u64 = 21_600;

#[derive(Clone, Debug)]
pub struct Config {
    pub timeout: Micros,
    pub reserved: Option<u64>,
    /// The account's concurrency, where this function says so.
    pub account: Option<u64>,
    pub processing: Distribution,
    /// Of a million invocations.
    pub failure_parts: u32,
    /// Of a million messages.
    pub message_failure_parts: u32,
    pub fail_when: Option<Pattern>,
    pub returns: Returns,
    pub task_token: Option<TaskToken>,
    pub raises: Option<Raises>,
    pub response: BatchResponse,
    pub effect_before_failure: bool,
    /// Bytes that a record adds to the state of a tumbling window.
    pub state_growth: u64,
    pub idempotency: Idempotency,
    pub events: EventConfig,
}

/// The error that it raises when it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raises {
    pub error_type: String,
    pub error_message: String,
    /// Nothing else says when it fails: each time.
    pub always: bool,
}

/// `EventInvokeConfig` and `DeadLetterConfig`: what becomes of events.
#[derive(Clone, Debug)]
pub struct EventConfig {
    pub retries_max: u32,
    pub age_max: Micros,
    /// Ids of nodes.
    pub on_success: Option<String>,
    pub on_failure: Option<String>,
    pub dead_letter: Option<String>,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        Self {
            timeout: settings.seconds("Timeout"),
            reserved: settings.optional_integer("ReservedConcurrentExecutions"),
            account: settings.optional_integer("AccountConcurrency"),
            processing: settings.distribution("ProcessingTime"),
            failure_parts: settings.parts_per_million("FailureRate"),
            message_failure_parts: settings.parts_per_million("MessageFailureRate"),
            fail_when: settings.pattern("FailWhen"),
            task_token: TaskToken::read(settings, "Returns"),
            returns: settings.get("Returns").and_then(|value| Returns::read(&value).ok()).unwrap_or(Returns::Input),
            raises: Raises::read(settings),
            response: BatchResponse::from_name(&settings.text("Response").unwrap_or_default()),
            effect_before_failure: settings.boolean("EffectBeforeFailure"),
            state_growth: settings.integer("WindowStateSize"),
            idempotency: Idempotency::read(settings),
            events: EventConfig::read(settings),
        }
    }
}

impl Raises {
    fn read(settings: &Settings) -> Option<Self> {
        let raises = settings.get("Raises").filter(Value::is_object)?;
        let text = |name: &str, usual: &str| raises[name].as_str().unwrap_or(usual).to_owned();
        let told = ["FailureRate", "MessageFailureRate", "FailWhen"].into_iter().any(|name| settings.is_given(name));
        Some(Self {
            error_type: text("errorType", "Error"),
            error_message: text("errorMessage", "failed"),
            always: !told,
        })
    }
}

impl EventConfig {
    fn read(settings: &Settings) -> Self {
        let (config, dead_letter) = (settings.get("EventInvokeConfig"), settings.get("DeadLetterConfig"));
        let at = |path: &[&str]| path.iter().try_fold(config.as_ref()?, |value, part| value.get(part));
        let number = |name: &str| at(&[name]).and_then(whole_number);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let destination = |name: &str| at(&["DestinationConfig", name, "Destination"]).and_then(text);
        let retries = number("MaximumRetryAttempts").unwrap_or(RETRIES_DEFAULT).min(RETRIES_DEFAULT);
        let age = number("MaximumEventAgeInSeconds").unwrap_or(EVENT_AGE_DEFAULT).clamp(60, EVENT_AGE_DEFAULT);
        Self {
            retries_max: u32::try_from(retries).unwrap_or(0),
            age_max: seconds(age),
            on_success: destination("OnSuccess"),
            on_failure: destination("OnFailure"),
            dead_letter: dead_letter.as_ref().and_then(|config| config.get("TargetArn")).and_then(text),
        }
    }
}
