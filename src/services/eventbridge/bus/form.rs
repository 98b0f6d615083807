//! The bus's inspector, as data.

use crate::figure::Shape;
use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, knob, property};

const RATE: PropertyKind = PropertyKind::Integer { min: 1, max: 100_000 };

static PROPERTIES: &[Property] = &[
    knob(
        "Name",
        "Name",
        PropertyKind::Text { max: 256 },
        "\"default\"",
        "The bus named default is the one that also takes events of AWS's own services (sources aws.…).",
        "EB-1",
    )
    .fixed(),
    property(
        "EventSourceName",
        "Partner event source",
        PropertyKind::Text { max: 256 },
        "",
        "aws.partner/…: then it is that partner's bus, has the same name, and takes nothing else.",
        "EB-1",
    )
    .fixed(),
    knob(
        "SchemaDiscovery",
        "Schema discovery",
        PropertyKind::Boolean,
        "false",
        "Whether a schema is inferred from the events that pass, and a version made when they change.",
        "EB-20",
    ),
    knob(
        "Account",
        "Account",
        PropertyKind::Text { max: 12 },
        "\"000000000000\"",
        "Whose it is: an event goes from one account to another, and not on to a third.",
        "EB-16",
    )
    .fixed(),
    knob("Region", "Region", PropertyKind::Text { max: 32 }, "\"us-east-1\"", "Where it is.", "EB-16").fixed(),
    knob(
        "PutEventsPerSecond",
        "PutEvents per second",
        RATE,
        "10000",
        "Requests that the account may make; 400 to 10,000 by Region.",
        "EB-4",
    ),
    knob(
        "InvocationsPerSecond",
        "Invocations per second",
        RATE,
        "18750",
        "Targets that the account may invoke; 750 to 18,750 by Region. What is over it waits.",
        "EB-4",
    ),
];

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
        ("DeadLetterConfig", "dead-letter queues of a bus are not modelled; a target's are"),
        ("KmsKeyIdentifier", "encryption with a key of one's own is not modelled"),
        ("LogConfig", "a bus's logs are not modelled; the run's trace shows every event"),
        ("Policy", "resource policies are not modelled; a target's Permission says whether it may be reached"),
    ],
    charts: &["PutEventsEntriesCount", "PutEventsFailedEntriesCount"],
    link: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html",
    frailty: &frailty::SERVICE,
    prices: &super::super::prices::BUS,
    hop: super::super::HOP,
    shape: Some(Shape::Diamond),
    push: |_| Some(super::super::api::Request::PutEvents.into()),
    ..Spec::BLANK
};

#[cfg(test)]
mod tests {
    use super::super::{INVOCATIONS_PER_SECOND, PUTS_PER_SECOND};
    use super::*;

    #[test]
    fn defaults_are_those_of_the_largest_regions() {
        let default = |name: &str| SPEC.property(name).map(|property| property.default.to_owned());
        assert_eq!(default("PutEventsPerSecond"), Some(PUTS_PER_SECOND.to_string()));
        assert_eq!(default("InvocationsPerSecond"), Some(INVOCATIONS_PER_SECOND.to_string()));
    }
}
