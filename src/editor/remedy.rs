//! What one click can do about a problem: the nearest value that is allowed, the default, or no such thing at all.

use serde_json::Value;

use super::effect::{Effect, RunEffect, Why};
use super::recording::commit;
use super::state::State;
use crate::lang::schedule::Zone;
use crate::scene::{Edit, Problem, Scene};
use crate::services::{Property, PropertyKind, whole_number};

/// A remedy: what it is called, and the edit it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    pub title: String,
    edit: Edit,
}

/// What can be done about a problem; `None` where only its author knows.
#[must_use]
pub fn remedy(scene: &Scene, problem: &Problem) -> Option<Remedy> {
    let (list, rest) = problem.place.split_once('[')?;
    let (index, field) = rest.split_once(']')?;
    let index: usize = index.parse().ok()?;
    let field = field.trim_start_matches('.');
    match list {
        "nodes" => {
            let node = scene.nodes.get(index)?;
            let name = field.strip_prefix("properties.")?;
            let (top, inner) = top_of(name);
            let value = node.properties.get(top)?;
            let id = node.id.clone();
            let (title, value) = instead(node.kind.spec().property(top).filter(|_| inner.is_none()), top, value);
            Some(Remedy { title, edit: Edit::SetProperty { id, name: top.to_owned(), value } })
        }
        "links" => {
            let link = scene.links.get(index)?;
            let id = link.id.clone();
            if field.is_empty() {
                return Some(Remedy { title: "Delete the link".to_owned(), edit: Edit::RemoveLink(id) });
            }
            if field == "latency" {
                let title = "Use the network's latency".to_owned();
                return Some(Remedy { title, edit: Edit::SetLatency { id, latency: None } });
            }
            let (top, inner) = top_of(field.strip_prefix("properties.")?);
            let value = link.properties.get(top)?;
            let form = link.kind.spec().properties.iter().find(|property| property.name == top);
            let (title, value) = instead(form.filter(|_| inner.is_none()), top, value);
            Some(Remedy { title, edit: Edit::SetLinkProperty { id, name: top.to_owned(), value } })
        }
        _ => None,
    }
}

/// `RedrivePolicy` of `RedrivePolicy.maxReceiveCount`, and what follows it.
fn top_of(path: &str) -> (&str, Option<&str>) {
    let end = path.find(['.', '[']).unwrap_or(path.len());
    (&path[..end], path.get(end..).filter(|rest| !rest.is_empty()))
}

/// What to put in a value's place, and how to say so.
fn instead(form: Option<&Property>, name: &str, value: &Value) -> (String, Option<Value>) {
    let Some(form) = form else { return (format!("Take {name} away"), None) };
    if let PropertyKind::Integer { min, max } = form.kind
        && let Some(number) =
            whole_number(value).and_then(|number| i64::try_from(number).ok()).or_else(|| value.as_i64())
        && !(min..=max).contains(&number)
    {
        let nearest = number.clamp(min, max);
        return (format!("Use {nearest}"), Some(nearest.into()));
    }
    if matches!(form.kind, PropertyKind::TimeZone)
        && let Some(name) = value.as_str().and_then(Zone::nearest)
    {
        return (format!("Use {name}"), Some(name.into()));
    }
    if form.default.is_empty() {
        return (format!("Take {name} away"), None);
    }
    (format!("Use the default, {}", form.default.trim_matches('"')), None)
}

/// Applies the remedy of the problem at this place, as one step.
pub fn apply(state: &mut State, place: &str) -> Vec<Effect> {
    let problem = state.problems.iter().find(|problem| problem.place == place);
    let Some(remedy) = problem.and_then(|problem| remedy(&state.scene, problem)) else { return Vec::new() };
    let scene = state.scene.with([remedy.edit.clone()]);
    let mut effects = commit(state, scene, None);
    // A file's mistake was there from the beginning, and so is what mends it; a link begins and ends when it is drawn.
    if !matches!(remedy.edit, Edit::RemoveLink(_)) {
        for effect in effects.iter_mut().filter(|effect| **effect == Effect::Run(RunEffect::Reconcile)) {
            *effect = Effect::Run(RunEffect::Remake(vec![remedy.edit.clone()], Why::Act));
        }
    }
    effects
}
