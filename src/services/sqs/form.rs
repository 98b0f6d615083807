//! The queue's inspector, as data (SQS-2 gives ranges and defaults).

use super::throughput::REGIONS;
use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, knob, property};

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
    property(name, label, kind, default, help, fact).in_unit(unit)
}

static REDRIVE: &[Property] = &[
    property(
        "deadLetterTargetArn",
        "Dead-letter queue",
        PropertyKind::Node(&["AWS::SQS::Queue"]),
        "",
        "Where a message goes that was received too often.",
        "SQS-37",
    ),
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

static REDRIVE_ALLOW: &[Property] = &[
    property(
        "redrivePermission",
        "Redrive permission",
        PropertyKind::Choice(&["allowAll", "denyAll", "byQueue"]),
        "\"allowAll\"",
        "Which queues may use this one as their dead-letter queue.",
        "SQS-40",
    ),
    property(
        "sourceQueueArns",
        "Source queues",
        PropertyKind::Json,
        "",
        "With byQueue: a list of up to 10 ids of queues that may.",
        "SQS-40",
    ),
];

/// Ours: what AWS leaves open, to be tried out.
pub static KNOBS: &[Property] = &[
    knob(
        "DuplicateProbability",
        "Duplicates",
        PropertyKind::Probability,
        "0",
        "How often a server misses a receive or a delete of a standard queue: the message comes once more.",
        "SQS-21",
    ),
    knob(
        "ReorderWindow",
        "Reordering",
        PropertyKind::Integer { min: 0, max: 1_000 },
        "0",
        "How many older messages of a standard queue a receive may pass over, at random.",
        "SQS-21",
    ),
    knob(
        "DeletesByStaleHandle",
        "Stale handles delete",
        PropertyKind::Boolean,
        "false",
        "Whether a handle that is not the latest deletes all the same: AWS leaves it open.",
        "SQS-19",
    ),
    knob(
        "Region",
        "Region",
        PropertyKind::Choice(REGIONS),
        "\"us-east-1\"",
        "Its ceiling holds for a FIFO queue with high throughput: 2,400 to 70,000 calls a second.",
        "SQS-33",
    )
    .fixed(),
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
    property(
        "RedrivePolicy",
        "Redrive policy",
        PropertyKind::Object(REDRIVE),
        "",
        "Moves messages that keep failing to a dead-letter queue.",
        "SQS-37",
    ),
    property(
        "RedriveAllowPolicy",
        "Redrive allow policy",
        PropertyKind::Object(REDRIVE_ALLOW),
        "",
        "Which queues may use this one as their dead-letter queue.",
        "SQS-40",
    ),
    property(
        "FifoQueue",
        "FIFO queue",
        PropertyKind::Boolean,
        "false",
        "Order within each message group, and no duplicates. Fixed at creation: restart the run after a change.",
        "SQS-1",
    )
    .fixed(),
    property(
        "ContentBasedDeduplication",
        "Content-based deduplication",
        PropertyKind::Boolean,
        "false",
        "FIFO: the SHA-256 of the body is the deduplication id of a message that brings none.",
        "SQS-27",
    ),
    property(
        "DeduplicationScope",
        "Deduplication scope",
        PropertyKind::Choice(&["queue", "messageGroup"]),
        "\"queue\"",
        "FIFO: whether an id is compared with those of the whole queue or of its group. Fixed at creation.",
        "SQS-27",
    )
    .fixed(),
    property(
        "FifoThroughputLimit",
        "FIFO throughput limit",
        PropertyKind::Choice(&["perQueue", "perMessageGroupId"]),
        "\"perQueue\"",
        "FIFO: 300 calls a second for each API action of the queue, or of each partition of message groups.",
        "SQS-33",
    ),
    property(
        "QueueName",
        "Queue name",
        PropertyKind::Text { max: 80 },
        "",
        "Letters, digits, hyphens and underscores; that of a FIFO queue ends in .fifo. Else its id here.",
        "SQS-1",
    )
    .fixed(),
    property(
        "SqsManagedSseEnabled",
        "SSE-SQS",
        PropertyKind::Boolean,
        "true",
        "Bodies are encrypted at rest with SQS's own key. It changes nothing that can be seen here.",
        "SQS-10",
    ),
    property(
        "KmsMasterKeyId",
        "KMS key",
        PropertyKind::Text { max: 2_048 },
        "",
        "Encrypts bodies at rest with this key of KMS instead. It changes nothing that can be seen here.",
        "SQS-10",
    ),
    whole(
        "KmsDataKeyReusePeriodSeconds",
        "KMS data key reuse",
        (60, 86_400),
        "300",
        "s",
        "How long a data key of KMS is used before SQS asks for another: longer is cheaper.",
        "SQS-10",
    ),
    knob(
        "Decoupled",
        "What AWS leaves open",
        PropertyKind::Object(KNOBS),
        "",
        "Ours, not AWS's: how often at-least-once shows, how loose the order is.",
        "SQS-21",
    ),
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
    not_modelled: &[("Tags", "tags change nothing that can be seen here")],
    charts: &[
        "ApproximateNumberOfMessagesVisible",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateAgeOfOldestMessage",
    ],
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-types.html",
    frailty: &frailty::SERVICE,
    prices: &super::prices::PRICES,
    push: super::api::push,
    ..Spec::BLANK
};
