//! The bus's inspector, as data.

use crate::services::{Family, Group, Property, PropertyKind, Spec, Strength};

static PROPERTIES: &[Property] = &[Property {
    name: "Name",
    label: "Name",
    kind: PropertyKind::Text { max: 256 },
    default: "\"default\"",
    unit: "",
    help: "The bus named default is the one that also takes events of AWS's own services (sources aws.…).",
    fact: "EB-1",
    strength: Strength::Simplified,
}];

pub static SPEC: Spec = Spec {
    kind: "AWS::Events::EventBus",
    name: "Event bus",
    summary: "Shows each event to its rules, keeps none",
    stem: "bus",
    group: Group::Events,
    family: Family::Integration,
    size: (196.0, 96.0),
    glyph: "M3 12h18M7 12V6M12 12v7M17 12V6M5 6h4M10 19h4M15 6h4",
    properties: PROPERTIES,
    not_modelled: &[
        ("EventSourceName", "partner event sources are not modelled"),
        ("DeadLetterConfig", "dead-letter queues of a bus are not modelled"),
        ("KmsKeyIdentifier", "encryption with a key of one's own is not modelled"),
        ("LogConfig", "a bus's logs are not modelled; the run's trace shows every event"),
        ("Policy", "access policies are not modelled; everything in a scene belongs to one account"),
    ],
    charts: &["PutEventsEntriesCount", "PutEventsFailedEntriesCount"],
    link: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html",
};
