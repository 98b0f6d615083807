//! The queue's properties, read.

use crate::engine::Micros;
use crate::services::{Settings, whole_number};

#[derive(Clone, Debug)]
pub struct Config {
    pub visibility_timeout: Micros,
    pub delay: Micros,
    pub receive_wait: Micros,
    pub retention: Micros,
    /// Bytes.
    pub message_size_max: usize,
    pub redrive: Option<Redrive>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redrive {
    /// The id of the dead-letter queue's node.
    pub target: String,
    pub max_receive_count: u32,
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
        Self {
            visibility_timeout: settings.seconds("VisibilityTimeout"),
            delay: settings.seconds("DelaySeconds"),
            receive_wait: settings.seconds("ReceiveMessageWaitTimeSeconds"),
            retention: settings.seconds("MessageRetentionPeriod"),
            message_size_max: usize::try_from(settings.integer("MaximumMessageSize")).unwrap_or(usize::MAX),
            redrive,
        }
    }
}
