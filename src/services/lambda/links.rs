//! The links of a function: who calls it, what its mappings poll, and what it reports to.

use crate::services::clients::links::FAN_OUT;
use crate::services::{Kind, LinkKind, LinkSpec, Near, Pair, Property, PropertyKind, Reference, property};

const SCALING: &[Property] = &[property(
    "MaximumConcurrency",
    "Maximum concurrency",
    PropertyKind::Integer { min: 2, max: 1_000 },
    "",
    "Most batches at a time; with a reserved concurrency below it, the rest is throttled.",
    "SQS-47",
)];

const POLLERS: &[Property] = &[
    property(
        "MinimumPollers",
        "Minimum pollers",
        PropertyKind::Integer { min: 2, max: 200 },
        "2",
        "Event pollers that are always there.",
        "SQS-47",
    ),
    property(
        "MaximumPollers",
        "Maximum pollers",
        PropertyKind::Integer { min: 2, max: 2_000 },
        "200",
        "Event pollers that a backlog may bring.",
        "SQS-47",
    ),
];

static MAPPING_DESTINATION: &[Property] = &[property(
    "Destination",
    "Destination",
    PropertyKind::Node(&["AWS::SQS::Queue", "AWS::SNS::Topic"]),
    "",
    "A standard queue or topic; it is told shard, sequence numbers and reason, and not given the records.",
    "KDS-27",
)];

static MAPPING_DESTINATIONS: &[Property] = &[property(
    "OnFailure",
    "On failure",
    PropertyKind::Object(MAPPING_DESTINATION),
    "",
    "For records that are given up.",
    "KDS-27",
)];

const BATCH_SIZE: Property = property(
    "BatchSize",
    "Batch size",
    PropertyKind::Integer { min: 1, max: 10_000 },
    "",
    "Most records in one invocation: 10 for a queue and 100 for a stream unless set.",
    "SQS-44",
);
const STARTING_POSITION: Property = property(
    "StartingPosition",
    "Starting position",
    PropertyKind::Choice(&["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"]),
    "\"TRIM_HORIZON\"",
    "Where a stream's reader begins.",
    "KDS-26",
)
.fixed();
const STARTING_POSITION_TIMESTAMP: Property = property(
    "StartingPositionTimestamp",
    "Starting time",
    PropertyKind::Integer { min: 0, max: 9_999_999_999 },
    "",
    "With AT_TIMESTAMP: seconds since the beginning of the run, or since 1970.",
    "KDS-26",
)
.fixed();
const PARALLELIZATION_FACTOR: Property = property(
    "ParallelizationFactor",
    "Parallelization factor",
    PropertyKind::Integer { min: 1, max: 10 },
    "1",
    "Batches of a shard at a time; records of one key stay in one lane, and so in order.",
    "KDS-26",
);
const BISECT_BATCH_ON_FUNCTION_ERROR: Property = property(
    "BisectBatchOnFunctionError",
    "Bisect on error",
    PropertyKind::Boolean,
    "false",
    "A batch that fails is cut in two, down to the record that cannot be processed.",
    "KDS-27",
);
const MAXIMUM_RETRY_ATTEMPTS: Property = property(
    "MaximumRetryAttempts",
    "Retries",
    PropertyKind::Integer { min: -1, max: 10_000 },
    "",
    "Until the records expire unless set; meanwhile their shard waits.",
    "KDS-27",
);
const MAXIMUM_RECORD_AGE_IN_SECONDS: Property = property(
    "MaximumRecordAgeInSeconds",
    "Highest age",
    PropertyKind::Integer { min: -1, max: 604_800 },
    "",
    "Older records are given up: 60 s and more, or without limit.",
    "KDS-27",
)
.in_unit("s");
const DESTINATION_CONFIG: Property = property(
    "DestinationConfig",
    "Destinations",
    PropertyKind::Object(MAPPING_DESTINATIONS),
    "",
    "Where it is told which records of a stream were given up.",
    "KDS-27",
);
const TUMBLING_WINDOW_IN_SECONDS: Property = property(
    "TumblingWindowInSeconds",
    "Tumbling window",
    PropertyKind::Integer { min: 0, max: 900 },
    "0",
    "A state goes from invocation to invocation, and a final one closes each window of this length.",
    "KDS-29",
)
.in_unit("s");
const ENABLED: Property = property("Enabled", "Enabled", PropertyKind::Boolean, "true", "Whether it polls.", "SQS-44");
const MAXIMUM_BATCHING_WINDOW_IN_SECONDS: Property = property(
    "MaximumBatchingWindowInSeconds",
    "Batching window",
    PropertyKind::Integer { min: 0, max: 300 },
    "0",
    "How long messages or records are gathered, in seconds, before a batch that is not full is handed over.",
    "SQS-44",
);
const FILTER_CRITERIA: Property = property(
    "FilterCriteria",
    "Filter criteria",
    PropertyKind::Json,
    "",
    "{\"Filters\": [{\"Pattern\": \"…\"}]}: what fits no pattern is skipped unseen, and deleted from a queue.",
    "SQS-48",
);
const FUNCTION_RESPONSE_TYPES: Property = property(
    "FunctionResponseTypes",
    "Function response types",
    PropertyKind::Json,
    "",
    "[\"ReportBatchItemFailures\"]: only messages that the function does not name as failed are done.",
    "SQS-46",
);
const SCALING_CONFIG: Property = property(
    "ScalingConfig",
    "Scaling",
    PropertyKind::Object(SCALING),
    "",
    "A limit of its own for a queue's mapping; not together with provisioned pollers.",
    "SQS-47",
);
const PROVISIONED_POLLER_CONFIG: Property = property(
    "ProvisionedPollerConfig",
    "Provisioned pollers",
    PropertyKind::Object(POLLERS),
    "",
    "Event pollers kept ready for a queue, each with up to 10 batches at a time.",
    "SQS-47",
);

static ALL: &[Property] = &[
    BATCH_SIZE,
    STARTING_POSITION,
    STARTING_POSITION_TIMESTAMP,
    PARALLELIZATION_FACTOR,
    BISECT_BATCH_ON_FUNCTION_ERROR,
    MAXIMUM_RETRY_ATTEMPTS,
    MAXIMUM_RECORD_AGE_IN_SECONDS,
    DESTINATION_CONFIG,
    TUMBLING_WINDOW_IN_SECONDS,
    FAN_OUT,
    ENABLED,
    MAXIMUM_BATCHING_WINDOW_IN_SECONDS,
    FILTER_CRITERIA,
    FUNCTION_RESPONSE_TYPES,
    SCALING_CONFIG,
    PROVISIONED_POLLER_CONFIG,
];
static OF_QUEUES: &[Property] = &[
    BATCH_SIZE,
    ENABLED,
    MAXIMUM_BATCHING_WINDOW_IN_SECONDS,
    FILTER_CRITERIA,
    FUNCTION_RESPONSE_TYPES,
    SCALING_CONFIG,
    PROVISIONED_POLLER_CONFIG,
];
static OF_STREAMS: &[Property] = &[
    BATCH_SIZE,
    STARTING_POSITION,
    STARTING_POSITION_TIMESTAMP,
    PARALLELIZATION_FACTOR,
    BISECT_BATCH_ON_FUNCTION_ERROR,
    MAXIMUM_RETRY_ATTEMPTS,
    MAXIMUM_RECORD_AGE_IN_SECONDS,
    DESTINATION_CONFIG,
    TUMBLING_WINDOW_IN_SECONDS,
    FAN_OUT,
    ENABLED,
    MAXIMUM_BATCHING_WINDOW_IN_SECONDS,
    FILTER_CRITERIA,
    FUNCTION_RESPONSE_TYPES,
];
static OF_TABLES: &[Property] = &[
    BATCH_SIZE,
    STARTING_POSITION,
    STARTING_POSITION_TIMESTAMP,
    PARALLELIZATION_FACTOR,
    BISECT_BATCH_ON_FUNCTION_ERROR,
    MAXIMUM_RETRY_ATTEMPTS,
    MAXIMUM_RECORD_AGE_IN_SECONDS,
    DESTINATION_CONFIG,
    TUMBLING_WINDOW_IN_SECONDS,
    ENABLED,
    MAXIMUM_BATCHING_WINDOW_IN_SECONDS,
    FILTER_CRITERIA,
    FUNCTION_RESPONSE_TYPES,
];

pub static MAPPING: LinkSpec = LinkSpec {
    name: "AWS::Lambda::EventSourceMapping",
    label: "is polled by",
    properties: ALL,
    references: &[Reference {
        near: Near::To,
        ..Reference::of_link(
            LinkKind::EventSourceMapping,
            "MappingOnFailure",
            &["DestinationConfig", "OnFailure", "Destination"],
            LinkKind::Destination,
        )
    }],
    ..LinkSpec::BLANK
};

/// To where the record of an invocation goes.
pub static DESTINATION: LinkSpec =
    LinkSpec { name: "Destination", label: "reports to", is_written: false, ..LinkSpec::BLANK };

pub static PAIRS: &[Pair] = &[
    Pair::new(LinkKind::Send, Kind::Producer, Kind::Function),
    Pair::new(LinkKind::Send, Kind::Worker, Kind::Function),
    Pair::new(LinkKind::Send, Kind::Function, Kind::Function),
    Pair::new(LinkKind::Send, Kind::KclApplication, Kind::Function),
    Pair::new(LinkKind::Subscription, Kind::Topic, Kind::Function),
    Pair::new(LinkKind::Target, Kind::Rule, Kind::Function),
    Pair::new(LinkKind::Target, Kind::Schedule, Kind::Function),
    Pair::new(LinkKind::Target, Kind::Pipe, Kind::Function),
    Pair::with(LinkKind::EventSourceMapping, Kind::Queue, Kind::Function, OF_QUEUES),
    Pair::with(LinkKind::EventSourceMapping, Kind::Stream, Kind::Function, OF_STREAMS),
    Pair::with(LinkKind::EventSourceMapping, Kind::Table, Kind::Function, OF_TABLES),
];

const OF_EVENTS: [&str; 2] = ["EventInvokeConfig", "DestinationConfig"];

pub static REFERENCES: &[Reference] = &[
    Reference::of_node(Kind::Function, "DeadLetterConfig", &["DeadLetterConfig", "TargetArn"], LinkKind::Redrive),
    Reference::of_node(
        Kind::Function,
        "OnSuccess",
        &[OF_EVENTS[0], OF_EVENTS[1], "OnSuccess", "Destination"],
        LinkKind::Destination,
    ),
    Reference::of_node(
        Kind::Function,
        "OnFailure",
        &[OF_EVENTS[0], OF_EVENTS[1], "OnFailure", "Destination"],
        LinkKind::Destination,
    ),
];
