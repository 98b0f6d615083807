//! Another node at one end of a line: legal where a new line would be, and the line keeps its id, and its properties as
//! far as they hold there.

use serde_json::{Map, Value};

use super::change::{edited, refuse};
use super::command::LinkEnd;
use super::connect::{Connection, connection, redrive};
use super::effect::Effect;
use super::frame::is_locked;
use super::history::commit;
use super::state::{Selection, State};
use crate::scene::{Edit, Scene, SceneLink, check_property};
use crate::services::{LinkKind, Owner, Property, PropertyKind, Reference};

/// The edits that carry the end to the node, none where it is already, and what the line is called then.
///
/// # Errors
/// A sentence that says why it cannot end there.
pub fn reconnection(scene: &Scene, line: &str, end: LinkEnd, node: &str) -> Result<(Vec<Edit>, String), String> {
    let link = &*scene.drawn_link(line).ok_or("There is no such line.")?;
    let (from, to) = match end {
        LinkEnd::From => (node, &*link.to),
        LinkEnd::To => (&*link.from, node),
    };
    if (from, to) == (&*link.from, &*link.to) {
        return Ok((Vec::new(), line.to_owned()));
    }
    if let Some(why) = why_locked(scene, link) {
        return Err(why);
    }
    match scene.reference_of(line) {
        Some((reference, owner)) => of_reference(scene, link, (reference, owner), end, node),
        None => of_link(scene, link, from, to).map(|edits| (edits, line.to_owned())),
    }
}

/// Why neither end of a line can be moved, if so.
pub fn why_locked(scene: &Scene, link: &SceneLink) -> Option<String> {
    let locked = [&link.from, &link.to].into_iter().find(|id| is_locked(scene, id))?;
    Some(format!("{locked} is locked, and so are the ends of its lines."))
}

fn of_link(scene: &Scene, link: &SceneLink, from: &str, to: &str) -> Result<Vec<Edit>, String> {
    let gone = Edit::RemoveLink(link.id.clone());
    let without = edited(scene, [gone.clone()]);
    match connection(&without, from, to)? {
        Connection::Redrive => Ok(vec![gone, redrive(scene, from, to)]),
        Connection::Link(kind) => {
            let properties = if kind == link.kind { link.properties.clone() } else { kept(kind, &link.properties) };
            let (from, to) = (from.to_owned(), to.to_owned());
            Ok(vec![Edit::ReplaceLink(SceneLink { from, to, kind, properties, ..link.clone() })])
        }
    }
}

/// The properties that another kind of link has too.
fn kept(kind: LinkKind, properties: &Map<String, Value>) -> Map<String, Value> {
    let form = kind.spec().properties;
    let holds = |(name, value): &(&String, &Value)| {
        form.iter().any(|property| property.name == name.as_str() && check_property(property, value).is_ok())
    };
    properties.iter().filter(holds).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn of_reference(
    scene: &Scene,
    line: &SceneLink,
    (reference, owner): (&'static Reference, &str),
    end: LinkEnd,
    node: &str,
) -> Result<(Vec<Edit>, String), String> {
    let far = if reference.inward { LinkEnd::From } else { LinkEnd::To };
    let absent = || format!("There is no node {node}.");
    let target = scene.node(node).ok_or_else(absent)?;
    let near = if reference.inward { &line.to } else { &line.from };
    if *near == node || end != far && *(if reference.inward { &line.from } else { &line.to }) == node {
        return Err(format!("{node} cannot be connected to itself."));
    }
    let (owned, form) = match reference.owner {
        Owner::Node(kind) => (scene.node(owner).map(|node| &node.properties), kind.spec().properties),
        Owner::Link(kind) => (scene.link(owner).map(|link| &link.properties), kind.spec().properties),
    };
    let mut properties = owned.cloned().unwrap_or_default();
    let name = reference.property().to_owned();
    if end == far {
        let present = reference.read(&properties).and_then(|id| scene.node(id)).map(|node| node.kind);
        let fits = match kinds_at(form, reference.path) {
            Some(kinds) => kinds.contains(&target.kind.spec().kind),
            None => present == Some(target.kind),
        };
        if !fits {
            return Err(format!("{name} of {owner} cannot name a {}.", target.kind.spec().name));
        }
        reference.write(&mut properties, node);
        let (id, value) = (owner.to_owned(), properties.shift_remove(&name));
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
    let value = properties.get(&name).cloned();
    let set = |id: &str, value| Edit::SetProperty { id: id.to_owned(), name: name.clone(), value };
    Ok((vec![set(owner, None), set(node, value)], reference.line_id(node)))
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
            let scene = edited(&state.scene, edits);
            let effects = commit(state, scene, None);
            if super::selection::knows_link(&state.scene, &line) {
                state.selection = Selection::of_link(&line);
            }
            effects
        }
    }
}
