//! The table's properties, read.

use serde_json::Value;

use super::key::{KeyPart, Schema};
use crate::services::{Settings, whole_number};

/// What the Kinesis Client Library calls the key of its leases: that of a table that does not say.
pub const KEY_DEFAULT: &str = "leaseKey";

const KEY_TYPES: [&str; 3] = ["S", "N", "B"];

/// Values of `StreamViewType`.
pub const STREAM_VIEWS: &[&str] = &["NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"];

#[derive(Clone, Debug)]
pub struct Config {
    pub schema: Schema,
    /// Units a second: of reads, of writes; without limit when paid by the request.
    pub capacity: Option<(u64, u64)>,
    /// What the records of its stream show, if it has one.
    pub stream: Option<&'static str>,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let schema = schema_of(settings);
        let throughput = settings.get("ProvisionedThroughput");
        let units = |name: &str| {
            throughput.as_ref().and_then(|units| units.get(name)).and_then(whole_number).unwrap_or(5).max(1)
        };
        let is_provisioned = settings.text("BillingMode").as_deref() == Some("PROVISIONED");
        let capacity = is_provisioned.then(|| (units("ReadCapacityUnits"), units("WriteCapacityUnits")));
        let view = settings.get("StreamSpecification").and_then(|stream| Some(stream.get("StreamViewType")?.clone()));
        let stream = view.and_then(|view| STREAM_VIEWS.iter().copied().find(|known| view == *known));
        Self { schema, capacity, stream }
    }
}

fn schema_of(settings: &Settings) -> Schema {
    let (keys, types) = (settings.get("KeySchema"), settings.get("AttributeDefinitions"));
    let keys = || keys.iter().filter_map(Value::as_array).flatten();
    let kind_of = |name: &str| {
        let mut given = types.iter().filter_map(Value::as_array).flatten();
        let given = given.find(|one| one.get("AttributeName").is_some_and(|is| is == name))?;
        KEY_TYPES.into_iter().find(|kind| given.get("AttributeType").is_some_and(|is| is == kind))
    };
    let part = |key: &Value| {
        let name = key.get("AttributeName")?.as_str()?.to_owned();
        Some(KeyPart { kind: kind_of(&name), name })
    };
    let is_sort = |key: &&Value| key.get("KeyType").is_some_and(|kind| kind == "RANGE");
    let hash = keys().find(|key| !is_sort(key)).and_then(part);
    let hash = hash.unwrap_or_else(|| KeyPart { name: KEY_DEFAULT.to_owned(), kind: kind_of(KEY_DEFAULT) });
    Schema { hash, sort: keys().find(is_sort).and_then(part) }
}
