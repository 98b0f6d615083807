//! The document itself. Parts are shared, so that a copy for the history costs little.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::script::ScriptEntry;
use crate::services::{Distribution, Kind, LinkKind, Owner, Preset, Property, Reference};

#[derive(Clone, Debug, PartialEq)]
pub struct SceneNode {
    pub id: String,
    pub kind: Kind,
    /// Top left corner of its card, in canvas units.
    pub at: (f64, f64),
    pub properties: Map<String, Value>,
    /// A hand neither moves nor deletes it.
    pub locked: bool,
    /// The id it had first, if it goes by another now: a new name changes no number.
    pub was: Option<String>,
}

impl SceneNode {
    /// What its random numbers go by, and what tells that two scenes speak of the same node.
    #[must_use]
    pub fn first_id(&self) -> &str {
        self.was.as_deref().unwrap_or(&self.id)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct SceneLink {
    pub id: String,
    pub from: String,
    pub to: String,
    pub kind: LinkKind,
    pub properties: Map<String, Value>,
    pub latency: Option<Value>,
}

/// The network as the scene writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkChoice(pub Value);

impl NetworkChoice {
    pub const NAMES: [&'static str; 3] = ["teaching", "realistic", "instant"];

    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(Value::String(name.to_owned()))
    }

    /// # Errors
    /// A sentence that says what is allowed.
    pub fn preset(&self) -> Result<Preset, String> {
        match &self.0 {
            Value::String(name) if name == "instant" => Ok(Preset::Instant),
            Value::String(name) if name == "realistic" => Ok(Preset::Realistic),
            Value::String(name) if name == "teaching" => Ok(Preset::Teaching),
            Value::Object(map) if map.len() == 1 && map.contains_key("hop") => {
                Distribution::parse(&map["hop"]).map(Preset::Hop)
            }
            other => Err(format!(
                "{other} is not a network; allowed are \"instant\", \"realistic\", \"teaching\" and {{\"hop\": …}}"
            )),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub name: String,
    pub seed: u64,
    pub network: NetworkChoice,
    pub nodes: Vec<Arc<SceneNode>>,
    pub links: Vec<Arc<SceneLink>>,
    pub script: Vec<ScriptEntry>,
    /// What its author says about it, in Markdown, shown beside the canvas.
    pub notes: Vec<Value>,
    /// Parts of the file this version cannot open, kept so that saving loses nothing: `(field, value)`.
    pub unopened: Vec<(String, Value)>,
}

impl Scene {
    /// What a link may have, by what it connects.
    #[must_use]
    pub fn form_of(&self, link: &SceneLink) -> &'static [Property] {
        match (self.node(&link.from), self.node(&link.to)) {
            (Some(from), Some(to)) => link.kind.properties_between(from.kind, to.kind),
            _ => link.kind.spec().properties,
        }
    }

    /// Whether a run goes the same way in both, given the same seed and script: where things lie and what is said about
    /// them does not matter.
    #[must_use]
    pub fn plays_like(&self, other: &Self) -> bool {
        let alike = |one: &Arc<SceneNode>, two: &Arc<SceneNode>| {
            let same = |name| one.properties.get(name) == two.properties.get(name);
            Arc::ptr_eq(one, two)
                || (&one.id, one.kind) == (&two.id, two.kind)
                    && if one.kind.runs() {
                        same_in_a_run(one, two) && one.first_id() == two.first_id()
                    } else {
                        same("Members")
                    }
        };
        // A note says nothing to a run, and of a boundary only who belongs to it.
        let matter = |scene: &'_ Self| -> Vec<Arc<SceneNode>> {
            scene.nodes.iter().filter(|node| node.kind != Kind::Note).cloned().collect()
        };
        let (ours, theirs) = (matter(self), matter(other));
        self.network == other.network
            && self.links == other.links
            && ours.len() == theirs.len()
            && ours.iter().zip(&theirs).all(|(one, two)| alike(one, two))
    }
}

/// Whether their properties are alike, but for how large their cards are drawn.
fn same_in_a_run(one: &SceneNode, two: &SceneNode) -> bool {
    if one.kind.spec().room.is_none() || one.properties == two.properties {
        return one.properties == two.properties;
    }
    let without_size = |node: &SceneNode| {
        let mut properties = node.properties.clone();
        for name in ["Width", "Height"] {
            properties.shift_remove(name);
        }
        properties
    };
    without_size(one) == without_size(two)
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            name: "Untitled".to_owned(),
            seed: 7,
            network: NetworkChoice::named("teaching"),
            nodes: Vec::new(),
            links: Vec::new(),
            script: Vec::new(),
            notes: Vec::new(),
            unopened: Vec::new(),
        }
    }
}

impl Scene {
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Arc<SceneNode>> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// Whether a node goes by that name, or did at first.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        self.nodes.iter().any(|node| node.id == id || node.was.as_deref() == Some(id))
    }

    #[must_use]
    pub fn link(&self, id: &str) -> Option<&Arc<SceneLink>> {
        self.links.iter().find(|link| link.id == id)
    }

    /// The links as drawn: those written, and those that a property stands for ([`Reference`]), each once.
    #[must_use]
    pub fn drawn_links(&self) -> Vec<Arc<SceneLink>> {
        let mut links = self.links.clone();
        let named: Vec<(&Reference, &str, &str, &str)> = self.named_lines().collect();
        if named.is_empty() {
            return links;
        }
        let mut nodes = BTreeSet::<&str>::new();
        nodes.extend(self.nodes.iter().map(|node| &*node.id));
        let mut drawn = BTreeSet::<(&str, &str, LinkKind)>::new();
        drawn.extend(self.links.iter().map(|link| (&*link.from, &*link.to, link.kind)));
        for (reference, owner, from, to) in named {
            if nodes.contains(from) && nodes.contains(to) && drawn.insert((from, to, reference.link)) {
                links.push(Arc::new(SceneLink {
                    id: reference.line_id(owner),
                    from: from.to_owned(),
                    to: to.to_owned(),
                    kind: reference.link,
                    properties: Map::new(),
                    latency: None,
                }));
            }
        }
        links
    }

    /// What properties name: the reference, its owner, and the nodes from which and to which a line would run.
    fn named_lines(&self) -> impl Iterator<Item = (&'static Reference, &str, &str, &str)> {
        let of_nodes = self.nodes.iter().flat_map(|node| {
            Reference::of(Owner::Node(node.kind)).filter_map(|reference| {
                let far = reference.read(&node.properties)?;
                Some((reference, &*node.id, &*node.id, far))
            })
        });
        let of_links = self.links.iter().flat_map(|link| {
            Reference::of(Owner::Link(link.kind)).filter_map(|reference| {
                let far = reference.read(&link.properties)?;
                Some((reference, &*link.id, reference.near_end(&link.from, &link.to), far))
            })
        });
        of_nodes.chain(of_links).map(|(reference, owner, near, far)| {
            let (from, to) = if reference.inward { (far, near) } else { (near, far) };
            (reference, owner, from, to)
        })
    }

    /// A line by its id, written or not.
    #[must_use]
    pub fn drawn_link(&self, id: &str) -> Option<Arc<SceneLink>> {
        self.link(id).cloned().or_else(|| self.drawn_links().into_iter().find(|link| link.id == id))
    }

    /// What a drawn line stands for when it is not written as a link: the reference, and the id of its owner.
    #[must_use]
    pub fn reference_of<'a>(&self, line: &'a str) -> Option<(&'static Reference, &'a str)> {
        if self.link(line).is_some() {
            return None;
        }
        let (reference, owner) = Reference::of_line(line)?;
        let properties = match reference.owner {
            Owner::Node(kind) => &self.node(owner).filter(|node| node.kind == kind)?.properties,
            Owner::Link(kind) => &self.link(owner).filter(|link| link.kind == kind)?.properties,
        };
        reference.read(properties).map(|_| (reference, owner))
    }

    /// The scene's references, each with the properties that hold it.
    pub(super) fn each_reference(&mut self, mut act: impl FnMut(&Reference, &mut Holder<'_>)) {
        for node in &mut self.nodes {
            let references = Reference::of(Owner::Node(node.kind));
            references.for_each(|reference| act(reference, &mut Holder::Node(node)));
        }
        for link in &mut self.links {
            let references = Reference::of(Owner::Link(link.kind));
            references.for_each(|reference| act(reference, &mut Holder::Link(link)));
        }
    }
}

/// What holds a reference. Reading it leaves it shared with the history; changing it does not.
pub(super) enum Holder<'a> {
    Node(&'a mut Arc<SceneNode>),
    Link(&'a mut Arc<SceneLink>),
}

impl Holder<'_> {
    pub(super) fn properties(&self) -> &Map<String, Value> {
        match self {
            Self::Node(node) => &node.properties,
            Self::Link(link) => &link.properties,
        }
    }

    pub(super) fn properties_mut(&mut self) -> &mut Map<String, Value> {
        match self {
            Self::Node(node) => &mut Arc::make_mut(node).properties,
            Self::Link(link) => &mut Arc::make_mut(link).properties,
        }
    }
}
