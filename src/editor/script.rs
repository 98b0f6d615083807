//! Marks of the script: adding faults, moving, changing and removing entries, the span, and the future that was left.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::change::{perform, refuse};
use super::choosing::knows_link;
use super::effect::{Effect, RunEffect, Why};
use super::recording::{commit, end_typing};
use super::selection::Selection;
use super::state::{About, Panel, Proposal, State};
use crate::engine::{Micros, clock_text};
use crate::figure::Tone;
use crate::scene::{Act, Edit, LINK_FAULTS, Scene, SceneNode, ScriptEntry, Subject};
use crate::services::Breakage;

/// As far as a script reaches: a year.
const AT_MAX: Micros = 365 * 86_400 * 1_000_000;

fn is_there(scene: &Scene, subject: &Subject) -> bool {
    match subject {
        Subject::Node(id) => scene.node(id).is_some(),
        Subject::Link(id) => knows_link(scene, id),
    }
}

pub fn add_fault(
    state: &mut State,
    subject: Subject,
    fault: String,
    lasting: Micros,
    at: Micros,
    settings: Map<String, Value>,
) -> Vec<Effect> {
    if !is_there(&state.scene, &subject) {
        return refuse(state, format!("There is no {}.", subject.id()));
    }
    if Breakage::named(&fault).is_none() {
        return refuse(state, format!("{fault} is not a fault."));
    }
    if matches!(subject, Subject::Link(_)) && !LINK_FAULTS.contains(&&*fault) {
        return refuse(state, format!("{fault} is no fault of a link; known are {}.", LINK_FAULTS.join(", ")));
    }
    let act = Act::Fault { name: fault, lasting: lasting.min(AT_MAX), settings };
    perform(state, ScriptEntry::new(subject, at.min(AT_MAX), act), None)
}

pub fn change(state: &mut State, index: usize, entry: ScriptEntry) -> Vec<Effect> {
    if index >= state.scene.script.len() || !is_there(&state.scene, &entry.subject()) {
        return Vec::new();
    }
    // A step of its own, also after another of the same mark; under one hand they are one.
    let typing = state.holds_knob.then(|| format!("mark {index}"));
    if typing.is_none() {
        end_typing(state);
    }
    let entry = ScriptEntry { at: entry.at.min(AT_MAX), ..entry };
    let scene = state.scene.with([Edit::ChangeScriptEntry { index, entry }]);
    commit(state, scene, typing)
}

pub fn shift(state: &mut State, index: usize, at: Micros) -> Vec<Effect> {
    let Some(entry) = state.scene.script.get(index) else { return Vec::new() };
    let entry = ScriptEntry { at, ..entry.clone() };
    change(state, index, entry)
}

pub fn remove(state: &mut State, index: usize) -> Vec<Effect> {
    let scene = state.scene.with([Edit::RemoveScriptEntry(index)]);
    state.mark = None;
    commit(state, scene, None)
}

/// Shows an entry in the inspector; what is chosen on the canvas gives way.
pub fn choose(state: &mut State, index: Option<usize>) {
    state.mark = index.filter(|index| *index < state.scene.script.len());
    if state.mark.is_some() {
        end_typing(state);
        state.selection = Selection::default();
        state.panels.insert(Panel::Inspector.name());
    }
}

pub fn set_span(state: &mut State, span: Option<(Micros, Micros)>) {
    state.span = span.map(|(one, other)| (one.min(other), one.max(other))).filter(|(from, to)| from < to);
    state.looping &= state.span.is_some();
}

pub fn toggle_loop(state: &mut State) {
    if state.span.is_none() {
        state.say("Mark a span out first: drag along the timeline with Shift.", Tone::Plain);
        return;
    }
    state.looping = !state.looping;
}

pub fn future_left(state: &mut State, reached: Micros, scene: Scene) {
    state.left = Some(Arc::new(scene));
    state.say_about(About::Future, format!("You left a future that reached {}.", clock_text(reached)), Tone::Plain);
    if let Some(notice) = &mut state.notice {
        notice.offers.push(Proposal::Future);
    }
}

/// The scene of the future that was left last is the document again, with its cards where they lie now.
pub fn return_to_future(state: &mut State) -> Vec<Effect> {
    let Some(left) = state.left.take() else { return Vec::new() };
    state.notice = None;
    let now = &state.scene;
    let in_place = |node: &Arc<SceneNode>| match now.node(&node.id) {
        Some(here) if here.at != node.at => Arc::new(SceneNode { at: here.at, ..SceneNode::clone(node) }),
        _ => Arc::clone(node),
    };
    let scene = Scene {
        nodes: left.nodes.iter().map(in_place).collect(),
        links: left.links.clone(),
        script: left.script.clone(),
        network: left.network.clone(),
        ..Scene::clone(now)
    };
    let mut effects = commit(state, scene, None);
    for effect in &mut effects {
        if matches!(effect, Effect::Run(_)) {
            *effect = Effect::Run(RunEffect::Rescript(Why::Undo));
        }
    }
    effects
}

/// What an entry is about, as a person reads it: a node's name, or the ends of a line.
#[must_use]
pub fn subject_text(scene: &Scene, entry: &ScriptEntry) -> String {
    match &entry.link {
        Some(id) => scene.drawn_link(id).map_or_else(|| id.clone(), |link| format!("{} → {}", link.from, link.to)),
        None => entry.node.clone(),
    }
}

/// What an entry does, in a few words: `ship: Crash for 10s`.
#[must_use]
pub fn what_of(scene: &Scene, entry: &ScriptEntry) -> String {
    let subject = subject_text(scene, entry);
    let what = match &entry.act {
        Act::Call { action, .. } => action.clone(),
        Act::Fault { name, .. } if name == "Poison" => name.clone(),
        Act::Fault { name, lasting: 0, .. } => format!("{name} from here on"),
        Act::Fault { name, lasting, .. } => format!("{name} for {}", crate::lang::duration::format_duration(*lasting)),
        Act::Set { properties } => {
            let set = |(name, value): (&String, &Value)| match value {
                Value::Null => format!("{name} back to its default"),
                Value::String(text) => format!("{name} = {text}"),
                other => format!("{name} = {other}"),
            };
            properties.iter().map(set).collect::<Vec<String>>().join(", ")
        }
    };
    format!("{subject}: {what}")
}
