//! The stream's inspector, as data.

use crate::services::{Family, Group, Property, PropertyKind, Spec, Strength};

static STREAM_MODE: &[Property] = &[Property {
    name: "StreamMode",
    label: "Mode",
    kind: PropertyKind::Choice(&["PROVISIONED"]),
    default: "\"PROVISIONED\"",
    unit: "",
    help: "Provisioned: the number of shards is set by hand.",
    fact: "KDS-14",
    strength: Strength::Documented,
}];

static PROPERTIES: &[Property] = &[
    Property {
        name: "ShardCount",
        label: "Shards",
        kind: PropertyKind::Integer { min: 1, max: 64 },
        default: "1",
        unit: "",
        help: "Each shard takes 1,000 records and 1 MiB a second; here a stream has at most 64.",
        fact: "KDS-1",
        strength: Strength::Simplified,
    },
    Property {
        name: "RetentionPeriodHours",
        label: "Retention",
        kind: PropertyKind::Integer { min: 24, max: 8_760 },
        default: "24",
        unit: "h",
        help: "A record older than this is gone; reading removes nothing.",
        fact: "KDS-6",
        strength: Strength::Documented,
    },
    Property {
        name: "StreamModeDetails",
        label: "Mode",
        kind: PropertyKind::Object(STREAM_MODE),
        default: "",
        unit: "",
        help: "Only provisioned streams are modelled.",
        fact: "KDS-14",
        strength: Strength::Documented,
    },
    Property {
        name: "Name",
        label: "Stream name",
        kind: PropertyKind::Text { max: 128 },
        default: "",
        unit: "",
        help: "The stream's name in AWS; links go by the id of the node.",
        fact: "",
        strength: Strength::Documented,
    },
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
        ("MaxRecordSizeInKiB", "records above 1 MiB are not modelled"),
        ("WarmThroughputMiBps", "on-demand streams are not modelled"),
        ("WarmThroughputObject", "on-demand streams are not modelled"),
        ("StreamEncryption", "encryption is not modelled; it changes nothing that can be seen here"),
        ("DesiredShardLevelMetrics", "metrics by shard are not modelled; the card shows each shard"),
        ("Tags", "tags are not modelled; they change nothing that can be seen here"),
    ],
    charts: &[
        "IncomingRecords",
        "GetRecords.Records",
        "GetRecords.IteratorAgeMilliseconds",
        "WriteProvisionedThroughputExceeded",
        "ReadProvisionedThroughputExceeded",
    ],
    link: "https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html",
};
