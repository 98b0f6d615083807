//! Replay of a FIFO topic's archive to one subscription (SNS-26).

use serde_json::Value;

use crate::engine::Micros;
use crate::lang::instant::parse_instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    InProgress,
    Completed,
    Failed,
}

impl Status {
    /// AWS's name of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InProgress => "In progress",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Replay {
    /// As it was set: another one begins another replay.
    pub policy: Value,
    pub start: Micros,
    /// What was published later is not delivered: with an `EndingPoint` the subscription then stands still.
    pub end: Micros,
    /// Copies that are not delivered yet.
    pub outstanding: u64,
    pub status: Status,
}

impl Replay {
    /// `{"PointType": "Timestamp", "StartingPoint": …, "EndingPoint": …}`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(policy: &Value) -> Result<Self, String> {
        if policy.get("PointType").and_then(Value::as_str) != Some("Timestamp") {
            return Err("PointType must be Timestamp".to_owned());
        }
        let time = |name: &str| match policy.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .and_then(parse_instant)
                .map(Some)
                .ok_or_else(|| format!("{name} must be a time such as 2026-01-01T00:00:30Z")),
        };
        let start = time("StartingPoint")?.ok_or_else(|| "StartingPoint is missing".to_owned())?;
        let end = time("EndingPoint")?.unwrap_or(Micros::MAX);
        if end < start {
            return Err("EndingPoint lies before StartingPoint".to_owned());
        }
        Ok(Self { policy: policy.clone(), start, end, outstanding: 0, status: Status::InProgress })
    }
}
