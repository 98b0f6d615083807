//! The global endpoint's inspector, as data.

use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, knob, property};

const BUS: PropertyKind = PropertyKind::Node(&["AWS::Events::EventBus"]);

static REPLICATION: &[Property] = &[property(
    "State",
    "State",
    PropertyKind::Choice(&["ENABLED", "DISABLED"]),
    "\"ENABLED\"",
    "Whether each event also goes to the other Region's bus; needed to go back by itself.",
    "EB-21",
)];

static PROPERTIES: &[Property] = &[
    property("Primary", "Primary bus", BUS, "", "Where events go while it is well.", "EB-21"),
    property("Secondary", "Secondary bus", BUS, "", "Where they go when it is not; it has the same name.", "EB-21"),
    property(
        "ReplicationConfig",
        "Event replication",
        PropertyKind::Object(REPLICATION),
        "",
        "Sends events to both buses.",
        "EB-21",
    ),
    knob(
        "FailoverTime",
        "Failover time",
        PropertyKind::Duration,
        "\"360s\"",
        "How long the primary fails before events go elsewhere, and is well before they go back.",
        "EB-21",
    ),
];

pub static SPEC: Spec = Spec {
    kind: "AWS::Events::Endpoint",
    name: "Global endpoint",
    summary: "Routes events to the Region that is well",
    stem: "global",
    group: Group::Events,
    family: Family::Integration,
    size: (200.0, 92.0),
    glyph: "M12 3v6M12 9l-6 6v6M12 9l6 6v6M9 6l3-3 3 3",
    properties: PROPERTIES,
    not_modelled: &[
        ("EventBuses", "the two buses are named by Primary and Secondary"),
        ("RoutingConfig", "the health check is what the endpoint sees itself: calls to the primary that fail"),
        ("RoleArn", "roles are not modelled"),
    ],
    charts: &["RoutedToPrimary", "RoutedToSecondary", "Failed"],
    link: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-global-endpoints.html",
    frailty: &frailty::PART,
    push: |_| Some(super::super::api::Request::PutEvents.into()),
    pairs: super::super::links::OF_GLOBAL_ENDPOINTS,
    references: super::super::links::OF_GLOBAL_ENDPOINT,
    ..Spec::BLANK
};
