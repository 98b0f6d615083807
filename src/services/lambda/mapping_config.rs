//! An event source mapping of a queue: its properties, read.

use serde_json::Value;

use super::filter::Filter;
use crate::engine::{Micros, seconds};
use crate::services::Settings;

const BATCH_SIZE_DEFAULT: u64 = 10;
/// Without a batching window (SQS-44).
pub const BATCH_SIZE_WITHOUT_WINDOW_MAX: u64 = 10;
const BATCH_SIZE_MAX: u64 = 10_000;
/// Event pollers of the provisioned mode unless set (SQS-47).
const POLLERS_DEFAULT: (u64, u64) = (2, 200);

#[derive(Clone, Debug)]
pub struct MappingConfig {
    pub batch_size: usize,
    /// 0 for none.
    pub window: Micros,
    pub filter: Filter,
    /// `FunctionResponseTypes` has `ReportBatchItemFailures` (SQS-46).
    pub reports_failures: bool,
    /// `ScalingConfig.MaximumConcurrency` (SQS-47).
    pub maximum_concurrency: Option<u64>,
    /// Fewest and most event pollers of the provisioned mode (SQS-47).
    pub provisioned: Option<(u64, u64)>,
}

impl MappingConfig {
    /// What AWS refuses is a problem of the scene; here it is read as the nearest that AWS allows.
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let window = settings.seconds("MaximumBatchingWindowInSeconds");
        let most = if window > 0 { BATCH_SIZE_MAX } else { BATCH_SIZE_WITHOUT_WINDOW_MAX };
        let batch_size = settings.optional_integer("BatchSize").unwrap_or(BATCH_SIZE_DEFAULT).clamp(1, most);
        let part = |name: &str, field: &str, range: (u64, u64)| {
            let number = settings.get(name)?.get(field).and_then(crate::services::whole_number)?;
            Some(number.clamp(range.0, range.1))
        };
        let provisioned = settings.is_given("ProvisionedPollerConfig").then(|| {
            let most = part("ProvisionedPollerConfig", "MaximumPollers", (2, 2_000)).unwrap_or(POLLERS_DEFAULT.1);
            let least = part("ProvisionedPollerConfig", "MinimumPollers", (2, 200)).unwrap_or(POLLERS_DEFAULT.0);
            (least.min(most), most)
        });
        Self {
            batch_size: usize::try_from(batch_size).unwrap_or(usize::MAX),
            window,
            filter: Filter::read(settings.get("FilterCriteria").as_ref()),
            reports_failures: reports_failures(settings.get("FunctionResponseTypes").as_ref()),
            maximum_concurrency: part("ScalingConfig", "MaximumConcurrency", (2, 1_000)),
            provisioned,
        }
    }

    /// For how long messages are hidden, where that is not what the queue says: with a batching window, long
    /// enough for the window, the function and 30 s (SQS-44).
    #[must_use]
    pub fn visibility(&self, function_timeout: Micros, queues: Option<Micros>) -> Option<Micros> {
        let needed = self.window + function_timeout;
        (self.window > 0 && queues.is_some_and(|queues| needed > queues)).then(|| needed + seconds(30))
    }
}

pub fn reports_failures(types: Option<&Value>) -> bool {
    let listed = types.and_then(Value::as_array);
    listed.is_some_and(|types| types.iter().any(|name| name == "ReportBatchItemFailures"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::LinkKind;
    use serde_json::json;

    fn read(properties: Value) -> MappingConfig {
        let Value::Object(map) = properties else { panic!("properties are an object") };
        MappingConfig::read(&Settings::new(map, LinkKind::EventSourceMapping.spec().properties))
    }

    #[test]
    fn more_than_ten_need_a_window() {
        assert_eq!(read(json!({})).batch_size, 10);
        assert_eq!(read(json!({ "BatchSize": 500 })).batch_size, 10);
        assert_eq!(read(json!({ "BatchSize": 500, "MaximumBatchingWindowInSeconds": 1 })).batch_size, 500);
    }

    /// SQS-44: window + timeout + 30 s, where the queue's own timeout is too short for window and function.
    #[test]
    fn a_window_stretches_a_visibility_timeout_that_is_too_short() {
        let mapping = read(json!({ "MaximumBatchingWindowInSeconds": 20 }));
        assert_eq!(mapping.visibility(seconds(15), Some(seconds(30))), Some(seconds(65)));
        assert_eq!(mapping.visibility(seconds(10), Some(seconds(30))), None);
        assert_eq!(read(json!({})).visibility(seconds(900), Some(seconds(30))), None);
    }
}
