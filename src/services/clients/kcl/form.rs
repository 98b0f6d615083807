//! The application's inspector, as data: the library's settings by their own names, and how its record processor
//! behaves.

use super::config::WORKERS_MAX;
use crate::lang::event_pattern::Dialect;
use crate::services::{
    CONNECT_TIMEOUT, Family, Group, Property, PropertyKind, READ_TIMEOUT, Spec, frailty, knob, property,
};

const MILLIS: PropertyKind = PropertyKind::Integer { min: 100, max: 3_600_000 };

static PROPERTIES: &[Property] = &[
    knob(
        "Workers",
        "Workers",
        PropertyKind::Integer { min: 1, max: WORKERS_MAX as i64 },
        "2",
        "Workers beyond the number of shards have nothing to do.",
        "KDS-20",
    ),
    property(
        "KclVersion",
        "KCL",
        PropertyKind::Choice(&["2", "3"]),
        "\"3\"",
        "2: each worker takes leases, balanced by their number. 3: a leader assigns them, and balances by CPU.",
        "KDS-21",
    )
    .fixed(),
    property(
        "failoverTimeMillis",
        "Failover time",
        MILLIS,
        "10000",
        "A lease whose counter stands still for so long has lost its owner; owners count three times as often.",
        "KDS-20",
    )
    .in_unit("ms"),
    property(
        "InitialPositionInStream",
        "Initial position",
        PropertyKind::Choice(&["LATEST", "TRIM_HORIZON"]),
        "\"LATEST\"",
        "Where an application without leases begins: always say it, the library's own defaults differ.",
        "KDS-23",
    )
    .fixed(),
    property(
        "RetrievalSpecificConfig",
        "Retrieval",
        PropertyKind::Choice(&["PollingConfig", "FanOutConfig"]),
        "\"PollingConfig\"",
        "Polls the shards like everybody, or is pushed as a consumer with enhanced fan-out.",
        "KDS-10",
    ),
    property(
        "idleTimeBetweenReadsInMillis",
        "Idle time between reads",
        PropertyKind::Integer { min: 200, max: 600_000 },
        "1500",
        "From one read of a shard to the next.",
        "KDS-23",
    )
    .in_unit("ms"),
    property(
        "maxRecords",
        "Max records",
        PropertyKind::Integer { min: 1, max: 10_000 },
        "10000",
        "Of one read.",
        "KDS-23",
    ),
    knob(
        "CheckpointEvery",
        "Checkpoint every",
        PropertyKind::Integer { min: 1, max: 1_000_000 },
        "",
        "Its own code checkpoints after so many records of a shard; after each batch unless set.",
        "KDS-23",
    )
    .in_unit("records"),
    property(
        "maxLeasesForWorker",
        "Max leases",
        PropertyKind::Integer { min: 1, max: 10_000 },
        "",
        "Of one worker; without a limit unless set.",
        "KDS-20",
    ),
    property(
        "maxLeasesToStealAtOneTime",
        "Max leases to steal",
        PropertyKind::Integer { min: 1, max: 100 },
        "1",
        "KCL 2: a worker with too few leases takes so many at once from the one with most.",
        "KDS-20",
    ),
    property(
        "shardSyncIntervalMillis",
        "Shard sync interval",
        MILLIS,
        "60000",
        "How often the leader makes leases for new shards, and cleans up those of shards that are done.",
        "KDS-22",
    )
    .in_unit("ms"),
    property(
        "parentShardPollIntervalMillis",
        "Parent poll interval",
        MILLIS,
        "10000",
        "How often a lease looks whether its parents are done.",
        "KDS-23",
    )
    .in_unit("ms"),
    property("taskBackoffTimeMillis", "Task back-off", MILLIS, "500", "After something failed.", "KDS-23")
        .in_unit("ms"),
    property(
        "reBalanceThresholdPercentage",
        "Rebalance threshold",
        PropertyKind::Integer { min: 1, max: 100 },
        "10",
        "KCL 3: how far from the average a worker's CPU may be.",
        "KDS-21",
    )
    .in_unit("%"),
    property(
        "dampeningPercentage",
        "Dampening",
        PropertyKind::Integer { min: 1, max: 100 },
        "60",
        "KCL 3: which part of what is above the average moves at a time.",
        "KDS-21",
    )
    .in_unit("%"),
    property(
        "isGracefulLeaseHandoffEnabled",
        "Graceful handoff",
        PropertyKind::Boolean,
        "true",
        "KCL 3: the old owner finishes its batch and checkpoints before the new one begins.",
        "KDS-21",
    ),
    property(
        "gracefulLeaseHandoffTimeoutMillis",
        "Handoff time-out",
        MILLIS,
        "30000",
        "How long the new owner waits for that.",
        "KDS-21",
    )
    .in_unit("ms"),
    knob("ProcessingTime", "Processing time", PropertyKind::Duration, "\"20ms\"", "How long one record takes.", ""),
    knob("FailureRate", "Failure rate", PropertyKind::Probability, "0", "Part of the records that throw.", ""),
    knob(
        "FailWhen",
        "Fail when",
        PropertyKind::Pattern(Dialect::EventBridge),
        "",
        "Records whose data matches always throw.",
        "",
    ),
    knob(
        "OnException",
        "On exception",
        PropertyKind::Choice(&["Skip", "Retry"]),
        "\"Skip\"",
        "The library goes on behind a batch whose processing threw; one's own code may try again instead.",
        "KDS-23",
    ),
    knob("Cores", "Cores", PropertyKind::Integer { min: 1, max: 128 }, "2", "Of one worker's machine.", "KDS-21"),
    knob(
        "CrashRate",
        "Crash rate",
        PropertyKind::Probability,
        "0",
        "Part of the records in whose work it crashes.",
        "",
    ),
    knob("RestartTime", "Restart time", PropertyKind::Duration, "\"30s\"", "How long a worker takes to be back.", ""),
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    knob(
        "Idempotent",
        "Idempotent",
        PropertyKind::Boolean,
        "false",
        "Skips what the application has processed before.",
        "X-3",
    ),
    knob(
        "IdempotencyKey",
        "Idempotency key",
        PropertyKind::Text { max: 128 },
        "",
        "The field of the data by which it knows a record again, such as order; without one, the record's identity.",
        "X-3",
    ),
];

pub static SPEC: Spec = Spec {
    kind: "Decoupled::KclApplication",
    name: "KCL application",
    summary: "Workers that share a stream's shards by leases",
    stem: "kcl",
    group: Group::Consumers,
    family: Family::Compute,
    size: (240.0, 150.0),
    glyph: "M4 4h7v7H4zM13 13h7v7h-7zM13 7h4v4M11 17H7v-4",
    properties: PROPERTIES,
    not_modelled: &[("StreamTracker", "an application reads one stream here")],
    charts: &["Processed", "Failed", "Skipped", "Duplicates", "LeasesHeld", "LeasesLost", "CheckpointsRefused"],
    link: "https://docs.aws.amazon.com/streams/latest/dev/kcl.html",
    frailty: &frailty::CONSUMER,
    ..Spec::BLANK
};
