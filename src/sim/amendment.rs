//! Amendments: how a running run departs from its document, by its script and by the calls it takes.

use std::sync::Arc;

use super::wiring::LinkNames;
use crate::scene::{Edit, Scene, SceneLink, fresh_id};
use crate::services::Change;

/// The edits that make a change a call asked for; none when what it names is gone.
pub fn edits_of(change: Change, scene: &Scene, names: &LinkNames) -> Vec<Edit> {
    let link_id = |link| names.name(link).filter(|id| scene.link(id).is_some()).map(str::to_owned);
    match change {
        Change::AddLink { kind, from, to, properties } => {
            let id = fresh_id(&format!("{from}-{to}"), |id| scene.link(id).is_some());
            let (from, to) = (from.to_string(), to.to_string());
            vec![Edit::AddLink(SceneLink { id, from, to, kind, properties, latency: None })]
        }
        Change::RemoveLink { link } => link_id(link).map(Edit::RemoveLink).into_iter().collect(),
        Change::SetLinkProperty { link, name, value } => {
            link_id(link).map(|id| Edit::SetLinkProperty { id, name, value }).into_iter().collect()
        }
        Change::SetProperty { node, name, value } => vec![Edit::SetProperty { id: node.to_string(), name, value }],
        Change::RemoveNode { node } => vec![Edit::DeleteNode(node.to_string())],
    }
}

/// Whether the author's latest edit changed the very thing that an amendment changed: then the author is right.
pub fn outdated(amendment: &Edit, before: &Scene, after: &Scene) -> bool {
    match amendment {
        Edit::SetProperty { id, name, .. } => {
            let of = |scene: &Scene| scene.node(id).and_then(|node| node.properties.get(name).cloned());
            of(before) != of(after)
        }
        Edit::SetLinkProperty { id, name, .. } => {
            let of = |scene: &Scene| scene.link(id).and_then(|link| link.properties.get(name).cloned());
            of(before) != of(after)
        }
        Edit::RemoveLink(id) => before.link(id).map(Arc::as_ref) != after.link(id).map(Arc::as_ref),
        Edit::DeleteNode(id) => before.node(id).is_none() && after.node(id).is_some(),
        Edit::AddLink(link) => {
            let same =
                |drawn: &Arc<SceneLink>| (drawn.kind, &drawn.from, &drawn.to) == (link.kind, &link.from, &link.to);
            let drawn = |scene: &Scene| scene.links.iter().any(same);
            [&link.from, &link.to].into_iter().any(|end| after.node(end).is_none()) || drawn(after) && !drawn(before)
        }
        _ => false,
    }
}
