//! Changes of single fields: each becomes edits, or a sentence that says why not.

use serde_json::Value;

use super::effect::{Effect, RunEffect};
use super::recording::commit;
use super::state::State;
use crate::engine::Micros;
use crate::figure::Tone;
use crate::lang::event_pattern::Dialect;
use crate::scene::{Act, Edit, NetworkChoice, Scene, ScriptEntry, Subject, check_property, limits};
use crate::services::{Distribution, Property, PropertyKind};

/// Applies one edit as a step of its own, or as more typing in one field.
pub fn apply(state: &mut State, edit: Edit, typing: Option<String>) -> Vec<Effect> {
    let scene = state.scene.with([edit]);
    commit(state, scene, typing)
}

pub fn refuse(state: &mut State, why: impl Into<String>) -> Vec<Effect> {
    state.say(why, Tone::Bad);
    Vec::new()
}

/// Why a node or link does not take that value.
pub fn why_not(state: &State, subject: &Subject, name: &str, value: Option<&Value>) -> Option<String> {
    match subject {
        Subject::Node(id) => {
            let spec = state.scene.node(id)?.kind.spec();
            let checked = check(spec.properties, spec.not_modelled, spec.name, name, value, None);
            checked.err().map(|why| format!("{id}: {why}"))
        }
        Subject::Link(id) => {
            let link = state.scene.link(id)?;
            let (spec, scope) = (link.kind.spec(), link.properties.get("FilterPolicyScope").and_then(Value::as_str));
            let checked = check(spec.properties, spec.not_modelled, spec.name, name, value, scope);
            checked.err().map(|why| format!("{} → {}: {why}", link.from, link.to))
        }
    }
}

pub fn set_property(state: &mut State, id: String, name: String, value: Option<Value>) -> Vec<Effect> {
    if state.scene.node(&id).is_none() {
        return Vec::new();
    }
    if let Some(why) = why_not(state, &Subject::Node(id.clone()), &name, value.as_ref()) {
        return refuse(state, why);
    }
    let typing = Some(format!("property {id} {name}"));
    apply(state, Edit::SetProperty { id, name, value }, typing)
}

pub fn set_link_property(state: &mut State, id: String, name: String, value: Option<Value>) -> Vec<Effect> {
    if let Some(why) = why_drawn(&state.scene, &id) {
        return refuse(state, why);
    }
    if state.scene.link(&id).is_none() {
        return Vec::new();
    }
    if let Some(why) = why_not(state, &Subject::Link(id.clone()), &name, value.as_ref()) {
        return refuse(state, why);
    }
    let typing = Some(format!("link {id} {name}"));
    apply(state, Edit::SetLinkProperty { id, name, value }, typing)
}

pub fn set_latency(state: &mut State, id: String, latency: Option<Value>) -> Vec<Effect> {
    if let Some(why) = why_drawn(&state.scene, &id) {
        return refuse(state, why);
    }
    if let Some(Err(why)) = latency.as_ref().map(Distribution::parse) {
        return refuse(state, format!("Latency: {why}"));
    }
    let typing = Some(format!("latency {id}"));
    apply(state, Edit::SetLatency { id, latency }, typing)
}

/// Why a line cannot be changed by itself, if it is the picture of a property.
pub fn why_drawn(scene: &Scene, link: &str) -> Option<String> {
    let (reference, owner) = scene.reference_of(link)?;
    Some(format!("This line stands for the property {} of {owner}: change it there.", reference.property()))
}

/// Whether a form takes the value. Taking a property away is always right, an unknown one too.
fn check(
    form: &[Property],
    not_modelled: &[(&str, &str)],
    owner: &str,
    name: &str,
    value: Option<&Value>,
    filter_scope: Option<&str>,
) -> Result<(), String> {
    let Some(value) = value else { return Ok(()) };
    if let Some((_, reason)) = not_modelled.iter().find(|(known, _)| *known == name) {
        return Err(format!("{name} is not modelled: {reason}."));
    }
    let Some(property) = form.iter().find(|property| property.name == name) else {
        let known: Vec<&str> = form.iter().map(|property| property.name).collect();
        return Err(format!("a {owner} has no property {name}; it has {}.", known.join(", ")));
    };
    let kind = match property.kind {
        PropertyKind::Pattern(Dialect::SnsMessageAttributes) if filter_scope == Some("MessageBody") => {
            PropertyKind::Pattern(Dialect::SnsMessageBody)
        }
        kind => kind,
    };
    check_property(&Property { kind, ..*property }, value).map_err(|why| format!("{}: {why}.", property.label))
}

pub fn rename(state: &mut State, from: &str, to: &str) -> Vec<Effect> {
    let to = to.trim();
    if from == to || state.scene.node(from).is_none() {
        return Vec::new();
    }
    if to.is_empty() {
        return refuse(state, format!("A name cannot be empty: {from} keeps its own."));
    }
    if to.chars().count() > limits::ID_CHARS_MAX {
        return refuse(state, format!("A name has at most {} characters: {from} keeps its own.", limits::ID_CHARS_MAX));
    }
    if state.scene.node(to).is_some() {
        return refuse(state, format!("{to} is taken by another node: {from} keeps its name."));
    }
    apply(state, Edit::RenameNode { from: from.to_owned(), to: to.to_owned() }, None)
}

pub fn set_network(state: &mut State, network: NetworkChoice) -> Vec<Effect> {
    match network.preset() {
        Ok(_) => apply(state, Edit::SetNetwork(network), Some("network".to_owned())),
        Err(why) => refuse(state, format!("Network: {why}.")),
    }
}

/// A call by hand becomes a part of the script, as one undoable step; the run plays on and does not begin anew.
pub fn call(state: &mut State, node: String, action: String, input: Value, at: Micros) -> Vec<Effect> {
    if state.scene.node(&node).is_none() {
        return refuse(state, format!("There is no node {node}."));
    }
    perform(state, ScriptEntry::new(Subject::Node(node), at, Act::Call { action, input }), None)
}

/// What a hand does now becomes a part of the script, as one undoable step.
pub fn perform(state: &mut State, entry: ScriptEntry, typing: Option<String>) -> Vec<Effect> {
    if state.scene.script.len() >= limits::SCRIPT_ENTRIES_MAX {
        return refuse(state, format!("A script has at most {} entries.", limits::SCRIPT_ENTRIES_MAX));
    }
    let scene = state.scene.with([Edit::AddScriptEntry(entry.clone())]);
    commit(state, scene, typing);
    vec![Effect::Run(RunEffect::Perform(entry)), Effect::Autosave]
}
