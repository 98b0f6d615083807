//! Knobs: a property changed while the run goes on is a part of the script, so that a fresh run of the scene goes the
//! same way; or it is changed as if it had been so from the beginning.

use serde_json::{Map, Value};

use super::change::{perform, refuse, set_link_property, set_property, why_drawn, why_not};
use super::effect::{Effect, RunEffect, Why};
use super::recording::{commit, end_typing, is_typing};
use super::remake::names_alike;
use super::state::{Knobs, State};
use crate::engine::Micros;
use crate::scene::{Act, Edit, ScriptEntry, Subject};
use crate::services::{Owner, Property};

/// Changes a property just before `at`.
pub fn turn(state: &mut State, subject: Subject, name: String, value: Option<Value>, at: Micros) -> Vec<Effect> {
    let (live, begun) = (is_live(state, &subject, &name, value.as_ref()), at > 1);
    if live && begun && state.knobs == Knobs::FromNow {
        return from_now(state, subject, name, value, at);
    }
    let edit = match subject.clone() {
        Subject::Node(id) => Edit::SetProperty { id, name: name.clone(), value: value.clone() },
        Subject::Link(id) => Edit::SetLinkProperty { id, name: name.clone(), value: value.clone() },
    };
    let mut effects = match subject {
        Subject::Node(id) => set_property(state, id, name, value),
        Subject::Link(id) => set_link_property(state, id, name, value),
    };
    // What has happened happens again with it; under a moving hand not at every step.
    for effect in effects.iter_mut().filter(|effect| live && **effect == Effect::Run(RunEffect::Reconcile)) {
        match (begun, state.holds_knob) {
            (true, true) => state.replay_due = true,
            (true, false) => *effect = Effect::Run(RunEffect::Replay),
            (false, _) => *effect = Effect::Run(RunEffect::Remake(vec![edit.clone()], Why::Act)),
        }
    }
    effects
}

/// A hand takes hold of a slider or lets go of it.
pub fn hold(state: &mut State, held: bool) -> Vec<Effect> {
    if state.holds_knob == held {
        return Vec::new();
    }
    state.holds_knob = held;
    end_typing(state);
    let due = !held && std::mem::take(&mut state.replay_due);
    due.then_some(Effect::Run(RunEffect::Replay)).into_iter().collect()
}

/// Whether AWS changes the property of a live resource, and no other line is drawn then: lines belong to the document.
fn is_live(state: &State, subject: &Subject, name: &str, value: Option<&Value>) -> bool {
    let (form, owner, before): (&[Property], Owner, &Map<String, Value>) = match subject {
        Subject::Node(id) => match state.scene.node(id) {
            Some(node) => (node.kind.spec().properties, Owner::Node(node.kind), &node.properties),
            None => return false,
        },
        Subject::Link(id) => match state.scene.link(id) {
            Some(link) => (state.scene.form_of(link), Owner::Link(link.kind), &link.properties),
            None => return false,
        },
    };
    let after = Map::from_iter(value.map(|value| (name.to_owned(), value.clone())));
    names_alike(owner, name, before, &after) && form.iter().any(|property| property.name == name && !property.is_fixed)
}

fn from_now(state: &mut State, subject: Subject, name: String, value: Option<Value>, at: Micros) -> Vec<Effect> {
    if let Subject::Link(id) = &subject
        && let Some(why) = why_drawn(&state.scene, id)
    {
        return refuse(state, why);
    }
    if let Some(why) = why_not(state, &subject, &name, value.as_ref()) {
        return refuse(state, why);
    }
    let typing = format!("turn {subject:?} {name}");
    let mut properties = Map::new();
    properties.insert(name, value.unwrap_or(Value::Null));
    // Values under one hand, or at one moment, are one change: the last one holds from where it began.
    let goes_on = is_typing(state, &typing)
        && state.scene.script.last().is_some_and(|last| {
            last.subject() == subject
                && matches!(last.act, Act::Set { .. })
                && (state.holds_knob || at <= last.at.saturating_add(1))
        });
    if !goes_on {
        end_typing(state);
        return perform(state, ScriptEntry::new(subject, at, Act::Set { properties }), Some(typing));
    }
    let index = state.scene.script.len() - 1;
    let entry = ScriptEntry { act: Act::Set { properties }, ..state.scene.script[index].clone() };
    let scene = state.scene.with([Edit::ChangeScriptEntry { index, entry }]);
    commit(state, scene, Some(typing))
}
