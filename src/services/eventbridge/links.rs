//! The links of event buses, rules, archives, schedules, pipes and global endpoints.

use super::target::{NOT_MODELLED, PROPERTIES};
use crate::services::limits::TARGETS_PER_RULE_MAX;
use crate::services::{Ends, Kind, LinkKind, LinkSpec, Pair, Reference};

/// An event bus to a rule of its own. CloudFormation knows a rule's bus as its target too.
pub static RULE: LinkSpec =
    LinkSpec { name: "Rule", label: "has the rule", also: "Target", crowded: one_bus, ..LinkSpec::BLANK };

/// A rule belongs to one event bus.
fn one_bus(ends: &Ends<'_>) -> Option<String> {
    let (bus, rule) = (ends.taken_by?, ends.to);
    Some(format!("{rule} is a rule of {bus}; a rule has one event bus. Delete that line first."))
}

/// EB-12.
fn few_targets(ends: &Ends<'_>) -> Option<String> {
    let (rule, most) = (ends.from, TARGETS_PER_RULE_MAX);
    let text = || format!("{rule} has {most} targets, as many as a rule may have. Make a second rule.");
    (ends.leaving >= most).then(text)
}

/// An event bus to an archive of its own.
pub static ARCHIVE: LinkSpec = LinkSpec { name: "Archive", label: "is kept by", ..LinkSpec::BLANK };

pub static TARGET: LinkSpec = LinkSpec {
    name: "Target",
    label: "targets",
    properties: PROPERTIES,
    not_modelled: NOT_MODELLED,
    crowded: few_targets,
    references: &[Reference::of_link(
        LinkKind::Target,
        "TargetDeadLetterConfig",
        &["DeadLetterConfig", "Arn"],
        LinkKind::Redrive,
    )],
    ..LinkSpec::BLANK
};

/// A partner's event source to the bus that carries its name.
pub static PARTNER_EVENT_SOURCE: LinkSpec =
    LinkSpec { name: "PartnerEventSource", label: "is associated with", ..LinkSpec::BLANK };

/// A global endpoint to one of its two buses.
pub static GLOBAL_ENDPOINT: LinkSpec =
    LinkSpec { name: "GlobalEndpoint", label: "routes to", is_written: false, ..LinkSpec::BLANK };

/// A pipe to what it has its items enriched by.
pub static ENRICHMENT: LinkSpec =
    LinkSpec { name: "Enrichment", label: "is enriched by", is_written: false, ..LinkSpec::BLANK };

pub static OF_BUSES: &[Pair] = &[
    Pair::new(LinkKind::Send, Kind::Producer, Kind::EventBus),
    Pair::new(LinkKind::Send, Kind::Worker, Kind::EventBus),
    Pair::new(LinkKind::Send, Kind::Function, Kind::EventBus),
    Pair::new(LinkKind::Send, Kind::KclApplication, Kind::EventBus),
    Pair::new(LinkKind::Target, Kind::Rule, Kind::EventBus),
    Pair::new(LinkKind::Target, Kind::Schedule, Kind::EventBus),
    Pair::new(LinkKind::Target, Kind::Pipe, Kind::EventBus),
    Pair::new(LinkKind::PartnerEventSource, Kind::SaasPartner, Kind::EventBus),
    Pair::new(LinkKind::Rule, Kind::EventBus, Kind::Rule),
    Pair::new(LinkKind::Archive, Kind::EventBus, Kind::Archive),
];

pub static OF_GLOBAL_ENDPOINTS: &[Pair] = &[
    Pair::new(LinkKind::Send, Kind::Producer, Kind::GlobalEndpoint),
    Pair::new(LinkKind::Send, Kind::Worker, Kind::GlobalEndpoint),
    Pair::new(LinkKind::Send, Kind::Function, Kind::GlobalEndpoint),
    Pair::new(LinkKind::Send, Kind::KclApplication, Kind::GlobalEndpoint),
];

pub static OF_RULE: &[Reference] =
    &[Reference { inward: true, ..Reference::of_node(Kind::Rule, "EventBusName", &["EventBusName"], LinkKind::Rule) }];

pub static OF_ARCHIVE: &[Reference] =
    &[Reference { inward: true, ..Reference::of_node(Kind::Archive, "SourceArn", &["SourceArn"], LinkKind::Archive) }];

pub static OF_GLOBAL_ENDPOINT: &[Reference] = &[
    Reference::of_node(Kind::GlobalEndpoint, "Primary", &["Primary"], LinkKind::GlobalEndpoint),
    Reference::of_node(Kind::GlobalEndpoint, "Secondary", &["Secondary"], LinkKind::GlobalEndpoint),
];

pub static OF_PIPE: &[Reference] = &[
    Reference::of_node(Kind::Pipe, "Enrichment", &["Enrichment"], LinkKind::Enrichment),
    Reference::of_node(
        Kind::Pipe,
        "PipeDeadLetterConfig",
        &["SourceParameters", "KinesisStreamParameters", "DeadLetterConfig", "Arn"],
        LinkKind::Redrive,
    ),
    Reference::of_node(
        Kind::Pipe,
        "PipeTableDeadLetterConfig",
        &["SourceParameters", "DynamoDBStreamParameters", "DeadLetterConfig", "Arn"],
        LinkKind::Redrive,
    ),
];
