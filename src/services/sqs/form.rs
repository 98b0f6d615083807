//! The queue's inspector, as data (SQS-2 gives ranges and defaults).

use crate::services::{Family, Group, Property, PropertyKind, Spec, Strength};

const fn whole(
    name: &'static str,
    label: &'static str,
    range: (i64, i64),
    default: &'static str,
    unit: &'static str,
    help: &'static str,
    fact: &'static str,
) -> Property {
    let kind = PropertyKind::Integer { min: range.0, max: range.1 };
    Property { name, label, kind, default, unit, help, fact, strength: Strength::Documented }
}

static REDRIVE: &[Property] = &[
    Property {
        name: "deadLetterTargetArn",
        label: "Dead-letter queue",
        kind: PropertyKind::Node(&["AWS::SQS::Queue"]),
        default: "",
        unit: "",
        help: "Where a message goes that was received too often.",
        fact: "SQS-37",
        strength: Strength::Documented,
    },
    whole(
        "maxReceiveCount",
        "Max receive count",
        (1, 1_000),
        "10",
        "",
        "Receives a message may have before the next attempt moves it.",
        "SQS-37",
    ),
];

static PROPERTIES: &[Property] = &[
    whole(
        "VisibilityTimeout",
        "Visibility timeout",
        (0, 43_200),
        "30",
        "s",
        "How long a received message stays hidden from other receivers.",
        "SQS-16",
    ),
    whole("DelaySeconds", "Delivery delay", (0, 900), "0", "s", "How long a new message stays hidden.", "SQS-13"),
    whole(
        "ReceiveMessageWaitTimeSeconds",
        "Receive wait time",
        (0, 20),
        "0",
        "s",
        "Above 0, a receive waits for a message (long polling) and asks all servers.",
        "SQS-23",
    ),
    whole(
        "MessageRetentionPeriod",
        "Retention",
        (60, 1_209_600),
        "345600",
        "s",
        "A message older than this is gone, in flight or not.",
        "SQS-11",
    ),
    whole(
        "MaximumMessageSize",
        "Maximum message size",
        (1_024, 1_048_576),
        "1048576",
        "B",
        "Larger messages are refused.",
        "SQS-3",
    ),
    Property {
        name: "RedrivePolicy",
        label: "Redrive policy",
        kind: PropertyKind::Object(REDRIVE),
        default: "",
        unit: "",
        help: "Moves messages that keep failing to a dead-letter queue.",
        fact: "SQS-37",
        strength: Strength::Documented,
    },
];

pub static SPEC: Spec = Spec {
    kind: "AWS::SQS::Queue",
    name: "SQS queue",
    summary: "Holds messages until a consumer deletes them",
    stem: "queue",
    group: Group::QueuesAndTopics,
    family: Family::Integration,
    size: (220.0, 104.0),
    glyph: "M3 7h18M3 17h18M7 12h.01M12 12h.01M17 12h.01",
    properties: PROPERTIES,
    not_modelled: &[
        ("FifoQueue", "FIFO queues are not modelled; leave FifoQueue out for a standard queue"),
        ("ContentBasedDeduplication", "FIFO queues are not modelled"),
        ("DeduplicationScope", "FIFO queues are not modelled"),
        ("FifoThroughputLimit", "FIFO queues are not modelled"),
        ("RedriveAllowPolicy", "redrive allow policies are not modelled; every queue may use any dead-letter queue"),
        ("KmsMasterKeyId", "encryption with a key of one's own is not modelled"),
        ("KmsDataKeyReusePeriodSeconds", "encryption with a key of one's own is not modelled"),
        ("SqsManagedSseEnabled", "encryption is not modelled; it changes nothing that can be seen here"),
    ],
    charts: &[
        "ApproximateNumberOfMessagesVisible",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateAgeOfOldestMessage",
    ],
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html",
};
