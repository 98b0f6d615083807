//! The worker's inspector, as data.

use crate::lang::event_pattern::Dialect;
use crate::services::{
    CONNECT_TIMEOUT, Family, Group, Property, PropertyKind, READ_TIMEOUT, Spec, frailty, knob, property,
};

static PROPERTIES: &[Property] = &[
    knob(
        "Concurrency",
        "Concurrency",
        PropertyKind::Integer { min: 1, max: 1_000 },
        "1",
        "Messages worked on at once.",
        "",
    )
    .in_unit("threads"),
    knob("ProcessingTime", "Processing time", PropertyKind::Duration, "\"1s\"", "How long one message takes.", ""),
    knob("FailureRate", "Failure rate", PropertyKind::Probability, "0", "Part of the messages that fail.", ""),
    knob(
        "FailWhen",
        "Fail when",
        PropertyKind::Pattern(Dialect::EventBridge),
        "",
        "Messages whose body matches always fail.",
        "",
    ),
    property(
        "MaxNumberOfMessages",
        "Max messages",
        PropertyKind::Integer { min: 1, max: 10 },
        "1",
        "Most messages of one receive.",
        "SQS-14",
    ),
    property(
        "WaitTimeSeconds",
        "Wait time",
        PropertyKind::Integer { min: 0, max: 20 },
        "20",
        "Long polling: how long a receive waits for a message.",
        "SQS-23",
    )
    .in_unit("s"),
    property(
        "VisibilityTimeout",
        "Visibility timeout",
        PropertyKind::Integer { min: 0, max: 43_200 },
        "",
        "Overrides the queue's for what this worker receives.",
        "SQS-14",
    )
    .in_unit("s"),
    property(
        "Heartbeat",
        "Heartbeat",
        PropertyKind::Duration,
        "",
        "While it works, it hides its messages anew after each such time: for its visibility timeout, or for twice that.",
        "SQS-17",
    ),
    property(
        "DeleteMessages",
        "Delete messages",
        PropertyKind::SwitchedChoice(&["After", "Before", "Never"]),
        "\"After\"",
        "When it deletes a message: after the work, before it (then a failure loses it), or never.",
        "SQS-19",
    ),
    property(
        "Idempotent",
        "Idempotent",
        PropertyKind::Boolean,
        "false",
        "Keeps a table of what it has done, and skips a message that it has processed before.",
        "X-3",
    ),
    property(
        "IdempotencyKey",
        "Idempotency key",
        PropertyKind::Text { max: 128 },
        "",
        "The field of the body by which it knows a message again, such as order; without one, the message's identity.",
        "X-3",
    ),
    knob(
        "EffectBeforeFailure",
        "Effect before failure",
        PropertyKind::Boolean,
        "false",
        "Work that fails has had its effect and passed its message on: the next attempt does so again.",
        "",
    ),
    knob(
        "CrashRate",
        "Crash rate",
        PropertyKind::Probability,
        "0",
        "Part of the messages in whose work it crashes.",
        "",
    ),
    knob("RestartTime", "Restart time", PropertyKind::Duration, "\"10s\"", "How long it takes to be back.", ""),
    knob(
        "TaskToken",
        "Task token",
        PropertyKind::Text { max: 256 },
        "",
        "Where a message has a state machine's task token, such as $.TaskToken: the end of the work is told to it.",
        "SFN-20",
    ),
    knob(
        "TaskOutput",
        "Task output",
        PropertyKind::Json,
        "\"input\"",
        "What it tells a state machine when the work has succeeded: \"input\", or a value with <$.path> in its texts.",
        "SFN-20",
    ),
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
];

pub static SPEC: Spec = Spec {
    kind: "Decoupled::Worker",
    name: "Worker",
    summary: "Polls, processes, deletes",
    stem: "worker",
    group: Group::Consumers,
    family: Family::Compute,
    size: (184.0, 92.0),
    glyph: "M5 4h14v16H5zM9 12l2.5 2.5L16 9.5",
    properties: PROPERTIES,
    not_modelled: &[("Host", "hosts shared by several workers are not modelled")],
    charts: &["Processed", "Failed", "Effects", "Duplicates", "Crashes"],
    link: "",
    frailty: &frailty::CONSUMER,
    ..Spec::BLANK
};
