//! Properties that name another node, as each service says them: the canvas draws each as a line, and renaming, deleting and
//! duplicating a node follow it.

use serde_json::{Map, Value};

use crate::services::{Kind, LinkKind};

/// What has the property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Node(Kind),
    /// A line drawn from it begins at [`Reference::near_end`].
    Link(LinkKind),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    pub owner: Owner,
    /// Names it in the line's id, `<owner's id>~<name>`; no two have the same.
    pub name: &'static str,
    /// From the property down to the text that is a node's id.
    pub path: &'static [&'static str],
    /// What it is drawn as.
    pub link: LinkKind,
    /// Whether the line runs from the named node to the owner.
    pub inward: bool,
    /// Of the ends of a link that has it, the one where its line begins.
    pub near: Near,
}

/// An end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    From,
    To,
}

/// A property that lists ids of nodes: renaming a node follows it, and nothing is drawn.
#[derive(Debug)]
pub struct IdList {
    pub path: &'static [&'static str],
    /// Whether a node that is gone leaves the list.
    pub forgets: bool,
}

/// Every property that names a node.
fn all() -> impl Iterator<Item = &'static Reference> {
    let of_nodes = Kind::ALL.iter().flat_map(|kind| kind.spec().references);
    of_nodes.chain(LinkKind::ALL.iter().flat_map(|kind| kind.spec().references))
}

fn ids_at<'a>(list: &IdList, properties: &'a mut Map<String, Value>) -> Option<&'a mut Vec<Value>> {
    let whole = properties.get_mut(list.path[0])?;
    list.path[1..].iter().try_fold(whole, |value, part| value.get_mut(part))?.as_array_mut()
}

/// Names a node anew in the lists of another one's properties.
pub fn rename_in_lists(kind: Kind, properties: &mut Map<String, Value>, from: &str, to: &str) {
    for list in kind.spec().lists {
        let ids = ids_at(list, properties).into_iter().flatten();
        ids.filter(|id| *id == from).for_each(|id| *id = to.into());
    }
}

/// Whether nodes of this kind have such lists.
#[must_use]
pub fn keeps_lists(kind: Kind) -> bool {
    !kind.spec().lists.is_empty()
}

/// Takes a node that is gone out of a boundary's list. A queue's list keeps it, as AWS's does.
pub fn forget_in_lists(kind: Kind, properties: &mut Map<String, Value>, id: &str) {
    for list in kind.spec().lists.iter().filter(|list| list.forgets) {
        if let Some(ids) = ids_at(list, properties) {
            ids.retain(|member| member != id);
        }
    }
}

impl Reference {
    /// Of a node, as its folder says it.
    #[must_use]
    pub const fn of_node(kind: Kind, name: &'static str, path: &'static [&'static str], link: LinkKind) -> Self {
        Self { owner: Owner::Node(kind), name, path, link, inward: false, near: Near::From }
    }

    /// Of a link, as the folder it belongs to says it.
    #[must_use]
    pub const fn of_link(kind: LinkKind, name: &'static str, path: &'static [&'static str], link: LinkKind) -> Self {
        Self { owner: Owner::Link(kind), name, path, link, inward: false, near: Near::From }
    }

    /// Those that a kind of node, or of link, may have.
    pub fn of(owner: Owner) -> impl Iterator<Item = &'static Self> {
        match owner {
            Owner::Node(kind) => kind.spec().references.iter(),
            Owner::Link(kind) => kind.spec().references.iter(),
        }
    }

    /// Of the ends of a link that has it, the one where its line begins: a mapping is the function's.
    #[must_use]
    pub fn near_end<'a>(&self, from: &'a str, to: &'a str) -> &'a str {
        match self.near {
            Near::From => from,
            Near::To => to,
        }
    }

    /// The id of the line that stands for it.
    #[must_use]
    pub fn line_id(&self, owner: &str) -> String {
        format!("{owner}~{}", self.name)
    }

    /// The reference and the owner's id that a line's id is made of.
    #[must_use]
    pub fn of_line(id: &str) -> Option<(&'static Self, &str)> {
        let (owner, name) = id.rsplit_once('~')?;
        all().find(|reference| reference.name == name).map(|reference| (reference, owner))
    }

    /// The property's name.
    #[must_use]
    pub fn property(&self) -> &'static str {
        self.path[0]
    }

    /// The id that these properties name.
    #[must_use]
    pub fn read<'a>(&self, properties: &'a Map<String, Value>) -> Option<&'a str> {
        let whole = properties.get(self.property())?;
        self.path[1..].iter().try_fold(whole, |value, part| value.get(part))?.as_str()
    }

    /// Names another node where one is named.
    pub fn write(&self, properties: &mut Map<String, Value>, id: &str) {
        let whole = properties.get_mut(self.property());
        let place = whole.and_then(|whole| self.path[1..].iter().try_fold(whole, |value, part| value.get_mut(part)));
        if let Some(place) = place {
            *place = id.into();
        }
    }

    /// Takes the naming away, with the object that held it and those that are empty then.
    pub fn forget(&self, properties: &mut Map<String, Value>) {
        let (leaf, holders) = self.path.split_last().expect("a path has a part");
        let Some((holder, above)) = holders.split_last() else {
            drop(properties.shift_remove(*leaf));
            return;
        };
        remove(properties, above, holder);
    }
}

/// Removes `name` from the map at `path`, and every map that is left empty.
fn remove(map: &mut Map<String, Value>, path: &[&str], name: &str) {
    let Some((first, rest)) = path.split_first() else {
        drop(map.shift_remove(name));
        return;
    };
    let Some(Value::Object(inner)) = map.get_mut(*first) else { return };
    remove(inner, rest, name);
    if inner.is_empty() {
        map.shift_remove(*first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const DEEP: Reference = Reference::of_node(
        Kind::Function,
        "OnFailure",
        &["EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination"],
        LinkKind::Redrive,
    );

    fn properties(value: &Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn names_are_unique() {
        let all: Vec<&Reference> = all().collect();
        for (index, one) in all.iter().enumerate() {
            assert!(all[index + 1..].iter().all(|other| other.name != one.name), "{}", one.name);
        }
    }

    #[test]
    fn a_deep_path_is_read_written_and_forgotten() {
        let at = |id: &str| json!({ "DestinationConfig": { "OnFailure": { "Destination": id } } });
        let mut map = properties(&json!({ "EventInvokeConfig": at("a"), "Timeout": 3 }));
        assert_eq!(DEEP.read(&map), Some("a"));
        DEEP.write(&mut map, "b");
        assert_eq!(map["EventInvokeConfig"], at("b"));
        DEEP.forget(&mut map);
        assert_eq!(Value::Object(map), json!({ "Timeout": 3 }));
    }

    #[test]
    fn a_list_follows_a_new_name() {
        let policy = |id: &str| json!({ "RedriveAllowPolicy": { "sourceQueueArns": ["x", id] } });
        let mut map = properties(&policy("a"));
        rename_in_lists(Kind::Topic, &mut map, "a", "b");
        assert_eq!(Value::Object(map.clone()), policy("a"));
        rename_in_lists(Kind::Queue, &mut map, "a", "b");
        assert_eq!(Value::Object(map), policy("b"));
    }

    #[test]
    fn what_stands_beside_it_stays() {
        let mut map = properties(&json!({ "EventInvokeConfig": { "MaximumRetryAttempts": 1,
            "DestinationConfig": { "OnFailure": { "Destination": "a" }, "OnSuccess": { "Destination": "s" } } } }));
        DEEP.forget(&mut map);
        let left = json!({ "EventInvokeConfig": { "MaximumRetryAttempts": 1,
            "DestinationConfig": { "OnSuccess": { "Destination": "s" } } } });
        assert_eq!(Value::Object(map), left);
    }
}
