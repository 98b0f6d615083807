//! Properties that name another node, in one table: the canvas draws each as a line, and renaming, deleting and
//! duplicating a node follow it.

use serde_json::{Map, Value};

use super::link::LinkKind;
use crate::services::Kind;

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
}

pub static REFERENCES: &[Reference] = &[
    Reference {
        owner: Owner::Node(Kind::Queue),
        name: "RedrivePolicy",
        path: &["RedrivePolicy", "deadLetterTargetArn"],
        link: LinkKind::Redrive,
        inward: false,
    },
    Reference {
        owner: Owner::Node(Kind::Rule),
        name: "EventBusName",
        path: &["EventBusName"],
        link: LinkKind::Rule,
        inward: true,
    },
    Reference {
        owner: Owner::Node(Kind::Archive),
        name: "SourceArn",
        path: &["SourceArn"],
        link: LinkKind::Archive,
        inward: true,
    },
    Reference {
        owner: Owner::Node(Kind::GlobalEndpoint),
        name: "Primary",
        path: &["Primary"],
        link: LinkKind::GlobalEndpoint,
        inward: false,
    },
    Reference {
        owner: Owner::Node(Kind::GlobalEndpoint),
        name: "Secondary",
        path: &["Secondary"],
        link: LinkKind::GlobalEndpoint,
        inward: false,
    },
    Reference {
        owner: Owner::Node(Kind::Pipe),
        name: "Enrichment",
        path: &["Enrichment"],
        link: LinkKind::Enrichment,
        inward: false,
    },
    Reference {
        owner: Owner::Node(Kind::Pipe),
        name: "PipeDeadLetterConfig",
        path: &["SourceParameters", "KinesisStreamParameters", "DeadLetterConfig", "Arn"],
        link: LinkKind::Redrive,
        inward: false,
    },
    Reference {
        owner: Owner::Node(Kind::Pipe),
        name: "PipeTableDeadLetterConfig",
        path: &["SourceParameters", "DynamoDBStreamParameters", "DeadLetterConfig", "Arn"],
        link: LinkKind::Redrive,
        inward: false,
    },
    Reference {
        owner: Owner::Link(LinkKind::Target),
        name: "TargetDeadLetterConfig",
        path: &["DeadLetterConfig", "Arn"],
        link: LinkKind::Redrive,
        inward: false,
    },
    Reference {
        owner: Owner::Node(Kind::Function),
        name: "DeadLetterConfig",
        path: &["DeadLetterConfig", "TargetArn"],
        link: LinkKind::Redrive,
        inward: false,
    },
    Reference {
        owner: Owner::Node(Kind::Function),
        name: "OnSuccess",
        path: &["EventInvokeConfig", "DestinationConfig", "OnSuccess", "Destination"],
        link: LinkKind::Destination,
        inward: false,
    },
    Reference {
        owner: Owner::Node(Kind::Function),
        name: "OnFailure",
        path: &["EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination"],
        link: LinkKind::Destination,
        inward: false,
    },
    Reference {
        owner: Owner::Link(LinkKind::Subscription),
        name: "SubscriptionRedrivePolicy",
        path: &["RedrivePolicy", "deadLetterTargetArn"],
        link: LinkKind::Redrive,
        inward: false,
    },
    Reference {
        owner: Owner::Link(LinkKind::EventSourceMapping),
        name: "MappingOnFailure",
        path: &["DestinationConfig", "OnFailure", "Destination"],
        link: LinkKind::Destination,
        inward: false,
    },
];

/// Properties that list ids of nodes: renaming a node follows them, and nothing is drawn.
static LISTS: &[(Kind, &[&str])] =
    &[(Kind::Queue, &["RedriveAllowPolicy", "sourceQueueArns"]), (Kind::Boundary, &["Members"])];

/// Names a node anew in the lists of another one's properties.
pub fn rename_in_lists(kind: Kind, properties: &mut Map<String, Value>, from: &str, to: &str) {
    for (_, path) in LISTS.iter().filter(|(owner, _)| *owner == kind) {
        let whole = properties.get_mut(path[0]);
        let list = whole.and_then(|whole| path[1..].iter().try_fold(whole, |value, part| value.get_mut(part)));
        for id in list.and_then(Value::as_array_mut).into_iter().flatten().filter(|id| *id == from) {
            *id = to.into();
        }
    }
}

/// Whether nodes of this kind have such lists.
#[must_use]
pub fn keeps_lists(kind: Kind) -> bool {
    LISTS.iter().any(|(owner, _)| *owner == kind)
}

/// Takes a node that is gone out of a boundary's list. A queue's list keeps it, as AWS's does.
pub fn forget_in_lists(kind: Kind, properties: &mut Map<String, Value>, id: &str) {
    if kind == Kind::Boundary
        && let Some(Value::Array(members)) = properties.get_mut("Members")
    {
        members.retain(|member| member != id);
    }
}

impl Reference {
    /// Those that a kind of node, or of link, may have.
    pub fn of(owner: Owner) -> impl Iterator<Item = &'static Self> {
        REFERENCES.iter().filter(move |reference| reference.owner == owner)
    }

    /// Of the ends of a link that has it, the one where its line begins: a mapping is the function's.
    #[must_use]
    pub fn near_end<'a>(&self, from: &'a str, to: &'a str) -> &'a str {
        if self.owner == Owner::Link(LinkKind::EventSourceMapping) { to } else { from }
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
        REFERENCES.iter().find(|reference| reference.name == name).map(|reference| (reference, owner))
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

    const DEEP: Reference = Reference {
        owner: Owner::Node(Kind::Function),
        name: "OnFailure",
        path: &["EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination"],
        link: LinkKind::Redrive,
        inward: false,
    };

    fn properties(value: &Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn names_are_unique() {
        for (index, one) in REFERENCES.iter().enumerate() {
            assert!(REFERENCES[index + 1..].iter().all(|other| other.name != one.name), "{}", one.name);
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
