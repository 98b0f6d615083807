//! The schedule's inspector, as data.

use crate::figure::Shape;
use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, knob, property};

static WINDOW: &[Property] = &[
    property("Mode", "Mode", PropertyKind::Choice(&["OFF", "FLEXIBLE"]), "\"OFF\"", "Whether there is one.", "EB-24"),
    property(
        "MaximumWindowInMinutes",
        "Maximum window",
        PropertyKind::Integer { min: 1, max: 1_440 },
        "",
        "By how much it may fire later.",
        "EB-24",
    )
    .in_unit("min"),
];

const DATE: PropertyKind = PropertyKind::Text { max: 32 };

static PROPERTIES: &[Property] = &[
    property(
        "ScheduleExpression",
        "Schedule",
        PropertyKind::Text { max: 256 },
        "\"rate(1 minute)\"",
        "at(2026-01-01T00:01:00), rate(5 minutes) or cron(0 9 ? * MON-FRI *).",
        "EB-24",
    ),
    property(
        "ScheduleExpressionTimezone",
        "Time zone",
        PropertyKind::TimeZone,
        "\"UTC\"",
        "Whose clock it goes by; where clocks change, a time that is skipped does not run, one that comes twice runs once.",
        "EB-24",
    ),
    property(
        "State",
        "State",
        PropertyKind::Choice(&["ENABLED", "DISABLED"]),
        "\"ENABLED\"",
        "A disabled schedule does not fire.",
        "EB-24",
    ),
    property(
        "FlexibleTimeWindow",
        "Flexible time window",
        PropertyKind::Object(WINDOW),
        "",
        "Spreads what many schedules do at one time.",
        "EB-24",
    ),
    property("StartDate", "Start", DATE, "", "No firing before it, such as 2026-01-01T00:01:00Z.", "EB-24"),
    property("EndDate", "End", DATE, "", "No firing after it.", "EB-24"),
    property(
        "ActionAfterCompletion",
        "After completion",
        PropertyKind::Choice(&["NONE", "DELETE"]),
        "\"NONE\"",
        "Whether it is deleted once it has fired for the last time.",
        "EB-24",
    ),
    knob(
        "FiringDelay",
        "Firing delay",
        PropertyKind::Duration,
        "\"0s\"",
        "How much later within its minute it fires; AWS promises the minute alone.",
        "EB-24",
    ),
    knob(
        "InvocationsPerSecond",
        "Invocations per second",
        PropertyKind::Integer { min: 1, max: 100_000 },
        "1000",
        "Targets that the account's schedules may invoke, 500 or 1,000 by Region; what is over it waits.",
        "EB-24",
    ),
];

pub static SPEC: Spec = Spec {
    kind: "AWS::Scheduler::Schedule",
    name: "Schedule",
    summary: "Invokes its target by the clock",
    stem: "schedule",
    group: Group::Events,
    family: Family::Integration,
    size: (216.0, 104.0),
    glyph: "M12 4a8 8 0 100 16 8 8 0 000-16zM12 8v4l3 2M5 3L3 5M19 3l2 2",
    properties: PROPERTIES,
    not_modelled: &[
        ("Target", "the target is drawn as a link from the schedule, which has its properties"),
        ("GroupName", "schedule groups only name things"),
        ("KmsKeyArn", "encryption with a key of one's own is not modelled"),
    ],
    charts: &["InvocationAttemptCount", "TargetErrorCount", "InvocationsSentToDeadLetterCount"],
    link: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",
    frailty: &frailty::PART,
    prices: &super::super::prices::SCHEDULE,
    hop: super::super::HOP,
    shape: Some(Shape::Diamond),
    problems: super::super::problems::of_schedules,
    ..Spec::BLANK
};
