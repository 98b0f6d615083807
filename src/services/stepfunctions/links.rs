//! The links of a state machine: what its tasks call, and who starts its executions.

use crate::services::{Kind, LinkKind, LinkSpec, Pair};

/// A state machine to what its tasks call.
pub static INTEGRATION: LinkSpec = LinkSpec { name: "Integration", label: "calls", ..LinkSpec::BLANK };

pub static PAIRS: &[Pair] = &[
    Pair::new(LinkKind::Integration, Kind::StateMachine, Kind::Function),
    Pair::new(LinkKind::Integration, Kind::StateMachine, Kind::Queue),
    Pair::new(LinkKind::Integration, Kind::StateMachine, Kind::Topic),
    Pair::new(LinkKind::Integration, Kind::StateMachine, Kind::Stream),
    Pair::new(LinkKind::Integration, Kind::StateMachine, Kind::EventBus),
    Pair::new(LinkKind::Integration, Kind::StateMachine, Kind::Table),
    Pair::new(LinkKind::Integration, Kind::StateMachine, Kind::Endpoint),
    Pair::new(LinkKind::Integration, Kind::StateMachine, Kind::StateMachine),
    Pair::new(LinkKind::Send, Kind::Producer, Kind::StateMachine),
    Pair::new(LinkKind::Send, Kind::Worker, Kind::StateMachine),
    Pair::new(LinkKind::Send, Kind::Function, Kind::StateMachine),
    Pair::new(LinkKind::Target, Kind::Rule, Kind::StateMachine),
    Pair::new(LinkKind::Target, Kind::Pipe, Kind::StateMachine),
    Pair::new(LinkKind::Target, Kind::Schedule, Kind::StateMachine),
    Pair::new(LinkKind::Poll, Kind::StateMachine, Kind::Worker),
];
