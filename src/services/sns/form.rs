//! The topic's inspector, as data.

use crate::services::{Family, Group, Property, PropertyKind, Spec, Strength};

static PROPERTIES: &[Property] = &[Property {
    name: "MaximumMessageSize",
    label: "Maximum message size",
    kind: PropertyKind::Integer { min: 1_024, max: 1_048_576 },
    default: "262144",
    unit: "B",
    help: "Larger messages, attributes included, are refused.",
    fact: "SNS-5",
    strength: Strength::Documented,
}];

pub static SPEC: Spec = Spec {
    kind: "AWS::SNS::Topic",
    name: "SNS topic",
    summary: "Pushes a copy to every subscription that accepts it",
    stem: "topic",
    group: Group::QueuesAndTopics,
    family: Family::Integration,
    size: (196.0, 104.0),
    glyph: "M4 12h6M10 12l8-6M10 12h9M10 12l8 6M18 6h.01M19 12h.01M18 18h.01",
    properties: PROPERTIES,
    not_modelled: &[
        ("FifoTopic", "FIFO topics are not modelled; leave FifoTopic out for a standard topic"),
        ("ContentBasedDeduplication", "FIFO topics are not modelled"),
        ("FifoThroughputScope", "FIFO topics are not modelled"),
        ("ArchivePolicy", "archive and replay are for FIFO topics, which are not modelled"),
        ("DeliveryStatusLogging", "delivery logs are not modelled; the run's trace shows every delivery"),
        ("DisplayName", "display names are for e-mail and SMS, which are not modelled"),
        ("KmsMasterKeyId", "encryption with a key of one's own is not modelled"),
        ("SignatureVersion", "signatures are not modelled"),
        ("Subscription", "subscriptions are drawn as links from the topic"),
        ("TopicName", "the node's id is the topic's name"),
        ("TracingConfig", "X-Ray is not modelled; the run's trace shows every delivery"),
    ],
    charts: &["NumberOfMessagesPublished", "NumberOfNotificationsDelivered", "NumberOfNotificationsFailed"],
    link: "https://docs.aws.amazon.com/sns/latest/dg/welcome.html",
};
