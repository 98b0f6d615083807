//! The queue's properties, read.

use serde_json::{Map, Value};

use super::form::KNOBS;
use super::throughput::region_ceiling;
use crate::engine::Micros;
use crate::services::{Settings, is_true, whole_number};

#[derive(Clone, Debug)]
pub struct Config {
    pub visibility_timeout: Micros,
    pub delay: Micros,
    pub receive_wait: Micros,
    pub retention: Micros,
    /// Bytes.
    pub message_size_max: usize,
    pub redrive: Option<Redrive>,
    pub fifo: bool,
    pub content_based: bool,
    /// `DeduplicationScope` is the message group.
    pub deduplicates_by_group: bool,
    /// Calls a second of the Region when the queue has high throughput (SQS-33).
    pub high_throughput: Option<u64>,
    pub knobs: Knobs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redrive {
    /// The id of the dead-letter queue's node.
    pub target: String,
    pub max_receive_count: u32,
}

/// What AWS leaves open, as the scene wants it.
#[derive(Clone, Debug)]
pub struct Knobs {
    /// How often a server misses a receive or a delete (SQS-21), in parts per million.
    pub duplicate_parts: u32,
    /// How many messages a receive may pass over (SQS-21).
    pub reorder_window: u64,
    /// Whether a handle that is not the latest deletes (SQS-19).
    pub deletes_by_stale_handle: bool,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let redrive = settings.get("RedrivePolicy").and_then(|policy| {
            let count = policy.get("maxReceiveCount").and_then(whole_number).unwrap_or(10);
            let max_receive_count = u32::try_from(count).unwrap_or(u32::MAX);
            let target = policy.get("deadLetterTargetArn")?.as_str()?.to_owned();
            Some(Redrive { target, max_receive_count })
        });
        let is = |name: &str, value: &str| settings.text(name).as_deref() == Some(value);
        let own = settings.get("Decoupled").and_then(|knobs| knobs.as_object().cloned());
        let knobs = Settings::new(own.unwrap_or_default(), KNOBS);
        let by_group = is("DeduplicationScope", "messageGroup");
        let is_high = by_group && is("FifoThroughputLimit", "perMessageGroupId");
        Self {
            visibility_timeout: settings.seconds("VisibilityTimeout"),
            delay: settings.seconds("DelaySeconds"),
            receive_wait: settings.seconds("ReceiveMessageWaitTimeSeconds"),
            retention: settings.seconds("MessageRetentionPeriod"),
            message_size_max: usize::try_from(settings.integer("MaximumMessageSize")).unwrap_or(usize::MAX),
            redrive,
            fifo: settings.boolean("FifoQueue"),
            content_based: settings.boolean("ContentBasedDeduplication"),
            deduplicates_by_group: by_group,
            high_throughput: is_high.then(|| region_ceiling(&knobs.text("Region").unwrap_or_default())),
            knobs: Knobs {
                duplicate_parts: knobs.parts_per_million("DuplicateProbability"),
                reorder_window: knobs.integer("ReorderWindow"),
                deletes_by_stale_handle: knobs.boolean("DeletesByStaleHandle"),
            },
        }
    }
}

/// Receives that a policy may allow (SQS-37).
const RECEIVES: std::ops::RangeInclusive<u64> = 1..=1_000;

/// What a redrive policy lacks, if it lacks something (SQS-37). A count may be a text of digits.
#[must_use]
pub fn bad_redrive(policy: &Value) -> Option<&'static str> {
    let (target, count) = (policy.get("deadLetterTargetArn"), policy.get("maxReceiveCount"));
    let is_signed = |count: &Value| count.as_str().is_some_and(|text| !text.bytes().all(|byte| byte.is_ascii_digit()));
    if target.is_none_or(|target| target.as_str().is_none_or(str::is_empty)) {
        Some("Redrive policy does not contain mandatory attribute: deadLetterTargetArn")
    } else if let Some(count) = count.filter(|count| !count.is_null()) {
        let number = whole_number(count).filter(|_| !is_signed(count));
        (!number.is_some_and(|number| RECEIVES.contains(&number)))
            .then_some("Invalid value for maxReceiveCount, valid values are from 1 to 1000 both inclusive")
    } else {
        Some("Redrive policy does not contain mandatory attribute: maxReceiveCount")
    }
}

/// `RedriveAllowPolicy` (SQS-40): which queues may use this one as their dead-letter queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedriveAllow {
    All,
    None,
    Queues(Vec<String>),
}

impl RedriveAllow {
    #[must_use]
    pub fn read(policy: Option<&Value>) -> Self {
        let permission = policy.and_then(|policy| policy.get("redrivePermission")).and_then(Value::as_str);
        match permission {
            Some("denyAll") => Self::None,
            Some("byQueue") => {
                let sources = policy.and_then(|policy| policy.get("sourceQueueArns")).and_then(Value::as_array);
                let sources = sources.into_iter().flatten().filter_map(Value::as_str).map(queue_of_arn);
                Self::Queues(sources.map(str::to_owned).collect())
            }
            _ => Self::All,
        }
    }

    #[must_use]
    pub fn allows(&self, source: &str) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Queues(sources) => sources.iter().any(|allowed| allowed == source),
        }
    }
}

/// Why a queue may not dead-letter to another, if it may not (SQS-37, SQS-40).
#[must_use]
pub fn redrive_refusal(source: &str, fifo: bool, target: &Map<String, Value>) -> Option<&'static str> {
    if target.get("FifoQueue").is_some_and(is_true) != fifo {
        return Some(
            "the dead-letter queue of a FIFO queue must be a FIFO queue, that of a standard queue a standard one",
        );
    }
    let allow = RedriveAllow::read(target.get("RedriveAllowPolicy"));
    (!allow.allows(source)).then_some("the RedriveAllowPolicy of the dead-letter queue does not allow this queue")
}

/// The name in an ARN; a scene has the node's id alone.
#[must_use]
pub fn queue_of_arn(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}
