//! The function's inspector, as data.

use crate::lang::event_pattern::Dialect;
use crate::services::{Family, Group, Property, PropertyKind, Spec, Strength};

const fn property(
    name: &'static str,
    label: &'static str,
    kind: PropertyKind,
    default: &'static str,
    unit: &'static str,
    help: &'static str,
) -> Property {
    Property { name, label, kind, default, unit, help, fact: "", strength: Strength::Documented }
}

static PROPERTIES: &[Property] = &[
    property(
        "Timeout",
        "Timeout",
        PropertyKind::Integer { min: 1, max: 900 },
        "3",
        "s",
        "An invocation that takes longer is stopped and counts as failed.",
    ),
    Property {
        fact: "SQS-47",
        ..property(
            "ReservedConcurrentExecutions",
            "Reserved concurrency",
            PropertyKind::Integer { min: 0, max: 1_000 },
            "",
            "",
            "How many invocations may run at a time; without it, up to the account's 1,000.",
        )
    },
    property(
        "ProcessingTime",
        "Processing time",
        PropertyKind::Duration,
        "\"200ms\"",
        "",
        "How long one invocation takes, whatever the number of messages in it.",
    ),
    property(
        "FailureRate",
        "Failure rate",
        PropertyKind::Probability,
        "0",
        "",
        "The part of the invocations that fail by chance.",
    ),
    property(
        "FailWhen",
        "Fails when",
        PropertyKind::Pattern(Dialect::EventBridge),
        "",
        "",
        "An invocation fails when the JSON body of one of its messages matches this pattern.",
    ),
    property(
        "FunctionName",
        "Function name",
        PropertyKind::Text { max: 64 },
        "",
        "",
        "The function's name in AWS; links go by the id of the node.",
    ),
];

const NO_CODE: &str = "no code runs here; ProcessingTime, FailureRate and FailWhen say how the function behaves";

pub static SPEC: Spec = Spec {
    kind: "AWS::Lambda::Function",
    name: "Lambda function",
    summary: "Runs for each message or batch, many at a time",
    stem: "function",
    group: Group::Consumers,
    family: Family::Compute,
    size: (200.0, 96.0),
    glyph: "M4 4h5l7 16h4M10 10L4 20",
    properties: PROPERTIES,
    not_modelled: &[
        ("Code", NO_CODE),
        ("Handler", NO_CODE),
        ("Runtime", NO_CODE),
        ("PackageType", NO_CODE),
        ("Layers", NO_CODE),
        ("Environment", NO_CODE),
        ("Architectures", NO_CODE),
        ("MemorySize", "memory is not modelled; set ProcessingTime to what it would bring about"),
        ("EphemeralStorage", "storage is not modelled; it changes nothing that can be seen here"),
        ("SnapStart", "cold starts are not modelled"),
        ("Role", "permissions are not modelled: every link is allowed"),
        ("VpcConfig", "networks are not modelled; give a link a latency of its own"),
        ("DeadLetterConfig", "dead-letter queues of functions are not modelled; failed events are dropped"),
        ("TracingConfig", "the trace here shows every invocation"),
        ("Tags", "tags are not modelled; they change nothing that can be seen here"),
    ],
    charts: &["Invocations", "Errors", "Throttles", "ConcurrentExecutions", "Duration", "IteratorAge"],
    link: "https://docs.aws.amazon.com/lambda/latest/dg/welcome.html",
};
