//! Which boundary holds which node, and what a collapsed one hides. It follows from the members alone, never from where
//! things lie.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::{Scene, SceneNode};
use crate::services::Kind;

impl SceneNode {
    /// The ids a boundary lists.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        let list = if self.kind == Kind::Boundary { self.properties.get("Members") } else { None };
        list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// A boundary that is drawn as one card.
    #[must_use]
    pub fn is_collapsed(&self) -> bool {
        self.kind == Kind::Boundary && self.properties.get("Collapsed").is_some_and(crate::services::is_true)
    }

    /// A boundary that is drawn as a frame.
    #[must_use]
    pub fn is_frame(&self) -> bool {
        self.kind == Kind::Boundary && !self.is_collapsed()
    }
}

/// Who is inside what: a forest. Of two boundaries that list the same node the first has it, and none is inside itself.
#[derive(Debug, Default)]
pub struct Frames<'a> {
    boundaries: BTreeMap<&'a str, &'a SceneNode>,
    holders: BTreeMap<&'a str, &'a SceneNode>,
    collapses: bool,
}

impl<'a> Frames<'a> {
    /// Costs little where there is no boundary.
    #[must_use]
    pub fn of(scene: &'a Scene) -> Self {
        let mut frames = Self::default();
        for node in scene.nodes.iter().filter(|node| node.kind == Kind::Boundary) {
            frames.boundaries.insert(&node.id, node);
            frames.collapses |= node.is_collapsed();
        }
        for node in scene.nodes.iter().filter(|node| node.kind == Kind::Boundary) {
            for member in node.members() {
                let cyclic = member == node.id || frames.around(&node.id).any(|outer| outer.id == member);
                if !cyclic {
                    frames.holders.entry(member).or_insert(node);
                }
            }
        }
        frames
    }

    /// Whether the scene has no boundary.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.boundaries.is_empty()
    }

    /// The boundary a node is a member of.
    #[must_use]
    pub fn holder(&self, id: &str) -> Option<&'a SceneNode> {
        self.holders.get(id).copied()
    }

    /// The boundaries around a node, the innermost first.
    pub fn around(&self, id: &str) -> impl Iterator<Item = &'a SceneNode> {
        std::iter::successors(self.holder(id), |inner| self.holder(&inner.id))
    }

    /// The card that stands for a node that is not to be seen: the outermost collapsed boundary around it.
    #[must_use]
    pub fn card_of(&self, id: &str) -> Option<&'a SceneNode> {
        if !self.collapses {
            return None;
        }
        self.around(id).filter(|outer| outer.is_collapsed()).last()
    }

    #[must_use]
    pub fn hides(&self, id: &str) -> bool {
        self.card_of(id).is_some()
    }

    /// The members of a boundary, and theirs.
    #[must_use]
    pub fn inside(&self, id: &str) -> BTreeSet<&'a str> {
        let (mut found, mut due) = (BTreeSet::new(), vec![id]);
        while let Some(outer) = due.pop() {
            let Some(boundary) = self.boundaries.get(outer) else { continue };
            for member in boundary.members() {
                if self.holder(member).is_some_and(|holder| holder.id == outer) && found.insert(member) {
                    due.push(member);
                }
            }
        }
        found
    }
}
