//! The pipe's inspector, as data.

use serde_json::{Value, json};

use crate::services::{Family, Group, Moved, Property, PropertyKind, Spec, frailty, property};

static PROPERTIES: &[Property] = &[
    property(
        "Name",
        "Name",
        PropertyKind::Text { max: 64 },
        "",
        "What the pipe calls itself in its ARN and in the events it puts on a bus.",
        "EB-22",
    ),
    property(
        "SourceParameters",
        "Source",
        PropertyKind::Json,
        "",
        "{\"FilterCriteria\": {\"Filters\": [{\"Pattern\": \"…\"}]}, \"SqsQueueParameters\": {\"BatchSize\": 10}} or \
         {\"KinesisStreamParameters\": {\"BatchSize\": 100, \"MaximumRetryAttempts\": 3}}, DynamoDBStreamParameters alike.",
        "EB-22",
    ),
    property(
        "Enrichment",
        "Enrichment",
        PropertyKind::Node(&["AWS::Lambda::Function", "Decoupled::Endpoint"]),
        "",
        "Called with each batch, and waited for, before the target is.",
        "EB-22",
    ),
    property(
        "EnrichmentParameters",
        "Enrichment parameters",
        PropertyKind::Json,
        "",
        "{\"InputTemplate\": \"{\\\"order\\\": <$.body.order>}\"}: what the enrichment gets of each item.",
        "EB-22",
    ),
    property(
        "TargetParameters",
        "Target parameters",
        PropertyKind::Json,
        "",
        "{\"InputTemplate\": \"…\", \"SqsQueueParameters\": {\"MessageGroupId\": \"$.body.customer\"}}, and the like by \
         target; a path is read out of each event.",
        "EB-22",
    ),
    property(
        "DesiredState",
        "Desired state",
        PropertyKind::Choice(&["RUNNING", "STOPPED"]),
        "\"RUNNING\"",
        "A stopped pipe takes nothing from its source.",
        "EB-23",
    ),
    property("Description", "Description", PropertyKind::Text { max: 512 }, "", "What it is for.", ""),
];

pub static SPEC: Spec = Spec {
    kind: "AWS::Pipes::Pipe",
    name: "Pipe",
    summary: "One source, a filter, an enrichment, one target",
    stem: "pipe",
    group: Group::Events,
    family: Family::Integration,
    size: (196.0, 92.0),
    glyph: "M3 9h5v6H3M21 9h-5v6h5M8 12h8M12 9v6",
    properties: PROPERTIES,
    not_modelled: &[
        ("Source", "the source is drawn as a line from a queue, stream or table to the pipe"),
        ("Target", "the target is drawn as a line from the pipe"),
        ("RoleArn", "roles are not modelled; everything in a scene may call everything"),
        ("LogConfiguration", "logs are not modelled; the run's trace shows every batch"),
        ("KmsKeyIdentifier", "encryption with a key of one's own is not modelled"),
    ],
    charts: &["Invocations", "EventCount", "ExecutionFailed", "Concurrency"],
    link: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html",
    frailty: &frailty::PART,
    moved: &[Moved {
        name: "EnrichmentReturns",
        owner: "Enrichment",
        to: "Returns",
        made: of_each,
        note: "its paths are now those of what the enrichment gets, after the pipe's InputTemplate",
    }],
    prices: &super::super::prices::PIPE,
    references: super::super::links::OF_PIPE,
    problems: super::super::problems::of_pipes,
    ..Spec::BLANK
};

/// A pipe told what its enrichment makes of each item; now the enrichment says itself what it answers.
fn of_each(returns: Value) -> Value {
    json!({ "each": returns })
}
