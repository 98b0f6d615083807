//! The topic's properties, read.

use crate::services::Settings;

#[derive(Clone, Debug)]
pub struct Config {
    /// Bytes of body and attributes.
    pub message_size_max: usize,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        Self { message_size_max: usize::try_from(settings.integer("MaximumMessageSize")).unwrap_or(usize::MAX) }
    }
}
