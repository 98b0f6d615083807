//! The stream's inspector, as data.

use crate::figure::Shape;
use crate::services::{Family, Group, Property, PropertyKind, Spec, Strength, frailty, knob, property};

static STREAM_MODE: &[Property] = &[property(
    "StreamMode",
    "Mode",
    PropertyKind::Choice(&["PROVISIONED", "ON_DEMAND"]),
    "\"PROVISIONED\"",
    "Provisioned: the number of shards is set by hand. On demand: it follows the peak of the traffic.",
    "KDS-16",
)];

static ENCRYPTION: &[Property] = &[
    property("EncryptionType", "Type", PropertyKind::Choice(&["KMS"]), "\"KMS\"", "By a key of KMS.", "KDS-13"),
    property(
        "KeyId",
        "Key",
        PropertyKind::Text { max: 2_048 },
        "\"alias/aws/kinesis\"",
        "AWS's own key for Kinesis, or one of yours.",
        "KDS-13",
    ),
];

static KNOBS: &[Property] = &[
    knob(
        "ReshardingTime",
        "Time of one split or merge",
        PropertyKind::Duration,
        "\"30s\"",
        "AWS names no number; the stream goes on meanwhile.",
        "KDS-14",
    ),
    knob(
        "OnDemandScalingTime",
        "On-demand scaling time",
        PropertyKind::Duration,
        "\"15m\"",
        "Within what time an on-demand stream has grown to twice its peak.",
        "KDS-16",
    ),
    knob(
        "ShardQuota",
        "Shards of the account",
        PropertyKind::Integer { min: 1, max: 100_000 },
        "",
        "Quota of provisioned shards, all streams together: 20,000 unless set. The lowest set counts.",
        "KDS-12",
    ),
    knob(
        "OnDemandAdvantage",
        "On-demand Advantage",
        PropertyKind::Boolean,
        "false",
        "The account has committed itself to a minimum: 50 consumers with enhanced fan-out, and warm throughput.",
        "KDS-17",
    ),
];

static PROPERTIES: &[Property] = &[
    Property {
        strength: Strength::Simplified,
        ..property(
            "ShardCount",
            "Shards",
            PropertyKind::Integer { min: 1, max: super::config::SHARDS_MAX as i64 },
            "1",
            "Each shard takes 1,000 records and 1 MiB a second; here a stream has at most 64.",
            "KDS-1",
        )
    },
    property(
        "RetentionPeriodHours",
        "Retention",
        PropertyKind::Integer { min: 24, max: 8_760 },
        "24",
        "A record older than this is gone; reading removes nothing.",
        "KDS-6",
    )
    .in_unit("h"),
    property(
        "StreamModeDetails",
        "Mode",
        PropertyKind::Object(STREAM_MODE),
        "",
        "Who chooses the number of shards.",
        "KDS-14",
    ),
    property(
        "MaxRecordSizeInKiB",
        "Largest record",
        PropertyKind::Integer { min: 1_024, max: 10_240 },
        "1024",
        "Above 1 MiB a shard takes bursts of 10 MiB, and 1 MiB/s on the average as before.",
        "KDS-3",
    )
    .in_unit("KiB"),
    property(
        "WarmThroughputMiBps",
        "Warm throughput",
        PropertyKind::Integer { min: 0, max: super::config::SHARDS_MAX as i64 },
        "",
        "What an on-demand stream of On-demand Advantage takes at once, without having seen a peak.",
        "KDS-17",
    )
    .in_unit("MiB/s"),
    property(
        "RecordDistributionStrategy",
        "Record distribution",
        PropertyKind::Choice(&["USER_PARTITION_KEY", "AUTO"]),
        "",
        "AUTO ignores partition keys and spreads records evenly: no shard is hot, and no key keeps its order.",
        "KDS-18",
    ),
    property(
        "StreamEncryption",
        "Encryption",
        PropertyKind::Object(ENCRYPTION),
        "",
        "Records are encrypted before they are stored and decrypted when they are read; clients notice nothing.",
        "KDS-13",
    ),
    property(
        "DesiredShardLevelMetrics",
        "Metrics by shard",
        PropertyKind::Json,
        "",
        "Names such as [\"IncomingBytes\"], or [\"ALL\"]; they stand beside each shard in the table of what lies inside.",
        "KDS-25",
    ),
    property(
        "Name",
        "Stream name",
        PropertyKind::Text { max: 128 },
        "",
        "The stream's name in AWS; links go by the id of the node.",
        "",
    )
    .fixed(),
    knob(
        "Decoupled",
        "What AWS leaves open",
        PropertyKind::Object(KNOBS),
        "",
        "Ours, not AWS's: how long changes take, and what the account has.",
        "KDS-14",
    ),
];

pub static SPEC: Spec = Spec {
    kind: "AWS::Kinesis::Stream",
    name: "Kinesis stream",
    summary: "Keeps records in order, shard by shard, for many readers",
    stem: "stream",
    group: Group::Streams,
    family: Family::Analytics,
    size: (236.0, 150.0),
    glyph: "M3 6c4-3 6 3 9 0s5-3 9 0M3 12c4-3 6 3 9 0s5-3 9 0M3 18c4-3 6 3 9 0s5-3 9 0",
    properties: PROPERTIES,
    not_modelled: &[
        ("WarmThroughputObject", "what AWS answers, not what one sets; set WarmThroughputMiBps"),
        ("Tags", "tags are not modelled; they change nothing that can be seen here"),
    ],
    charts: &[
        "IncomingRecords",
        "GetRecords.Records",
        "GetRecords.IteratorAgeMilliseconds",
        "WriteProvisionedThroughputExceeded",
        "ReadProvisionedThroughputExceeded",
        "SubscribeToShardEvent.Records",
        "OpenShardCount",
    ],
    link: "https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html",
    frailty: &frailty::SERVICE,
    prices: &super::prices::PRICES,
    shape: Some(Shape::Square),
    push: super::api::push,
    ..Spec::BLANK
};
