//! Choosing. It is never undone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::breakpoint;
use super::selection::Selection;
use super::state::State;
use crate::scene::{Edit, Frames, Scene};
use crate::services::Reference;

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

/// A node goes by another name: whatever of the page is about it goes on to be.
pub fn rename(state: &mut State, from: &str, to: &str) {
    if state.selection.nodes.remove(from) {
        state.selection.nodes.insert(to.to_owned());
    }
    let renamed = |line: &String| match Reference::of_line(line) {
        Some((reference, owner)) if owner == from => reference.line_id(to),
        _ => line.clone(),
    };
    state.selection.links = state.selection.links.iter().map(renamed).collect();
    for about in [&mut state.trace_node, &mut state.writing] {
        if about.as_deref() == Some(from) {
            *about = Some(to.to_owned());
        }
    }
    if let Some(left) = &mut state.left {
        Arc::make_mut(left).apply(Edit::RenameNode { from: from.to_owned(), to: to.to_owned() });
    }
    breakpoint::rename(&mut state.breakpoints, from, to);
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
