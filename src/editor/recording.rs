//! Making a scene the document. A change is recorded, or joins the entry of the field that is still being typed; what it
//! means for the run is told here.

use std::sync::Arc;

use super::camera::Camera;
use super::effect::{Effect, RunEffect, Why};
use super::selection::Selection;
use super::state::{About, Gesture, State};
use super::steps::{File, Snapshot};
use super::{choosing, looking, remake};
use crate::scene::{Edit, Problem, Scene};

/// Whether the last step is this field's, and may go on.
pub fn is_typing(state: &State, field: &str) -> bool {
    state.steps.typing.as_deref() == Some(field) && state.steps.future.is_empty()
}

/// The field that was being typed is done: what comes next is an entry of its own.
pub fn end_typing(state: &mut State) {
    state.steps.typing = None;
}

/// Makes `scene` the document, as one undoable step; with `typing`, the step of that field goes on. A scene
/// that says the same changes nothing.
pub fn commit(state: &mut State, scene: Scene, typing: Option<String>) -> Vec<Effect> {
    if scene == *state.scene {
        return Vec::new();
    }
    let steps = &mut state.steps;
    let goes_on = typing.is_some() && typing == steps.typing && steps.future.is_empty();
    let before = std::mem::replace(&mut state.scene, Arc::new(scene));
    if !goes_on {
        steps.record(Arc::clone(&before));
    }
    steps.future.clear();
    steps.typing = typing;
    // Typed back to where it began: a step that undoes nothing would puzzle.
    if goes_on && steps.past.last().is_some_and(|entry| entry.scene == state.scene) {
        steps.past.pop();
        steps.typing = None;
    }
    changed(state, &before, if goes_on { Why::Typing } else { Why::Act })
}

/// Makes what was opened the document, as one undoable step, and shows it whole.
pub fn replace(state: &mut State, scene: Scene, read: Vec<Problem>) -> Vec<Effect> {
    let before = std::mem::replace(&mut state.scene, Arc::new(scene));
    let steps = &mut state.steps;
    steps.record(before);
    steps.future.clear();
    steps.typing = None;
    steps.files += 1;
    steps.file = File { serial: steps.files, problems: read.into() };
    begin_anew(state)
}

pub fn undo(state: &mut State) -> Vec<Effect> {
    let Some(entry) = state.steps.past.pop() else { return Vec::new() };
    let (was, effects) = travel(state, entry);
    state.steps.future.push(was);
    effects
}

pub fn redo(state: &mut State) -> Vec<Effect> {
    let Some(entry) = state.steps.future.pop() else { return Vec::new() };
    let (was, effects) = travel(state, entry);
    state.steps.past.push(was);
    effects
}

/// Makes the entry the present; gives what was.
fn travel(state: &mut State, entry: Snapshot) -> (Snapshot, Vec<Effect>) {
    state.steps.typing = None;
    let scene = std::mem::replace(&mut state.scene, entry.scene);
    let of_file = std::mem::replace(&mut state.steps.file, entry.of_file);
    let same_file = of_file.serial == state.steps.file.serial;
    let effects = if same_file { changed(state, &scene, Why::Undo) } else { begin_anew(state) };
    (Snapshot { scene, of_file }, effects)
}

fn changed(state: &mut State, before: &Scene, why: Why) -> Vec<Effect> {
    let now = Arc::clone(&state.scene);
    let mut remade = remake::edits(before, &now, why);
    if state.holds_knob {
        // Under a moving hand what has happened is not played again at every step.
        state.replay_due |= remade.iter().any(|edit| !is_rename(edit));
        remade.retain(is_rename);
    }
    for edit in &remade {
        if let Edit::RenameNode { from, to } = edit {
            choosing::rename(state, from, to);
        }
    }
    state.problems = state.steps.problems(&state.scene);
    choosing::forget_absent(state);
    let like = if remade.is_empty() { None } else { Some(before.with(remade.iter().cloned())) };
    let mut effects = Vec::new();
    // A note is nothing to a run, whatever it is called; but a boundary that lists it is.
    if like.as_ref().is_some_and(|like| !before.plays_like(like)) {
        effects.push(Effect::Run(RunEffect::Remake(remade, why)));
    }
    let effect = effect_of(like.as_ref().unwrap_or(before), &now, why);
    if effects.is_empty() || effect != RunEffect::Retouch {
        effects.push(Effect::Run(effect));
    }
    effects.push(Effect::Autosave);
    effects
}

/// A running run takes nodes and links as they are now; another script is gone by from its first change on, and another
/// seed makes another run.
fn effect_of(before: &Scene, now: &Scene, why: Why) -> RunEffect {
    if before.seed != now.seed {
        RunEffect::Restart
    } else if before.script != now.script || (why == Why::Undo && !before.plays_like(now)) {
        RunEffect::Rescript(why)
    } else if before.plays_like(now) {
        RunEffect::Retouch
    } else {
        RunEffect::Reconcile
    }
}

fn is_rename(edit: &Edit) -> bool {
    matches!(edit, Edit::RenameNode { .. })
}

fn begin_anew(state: &mut State) -> Vec<Effect> {
    state.gesture = Gesture::Idle;
    state.problems = state.steps.problems(&state.scene);
    state.selection = Selection::default();
    state.trace_node = None;
    state.writing = None;
    state.followed = None;
    state.breakpoints.clear();
    state.mark = None;
    state.span = None;
    state.looping = false;
    state.left = None;
    // Whatever it is about, it is about another scene.
    state.notice.take_if(|notice| notice.about != About::Page);
    state.camera = Camera::default();
    looking::fit(state);
    vec![Effect::Run(RunEffect::Restart), Effect::Autosave]
}
