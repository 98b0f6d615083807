//! What is chosen. It is never undone.

use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub nodes: BTreeSet<String>,
    pub links: BTreeSet<String>,
}

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
