//! Where a run pauses by itself: at a node, or at one of its facts.

use super::state::State;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breakpoint {
    pub node: String,
    /// The name of a fact; without one, whatever happens at the node.
    pub fact: Option<String>,
}

impl Breakpoint {
    #[must_use]
    pub fn stops(&self, node: &str, fact: &str) -> bool {
        self.node == node && self.fact.as_deref().is_none_or(|wanted| wanted == fact)
    }
}

/// Sets it, or takes it away again.
pub fn toggle(state: &mut State, breakpoint: Breakpoint) {
    if state.scene.node(&breakpoint.node).is_some() && !state.breakpoints.remove(&breakpoint) {
        state.breakpoints.insert(breakpoint);
    }
}

/// A node goes by another name.
pub fn rename(state: &mut State, from: &str, to: &str) {
    let renamed = |breakpoint: Breakpoint| match breakpoint.node == from {
        true => Breakpoint { node: to.to_owned(), ..breakpoint },
        false => breakpoint,
    };
    state.breakpoints = std::mem::take(&mut state.breakpoints).into_iter().map(renamed).collect();
}
