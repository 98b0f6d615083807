//! The table's inspector, as data.

use super::config::STREAM_VIEWS;
use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, property};

static THROUGHPUT: &[Property] = &[
    property(
        "ReadCapacityUnits",
        "Read units",
        PropertyKind::Integer { min: 1, max: 40_000 },
        "5",
        "Consistent reads of 4 KB a second, or twice as many others.",
        "DDB-5",
    ),
    property(
        "WriteCapacityUnits",
        "Write units",
        PropertyKind::Integer { min: 1, max: 40_000 },
        "5",
        "Writes of 1 KB a second.",
        "DDB-4",
    ),
];

static STREAM: &[Property] = &[property(
    "StreamViewType",
    "Records show",
    PropertyKind::Choice(STREAM_VIEWS),
    "",
    "The item as it is after the change, as it was before, both, or its key alone.",
    "EB-22",
)];

static PROPERTIES: &[Property] = &[
    property(
        "BillingMode",
        "Billing mode",
        PropertyKind::Choice(&["PAY_PER_REQUEST", "PROVISIONED"]),
        "\"PAY_PER_REQUEST\"",
        "By the request without a limit, or so many units a second.",
        "DDB-19",
    ),
    property(
        "ProvisionedThroughput",
        "Provisioned throughput",
        PropertyKind::Object(THROUGHPUT),
        "",
        "What is beyond it is refused: renewals of leases then come late.",
        "KDS-24",
    ),
    property(
        "KeySchema",
        "Key",
        PropertyKind::Json,
        "",
        "The attribute that names an item (HASH), and behind it one to sort by (RANGE); leaseKey unless set, as the \
         Kinesis Client Library makes it.",
        "DDB-1",
    )
    .fixed(),
    property(
        "StreamSpecification",
        "Stream",
        PropertyKind::Object(STREAM),
        "",
        "Keeps each change of an item for a day: pipes and functions can read it.",
        "EB-22",
    ),
    property(
        "AttributeDefinitions",
        "Key's type",
        PropertyKind::Json,
        "",
        "S, N or B for each attribute of the key; any of them where it does not say.",
        "DDB-1",
    )
    .fixed(),
    property("TableName", "Table name", PropertyKind::Text { max: 255 }, "", "Its name in AWS.", "KDS-19").fixed(),
];

const NO_INDEX: &str = "a table has its own key here, and no index";

pub static SPEC: Spec = Spec {
    kind: "AWS::DynamoDB::Table",
    name: "DynamoDB table",
    summary: "Keeps items under a key: orders, stock, leases of a KCL application",
    stem: "table",
    group: Group::Tables,
    family: Family::Analytics,
    size: (300.0, 150.0),
    glyph: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
    properties: PROPERTIES,
    drawn_with: &[("KeySchema", r#"[{"AttributeName":"order","KeyType":"HASH"}]"#)],
    not_modelled: &[
        ("GlobalSecondaryIndexes", NO_INDEX),
        ("LocalSecondaryIndexes", NO_INDEX),
        ("TimeToLiveSpecification", "items stay until they are deleted"),
        ("SSESpecification", "encryption is not modelled; it changes nothing that can be seen here"),
        ("PointInTimeRecoverySpecification", "backups are not modelled"),
        ("Tags", "tags are not modelled; they change nothing that can be seen here"),
    ],
    charts: &["ConsumedWriteCapacityUnits", "ConsumedReadCapacityUnits", "WriteThrottleEvents", "ItemCount"],
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html",
    frailty: &frailty::SERVICE,
    prices: &super::prices::PRICES,
    push: super::api::push,
    problems: super::links::problems,
    pairs: super::links::PAIRS,
    ..Spec::BLANK
};
