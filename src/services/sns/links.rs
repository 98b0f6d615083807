//! The links of a topic: who publishes, and its subscriptions.

use super::Protocol;
use crate::lang::event_pattern::Dialect;
use crate::services::{Kind, LinkKind, LinkSpec, Pair, Property, PropertyKind, Reference, property};

static SUBSCRIPTION_REDRIVE: &[Property] = &[property(
    "deadLetterTargetArn",
    "Dead-letter queue",
    PropertyKind::Node(&["AWS::SQS::Queue"]),
    "",
    "Where a message goes that the subscriber did not take.",
    "SNS-18",
)];

static OF_SUBSCRIPTIONS: &[Property] = &[
    property(
        "FilterPolicy",
        "Filter policy",
        PropertyKind::Pattern(Dialect::SnsMessageAttributes),
        "",
        "Only messages it accepts are delivered; without one, all are.",
        "SNS-20",
    ),
    property(
        "FilterPolicyScope",
        "Filter policy scope",
        PropertyKind::Choice(&["MessageAttributes", "MessageBody"]),
        "\"MessageAttributes\"",
        "What the filter policy looks at.",
        "SNS-20",
    ),
    property(
        "RawMessageDelivery",
        "Raw message delivery",
        PropertyKind::Boolean,
        "false",
        "The body alone, without SNS's JSON envelope.",
        "SNS-11",
    ),
    property(
        "Protocol",
        "Protocol",
        PropertyKind::Choice(&Protocol::NAMES),
        "",
        "How an endpoint is reached: https unless set. A queue is reached by sqs, a function by lambda.",
        "SNS-9",
    ),
    property(
        "DeliveryPolicy",
        "Delivery policy",
        PropertyKind::Json,
        "",
        "Retries and throttling of an HTTP/S endpoint, before its topic's policy.",
        "SNS-16",
    ),
    property(
        "RedrivePolicy",
        "Redrive policy",
        PropertyKind::Object(SUBSCRIPTION_REDRIVE),
        "",
        "Moves what cannot be delivered to a dead-letter queue.",
        "SNS-18",
    ),
    property(
        "ReplayPolicy",
        "Replay policy",
        PropertyKind::Json,
        "",
        "Delivers what a FIFO topic's archive has of a time, such as {\"PointType\": \"Timestamp\", \
                 \"StartingPoint\": \"2026-01-01T00:00:30Z\"}.",
        "SNS-26",
    ),
];

pub static SUBSCRIPTION: LinkSpec = LinkSpec {
    name: "AWS::SNS::Subscription",
    label: "delivers to",
    properties: OF_SUBSCRIPTIONS,
    references: &[Reference::of_link(
        LinkKind::Subscription,
        "SubscriptionRedrivePolicy",
        &["RedrivePolicy", "deadLetterTargetArn"],
        LinkKind::Redrive,
    )],
    ..LinkSpec::BLANK
};

pub static PAIRS: &[Pair] = &[
    Pair::new(LinkKind::Send, Kind::Producer, Kind::Topic),
    Pair::new(LinkKind::Send, Kind::Worker, Kind::Topic),
    Pair::new(LinkKind::Send, Kind::Function, Kind::Topic),
    Pair::new(LinkKind::Send, Kind::KclApplication, Kind::Topic),
    Pair::new(LinkKind::Target, Kind::Rule, Kind::Topic),
    Pair::new(LinkKind::Target, Kind::Schedule, Kind::Topic),
    Pair::new(LinkKind::Target, Kind::Pipe, Kind::Topic),
];
