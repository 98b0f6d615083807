//! The stream's properties, read.

use serde_json::{Map, Value};

use crate::engine::{Micros, seconds};
use crate::services::{Distribution, Kind, NodeView, SceneView, Settings, Wrong, is_true, whole_number};

/// Shards of a new on-demand stream (KDS-16).
pub const ON_DEMAND_SHARDS: u32 = 4;
/// Shards that a stream has here at most.
pub const SHARDS_MAX: u32 = 64;
/// KiB of a record unless more are allowed (KDS-3).
pub const RECORD_KIB_DEFAULT: u64 = 1_024;
pub const RECORD_KIB_MAX: u64 = 10_240;
/// One split or one merge `[MODEL]` (KDS-14).
const RESHARDING_TIME: Micros = seconds(30);
/// How long on-demand streams take to grow (KDS-16).
const SCALING_TIME: Micros = seconds(900);

#[derive(Clone, Debug)]
pub struct Config {
    /// Wanted; the stream may be on its way there.
    pub shard_count: u32,
    pub retention: Micros,
    pub on_demand: bool,
    /// MiB/s that an on-demand stream takes at once (KDS-17).
    pub warm: u64,
    pub record_kib: u64,
    /// The KMS key's id (KDS-13).
    pub key: Option<String>,
    pub shard_metrics: Vec<&'static str>,
    /// Keys are ignored, and records go round (KDS-18).
    pub spreads: bool,
    pub resharding_time: Micros,
    pub scaling_time: Micros,
    pub quota: Option<u64>,
    pub commits: bool,
}

/// Metrics by shard that can be asked for (KDS-25).
pub const SHARD_METRICS: [&str; 7] = [
    "IncomingBytes",
    "IncomingRecords",
    "OutgoingBytes",
    "OutgoingRecords",
    "WriteProvisionedThroughputExceeded",
    "ReadProvisionedThroughputExceeded",
    "IteratorAgeMilliseconds",
];

/// The metrics of a list of names; `ALL` stands for every one.
#[must_use]
pub fn shard_metrics(names: Option<&Value>) -> Vec<&'static str> {
    let names = names.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_named = |known: &&str| names.iter().any(|name| name == "ALL" || name == *known);
    SHARD_METRICS.into_iter().filter(is_named).collect()
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let part = |property: &str, name: &str| settings.get(property).and_then(|value| value.get(name).cloned());
        let text =
            |property: &str, name: &str| part(property, name).and_then(|value| value.as_str().map(str::to_owned));
        let own: Map<String, Value> =
            settings.get("Decoupled").and_then(|knobs| knobs.as_object().cloned()).unwrap_or_default();
        let time = |name: &str, default: Micros| {
            own.get(name).and_then(|value| Distribution::parse(value).ok()).map_or(default, Distribution::mean)
        };
        let on_demand = text("StreamModeDetails", "StreamMode").as_deref() == Some("ON_DEMAND");
        let warm = settings.optional_integer("WarmThroughputMiBps").unwrap_or(0);
        let count = if on_demand { u64::from(ON_DEMAND_SHARDS).max(warm) } else { settings.integer("ShardCount") };
        Self {
            shard_count: u32::try_from(count).unwrap_or(1).clamp(1, SHARDS_MAX),
            retention: seconds(settings.integer("RetentionPeriodHours") * 3_600),
            on_demand,
            warm,
            record_kib: settings.integer("MaxRecordSizeInKiB"),
            key: text("StreamEncryption", "KeyId"),
            shard_metrics: shard_metrics(settings.get("DesiredShardLevelMetrics").as_ref()),
            spreads: on_demand && settings.text("RecordDistributionStrategy").as_deref() == Some("AUTO"),
            resharding_time: time("ReshardingTime", RESHARDING_TIME),
            scaling_time: time("OnDemandScalingTime", SCALING_TIME).max(seconds(1)),
            quota: own.get("ShardQuota").and_then(whole_number),
            commits: own.get("OnDemandAdvantage").is_some_and(is_true),
        }
    }

    #[must_use]
    pub fn mode(&self) -> &'static str {
        if self.on_demand { "ON_DEMAND" } else { "PROVISIONED" }
    }
}

/// What a form alone cannot say of the streams of a scene.
pub fn problems(scene: &SceneView<'_>) -> Vec<Wrong> {
    let of = |node: &NodeView<'_>| {
        let found = of_stream(node.properties).into_iter();
        found.map(|(name, text)| node.wrong(&name, text)).collect::<Vec<_>>()
    };
    scene.nodes_of(Kind::Stream).flat_map(of).collect()
}

fn of_stream(properties: &Map<String, Value>) -> Vec<(String, String)> {
    let mode = properties.get("StreamModeDetails").and_then(|details| details.get("StreamMode"));
    let on_demand = mode.is_some_and(|mode| mode == "ON_DEMAND");
    let mut problems = Vec::new();
    let mut refuse = |name: &str, why: &str| problems.push((name.to_owned(), why.to_owned()));
    if on_demand && properties.contains_key("ShardCount") {
        refuse("ShardCount", "an on-demand stream chooses the number of its shards itself; take ShardCount away");
    }
    for name in ["WarmThroughputMiBps", "RecordDistributionStrategy"] {
        if !on_demand && properties.contains_key(name) {
            refuse(name, "is for on-demand streams alone");
        }
    }
    if let Some(encryption) = properties.get("StreamEncryption")
        && (encryption.get("EncryptionType").is_none() || encryption.get("KeyId").is_none())
    {
        refuse("StreamEncryption", "needs an EncryptionType (KMS) and a KeyId, such as alias/aws/kinesis");
    }
    let metrics = properties.get("DesiredShardLevelMetrics");
    let is_known = |name: &Value| *name == "ALL" || SHARD_METRICS.iter().any(|known| name == known);
    if !metrics.is_none_or(|list| list.as_array().is_some_and(|names| names.iter().all(is_known))) {
        refuse("DesiredShardLevelMetrics", &format!("must be a list of ALL or of {}", SHARD_METRICS.join(", ")));
    }
    problems
}
