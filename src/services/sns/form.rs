//! The topic's inspector, as data.

use super::quotas::Region;
use crate::engine::{MICROS_PER_MILLI, Micros};
use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, knob, property};

static KNOBS: &[Property] = &[
    knob(
        "Region",
        "Region",
        PropertyKind::Choice(&Region::NAMES),
        "\"us-east-1\"",
        "Whose publish quota holds: 30,000 messages a second, 9,000, 9,000, 1,500 or 300.",
        "SNS-4",
    )
    .fixed(),
    knob(
        "PublishRate",
        "Publish quota",
        PropertyKind::Integer { min: 1, max: 1_000_000 },
        "",
        "Messages a second that this topic has to itself, instead of the quota it shares with others.",
        "SNS-4",
    ),
    knob(
        "FilterPolicyLag",
        "Filter policy lag",
        PropertyKind::Duration,
        "\"0s\"",
        "How long a changed filter policy takes to hold: up to 15 minutes on AWS.",
        "SNS-23",
    ),
    knob(
        "RetryJitter",
        "Retry jitter",
        PropertyKind::Probability,
        "0",
        "The largest part by which a retry's wait is stretched at random.",
        "SNS-14",
    ),
];

static PROPERTIES: &[Property] = &[
    property(
        "FifoTopic",
        "FIFO topic",
        PropertyKind::Boolean,
        "false",
        "Keeps the order of each message group and delivers no duplicates, to queues alone.",
        "SNS-2",
    )
    .fixed(),
    property(
        "ContentBasedDeduplication",
        "Content-based deduplication",
        PropertyKind::Boolean,
        "false",
        "The hash of the body stands in for a deduplication id.",
        "SNS-24",
    ),
    property(
        "FifoThroughputScope",
        "FIFO throughput scope",
        PropertyKind::Choice(&["Topic", "MessageGroup"]),
        "\"Topic\"",
        "What deduplication and throughput are counted by; there is no way back from MessageGroup.",
        "SNS-4",
    ),
    property(
        "ArchivePolicy",
        "Archive policy",
        PropertyKind::Json,
        "",
        "{\"MessageRetentionPeriod\": 30}: days for which a FIFO topic keeps its messages for replay.",
        "SNS-26",
    ),
    property(
        "DeliveryPolicy",
        "Delivery policy",
        PropertyKind::Json,
        "",
        "Retries and throttling of HTTP/S subscriptions that have no policy of their own.",
        "SNS-16",
    ),
    property(
        "MaximumMessageSize",
        "Maximum message size",
        PropertyKind::Integer { min: 1_024, max: 1_048_576 },
        "262144",
        "Larger messages, attributes included, are refused.",
        "SNS-5",
    )
    .in_unit("B"),
    property(
        "KmsMasterKeyId",
        "KMS key",
        PropertyKind::Text { max: 2_048 },
        "",
        "Encrypts bodies at rest, and changes nothing that can be seen here.",
        "SNS-8",
    ),
    property("DisplayName", "Display name", PropertyKind::Text { max: 100 }, "", "The sender of e-mail and SMS.", ""),
    knob("Decoupled", "Model", PropertyKind::Object(KNOBS), "", "What AWS leaves open or varies.", ""),
];

/// From publish to delivery: usually below 30 ms (SNS-28) `[MODEL]`.
const HOP: Micros = 20 * MICROS_PER_MILLI;

pub static SPEC: Spec = Spec {
    kind: "AWS::SNS::Topic",
    name: "SNS topic",
    summary: "Pushes a copy to every subscription that accepts it",
    stem: "topic",
    group: Group::QueuesAndTopics,
    family: Family::Integration,
    size: (196.0, 120.0),
    glyph: "M4 12h6M10 12l8-6M10 12h9M10 12l8 6M18 6h.01M19 12h.01M18 18h.01",
    properties: PROPERTIES,
    not_modelled: &[
        ("DeliveryStatusLogging", "delivery logs are not modelled; the run's trace shows every delivery"),
        ("SignatureVersion", "signatures are not modelled"),
        ("Subscription", "subscriptions are drawn as links from the topic"),
        ("TopicName", "the node's id is the topic's name"),
        ("TracingConfig", "X-Ray is not modelled; the run's trace shows every delivery"),
    ],
    charts: &["NumberOfMessagesPublished", "NumberOfNotificationsDelivered", "NumberOfNotificationsFailed"],
    link: "https://docs.aws.amazon.com/sns/latest/dg/welcome.html",
    frailty: &frailty::SERVICE,
    prices: &super::prices::PRICES,
    hop: HOP,
    push: super::api::push,
    pairs: super::links::PAIRS,
    problems: super::problems::problems,
    ..Spec::BLANK
};
