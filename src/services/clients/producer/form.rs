//! The producer's inspector, as data.

use super::arrivals::ARRIVALS;
use crate::services::{CONNECT_TIMEOUT, Family, Group, Property, PropertyKind, READ_TIMEOUT, Spec, frailty, knob};

const TEXT: PropertyKind = PropertyKind::Text { max: 256 };

static PROPERTIES: &[Property] = &[
    knob("Rate", "Rate", PropertyKind::Rate, "\"1/s\"", "Messages per time, such as 5/s.", ""),
    ARRIVALS,
    knob("Count", "Count", PropertyKind::Integer { min: 0, max: 100_000_000 }, "", "Stop after so many messages.", ""),
    knob(
        "Payload",
        "Payload",
        PropertyKind::Json,
        "{\"order\":\"{{seq}}\"}",
        "The body; {{seq}}, {{int 1 500}}, {{pick a b}}, {{uuid}}, {{now}}, {{key 8}} are filled in.",
        "",
    ),
    knob("PartitionKey", "Partition key", TEXT, "", "For streams, and the colour of its messages.", ""),
    knob("MessageGroupId", "Message group id", TEXT, "", "For FIFO queues and topics.", ""),
    knob("MessageDeduplicationId", "Deduplication id", TEXT, "", "For FIFO queues and topics.", ""),
    knob(
        "MessageAttributes",
        "Message attributes",
        PropertyKind::Attributes,
        "",
        "Name → value, or AWS's own shape.",
        "",
    ),
    knob(
        "DetailType",
        "Detail type",
        PropertyKind::Text { max: 128 },
        "\"Order Placed\"",
        "Of the events it puts.",
        "",
    ),
    knob("Source", "Source", TEXT, "\"shop\"", "Of the events it puts.", ""),
    knob("BatchSize", "Batch size", PropertyKind::Integer { min: 1, max: 500 }, "1", "Messages in one call.", ""),
    knob(
        "MaxAttempts",
        "Most attempts",
        PropertyKind::Integer { min: 1, max: 10 },
        "1",
        "Attempts of its SDK for one call; an SDK's own default is 3. What was refused for a reason is not repeated.",
        "SQS-E11",
    ),
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    knob("StartAt", "Start at", PropertyKind::Duration, "", "Virtual time of its first message.", "").fixed(),
    knob("StopAt", "Stop at", PropertyKind::Duration, "", "Virtual time after which it is silent.", ""),
];

pub static SPEC: Spec = Spec {
    kind: "Decoupled::Producer",
    name: "Producer",
    summary: "Makes messages and pushes them",
    stem: "producer",
    group: Group::Sources,
    family: Family::Source,
    size: (180.0, 92.0),
    headline: Some("Rate"),
    glyph: "M4 5h10l6 7-6 7H4z",
    properties: PROPERTIES,
    not_modelled: &[],
    charts: &["Produced", "Failed", "Retries"],
    link: "",
    frailty: &frailty::PROGRAM,
    ..Spec::BLANK
};
