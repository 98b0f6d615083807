//! The scene as a list, for who hears it or walks through it: each node after what leads to it.

use std::collections::{BTreeMap, BTreeSet};

use crate::scene::Scene;

/// A node of the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineRow {
    pub node: String,
    /// What it is: `SQS queue`.
    pub kind: &'static str,
    /// How many lines away from where the flow begins.
    pub depth: usize,
    /// Where its lines go: `is polled by`, `ship`.
    pub goes: Vec<(&'static str, String)>,
}

/// The nodes in the order of the flow: from each source along its lines to the end, before the next source.
#[must_use]
pub fn outline(scene: &Scene) -> Vec<OutlineRow> {
    let drawn = scene.drawn_links();
    let mut lines: BTreeMap<&str, Vec<(&'static str, &str)>> = BTreeMap::new();
    let mut reached = BTreeSet::<&str>::new();
    for link in &drawn {
        lines.entry(&link.from).or_default().push((link.kind.spec().label, &link.to));
        reached.insert(&link.to);
    }
    let mut kinds = BTreeMap::<&str, &'static str>::new();
    kinds.extend(scene.nodes.iter().map(|node| (&*node.id, node.kind.spec().name)));
    let ids = || scene.nodes.iter().map(|node| &*node.id);
    // What lies in a circle has no source: it begins where the file does.
    let begins = ids().filter(|id| !reached.contains(id)).chain(ids());
    let (mut rows, mut seen) = (Vec::with_capacity(scene.nodes.len()), BTreeSet::<&str>::new());
    for begin in begins {
        let mut open = vec![(begin, 0)];
        while let Some((id, depth)) = open.pop() {
            let Some(kind) = kinds.get(id).filter(|_| seen.insert(id)) else { continue };
            let goes = lines.get(id).map_or(&[][..], Vec::as_slice);
            open.extend(goes.iter().rev().map(|(_, to)| (*to, depth + 1)));
            let goes = goes.iter().map(|(label, to)| (*label, (*to).to_owned())).collect();
            rows.push(OutlineRow { node: id.to_owned(), kind, depth, goes });
        }
    }
    rows
}

/// The node that follows in the order of the flow, or the one before; `None` at the ends.
#[must_use]
pub fn next_in_flow(scene: &Scene, node: &str, back: bool) -> Option<String> {
    let rows = outline(scene);
    let at = rows.iter().position(|row| row.node == node)?;
    let next = if back { at.checked_sub(1)? } else { at + 1 };
    rows.into_iter().nth(next).map(|row| row.node)
}
