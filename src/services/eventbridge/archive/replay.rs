//! One replay: what it plays, how far it is, and how AWS calls that.

use serde_json::{Value, json};

use super::super::api::Replay;
use crate::engine::{Micros, seconds};
use crate::lang::instant::instant_text;

/// Slices follow each other after this time `[MODEL]`.
pub const SLICE_PAUSE: Micros = seconds(1);
/// An event's minute decides its slice.
pub const SLICE: Micros = seconds(60);
/// Replays of an account that may run at a time.
pub const RUNNING_MAX: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Starting,
    Running,
    Cancelling,
    Completed,
    Cancelled,
    Failed,
}

impl State {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Cancelling => "CANCELLING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Failed => "FAILED",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Running {
    pub what: Replay,
    pub state: State,
    /// The first minute that is not played yet.
    pub next: Micros,
    pub events: u64,
    pub started: Micros,
    pub ended: Option<Micros>,
}

impl Running {
    #[must_use]
    pub fn new(what: Replay, now: Micros) -> Self {
        let next = what.from / SLICE * SLICE;
        Self { what, state: State::Starting, next, events: 0, started: now, ended: None }
    }

    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self.state, State::Starting | State::Running | State::Cancelling)
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "ReplayName": self.what.name,
            "State": self.state.name(),
            "EventStartTime": instant_text(self.what.from),
            "EventEndTime": instant_text(self.what.until),
            "EventLastReplayedTime": (self.events > 0).then(|| instant_text(self.next)),
            "ReplayStartTime": instant_text(self.started),
            "ReplayEndTime": self.ended.map(instant_text),
        })
    }
}
