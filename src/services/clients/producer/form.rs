//! The producer's inspector, as data.

use crate::services::{Family, Group, Property, PropertyKind, Spec, Strength};

const fn field(
    name: &'static str,
    label: &'static str,
    kind: PropertyKind,
    default: &'static str,
    help: &'static str,
) -> Property {
    Property { name, label, kind, default, unit: "", help, fact: "", strength: Strength::Simplified }
}

const TEXT: PropertyKind = PropertyKind::Text { max: 256 };

static PROPERTIES: &[Property] = &[
    field("Rate", "Rate", PropertyKind::Rate, "\"1/s\"", "Messages per time, such as 5/s."),
    field(
        "Arrivals",
        "Arrivals",
        PropertyKind::Choice(&["Constant", "Poisson", "Burst", "Ramp"]),
        "\"Constant\"",
        "Evenly spaced; at random; ten at once; or growing from nothing to the rate in a minute.",
    ),
    field("Count", "Count", PropertyKind::Integer { min: 0, max: 100_000_000 }, "", "Stop after so many messages."),
    field(
        "Payload",
        "Payload",
        PropertyKind::Json,
        "{\"order\":\"{{seq}}\"}",
        "The body; {{seq}}, {{int 1 500}}, {{pick a b}}, {{uuid}}, {{now}}, {{key 8}} are filled in.",
    ),
    field("PartitionKey", "Partition key", TEXT, "", "For streams, and the colour of its messages."),
    field("MessageGroupId", "Message group id", TEXT, "", "For FIFO queues and topics."),
    field("MessageDeduplicationId", "Deduplication id", TEXT, "", "For FIFO queues and topics."),
    field("MessageAttributes", "Message attributes", PropertyKind::Attributes, "", "Name → value, or AWS's own shape."),
    field("DetailType", "Detail type", PropertyKind::Text { max: 128 }, "\"Order Placed\"", "Of the events it puts."),
    field("Source", "Source", TEXT, "\"shop\"", "Of the events it puts."),
    field("BatchSize", "Batch size", PropertyKind::Integer { min: 1, max: 500 }, "1", "Messages in one call."),
    Property {
        fact: "SQS-E11",
        ..field(
            "MaxAttempts",
            "Most attempts",
            PropertyKind::Integer { min: 1, max: 10 },
            "1",
            "Attempts of its SDK for one call; an SDK's own default is 3. What was refused for a reason is not repeated.",
        )
    },
    field("StartAt", "Start at", PropertyKind::Duration, "", "Virtual time of its first message."),
    field("StopAt", "Stop at", PropertyKind::Duration, "", "Virtual time after which it is silent."),
];

pub static SPEC: Spec = Spec {
    kind: "Decoupled::Producer",
    name: "Producer",
    summary: "Makes messages and pushes them",
    stem: "producer",
    group: Group::Sources,
    family: Family::Source,
    size: (180.0, 92.0),
    glyph: "M4 5h10l6 7-6 7H4z",
    properties: PROPERTIES,
    not_modelled: &[],
    charts: &["Produced", "Failed", "Retries"],
    link: "",
};
