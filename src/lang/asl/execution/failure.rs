//! How a state fails, and who may catch that (SFN-16…18).

use serde_json::{Value, json};

pub const ALL: &str = "States.ALL";
pub const TASK_FAILED: &str = "States.TaskFailed";
pub const TIMEOUT: &str = "States.Timeout";
pub const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
pub const RUNTIME: &str = "States.Runtime";
pub const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
pub const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";
pub const INTRINSIC_FAILURE: &str = "States.IntrinsicFailure";
pub const RESULT_PATH_MATCH_FAILURE: &str = "States.ResultPathMatchFailure";
pub const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";

/// An error's name and its cause, both of which AWS leaves out where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Error {
    pub error: Option<String>,
    pub cause: Option<String>,
}

impl Error {
    #[must_use]
    pub fn new(error: &str, cause: impl Into<String>) -> Self {
        Self { error: Some(error.to_owned()), cause: Some(cause.into()) }
    }

    #[must_use]
    pub fn named(error: &str) -> Self {
        Self { error: Some(error.to_owned()), cause: None }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        self.error.as_deref().unwrap_or_default()
    }

    /// In the shape of an event's details.
    #[must_use]
    pub fn to_details(&self) -> Value {
        let mut details = json!({});
        if let Some(error) = &self.error {
            details["error"] = error.clone().into();
        }
        if let Some(cause) = &self.cause {
            details["cause"] = cause.clone().into();
        }
        details
    }

    /// What a catcher hands on. A failure without a name has `null` for both (recorded).
    #[must_use]
    pub fn output(&self) -> Value {
        match &self.error {
            Some(error) => json!({ "Error": error, "Cause": self.cause.as_deref().unwrap_or_default() }),
            None => json!({ "Error": null, "Cause": self.cause }),
        }
    }

    /// Whether an `ErrorEquals` names it (SFN-17).
    #[must_use]
    pub fn is_named_by(&self, error_equals: &[String]) -> bool {
        let name = self.name();
        if name == RUNTIME {
            return false;
        }
        error_equals.iter().any(|wanted| match &**wanted {
            ALL => true,
            TASK_FAILED => name != TIMEOUT && name != HEARTBEAT_TIMEOUT,
            TIMEOUT => name == TIMEOUT || name == HEARTBEAT_TIMEOUT,
            wanted => wanted == name,
        })
    }
}

/// Why the work of a state cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub error: Error,
    /// The field of a JSONata expression that could not be evaluated, such as `Output/result`.
    pub location: Option<String>,
    /// The cause tells of the state by itself; else the sentence that names it is put before it.
    pub is_told: bool,
    /// Nothing can catch it: the execution ends.
    pub is_final: bool,
}

impl Failure {
    #[must_use]
    pub fn runtime(cause: impl Into<String>) -> Self {
        Self { error: Error::new(RUNTIME, cause), location: None, is_told: false, is_final: true }
    }

    #[must_use]
    pub fn evaluation(location: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            error: Error::new(QUERY_EVALUATION_ERROR, cause),
            location: Some(location.into()),
            is_told: false,
            is_final: false,
        }
    }

    /// One that a state's retriers and catchers may name.
    #[must_use]
    pub fn of(error: Error) -> Self {
        Self { error, location: None, is_told: true, is_final: false }
    }
}
