//! What can be undone and done again: snapshots of shared scenes. Camera, selection and time are never in here.

use std::sync::Arc;

use crate::scene::{Problem, Scene};

/// Steps that can be undone; older ones are forgotten.
const ENTRIES_MAX: usize = 500;

#[derive(Clone, Debug)]
pub struct Snapshot {
    pub scene: Arc<Scene>,
    pub of_file: File,
}

/// The opened file that a scene goes back to.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Counts up, so that a step across two files is known to be one.
    pub serial: u64,
    /// What reading it found: it stays true until the next file, since what could not be opened is kept.
    pub problems: Arc<[Problem]>,
}

#[derive(Clone, Debug, Default)]
pub struct Steps {
    pub past: Vec<Snapshot>,
    pub future: Vec<Snapshot>,
    /// The field whose typing the last entry is.
    pub typing: Option<String>,
    pub file: File,
    pub files: u64,
}

impl Steps {
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

    pub fn record(&mut self, scene: Arc<Scene>) {
        if self.past.len() == ENTRIES_MAX {
            self.past.remove(0);
        }
        self.past.push(Snapshot { scene, of_file: self.file.clone() });
    }
}
