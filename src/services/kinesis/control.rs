//! What administers a stream: its calls, the states in which they are allowed, and how often (KDS-12).

use serde_json::{Value, json};

use super::account::{ON_DEMAND_STREAMS_MAX, Share};
use super::api::{Request, Response};
use super::config::{RECORD_KIB_DEFAULT, RECORD_KIB_MAX, SHARDS_MAX};
use super::fact::Fact;
use super::model::{Model, Timer};
use super::updating::Work;
use crate::engine::{Micros, seconds};
use crate::services::{ApiError, Change, Cx, Door};

#[derive(Clone, Debug)]
pub enum Control {
    DescribeStream,
    DescribeStreamSummary,
    DescribeLimits,
    DescribeAccountSettings,
    UpdateAccountSettings {
        committed: bool,
    },
    SplitShard {
        shard: u32,
        at: u128,
    },
    MergeShards {
        shard: u32,
        adjacent: u32,
    },
    UpdateShardCount {
        target: u64,
    },
    /// Longer, or shorter.
    Retention {
        hours: u64,
        longer: bool,
    },
    UpdateStreamMode {
        on_demand: bool,
    },
    UpdateStreamWarmThroughput {
        mibps: u64,
    },
    UpdateMaxRecordSize {
        kib: u64,
    },
    UpdateRecordDistribution {
        auto: bool,
    },
    StartStreamEncryption {
        key: String,
    },
    StopStreamEncryption,
    EnhancedMonitoring {
        metrics: Vec<&'static str>,
        on: bool,
    },
    DeregisterStreamConsumer {
        name: String,
    },
    DescribeStreamConsumer {
        name: String,
    },
    ListStreamConsumers,
    DeleteStream,
}

/// Calls of one kind in a second, unless AWS names another number.
const CALLS_MAX: u64 = 5;
/// A change of mode is allowed so often in a day (KDS-16), `UpdateShardCount` so often (KDS-14).
const MODES_PER_DAY: usize = 2;
const COUNTS_PER_DAY: usize = 10;
const DAY: Micros = seconds(86_400);
/// How long a change of encryption takes `[MODEL]`.
const ENCRYPTION_TIME: Micros = seconds(5);

pub(super) fn limited(text: impl Into<String>) -> ApiError {
    ApiError::server("LimitExceededException", text)
}

pub(super) fn in_use(text: impl Into<String>) -> ApiError {
    ApiError::client("ResourceInUseException", text)
}

pub(super) fn invalid(text: impl Into<String>) -> ApiError {
    ApiError::client("InvalidArgumentException", text)
}

/// Which kind of call it is, and how many of them a second allows; data calls have limits of their own.
fn rate(request: &Request) -> Option<(&'static str, u64)> {
    Some(match request {
        Request::ListShards(_) => ("ListShards", 1_000),
        Request::RegisterStreamConsumer { .. } => ("RegisterStreamConsumer", CALLS_MAX),
        Request::Control(control) => match control {
            Control::DescribeStreamSummary => ("DescribeStreamSummary", 20),
            Control::DescribeStreamConsumer { .. } => ("DescribeStreamConsumer", 20),
            Control::DescribeStream => ("DescribeStream", 10),
            Control::DescribeLimits => ("DescribeLimits", 1),
            Control::DescribeAccountSettings => ("DescribeAccountSettings", CALLS_MAX),
            Control::UpdateAccountSettings { .. } => ("UpdateAccountSettings", CALLS_MAX),
            Control::SplitShard { .. } => ("SplitShard", CALLS_MAX),
            Control::MergeShards { .. } => ("MergeShards", CALLS_MAX),
            Control::UpdateShardCount { .. } => ("UpdateShardCount", CALLS_MAX),
            Control::Retention { .. } => ("Increase/DecreaseStreamRetentionPeriod", CALLS_MAX),
            Control::UpdateStreamMode { .. } => ("UpdateStreamMode", CALLS_MAX),
            Control::UpdateStreamWarmThroughput { .. } => ("UpdateStreamWarmThroughput", CALLS_MAX),
            Control::UpdateMaxRecordSize { .. } => ("UpdateMaxRecordSize", CALLS_MAX),
            Control::UpdateRecordDistribution { .. } => ("UpdateStreamRecordDistributionStrategy", CALLS_MAX),
            Control::StartStreamEncryption { .. } => ("StartStreamEncryption", CALLS_MAX),
            Control::StopStreamEncryption => ("StopStreamEncryption", CALLS_MAX),
            Control::EnhancedMonitoring { .. } => ("Enable/DisableEnhancedMonitoring", CALLS_MAX),
            Control::DeregisterStreamConsumer { .. } => ("DeregisterStreamConsumer", CALLS_MAX),
            Control::ListStreamConsumers => ("ListStreamConsumers", CALLS_MAX),
            Control::DeleteStream => ("DeleteStream", CALLS_MAX),
        },
        _ => return None,
    })
}

/// What was done within a day, the oldest forgotten.
fn within_a_day(times: &mut Vec<Micros>, most: usize, now: Micros) -> bool {
    times.retain(|at| now < at + DAY);
    times.len() < most
}

impl Model {
    /// # Errors
    /// When this kind of call came too often within the second.
    pub(super) fn admit_call(&mut self, request: &Request, now: Micros) -> Result<(), ApiError> {
        let Some((name, most)) = rate(request) else { return Ok(()) };
        let window = self.calls.entry(name).or_default();
        if !window.has_room(1, most, now) {
            return Err(limited(format!("Rate exceeded: {name} is allowed {most} times a second.")));
        }
        window.spend(1, now);
        Ok(())
    }

    /// Tells the account what this stream has of it.
    pub(super) fn share(&self, cx: &mut Cx<'_>) {
        let config = &self.config;
        let share = Share {
            open_shards: self.open_shards(),
            on_demand: config.on_demand,
            quota: config.quota,
            commits: config.commits,
        };
        let me = cx.me();
        cx.shared().accounts.streams.set(me, share);
    }

    pub(super) fn control(&mut self, control: Control, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        let done = |()| Response::Described(json!({}));
        match control {
            Control::DescribeStreamSummary => Ok(Response::Described(self.summary())),
            Control::DescribeStream => Ok(Response::Described(self.description())),
            Control::DescribeLimits => Ok(Response::Described(limits(cx))),
            Control::DescribeAccountSettings => Ok(Response::Described(account_settings(cx))),
            Control::UpdateAccountSettings { committed } => {
                let now = cx.now();
                if !cx.shared().accounts.streams.commit(committed, now) {
                    return Err(invalid("The commitment lasts 24 hours at least."));
                }
                Ok(Response::Described(account_settings(cx)))
            }
            Control::SplitShard { shard, at } => self.split(shard, at, cx).map(done),
            Control::MergeShards { shard, adjacent } => self.merge(shard, adjacent, cx).map(done),
            Control::UpdateShardCount { target } => self.update_count(target, cx),
            Control::Retention { hours, longer } => self.change_retention(hours, longer, cx).map(done),
            Control::UpdateStreamMode { on_demand } => self.change_mode(on_demand, cx).map(done),
            Control::UpdateStreamWarmThroughput { mibps } => self.warm(mibps, cx),
            Control::UpdateMaxRecordSize { kib } => self.change_record_size(kib, cx).map(done),
            Control::UpdateRecordDistribution { auto } => self.change_distribution(auto, cx).map(done),
            Control::StartStreamEncryption { key } => self.change_encryption(Some(key), cx).map(done),
            Control::StopStreamEncryption => self.change_encryption(None, cx).map(done),
            Control::EnhancedMonitoring { metrics, on } => Ok(self.monitor(&metrics, on, cx)),
            Control::DeregisterStreamConsumer { name } => self.deregister(&name, cx).map(done),
            Control::DescribeStreamConsumer { name } => self.describe_consumer(&name, cx).map(Response::Described),
            Control::ListStreamConsumers => Ok(Response::Described(self.list_consumers(cx))),
            Control::DeleteStream => {
                cx.change(Change::RemoveNode { node: cx.name() });
                Ok(done(()))
            }
        }
    }

    pub(super) fn set_property(&self, name: &str, value: impl Into<Value>, cx: &mut Cx<'_>) {
        cx.change(Change::SetProperty { node: cx.name(), name: name.to_owned(), value: Some(value.into()) });
    }

    /// # Errors
    /// Only an ACTIVE stream can be changed.
    pub(super) fn must_be_active(&self) -> Result<(), ApiError> {
        if self.updating.is_some() {
            return Err(in_use("Stream is not ACTIVE, instead in state UPDATING."));
        }
        Ok(())
    }

    fn update_count(&mut self, target: u64, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        self.must_be_active()?;
        let open = self.open_shards();
        if self.config.on_demand {
            return Err(invalid("UpdateShardCount is for streams with provisioned capacity."));
        }
        if target == 0 || target > u64::from(SHARDS_MAX) {
            return Err(limited(format!("A stream has 1 to {SHARDS_MAX} shards here.")));
        }
        if target > 2 * open || target * 2 < open {
            return Err(limited(format!(
                "UpdateShardCount cannot scale from {open} to {target}: to twice as many at most, or half as many."
            )));
        }
        self.check_quota(target.saturating_sub(open), cx)?;
        let now = cx.now();
        if !within_a_day(&mut self.counts_changed, COUNTS_PER_DAY, now) {
            return Err(limited("UpdateShardCount is allowed 10 times in 24 hours."));
        }
        self.counts_changed.push(now);
        self.config.shard_count = u32::try_from(target).unwrap_or(SHARDS_MAX);
        self.set_property("ShardCount", target, cx);
        self.resize(self.config.shard_count, cx);
        Ok(Response::Described(json!({ "CurrentShardCount": open, "TargetShardCount": target })))
    }

    fn change_retention(&mut self, hours: u64, longer: bool, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        self.must_be_active()?;
        let before = self.config.retention / 3_600_000_000;
        if !(24..=8_760).contains(&hours) || longer && hours < before || !longer && hours > before {
            return Err(invalid(format!("Retention is {before} hours; it cannot become {hours} hours by this call.")));
        }
        self.set_property("RetentionPeriodHours", hours, cx);
        Ok(())
    }

    /// Twice in a day at most (KDS-16); the shards stay as they are.
    fn change_mode(&mut self, on_demand: bool, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        self.must_be_active()?;
        let now = cx.now();
        if on_demand == self.config.on_demand {
            return Err(invalid(format!("The stream's mode is {} already.", self.config.mode())));
        }
        if !within_a_day(&mut self.modes_changed, MODES_PER_DAY, now) {
            return Err(limited("The mode of a stream changes twice in 24 hours at most."));
        }
        if on_demand && cx.shared_ref().accounts.streams.on_demand_streams() >= ON_DEMAND_STREAMS_MAX {
            return Err(limited(format!("An account has {ON_DEMAND_STREAMS_MAX} on-demand streams at most.")));
        }
        self.modes_changed.push(now);
        // One change follows the other: a provisioned stream must know its number of shards before it is one.
        if !on_demand {
            self.set_property("ShardCount", self.open_shards(), cx);
        }
        let mode = if on_demand { "ON_DEMAND" } else { "PROVISIONED" };
        self.set_property("StreamModeDetails", json!({ "StreamMode": mode }), cx);
        if on_demand {
            cx.change(Change::SetProperty { node: cx.name(), name: "ShardCount".to_owned(), value: None });
        }
        Ok(())
    }

    fn warm(&mut self, mibps: u64, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        self.must_be_active()?;
        if !self.config.on_demand || !cx.shared_ref().accounts.streams.is_committed() {
            return Err(invalid(
                "Warm throughput is for on-demand streams of an account with a minimum throughput commitment \
                 (UpdateAccountSettings).",
            ));
        }
        if mibps > u64::from(SHARDS_MAX) {
            return Err(limited(format!("A stream takes {SHARDS_MAX} MiB/s here at most.")));
        }
        self.set_property("WarmThroughputMiBps", mibps, cx);
        Ok(Response::Described(
            json!({ "WarmThroughput": { "TargetMiBps": mibps, "CurrentMiBps": self.open_shards() } }),
        ))
    }

    fn change_record_size(&mut self, kib: u64, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        self.must_be_active()?;
        if !(RECORD_KIB_DEFAULT..=RECORD_KIB_MAX).contains(&kib) {
            return Err(invalid(format!("MaxRecordSizeInKiB must be {RECORD_KIB_DEFAULT} to {RECORD_KIB_MAX}.")));
        }
        self.set_property("MaxRecordSizeInKiB", kib, cx);
        Ok(())
    }

    fn change_distribution(&mut self, auto: bool, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        self.must_be_active()?;
        if !self.config.on_demand {
            return Err(invalid("Only an on-demand stream distributes records by itself."));
        }
        self.set_property("RecordDistributionStrategy", if auto { "AUTO" } else { "USER_PARTITION_KEY" }, cx);
        Ok(())
    }

    /// Takes a while; then new records are kept otherwise, and the old ones as they are (KDS-13).
    fn change_encryption(&mut self, key: Option<String>, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        self.must_be_active()?;
        self.begin(Work::Encryption { key }, ENCRYPTION_TIME, cx);
        Ok(())
    }

    pub(super) fn encryption_changed(&mut self, key: Option<String>, cx: &mut Cx<'_>) {
        let value = key.as_ref().map(|key| json!({ "EncryptionType": "KMS", "KeyId": key }));
        cx.change(Change::SetProperty { node: cx.name(), name: "StreamEncryption".to_owned(), value });
    }

    fn monitor(&mut self, metrics: &[&'static str], on: bool, cx: &mut Cx<'_>) -> Response {
        let before = self.config.shard_metrics.clone();
        let mut after = before.clone();
        after.retain(|name| on || !metrics.contains(name));
        after.extend(metrics.iter().filter(|name| on && !before.contains(name)));
        self.set_property("DesiredShardLevelMetrics", json!(after), cx);
        Response::Described(json!({ "CurrentShardLevelMetrics": before, "DesiredShardLevelMetrics": after }))
    }

    /// # Errors
    /// When the account has no room for so many shards more.
    pub(super) fn check_quota(&self, more: u64, cx: &Cx<'_>) -> Result<(), ApiError> {
        let account = &cx.shared_ref().accounts.streams;
        if account.open_shards() + more > account.shard_quota() {
            let text = format!("The account's quota of {} shards would be exceeded.", account.shard_quota());
            return Err(limited(text));
        }
        Ok(())
    }

    fn status(&self) -> &'static str {
        if self.updating.is_some() { "UPDATING" } else { "ACTIVE" }
    }

    fn summary(&self) -> Value {
        let mut summary = self.common();
        summary["OpenShardCount"] = self.open_shards().into();
        summary["ConsumerCount"] = self.consumers.len().into();
        json!({ "StreamDescriptionSummary": summary })
    }

    fn description(&self) -> Value {
        let mut description = self.common();
        description["Shards"] = self.shards.iter().map(|shard| shard.info().to_json()).collect();
        description["HasMoreShards"] = false.into();
        json!({ "StreamDescription": description })
    }

    fn common(&self) -> Value {
        let config = &self.config;
        let mut common = json!({
            "StreamStatus": self.status(),
            "StreamModeDetails": { "StreamMode": config.mode() },
            "RetentionPeriodHours": config.retention / 3_600_000_000,
            "EncryptionType": if config.key.is_some() { "KMS" } else { "NONE" },
            "EnhancedMonitoring": [{ "ShardLevelMetrics": config.shard_metrics }],
            "MaxRecordSizeInKiB": config.record_kib,
        });
        if let Some(key) = &config.key {
            common["KeyId"] = (&**key).into();
        }
        if config.warm > 0 {
            common["WarmThroughput"] = json!({ "TargetMiBps": config.warm, "CurrentMiBps": self.open_shards() });
        }
        common
    }

    /// The change that was under way is over.
    pub(super) fn settled(&mut self, cx: &mut Cx<'_>) {
        self.share(cx);
        cx.fact(Fact::StreamUpdated { open_shards: self.open_shards() }, None);
    }

    pub(super) fn begin(&mut self, work: Work, takes: Micros, cx: &mut Cx<'_>) {
        let until = cx.now() + takes;
        if !matches!(work, Work::Encryption { .. }) {
            cx.fact(Fact::ReshardingStarted { until }, None);
        }
        let key = cx.wake_at(until, Timer::Updated);
        self.updating = Some((work, key, until));
    }
}

fn limits(cx: &Cx<'_>) -> Value {
    let account = &cx.shared_ref().accounts.streams;
    json!({ "ShardLimit": account.shard_quota(), "OpenShardCount": account.open_shards(),
        "OnDemandStreamCount": account.on_demand_streams(), "OnDemandStreamCountLimit": ON_DEMAND_STREAMS_MAX })
}

fn account_settings(cx: &Cx<'_>) -> Value {
    let status = if cx.shared_ref().accounts.streams.is_committed() { "ENABLED" } else { "DISABLED" };
    json!({ "MinimumThroughputBillingCommitment": { "Status": status } })
}
