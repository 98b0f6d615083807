//! The rule's properties, read.

use super::super::pattern_text::{Condition, conditions};
use super::super::target::Knobs;
use crate::engine::Micros;
use crate::lang::event_pattern::{Dialect, Pattern, RuleSet};
use crate::lang::schedule::Schedule;
use crate::services::{Distribution, Settings};

#[derive(Clone, Debug)]
pub struct Config {
    pub state: State,
    /// The pattern, or why it is none: then nothing matches. A rule that only has a schedule looks at no event.
    pub pattern: Option<Result<Pattern, String>>,
    /// The pattern again, to be asked from the text of an event; it matches nothing where there is none.
    pub asked: RuleSet,
    /// What the pattern asks, for the card.
    pub conditions: Vec<Condition>,
    pub schedule: Option<Schedule>,
    pub schedule_text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Enabled,
    /// Also for what CloudTrail tells of reading calls.
    EnabledWithAllManagementEvents,
    Disabled,
}

impl State {
    /// As AWS names them.
    pub const NAMES: [&'static str; 3] = ["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "DISABLED"];
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let text = settings.text("ScheduleExpression").unwrap_or_default();
        let schedule = Schedule::parse(&text).ok().filter(|schedule| !schedule.is_once());
        let looks = settings.is_given("EventPattern") || schedule.is_none();
        let pattern = settings.get("EventPattern").filter(|_| looks).unwrap_or_default();
        let compile = || {
            Pattern::from_value(&pattern, Dialect::EventBridge)
                .map_err(|error| format!("the event pattern is not valid: {}", error.message))
        };
        let compiled = looks.then(compile);
        Self {
            state: match settings.text("State").as_deref() {
                Some("DISABLED") => State::Disabled,
                Some("ENABLED") | None => State::Enabled,
                Some(_) => State::EnabledWithAllManagementEvents,
            },
            conditions: conditions(&pattern),
            asked: RuleSet::new(compiled.as_ref().and_then(|pattern| pattern.as_ref().ok())),
            pattern: compiled,
            schedule,
            schedule_text: text,
        }
    }
}

/// How its deliveries stray, within what its bus lets the account do.
#[must_use]
pub fn knobs(settings: &Settings, per_second: u64) -> Knobs {
    let jitter = settings.distribution("DeliveryJitter");
    Knobs { jitter, duplicate_parts: settings.parts_per_million("DuplicateRate"), per_second }
}

/// How long a change takes to be in effect.
#[must_use]
pub fn change_delay(settings: &Settings) -> Micros {
    match settings.distribution("ChangeDelay") {
        Distribution::Constant(time) => time,
        other => other.mean(),
    }
}
