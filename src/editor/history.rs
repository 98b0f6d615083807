//! Undo and redo: snapshots of shared scenes. A change of the document is recorded, or joins the entry of the
//! field that is still being typed; camera, selection and time are never in here.

use std::sync::Arc;

use super::effect::{Effect, RunEffect, Why};
use super::state::{Camera, Gesture, Selection, State};
use super::{camera, selection};
use crate::scene::{Problem, Scene};

/// Steps that can be undone; older ones are forgotten.
const ENTRIES_MAX: usize = 500;

#[derive(Clone, Debug)]
struct Snapshot {
    scene: Arc<Scene>,
    of_file: File,
}

/// The opened file that a scene goes back to.
#[derive(Clone, Debug, Default)]
struct File {
    /// Counts up, so that a step across two files is known to be one.
    serial: u64,
    /// What reading it found: it stays true until the next file, since what could not be opened is kept.
    problems: Arc<[Problem]>,
}

#[derive(Clone, Debug, Default)]
pub struct History {
    past: Vec<Snapshot>,
    future: Vec<Snapshot>,
    /// The field whose typing the last entry is.
    typing: Option<String>,
    file: File,
    files: u64,
}

impl History {
    pub fn of(read: Vec<Problem>) -> Self {
        Self { file: File { serial: 0, problems: read.into() }, ..Self::default() }
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// The file's problems, then the scene's own.
    pub fn problems(&self, scene: &Scene) -> Arc<[Problem]> {
        let read = self.file.problems.iter();
        let own = scene.problems().into_iter().filter(|problem| !self.file.problems.contains(problem));
        read.cloned().chain(own).collect()
    }

    fn record(&mut self, scene: Arc<Scene>) {
        if self.past.len() == ENTRIES_MAX {
            self.past.remove(0);
        }
        self.past.push(Snapshot { scene, of_file: self.file.clone() });
    }
}

/// Whether the last step is this field's, and may go on.
pub fn is_typing(state: &State, field: &str) -> bool {
    state.history.typing.as_deref() == Some(field) && state.history.future.is_empty()
}

/// The field that was being typed is done: what comes next is an entry of its own.
pub fn end_typing(state: &mut State) {
    state.history.typing = None;
}

/// Makes `scene` the document, as one undoable step; with `typing`, the step of that field goes on. A scene
/// that says the same changes nothing.
pub fn commit(state: &mut State, scene: Scene, typing: Option<String>) -> Vec<Effect> {
    if scene == *state.scene {
        return Vec::new();
    }
    let history = &mut state.history;
    let goes_on = typing.is_some() && typing == history.typing && history.future.is_empty();
    let before = std::mem::replace(&mut state.scene, Arc::new(scene));
    if !goes_on {
        history.record(Arc::clone(&before));
    }
    history.future.clear();
    history.typing = typing;
    // Typed back to where it began: a step that undoes nothing would puzzle.
    if goes_on && history.past.last().is_some_and(|entry| entry.scene == state.scene) {
        history.past.pop();
        history.typing = None;
    }
    changed(state, &before, if goes_on { Why::Typing } else { Why::Act })
}

/// Makes what was opened the document, as one undoable step, and shows it whole.
pub fn replace(state: &mut State, scene: Scene, read: Vec<Problem>) -> Vec<Effect> {
    let before = std::mem::replace(&mut state.scene, Arc::new(scene));
    let history = &mut state.history;
    history.record(before);
    history.future.clear();
    history.typing = None;
    history.files += 1;
    history.file = File { serial: history.files, problems: read.into() };
    begin_anew(state)
}

pub fn undo(state: &mut State) -> Vec<Effect> {
    let Some(entry) = state.history.past.pop() else { return Vec::new() };
    let (was, effects) = travel(state, entry);
    state.history.future.push(was);
    effects
}

pub fn redo(state: &mut State) -> Vec<Effect> {
    let Some(entry) = state.history.future.pop() else { return Vec::new() };
    let (was, effects) = travel(state, entry);
    state.history.past.push(was);
    effects
}

/// Makes the entry the present; gives what was.
fn travel(state: &mut State, entry: Snapshot) -> (Snapshot, Vec<Effect>) {
    state.history.typing = None;
    let scene = std::mem::replace(&mut state.scene, entry.scene);
    let of_file = std::mem::replace(&mut state.history.file, entry.of_file);
    let same_file = of_file.serial == state.history.file.serial;
    let effects = if same_file { changed(state, &scene, Why::Undo) } else { begin_anew(state) };
    (Snapshot { scene, of_file }, effects)
}

fn changed(state: &mut State, before: &Scene, why: Why) -> Vec<Effect> {
    state.problems = state.history.problems(&state.scene);
    selection::forget_absent(state);
    // A running run takes nodes, links and network as they are now; another script is gone by from its first change on,
    // and another seed makes another run.
    let now = &state.scene;
    let effect = if before.seed != now.seed {
        RunEffect::Restart
    } else if before.script != now.script || (why == Why::Undo && !before.plays_like(now)) {
        RunEffect::Rescript(why)
    } else if before.plays_like(now) {
        RunEffect::Retouch
    } else {
        RunEffect::Reconcile
    };
    vec![Effect::Run(effect), Effect::Autosave]
}

fn begin_anew(state: &mut State) -> Vec<Effect> {
    state.gesture = Gesture::Idle;
    state.problems = state.history.problems(&state.scene);
    state.selection = Selection::default();
    state.trace_node = None;
    state.writing = None;
    state.followed = None;
    state.breakpoints.clear();
    state.mark = None;
    state.span = None;
    state.looping = false;
    state.left = None;
    state.camera = Camera::default();
    camera::fit(state);
    vec![Effect::Run(RunEffect::Restart), Effect::Autosave]
}
