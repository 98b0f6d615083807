//! The schedule's properties, read.

use serde_json::Value;

use super::super::target::Knobs;
use crate::engine::{Micros, seconds};
use crate::lang::instant::parse_instant;
use crate::lang::schedule::{Schedule, Zone};
use crate::services::{Distribution, Settings, whole_number};

#[derive(Clone, Debug)]
pub struct Config {
    pub schedule: Option<Schedule>,
    pub text: String,
    pub zone: Zone,
    pub enabled: bool,
    pub window: Micros,
    pub start: Option<Micros>,
    pub end: Option<Micros>,
    pub deletes: bool,
    pub delay: Distribution,
    pub knobs: Knobs,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let text = settings.text("ScheduleExpression").unwrap_or_default();
        let window = settings.get("FlexibleTimeWindow").unwrap_or_default();
        let is_flexible = window.get("Mode").and_then(Value::as_str) == Some("FLEXIBLE");
        let minutes = window.get("MaximumWindowInMinutes").and_then(whole_number).filter(|_| is_flexible);
        let time = |name: &str| settings.text(name).and_then(|text| parse_instant(&text));
        let zone = settings.text("ScheduleExpressionTimezone").and_then(|name| Zone::from_name(&name));
        let per_second = settings.integer("InvocationsPerSecond").max(1);
        Self {
            schedule: Schedule::parse(&text).ok(),
            text,
            zone: zone.unwrap_or(Zone::UTC),
            enabled: settings.text("State").as_deref() != Some("DISABLED"),
            window: minutes.map_or(0, |minutes| seconds(60 * minutes.min(1_440))),
            start: time("StartDate"),
            end: time("EndDate"),
            deletes: settings.text("ActionAfterCompletion").as_deref() == Some("DELETE"),
            delay: settings.distribution("FiringDelay"),
            knobs: Knobs { jitter: Distribution::ZERO, duplicate_parts: 0, per_second },
        }
    }

    /// The next time it is due at or after `from`; `created` is when a rate without a start began.
    #[must_use]
    pub fn next(&self, from: Micros, created: Micros) -> Option<Micros> {
        let start = self.start.unwrap_or(created);
        let from = from.max(self.start.unwrap_or(0));
        let next = self.schedule.as_ref()?.next(from, start, &self.zone)?;
        Some(next).filter(|next| self.end.is_none_or(|end| *next <= end))
    }
}
