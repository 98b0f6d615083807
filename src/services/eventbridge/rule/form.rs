//! The rule's inspector, as data.

use super::config::State;
use crate::figure::Shape;
use crate::lang::event_pattern::Dialect;
use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, knob, property};

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
        PropertyKind::Choice(&State::NAMES),
        "\"ENABLED\"",
        "A disabled rule takes nothing; the long one also takes what CloudTrail tells of reading calls.",
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
    property(
        "ScheduleExpression",
        "Schedule",
        PropertyKind::Text { max: 256 },
        "",
        "rate(5 minutes) or cron(0 12 * * ? *), in UTC: then it hands out an event of its own. For the default bus.",
        "EB-18",
    ),
    knob(
        "DeliveryJitter",
        "Delivery jitter",
        PropertyKind::Duration,
        "\"0s\"",
        "By how much a delivery may come later: so events of one call change places.",
        "EB-5",
    ),
    knob(
        "DuplicateRate",
        "Duplicate rate",
        PropertyKind::Probability,
        "0",
        "Part of the invocations that are made twice.",
        "EB-5",
    ),
    knob(
        "ChangeDelay",
        "Change delay",
        PropertyKind::Duration,
        "\"0s\"",
        "How long a changed rule goes on as it was; AWS speaks of a short period.",
        "EB-6",
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
    size: (228.0, 128.0),
    glyph: "M4 5h16l-6 7v6l-4 2v-8z",
    properties: PROPERTIES,
    not_modelled: &[
        ("Targets", "targets are drawn as links from the rule"),
        ("RoleArn", "roles are not modelled; a target's Permission says whether the rule may invoke it"),
    ],
    charts: &["MatchedEvents", "Invocations", "FailedInvocations", "RetryInvocationAttempts", "InvocationsSentToDlq"],
    link: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html",
    frailty: &frailty::PART,
    prices: &super::super::prices::RULE,
    hop: super::super::HOP,
    shape: Some(Shape::Diamond),
    references: super::super::links::OF_RULE,
    problems: super::super::problems::of_rules,
    ..Spec::BLANK
};
