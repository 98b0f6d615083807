//! The archive's inspector, as data.

use crate::figure::Shape;
use crate::lang::event_pattern::Dialect;
use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, property};

static PROPERTIES: &[Property] = &[
    property(
        "SourceArn",
        "Event bus",
        PropertyKind::Node(&["AWS::Events::EventBus"]),
        "",
        "The bus whose events it keeps, and to which it plays them again.",
        "EB-19",
    ),
    property(
        "EventPattern",
        "Event pattern",
        PropertyKind::Pattern(Dialect::EventBridge),
        "",
        "Which events it keeps; unless set, all.",
        "EB-19",
    ),
    property(
        "RetentionDays",
        "Retention",
        PropertyKind::Integer { min: 0, max: 36_500 },
        "0",
        "How long it keeps them; 0 for ever.",
        "EB-19",
    )
    .in_unit("days"),
    property("Description", "Description", PropertyKind::Text { max: 512 }, "", "What it is for.", ""),
];

pub static SPEC: Spec = Spec {
    kind: "AWS::Events::Archive",
    name: "Event archive",
    summary: "Keeps a bus's events and plays them again",
    stem: "archive",
    group: Group::Events,
    family: Family::Integration,
    size: (184.0, 92.0),
    glyph: "M4 5h16v4H4zM6 9v10h12V9M10 13h4",
    properties: PROPERTIES,
    not_modelled: &[
        ("ArchiveName", "an archive is called by its id"),
        ("KmsKeyIdentifier", "encryption with a key of one's own is not modelled"),
    ],
    charts: &["ArchivedEvents", "ReplayedEvents"],
    link: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html",
    frailty: &frailty::PART,
    prices: &super::super::prices::ARCHIVE,
    hop: super::super::HOP,
    shape: Some(Shape::Diamond),
    ..Spec::BLANK
};
