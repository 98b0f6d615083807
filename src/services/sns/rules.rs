//! What AWS refuses of a topic and a subscription, said once: the scene's check and the API ask here.

use serde_json::Value;

use super::config::retention;
use super::delivery_policy::{DeliveryPolicy, TopicPolicy};
use super::protocol::Protocol;
use super::replay::Replay;
use crate::services::{Kind, Settings};

/// A property and what is wrong with it.
pub type Wrong = (&'static str, String);

/// Whether a queue's properties make it a FIFO queue.
#[must_use]
pub fn is_fifo_queue(kind: Kind, settings: &Settings) -> bool {
    kind == Kind::Queue && settings.is_given("FifoQueue") && settings.boolean("FifoQueue")
}

#[must_use]
pub fn topic_problems(topic: &Settings) -> Vec<Wrong> {
    let mut problems = Vec::new();
    if !topic.boolean("FifoTopic") {
        for name in ["ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy"] {
            if topic.is_given(name) && topic.get(name) != Some(Value::Bool(false)) {
                problems.push((name, "is for FIFO topics alone".to_owned()));
            }
        }
    }
    if let Some(Err(why)) = topic.get("DeliveryPolicy").map(|policy| TopicPolicy::parse(&policy)) {
        problems.push(("DeliveryPolicy", why));
    }
    if let Some(Err(why)) = topic.get("ArchivePolicy").map(|policy| retention(&policy)) {
        problems.push(("ArchivePolicy", why));
    }
    problems
}

/// What is wrong with subscribing a node, with these properties of the subscription. `dead_letters` is the kind
/// and the properties of its dead-letter queue. The filter policy has a check of its own.
#[must_use]
pub fn subscription_problems(
    topic: &Settings,
    subscriber: (Kind, &Settings),
    subscription: &Settings,
    dead_letters: Option<(Kind, &Settings)>,
) -> Vec<Wrong> {
    let (kind, fifo) = (subscriber.0, topic.boolean("FifoTopic"));
    let fifo_queue = is_fifo_queue(kind, subscriber.1);
    let mut problems = Vec::new();
    if fifo && kind != Kind::Queue {
        problems.push(("Endpoint", "A FIFO topic delivers to SQS queues alone.".to_owned()));
    }
    if !fifo && fifo_queue {
        let text = "FIFO SQS Queues can not be subscribed to standard SNS topics";
        problems.push(("Endpoint", text.to_owned()));
    }
    let given = subscription.text("Protocol").and_then(|name| Protocol::from_name(&name));
    if let Some(protocol) = given.filter(|protocol| !protocol.reaches(kind)) {
        problems.push(("Protocol", format!("{} does not reach a {}.", protocol.name(), kind.spec().name)));
    }
    let protocol = Protocol::read(subscription, kind);
    if subscription.boolean("RawMessageDelivery") && !protocol.takes_raw() {
        let text = format!("Delivery protocol [{}] does not support raw message delivery.", protocol.name());
        problems.push(("RawMessageDelivery", text));
    }
    if let Some(policy) = subscription.get("DeliveryPolicy") {
        if !protocol.is_http() {
            let text = format!("Delivery protocol [{}] does not support delivery policies.", protocol.name());
            problems.push(("DeliveryPolicy", text));
        } else if let Err(why) = DeliveryPolicy::parse(&policy) {
            problems.push(("DeliveryPolicy", why));
        }
    }
    let redrive = subscription.get("RedrivePolicy");
    if redrive.is_some_and(|policy| !policy.get("deadLetterTargetArn").is_some_and(Value::is_string)) {
        problems.push(("RedrivePolicy", "deadLetterTargetArn is missing".to_owned()));
    }
    if let Some((kind, settings)) = dead_letters {
        match (fifo && fifo_queue, is_fifo_queue(kind, settings)) {
            (true, false) => {
                let text = "must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.";
                problems.push(("RedrivePolicy", text.to_owned()));
            }
            (false, true) => {
                let text = "must use a standard queue as DLQ for a standard Subscription.";
                problems.push(("RedrivePolicy", text.to_owned()));
            }
            _ => {}
        }
    }
    if let Some(policy) = subscription.get("ReplayPolicy") {
        if !(fifo && topic.is_given("ArchivePolicy")) {
            problems.push(("ReplayPolicy", "the topic has no active ArchivePolicy".to_owned()));
        } else if let Err(why) = Replay::parse(&policy) {
            problems.push(("ReplayPolicy", why));
        }
    }
    problems
}
