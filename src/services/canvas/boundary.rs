//! A frame around nodes: an Availability Zone, a VPC, a Region, or no more than a group. What belongs to it is listed by
//! id, since where nodes lie never changes a run. A fault at a boundary strikes its members and theirs.
//!
//! `AzOutage` strikes of them what lives in one Zone: what runs on a machine. *Regional services are built on top of
//! multiple Availability Zones* (SQS and DynamoDB are AWS's own examples) and go on when one is lost: so do SNS, Kinesis,
//! EventBridge and Lambda here. Source: AWS Fault Isolation Boundaries, «Regional services».

use crate::services::{Family, Group, Property, PropertyKind, Spec, Strength, frailty, knob, property};

pub const TYPES: [&str; 4] = ["AvailabilityZone", "VPC", "Region", "Group"];
/// A boundary of this type is dragged by any of its members.
pub const GROUP: &str = "Group";
/// Its size where none is given, and the least.
pub const SIZE: (f32, f32) = (320.0, 200.0);
pub const SIDE_MIN: f32 = 64.0;
pub const SIDE_MAX: f32 = 100_000.0;

const SIDE: PropertyKind = PropertyKind::Integer { min: SIDE_MIN as i64, max: SIDE_MAX as i64 };

static PROPERTIES: &[Property] = &[
    property(
        "Type",
        "Type",
        PropertyKind::Choice(&TYPES),
        "\"AvailabilityZone\"",
        "An AZ outage here strikes members that run on machines: producers, workers, endpoints. Regional services span several Zones and go on.",
        "",
    ),
    knob("Collapsed", "Collapsed", PropertyKind::Boolean, "false", "Drawn as one card.", ""),
    knob("Members", "Members", PropertyKind::Nodes, "[]", "What belongs to it: drag nodes in and out.", ""),
    knob("Width", "Width", SIDE, "320", "In units of the canvas.", ""),
    knob("Height", "Height", SIDE, "200", "In units of the canvas.", ""),
];

pub static SPEC: Spec = Spec {
    kind: "Decoupled::Boundary",
    name: "Boundary",
    summary: "An Availability Zone, a VPC, a Region or a group",
    stem: "zone",
    group: Group::Canvas,
    family: Family::Canvas,
    size: SIZE,
    glyph: "M4 8V5a1 1 0 011-1h3M16 4h3a1 1 0 011 1v3M20 16v3a1 1 0 01-1 1h-3M8 20H5a1 1 0 01-1-1v-3M4 12v.01M20 12v.01M12 4h.01M12 20h.01",
    properties: PROPERTIES,
    not_modelled: &[],
    charts: &[],
    link: "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regional-services.html",
    frailty: &frailty::FRAME,
    ..Spec::BLANK
};

const _: () = assert!(matches!(PROPERTIES[0].strength, Strength::Documented));
