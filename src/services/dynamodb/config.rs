//! The table's properties, read.

use serde_json::Value;

use crate::services::{Settings, whole_number};

/// What the Kinesis Client Library calls the key of its leases.
pub const KEY_DEFAULT: &str = "leaseKey";

/// Values of `StreamViewType`.
pub const STREAM_VIEWS: &[&str] = &["NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"];

#[derive(Clone, Debug)]
pub struct Config {
    pub key: String,
    /// Units a second: of reads, of writes; without limit when paid by the request.
    pub capacity: Option<(u64, u64)>,
    /// What the records of its stream show, if it has one.
    pub stream: Option<&'static str>,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let schema = settings.get("KeySchema");
        let keys = schema.as_ref().and_then(Value::as_array);
        let hash = keys.and_then(|keys| keys.iter().find(|key| key.get("KeyType").is_none_or(|kind| kind == "HASH")));
        let key = hash.and_then(|key| key.get("AttributeName")?.as_str()).unwrap_or(KEY_DEFAULT).to_owned();
        let throughput = settings.get("ProvisionedThroughput");
        let units = |name: &str| {
            throughput.as_ref().and_then(|units| units.get(name)).and_then(whole_number).unwrap_or(5).max(1)
        };
        let is_provisioned = settings.text("BillingMode").as_deref() == Some("PROVISIONED");
        let capacity = is_provisioned.then(|| (units("ReadCapacityUnits"), units("WriteCapacityUnits")));
        let view = settings.get("StreamSpecification").and_then(|stream| Some(stream.get("StreamViewType")?.clone()));
        let stream = view.and_then(|view| STREAM_VIEWS.iter().copied().find(|known| view == *known));
        Self { key, capacity, stream }
    }
}
