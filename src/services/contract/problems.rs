//! What a service finds wrong with a scene that a form alone cannot tell: it looks at a view of the scene, and says what, where,
//! and of what.

use serde_json::{Map, Value};

use crate::services::{Kind, LinkKind, Settings};

#[derive(Clone, Copy, Debug)]
pub struct NodeView<'a> {
    /// Its index in the file.
    pub place: usize,
    pub id: &'a str,
    pub kind: Kind,
    pub properties: &'a Map<String, Value>,
}

#[derive(Clone, Copy, Debug)]
pub struct LinkView<'a> {
    /// Its index in the file.
    pub place: usize,
    pub id: &'a str,
    pub kind: LinkKind,
    pub from: NodeView<'a>,
    pub to: NodeView<'a>,
    pub properties: &'a Map<String, Value>,
}

/// A scene as its services see it.
#[derive(Clone, Debug, Default)]
pub struct SceneView<'a> {
    pub nodes: Vec<NodeView<'a>>,
    /// Those that a scene writes.
    pub links: Vec<LinkView<'a>>,
}

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// `nodes[3].properties.VisibilityTimeout`.
    pub place: String,
    /// What is wrong, and what is allowed.
    pub text: String,
    /// The id of a node or link.
    pub about: String,
}

impl<'a> SceneView<'a> {
    pub fn nodes_of(&self, kind: Kind) -> impl Iterator<Item = &NodeView<'a>> {
        self.nodes.iter().filter(move |node| node.kind == kind)
    }

    pub fn links_of(&self, kind: LinkKind) -> impl Iterator<Item = &LinkView<'a>> {
        self.links.iter().filter(move |link| link.kind == kind)
    }

    #[must_use]
    pub fn node(&self, id: &str) -> Option<&NodeView<'a>> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The node of that kind that a value names.
    #[must_use]
    pub fn named(&self, id: Option<&Value>, kind: Kind) -> Option<&NodeView<'a>> {
        self.node(id?.as_str()?).filter(|node| node.kind == kind)
    }
}

impl NodeView<'_> {
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.kind.settings(self.properties.clone())
    }

    /// `path` leads to the property; empty for the node's properties as a whole.
    #[must_use]
    pub fn wrong(&self, path: &str, text: impl Into<String>) -> Wrong {
        let dot = if path.is_empty() { "" } else { "." };
        let place = format!("nodes[{}].properties{dot}{path}", self.place);
        Wrong { place, text: text.into(), about: self.id.to_owned() }
    }
}

impl LinkView<'_> {
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings::new(self.properties.clone(), self.kind.spec().properties)
    }

    /// `path` leads from the link: `properties.BatchSize`, `to`; empty for the link itself. `about` is whose it is.
    #[must_use]
    pub fn wrong(&self, path: &str, text: impl Into<String>, about: &str) -> Wrong {
        let dot = if path.is_empty() { "" } else { "." };
        Wrong { place: format!("links[{}]{dot}{path}", self.place), text: text.into(), about: about.to_owned() }
    }

    /// The same, of a property; empty for its properties as a whole.
    #[must_use]
    pub fn wrong_property(&self, name: &str, text: impl Into<String>, about: &str) -> Wrong {
        let dot = if name.is_empty() { "" } else { "." };
        self.wrong(&format!("properties{dot}{name}"), text, about)
    }
}
