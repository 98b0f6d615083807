//! What is chosen. Never in the history.

use std::collections::BTreeSet;

use super::state::{Selection, State};
use crate::scene::{Frames, Scene};

impl Selection {
    #[must_use]
    pub fn of_node(id: &str) -> Self {
        Self { nodes: [id.to_owned()].into(), ..Self::default() }
    }

    #[must_use]
    pub fn of_link(id: &str) -> Self {
        Self { links: [id.to_owned()].into(), ..Self::default() }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.links.is_empty()
    }

    /// The node the inspector shows: the only chosen thing.
    #[must_use]
    pub fn single_node(&self) -> Option<&str> {
        if self.nodes.len() == 1 && self.links.is_empty() { self.nodes.first().map(|id| &**id) } else { None }
    }

    #[must_use]
    pub fn single_link(&self) -> Option<&str> {
        if self.links.len() == 1 && self.nodes.is_empty() { self.links.first().map(|id| &**id) } else { None }
    }

    pub(super) fn toggle_node(&mut self, id: &str) {
        if !self.nodes.remove(id) {
            self.nodes.insert(id.to_owned());
        }
    }

    pub(super) fn toggle_link(&mut self, id: &str) {
        if !self.links.remove(id) {
            self.links.insert(id.to_owned());
        }
    }
}

pub fn knows_link(scene: &Scene, link: &str) -> bool {
    scene.link(link).is_some() || scene.reference_of(link).is_some()
}

pub fn select(state: &mut State, nodes: Vec<String>, links: Vec<String>, add: bool) {
    if !add {
        state.selection = Selection::default();
    }
    state.selection.nodes.extend(nodes);
    state.selection.links.extend(links);
    forget_absent(state);
}

pub fn select_all(state: &mut State) {
    state.selection = Selection::default();
    let frames = Frames::of(&state.scene);
    let seen = state.scene.nodes.iter().filter(|node| !node.locked && !frames.hides(&node.id));
    state.selection.nodes.extend(seen.map(|node| node.id.clone()));
}

/// Lets go of what the scene no longer has.
pub fn forget_absent(state: &mut State) {
    let scene = &state.scene;
    if !state.selection.nodes.is_empty() {
        let mut known = BTreeSet::<&str>::new();
        known.extend(scene.nodes.iter().map(|node| &*node.id));
        state.selection.nodes.retain(|id| known.contains(&**id));
    }
    state.selection.links.retain(|id| knows_link(scene, id));
    if state.trace_node.as_deref().is_some_and(|id| scene.node(id).is_none()) {
        state.trace_node = None;
    }
    state.mark = state.mark.filter(|index| *index < scene.script.len());
    if state.writing.as_deref().is_some_and(|id| scene.node(id).is_none()) {
        state.writing = None;
    }
    state.breakpoints.retain(|breakpoint| scene.node(&breakpoint.node).is_some());
}
