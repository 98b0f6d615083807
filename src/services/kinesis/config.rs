//! The stream's properties, read.

use crate::engine::{Micros, seconds};
use crate::services::Settings;

#[derive(Clone, Debug)]
pub struct Config {
    pub shard_count: u32,
    pub retention: Micros,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        Self {
            shard_count: u32::try_from(settings.integer("ShardCount")).unwrap_or(1).max(1),
            retention: seconds(settings.integer("RetentionPeriodHours") * 3_600),
        }
    }
}
