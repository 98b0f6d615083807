//! The links of a queue: who sends to it, who takes from it, and its dead-letter queue.

use crate::services::{Kind, LinkKind, LinkSpec, Pair, Reference};

/// To a dead-letter queue. A queue moves its messages there by itself: no network lies between them.
pub static REDRIVE: LinkSpec = LinkSpec {
    name: "RedrivePolicy",
    label: "dead-letters to",
    is_written: false,
    faults: &[],
    is_failure: true,
    to_itself: "be its own dead-letter queue. Draw to another queue",
    ..LinkSpec::BLANK
};

pub static PAIRS: &[Pair] = &[
    Pair::new(LinkKind::Send, Kind::Producer, Kind::Queue),
    Pair::new(LinkKind::Send, Kind::Worker, Kind::Queue),
    Pair::new(LinkKind::Send, Kind::Function, Kind::Queue),
    Pair::new(LinkKind::Send, Kind::KclApplication, Kind::Queue),
    Pair::new(LinkKind::Target, Kind::Rule, Kind::Queue),
    Pair::new(LinkKind::Target, Kind::Schedule, Kind::Queue),
    Pair::new(LinkKind::Target, Kind::Pipe, Kind::Queue),
    Pair::new(LinkKind::Subscription, Kind::Topic, Kind::Queue),
    Pair::with(LinkKind::Poll, Kind::Queue, Kind::Worker, &[]),
    Pair::with(LinkKind::Poll, Kind::Queue, Kind::Pipe, &[]),
    Pair::new(LinkKind::Redrive, Kind::Queue, Kind::Queue),
];

pub static REFERENCES: &[Reference] =
    &[Reference::of_node(Kind::Queue, "RedrivePolicy", &["RedrivePolicy", "deadLetterTargetArn"], LinkKind::Redrive)];
