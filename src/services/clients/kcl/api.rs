//! What a hand can do to an application's workers. Ours, not AWS's: they are processes on machines.

use serde_json::{Value, json};

use crate::engine::{Micros, seconds};
use crate::services::{ApiError, Distribution, Message, whole_number};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// It is gone from one moment to the next; without a time until it is started.
    CrashWorker {
        worker: usize,
        lasting: Option<Micros>,
    },
    /// It stands still, and knows nothing of it: a long garbage collection.
    PauseWorker {
        worker: usize,
        lasting: Micros,
    },
    /// It ends its work, checkpoints, and gives its leases back.
    StopWorker {
        worker: usize,
    },
    StartWorker {
        worker: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Response;

impl Response {
    /// None: no message stays behind that it shows.
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        &[]
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({})
    }
}

const ACTIONS: &[&str] = &["CrashWorker", "PauseWorker", "StopWorker", "StartWorker"];
const PAUSE_DEFAULT: Micros = seconds(15);

/// `Worker` counts from 1; `For` is a duration.
///
/// # Errors
/// An error in AWS's shape for an unknown action or a wrong parameter.
pub fn parse(action: &str, input: &Value) -> Result<Request, ApiError> {
    if !ACTIONS.contains(&action) {
        return Err(ApiError::unknown_action(action, "A KCL application", ACTIONS));
    }
    let invalid = |text: &str| ApiError::client("InvalidArgumentException", text);
    let number = input.get("Worker").and_then(whole_number).and_then(|number| usize::try_from(number).ok());
    let worker = number.filter(|number| *number > 0).ok_or_else(|| invalid("Worker must be a number from 1 on."))? - 1;
    let lasting = match input.get("For") {
        None => None,
        Some(value) => Some(Distribution::parse(value).map_err(|text| invalid(&text))?.mean()),
    };
    Ok(match action {
        "CrashWorker" => Request::CrashWorker { worker, lasting },
        "PauseWorker" => Request::PauseWorker { worker, lasting: lasting.unwrap_or(PAUSE_DEFAULT) },
        "StopWorker" => Request::StopWorker { worker },
        _ => Request::StartWorker { worker },
    })
}
