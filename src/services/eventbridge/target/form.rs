//! The target's inspector, as data: AWS writes these properties in the rule or schedule, a scene on the link.

use crate::services::{Property, PropertyKind, knob, property};

static RETRY_POLICY: &[Property] = &[
    property(
        "MaximumRetryAttempts",
        "Maximum retry attempts",
        PropertyKind::Integer { min: 0, max: 185 },
        "185",
        "Attempts after the first.",
        "EB-14",
    ),
    property(
        "MaximumEventAgeInSeconds",
        "Maximum event age",
        PropertyKind::Integer { min: 60, max: 86_400 },
        "86400",
        "An event that is older is tried no more.",
        "EB-14",
    )
    .in_unit("s"),
];

static DEAD_LETTER: &[Property] = &[property(
    "Arn",
    "Dead-letter queue",
    PropertyKind::Node(&["AWS::SQS::Queue"]),
    "",
    "A standard queue that gets what the target never took.",
    "EB-14",
)];

static SQS: &[Property] = &[property(
    "MessageGroupId",
    "Message group id",
    PropertyKind::Text { max: 128 },
    "",
    "Of a FIFO queue's messages; on a standard queue it makes fair queues. A rule reads a path such as $.detail.id out of each event.",
    "EB-12",
)];

static KINESIS: &[Property] = &[
    property(
        "PartitionKeyPath",
        "Partition key path",
        PropertyKind::Text { max: 256 },
        "",
        "A JSON path to the partition key, such as $.detail.customer; unless set, the event's id.",
        "EB-12",
    ),
    property(
        "PartitionKey",
        "Partition key",
        PropertyKind::Text { max: 256 },
        "",
        "Of what a schedule sends.",
        "EB-24",
    ),
];

static EVENT_BUS: &[Property] = &[
    property("Source", "Source", PropertyKind::Text { max: 256 }, "", "Of the event a schedule puts.", "EB-24"),
    property(
        "DetailType",
        "Detail type",
        PropertyKind::Text { max: 128 },
        "",
        "Of the event a schedule puts.",
        "EB-24",
    ),
];

static API_DESTINATION: &[Property] = &[
    property(
        "InvocationRateLimitPerSecond",
        "Invocation rate limit",
        PropertyKind::Integer { min: 1, max: 300 },
        "300",
        "Calls a second; what is more waits.",
        "EB-17",
    ),
    property(
        "HttpMethod",
        "HTTP method",
        PropertyKind::Choice(&["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"]),
        "\"POST\"",
        "How the endpoint is called.",
        "EB-17",
    ),
];

static CONNECTION: &[Property] = &[
    property(
        "AuthorizationType",
        "Authorization type",
        PropertyKind::Choice(&["BASIC", "API_KEY", "OAUTH_CLIENT_CREDENTIALS"]),
        "\"API_KEY\"",
        "How calls are authorized.",
        "EB-17",
    ),
    property(
        "AuthParameters",
        "Authorization parameters",
        PropertyKind::Json,
        "",
        "Such as {\"ApiKeyAuthParameters\": {\"ApiKeyName\": \"x-api-key\", \"ApiKeyValue\": \"secret\"}}.",
        "EB-17",
    ),
];

pub static PROPERTIES: &[Property] = &[
    property(
        "Input",
        "Input",
        PropertyKind::Json,
        "",
        "A constant that the target gets instead of the event.",
        "EB-13",
    ),
    property(
        "InputPath",
        "Input path",
        PropertyKind::Text { max: 256 },
        "",
        "The part of the event that the target gets, such as $.detail.",
        "EB-13",
    ),
    property(
        "InputTransformer",
        "Input transformer",
        PropertyKind::Json,
        "",
        "{\"InputPathsMap\": {\"id\": \"$.detail.id\"}, \"InputTemplate\": \"{\\\"order\\\": <id>}\"}: what the target gets.",
        "EB-13",
    ),
    property(
        "RetryPolicy",
        "Retry policy",
        PropertyKind::Object(RETRY_POLICY),
        "",
        "How long what the target does not take is tried again.",
        "EB-14",
    ),
    property(
        "DeadLetterConfig",
        "Dead-letter queue",
        PropertyKind::Object(DEAD_LETTER),
        "",
        "Where an event goes that the target never took; without one, it is gone.",
        "EB-14",
    ),
    property("SqsParameters", "SQS parameters", PropertyKind::Object(SQS), "", "For a queue.", "EB-12"),
    property("KinesisParameters", "Kinesis parameters", PropertyKind::Object(KINESIS), "", "For a stream.", "EB-12"),
    property(
        "EventBridgeParameters",
        "EventBridge parameters",
        PropertyKind::Object(EVENT_BUS),
        "",
        "For a schedule that puts events on a bus.",
        "EB-24",
    ),
    property(
        "ApiDestination",
        "API destination",
        PropertyKind::Object(API_DESTINATION),
        "",
        "For an HTTPS endpoint.",
        "EB-17",
    ),
    property("Connection", "Connection", PropertyKind::Object(CONNECTION), "", "For an HTTPS endpoint.", "EB-17"),
    knob(
        "Permission",
        "Permission",
        PropertyKind::Choice(&["Granted", "Denied"]),
        "\"Granted\"",
        "Whether policies let EventBridge invoke the target; what is denied is not tried again.",
        "EB-14",
    ),
];

pub static NOT_MODELLED: &[(&str, &str)] = &[
    ("RoleArn", "roles are not modelled; Permission says whether the target may be invoked"),
    ("EcsParameters", "ECS is no node here"),
    ("BatchParameters", "AWS Batch is no node here"),
    ("RedshiftDataParameters", "Redshift is no node here"),
    ("HttpParameters", "parameters of an endpoint's path, query and headers are not modelled"),
];
