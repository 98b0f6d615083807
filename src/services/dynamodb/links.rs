//! The links of a table: who writes to it, who reads the stream of its changes, and whose leases it keeps.

use crate::services::{Kind, LinkKind, LinkSpec, Pair, SceneView, Wrong};

/// A KCL application to the table of its leases.
pub static LEASE_TABLE: LinkSpec = LinkSpec {
    name: "LeaseTable",
    label: "keeps its leases in",
    brings: &[("KeySchema", r#"[{"AttributeName":"leaseKey","KeyType":"HASH"}]"#)],
    ..LinkSpec::BLANK
};

pub static PAIRS: &[Pair] = &[
    Pair::new(LinkKind::LeaseTable, Kind::KclApplication, Kind::Table),
    Pair::with(LinkKind::Poll, Kind::Table, Kind::Pipe, &[]),
    Pair::new(LinkKind::Send, Kind::Worker, Kind::Table),
    Pair::new(LinkKind::Send, Kind::Function, Kind::Table),
];

/// Who is told of a table's changes needs its stream.
pub fn problems(scene: &SceneView<'_>) -> Vec<Wrong> {
    let mappings = scene.links_of(LinkKind::EventSourceMapping).filter(|link| link.from.kind == Kind::Table);
    let lacks = mappings.filter(|link| !link.from.properties.contains_key("StreamSpecification"));
    let text = "the table has no stream: set its StreamSpecification.StreamViewType";
    lacks.map(|link| link.wrong("", text, link.from.id)).collect()
}
