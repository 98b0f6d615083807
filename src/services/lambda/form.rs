//! The function's inspector, as data.

use super::batch_response;
use crate::lang::event_pattern::Dialect;
use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, knob, property};

const DEAD_LETTERS: &[Property] = &[property(
    "TargetArn",
    "Target",
    PropertyKind::Node(&["AWS::SQS::Queue", "AWS::SNS::Topic"]),
    "",
    "A standard queue or topic; it gets the event, with what went wrong in its attributes.",
    "",
)];

const DESTINATION: &[Property] = &[property(
    "Destination",
    "Destination",
    PropertyKind::Node(&["AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::Lambda::Function", "AWS::Events::EventBus"]),
    "",
    "It gets a record of the invocation: request, response and why.",
    "",
)];

const DESTINATIONS: &[Property] = &[
    property("OnSuccess", "On success", PropertyKind::Object(DESTINATION), "", "For events that succeeded.", ""),
    property("OnFailure", "On failure", PropertyKind::Object(DESTINATION), "", "For events that are given up.", ""),
];

const EVENTS: &[Property] = &[
    property(
        "MaximumRetryAttempts",
        "Retries",
        PropertyKind::Integer { min: 0, max: 2 },
        "2",
        "After an error of the function, a minute and then two minutes later.",
        "",
    ),
    property(
        "MaximumEventAgeInSeconds",
        "Highest age",
        PropertyKind::Integer { min: 60, max: 21_600 },
        "21600",
        "An event that would be older at its next attempt is given up.",
        "",
    )
    .in_unit("s"),
    property(
        "DestinationConfig",
        "Destinations",
        PropertyKind::Object(DESTINATIONS),
        "",
        "Where records of invocations go.",
        "",
    ),
];

const RAISES: &[Property] = &[
    knob("errorType", "Error type", PropertyKind::Text { max: 256 }, "\"Error\"", "The name of the exception.", ""),
    knob("errorMessage", "Error message", PropertyKind::Text { max: 32_768 }, "\"failed\"", "What it says.", ""),
];

static PROPERTIES: &[Property] = &[
    property(
        "Timeout",
        "Timeout",
        PropertyKind::Integer { min: 1, max: 900 },
        "3",
        "An invocation that takes longer is stopped and counts as failed.",
        "",
    )
    .in_unit("s"),
    property(
        "ReservedConcurrentExecutions",
        "Reserved concurrency",
        PropertyKind::Integer { min: 0, max: 1_000 },
        "",
        "How many invocations may run at a time; without it, up to what the account has left.",
        "SQS-47",
    ),
    property(
        "AccountConcurrency",
        "Account concurrency",
        PropertyKind::Integer { min: 10, max: 100_000 },
        "",
        "Concurrent executions of the account, which all functions share: 1,000 unless set. The lowest set counts.",
        "SQS-47",
    ),
    property(
        "DeadLetterConfig",
        "Dead-letter queue",
        PropertyKind::Object(DEAD_LETTERS),
        "",
        "Where events go that are given up.",
        "SNS-19",
    ),
    property(
        "EventInvokeConfig",
        "Asynchronous invocation",
        PropertyKind::Object(EVENTS),
        "",
        "In AWS a resource of its own, AWS::Lambda::EventInvokeConfig.",
        "SNS-19",
    ),
    property(
        "ProcessingTime",
        "Processing time",
        PropertyKind::Duration,
        "\"200ms\"",
        "How long one invocation takes, whatever the number of messages in it.",
        "",
    ),
    property(
        "FailureRate",
        "Failure rate",
        PropertyKind::Probability,
        "0",
        "The part of the invocations that fail by chance.",
        "",
    ),
    knob(
        "MessageFailureRate",
        "Message failure rate",
        PropertyKind::Probability,
        "0",
        "The part of the messages that fail by chance, each by itself.",
        "",
    ),
    property(
        "FailWhen",
        "Fails when",
        PropertyKind::Pattern(Dialect::EventBridge),
        "",
        "An invocation fails when the JSON body of one of its messages matches this pattern.",
        "",
    ),
    knob(
        "TaskToken",
        "Task token",
        PropertyKind::Text { max: 256 },
        "",
        "Where its event has a state machine's task token, such as $.TaskToken: what it returns or raises is told to it.",
        "SFN-20",
    ),
    knob(
        "Returns",
        "Returns",
        PropertyKind::Json,
        "\"input\"",
        "Its answer: \"input\", a constant, or a template over the event, such as {\"total\": \"<$.price>\"}; {\"each\": …} \
         answers a list item by item. It gives back its input unless set.",
        "",
    ),
    knob(
        "Raises",
        "Raises",
        PropertyKind::Object(RAISES),
        "",
        "The error when it fails; each time, if nothing else says when.",
        "",
    ),
    knob(
        "Response",
        "Batch response",
        PropertyKind::Choice(batch_response::NAMES),
        "\"Failures\"",
        "What it returns when some messages fail and the mapping asks which: they alone, or something odd.",
        "SQS-46",
    ),
    knob(
        "EffectBeforeFailure",
        "Effect before failure",
        PropertyKind::Boolean,
        "false",
        "An invocation that fails has had its effect and passed its messages on: the next attempt does so again.",
        "",
    ),
    knob(
        "WindowStateSize",
        "Window state",
        PropertyKind::Integer { min: 0, max: 1_000_000 },
        "0",
        "Bytes that each record adds to the state of a tumbling window; above 1 MB the window ends early.",
        "KDS-29",
    )
    .in_unit("B/record"),
    knob("Idempotent", "Idempotent", PropertyKind::Boolean, "false", "Skips what it has processed before.", ""),
    knob(
        "IdempotencyKey",
        "Idempotency key",
        PropertyKind::Text { max: 128 },
        "",
        "The field of the body by which it knows a message again, such as order; without one, the message's identity.",
        "",
    ),
    property(
        "FunctionName",
        "Function name",
        PropertyKind::Text { max: 64 },
        "",
        "The function's name in AWS; links go by the id of the node.",
        "",
    )
    .fixed(),
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
        ("TracingConfig", "the trace here shows every invocation"),
        ("Tags", "tags are not modelled; they change nothing that can be seen here"),
    ],
    charts: &[
        "Invocations",
        "Errors",
        "Throttles",
        "ConcurrentExecutions",
        "Duration",
        "AsyncEventAge",
        "Duplicates",
        "IteratorAge",
    ],
    link: "https://docs.aws.amazon.com/lambda/latest/dg/welcome.html",
    frailty: &frailty::FUNCTION,
    prices: &super::prices::PRICES,
    push: |_| Some(super::api::Request::InvokeEvent.into()),
    pairs: super::links::PAIRS,
    references: super::links::REFERENCES,
    problems: super::problems::problems,
    ..Spec::BLANK
};
