//! The rule's inspector, as data.

use crate::lang::event_pattern::Dialect;
use crate::services::{Family, Group, Property, PropertyKind, Spec, property};

static PROPERTIES: &[Property] = &[
    property(
        "EventPattern",
        "Event pattern",
        PropertyKind::Pattern(Dialect::EventBridge),
        // AWS's own way to say «every event»; a rule must have a pattern.
        r#"{"source":[{"prefix":""}]}"#,
        "Which events of the bus it takes; unless set, all.",
        "EB-7",
    ),
    property(
        "State",
        "State",
        PropertyKind::Choice(&["ENABLED", "DISABLED"]),
        "\"ENABLED\"",
        "A disabled rule takes nothing.",
        "EB-6",
    ),
    property(
        "EventBusName",
        "Event bus",
        PropertyKind::Node(&["AWS::Events::EventBus"]),
        "",
        "The bus whose events it looks at.",
        "EB-1",
    ),
    property("Description", "Description", PropertyKind::Text { max: 512 }, "", "What it is for.", ""),
];

pub static SPEC: Spec = Spec {
    kind: "AWS::Events::Rule",
    name: "Event rule",
    summary: "Hands matching events to its targets",
    stem: "rule",
    group: Group::Events,
    family: Family::Integration,
    size: (196.0, 104.0),
    glyph: "M4 5h16l-6 7v6l-4 2v-8z",
    properties: PROPERTIES,
    not_modelled: &[
        ("ScheduleExpression", "schedules come later; a producer with a rate can stand in for one"),
        ("Targets", "targets are drawn as links from the rule"),
        ("RoleArn", "access is not modelled; a rule may invoke all its targets"),
    ],
    charts: &["MatchedEvents", "Invocations", "FailedInvocations"],
    link: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html",
};
