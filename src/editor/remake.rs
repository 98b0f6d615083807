//! What holds from the beginning of a run, whenever a hand changes it: names, the network and its latencies, and what AWS
//! fixes at creation. So a fresh run of the scene is the run on the page.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::effect::Why;
use crate::scene::{Edit, Scene};
use crate::services::{Owner, Property, Reference};

/// The edits of that kind that lead from one scene to the other. What is taken back was never so: then every property is
/// of that kind, but for those that draw lines.
pub fn edits(before: &Scene, now: &Scene, why: Why) -> Vec<Edit> {
    let mut edits = now.renames_from(before);
    let named = (!edits.is_empty()).then(|| before.with(edits.iter().cloned()));
    let before = named.as_ref().unwrap_or(before);
    if before.network != now.network {
        edits.push(Edit::SetNetwork(now.network.clone()));
    }
    // Lines belong to the document: they begin and end when they are drawn.
    let holds = |owner: Owner, property: &Property, one: &Map<String, Value>, two: &Map<String, Value>| {
        (property.is_fixed || why == Why::Undo)
            && one.get(property.name) != two.get(property.name)
            && names_alike(owner, property.name, one, two)
    };
    for (one, two) in before.nodes.iter().zip(&now.nodes) {
        if !Arc::ptr_eq(one, two) && (&one.id, one.kind) == (&two.id, two.kind) && two.kind.runs() {
            let (owner, form) = (Owner::Node(two.kind), two.kind.spec().properties.iter());
            for property in form.filter(|form| holds(owner, form, &one.properties, &two.properties)) {
                let (id, name) = (two.id.clone(), property.name.to_owned());
                edits.push(Edit::SetProperty { id, name, value: two.properties.get(property.name).cloned() });
            }
        }
    }
    for (one, two) in before.links.iter().zip(&now.links) {
        if !Arc::ptr_eq(one, two) && (&one.id, one.kind) == (&two.id, two.kind) {
            if one.latency != two.latency {
                edits.push(Edit::SetLatency { id: two.id.clone(), latency: two.latency.clone() });
            }
            let (owner, form) = (Owner::Link(two.kind), two.kind.spec().properties.iter());
            for property in form.filter(|form| holds(owner, form, &one.properties, &two.properties)) {
                let (id, name) = (two.id.clone(), property.name.to_owned());
                edits.push(Edit::SetLinkProperty { id, name, value: two.properties.get(property.name).cloned() });
            }
        }
    }
    edits
}

/// Whether a property names the same nodes in both: then it draws the same lines.
pub fn names_alike(owner: Owner, name: &str, one: &Map<String, Value>, two: &Map<String, Value>) -> bool {
    let mut own = Reference::of(owner).filter(|reference| reference.property() == name);
    own.all(|reference| reference.read(one) == reference.read(two))
}
