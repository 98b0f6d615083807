//! Another node at one end of a line: legal where a new line would be, and the line keeps its id, and its properties as
//! far as they hold there.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::boundary::is_locked;
use super::change::refuse;
use super::connect::{Connection, Lines, redrive};
use super::effect::Effect;
use super::pointer::LinkEnd;
use super::recording::commit;
use super::selection::Selection;
use super::state::State;
use crate::scene::{Edit, Scene, SceneLink, SceneNode, check_property};
use crate::services::{LinkKind, Owner, Property, PropertyKind, Reference};

/// The edits that carry the end to the node, none where it is already, and what the line is called then.
///
/// # Errors
/// A sentence that says why it cannot end there.
pub fn reconnection(scene: &Scene, line: &str, end: LinkEnd, node: &str) -> Result<Reconnection, String> {
    let target = scene.node(node).ok_or_else(|| format!("There is no node {node}."))?;
    Carried::of(scene, &scene.drawn_links(), line, end)?.to(target)
}

/// The nodes that the end may be carried to, and the one where it is.
///
/// # Errors
/// A sentence that says why it stays.
pub fn possible_ends(scene: &Scene, line: &str, end: LinkEnd) -> Result<BTreeSet<String>, String> {
    let drawn = scene.drawn_links();
    let carried = Carried::of(scene, &drawn, line, end)?;
    Ok(scene.nodes.iter().filter(|node| carried.to(node).is_ok()).map(|node| node.id.clone()).collect())
}

pub type Reconnection = (Vec<Edit>, String);

/// A line of which an end is in the hand: what holds for every node it might be carried to.
struct Carried<'a> {
    link: &'a SceneLink,
    end: LinkEnd,
    named: Option<Named<'a>>,
    scene: &'a Scene,
    /// All but itself.
    others: Lines<'a>,
}

/// What a line stands for that is not written as a link.
struct Named<'a> {
    reference: &'static Reference,
    owner: &'a str,
    properties: &'a Map<String, Value>,
    /// The types of node that may be named.
    kinds: Vec<&'static str>,
}

impl<'a> Carried<'a> {
    fn of(scene: &'a Scene, drawn: &'a [Arc<SceneLink>], line: &'a str, end: LinkEnd) -> Result<Self, String> {
        let link = drawn.iter().find(|link| link.id == line).ok_or("There is no such line.")?;
        if let Some(why) = why_locked(scene, link) {
            return Err(why);
        }
        let named = scene.reference_of(line).and_then(|(reference, owner)| Named::of(scene, reference, owner));
        let lines = Lines::of(scene, drawn);
        let others = if named.is_some() { lines } else { lines.without(link) };
        Ok(Self { link, end, named, scene, others })
    }

    fn to(&self, target: &SceneNode) -> Result<Reconnection, String> {
        let (link, node) = (self.link, &*target.id);
        let (from, to) = match self.end {
            LinkEnd::From => (node, &*link.to),
            LinkEnd::To => (&*link.from, node),
        };
        if (from, to) == (&*link.from, &*link.to) {
            return Ok((Vec::new(), link.id.clone()));
        }
        match &self.named {
            Some(named) => named.carried(link, self.end, target),
            None => self.written(from, to).map(|edits| (edits, link.id.clone())),
        }
    }

    fn written(&self, from: &str, to: &str) -> Result<Vec<Edit>, String> {
        let link = self.link;
        match self.others.connection(from, to)? {
            Connection::Redrive => Ok(vec![Edit::RemoveLink(link.id.clone()), redrive(self.scene, from, to)]),
            Connection::Link(kind) => {
                let properties = if kind == link.kind { link.properties.clone() } else { kept(kind, &link.properties) };
                let (from, to) = (from.to_owned(), to.to_owned());
                Ok(vec![Edit::ReplaceLink(SceneLink { from, to, kind, properties, ..link.clone() })])
            }
        }
    }
}

impl<'a> Named<'a> {
    fn of(scene: &'a Scene, reference: &'static Reference, owner: &'a str) -> Option<Self> {
        let (properties, form) = match reference.owner {
            Owner::Node(kind) => (&scene.node(owner)?.properties, kind.spec().properties),
            Owner::Link(kind) => (&scene.link(owner)?.properties, kind.spec().properties),
        };
        let present = || reference.read(properties).and_then(|id| scene.node(id)).map(|node| node.kind.spec().kind);
        let kinds = match kinds_at(form, reference.path) {
            Some(kinds) => kinds.to_vec(),
            None => present().into_iter().collect(),
        };
        Some(Self { reference, owner, properties, kinds })
    }

    fn carried(&self, line: &SceneLink, end: LinkEnd, target: &SceneNode) -> Result<Reconnection, String> {
        let Self { reference, owner, properties, .. } = *self;
        let far = if reference.inward { LinkEnd::From } else { LinkEnd::To };
        let node = &*target.id;
        let other = match end {
            LinkEnd::From => &line.to,
            LinkEnd::To => &line.from,
        };
        if other == node {
            return Err(format!("{node} cannot be connected to itself."));
        }
        let name = reference.property();
        if end == far {
            if !self.kinds.contains(&target.kind.spec().kind) {
                return Err(format!("{name} of {owner} cannot name a {}.", target.kind.spec().name));
            }
            let mut properties = properties.clone();
            reference.write(&mut properties, node);
            let (id, name, value) = (owner.to_owned(), name.to_owned(), properties.shift_remove(name));
            let edit = match reference.owner {
                Owner::Node(_) => Edit::SetProperty { id, name, value },
                Owner::Link(_) => Edit::SetLinkProperty { id, name, value },
            };
            return Ok((vec![edit], line.id.clone()));
        }
        let movable = reference.owner == Owner::Node(target.kind) && reference.path.len() <= 2;
        if !movable {
            return Err(format!("This line stands for {name} of {owner}. Draw another one from {node}."));
        }
        if reference.read(&target.properties).is_some() {
            return Err(format!("{node} has a {name} already."));
        }
        let set = |id: &str, value| Edit::SetProperty { id: id.to_owned(), name: name.to_owned(), value };
        let value = properties.get(name).cloned();
        Ok((vec![set(owner, None), set(node, value)], reference.line_id(node)))
    }
}

/// Why neither end of a line can be moved, if so.
fn why_locked(scene: &Scene, link: &SceneLink) -> Option<String> {
    let locked = [&link.from, &link.to].into_iter().find(|id| is_locked(scene, id))?;
    Some(format!("{locked} is locked, and so are the ends of its lines."))
}

/// The properties that another kind of link has too.
fn kept(kind: LinkKind, properties: &Map<String, Value>) -> Map<String, Value> {
    let form = kind.spec().properties;
    let holds = |(name, value): &(&String, &Value)| {
        form.iter().any(|property| property.name == name.as_str() && check_property(property, value).is_ok())
    };
    properties.iter().filter(holds).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The types of node that a form takes at a path; `None` where it does not say.
fn kinds_at(form: &'static [Property], path: &[&str]) -> Option<&'static [&'static str]> {
    let (first, rest) = path.split_first()?;
    match form.iter().find(|property| property.name == *first)?.kind {
        PropertyKind::Object(inner) => kinds_at(inner, rest),
        PropertyKind::Node(kinds) if rest.is_empty() => Some(kinds),
        _ => None,
    }
}

/// Carries the end over, or says why not.
pub fn reconnect(state: &mut State, line: &str, end: LinkEnd, node: &str) -> Vec<Effect> {
    match reconnection(&state.scene, line, end, node) {
        Err(why) => refuse(state, why),
        Ok((edits, line)) => {
            let scene = state.scene.with(edits);
            let effects = commit(state, scene, None);
            if super::choosing::knows_link(&state.scene, &line) {
                state.selection = Selection::of_link(&line);
            }
            effects
        }
    }
}
