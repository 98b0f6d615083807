//! The rule's properties, read.

use super::super::pattern_text::{Condition, conditions};
use crate::lang::event_pattern::{Dialect, Pattern};
use crate::services::Settings;

#[derive(Clone, Debug)]
pub struct Config {
    pub enabled: bool,
    /// The pattern, or why it is none: then nothing matches.
    pub pattern: Result<Pattern, String>,
    /// What the pattern asks, for the card.
    pub conditions: Vec<Condition>,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let pattern = settings.get("EventPattern").unwrap_or_default();
        Self {
            enabled: settings.text("State").as_deref() != Some("DISABLED"),
            conditions: conditions(&pattern),
            pattern: Pattern::from_value(&pattern, Dialect::EventBridge)
                .map_err(|error| format!("the event pattern is not valid: {}", error.message)),
        }
    }
}
