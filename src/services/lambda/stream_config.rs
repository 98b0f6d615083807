//! An event source mapping of a stream: its properties, read (KDS-26 … KDS-29).

use super::filter::Filter;
use super::mapping_config::reports_failures;
use crate::engine::{Micros, seconds};
use crate::lang::instant::instant_of;
use crate::services::Settings;
use crate::services::kinesis::api::IteratorKind;

const BATCH_SIZE_DEFAULT: u64 = 100;
const BATCH_SIZE_MAX: u64 = 10_000;
const LANES_MAX: u64 = 10;

#[derive(Clone, Debug)]
pub struct StreamConfig {
    pub batch_size: usize,
    /// How long records are gathered; 0 for not at all.
    pub window: Micros,
    /// Batches of a shard at a time, `ParallelizationFactor`.
    pub lanes: usize,
    pub bisects: bool,
    /// Without limit unless set.
    pub retries_max: Option<u32>,
    pub age_max: Option<Micros>,
    /// The id of a node.
    pub on_failure: Option<String>,
    pub reports_failures: bool,
    /// Length of tumbling windows; 0 for none.
    pub tumbling: Micros,
    pub filter: Filter,
    pub start: IteratorKind,
    pub fan_out: bool,
}

impl StreamConfig {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let size = settings.optional_integer("BatchSize").unwrap_or(BATCH_SIZE_DEFAULT).clamp(1, BATCH_SIZE_MAX);
        let destination = settings.get("DestinationConfig");
        let on_failure = destination.as_ref().and_then(|config| config.get("OnFailure")?.get("Destination")?.as_str());
        // −1 stands for no limit, as absence does.
        let limit = |name: &str| settings.optional_integer(name);
        let start = match settings.text("StartingPosition").as_deref() {
            Some("LATEST") => IteratorKind::Latest,
            Some("AT_TIMESTAMP") => {
                let time = settings.get("StartingPositionTimestamp");
                IteratorKind::AtTimestamp(time.as_ref().and_then(instant_of).unwrap_or(0))
            }
            _ => IteratorKind::TrimHorizon,
        };
        Self {
            batch_size: usize::try_from(size).unwrap_or(usize::MAX),
            window: settings.seconds("MaximumBatchingWindowInSeconds"),
            lanes: usize::try_from(settings.integer("ParallelizationFactor").clamp(1, LANES_MAX)).unwrap_or(1),
            bisects: settings.boolean("BisectBatchOnFunctionError"),
            retries_max: limit("MaximumRetryAttempts").and_then(|most| u32::try_from(most).ok()),
            age_max: limit("MaximumRecordAgeInSeconds").map(seconds),
            on_failure: on_failure.map(str::to_owned),
            reports_failures: reports_failures(settings.get("FunctionResponseTypes").as_ref()),
            tumbling: settings.seconds("TumblingWindowInSeconds"),
            filter: Filter::read(settings.get("FilterCriteria").as_ref()),
            start,
            fan_out: settings.boolean("EnhancedFanOut"),
        }
    }
}
