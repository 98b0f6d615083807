//! The topic's properties, read.

use serde_json::Value;

use super::delivery_policy::TopicPolicy;
use super::quotas::Region;
use crate::engine::{Micros, seconds};
use crate::services::{Distribution, Settings, whole_number};

const DAY: u64 = 86_400;

/// What deduplication and throughput of a FIFO topic are counted by (SNS-4, SNS-24).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Topic,
    MessageGroup,
}

impl Scope {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Topic => "Topic",
            Self::MessageGroup => "MessageGroup",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Config {
    /// Bytes of body and attributes.
    pub message_size_max: usize,
    pub fifo: bool,
    pub content_based_deduplication: bool,
    pub scope: Scope,
    /// How long a FIFO topic's archive keeps a message; `None` without one (SNS-26).
    pub archive: Option<Micros>,
    pub delivery_policy: TopicPolicy,
    pub region: Region,
    /// Messages a second that this topic has to itself, instead of its part of the Region's quota.
    pub own_publish_rate: Option<u64>,
    /// Until a changed filter policy holds (SNS-23).
    pub filter_lag: Micros,
    /// The largest part by which a retry's wait is stretched, in parts per million (SNS-14).
    pub retry_jitter: u32,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let fifo = settings.boolean("FifoTopic");
        let knobs = settings.get("Decoupled").unwrap_or(Value::Null);
        let region = Region::from_name(knobs.get("Region").and_then(Value::as_str).unwrap_or_default());
        let lag = knobs.get("FilterPolicyLag").and_then(|lag| Distribution::parse(lag).ok());
        let jitter = knobs.get("RetryJitter").and_then(Value::as_f64).unwrap_or(0.0);
        let scope = settings.text("FifoThroughputScope");
        Self {
            message_size_max: usize::try_from(settings.integer("MaximumMessageSize")).unwrap_or(usize::MAX),
            fifo,
            content_based_deduplication: settings.boolean("ContentBasedDeduplication"),
            scope: if scope.as_deref() == Some("MessageGroup") { Scope::MessageGroup } else { Scope::Topic },
            archive: settings.get("ArchivePolicy").filter(|_| fifo).and_then(|policy| retention(&policy).ok()),
            delivery_policy: TopicPolicy::read(settings.get("DeliveryPolicy").as_ref()),
            region,
            own_publish_rate: knobs.get("PublishRate").and_then(whole_number),
            filter_lag: lag.map_or(0, Distribution::mean),
            retry_jitter: libm::rint(jitter.clamp(0.0, 1.0) * 1e6) as u32,
        }
    }
}

impl Config {
    /// Takes back what cannot be changed of a topic: its type (SNS-2), and the way to message groups (SNS-4). Returns
    /// the properties that were.
    pub fn keep_fixed(&mut self, before: &Self) -> Vec<&'static str> {
        let mut kept = Vec::new();
        if self.fifo != before.fifo {
            (self.fifo, self.archive) = (before.fifo, before.archive);
            kept.push("FifoTopic");
        }
        if (before.scope, self.scope) == (Scope::MessageGroup, Scope::Topic) {
            self.scope = before.scope;
            kept.push("FifoThroughputScope");
        }
        kept
    }
}

/// Days of an `ArchivePolicy`, as time.
///
/// # Errors
/// What is wrong, in words.
pub fn retention(policy: &Value) -> Result<Micros, String> {
    let days = policy.get("MessageRetentionPeriod").and_then(whole_number).filter(|days| (1..=365).contains(days));
    let days = days.ok_or_else(|| "MessageRetentionPeriod must be a whole number of days from 1 to 365".to_owned())?;
    Ok(seconds(days * DAY))
}
