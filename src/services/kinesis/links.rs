//! The links of a stream: who puts records into it, and who reads them.

use crate::services::clients::links::OF_STREAMS;
use crate::services::{Kind, LinkKind, Pair};

pub static PAIRS: &[Pair] = &[
    Pair::new(LinkKind::Send, Kind::Producer, Kind::Stream),
    Pair::new(LinkKind::Send, Kind::Worker, Kind::Stream),
    Pair::new(LinkKind::Send, Kind::Function, Kind::Stream),
    Pair::new(LinkKind::Send, Kind::KclApplication, Kind::Stream),
    Pair::new(LinkKind::Target, Kind::Rule, Kind::Stream),
    Pair::new(LinkKind::Target, Kind::Schedule, Kind::Stream),
    Pair::new(LinkKind::Target, Kind::Pipe, Kind::Stream),
    Pair::with(LinkKind::Poll, Kind::Stream, Kind::Worker, OF_STREAMS),
    Pair::with(LinkKind::Poll, Kind::Stream, Kind::KclApplication, &[]),
    Pair::with(LinkKind::Poll, Kind::Stream, Kind::Pipe, &[]),
];
