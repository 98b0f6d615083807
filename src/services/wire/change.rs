//! Changes of the scene that a call brings about (`Subscribe`, `SetTopicAttributes`): the service says what it
//! wants, and `sim` makes it happen at that very instant, by the same path as a person's edit.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::engine::LinkId;
use crate::services::LinkKind;

#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    AddLink {
        kind: LinkKind,
        from: Arc<str>,
        to: Arc<str>,
        properties: Map<String, Value>,
    },
    RemoveLink {
        link: LinkId,
    },
    /// `None` takes the property away: its default applies.
    SetLinkProperty {
        link: LinkId,
        name: String,
        value: Option<Value>,
    },
    SetProperty {
        node: Arc<str>,
        name: String,
        value: Option<Value>,
    },
    /// The node alone: links to it stay, and calls over them find that it is gone.
    RemoveNode {
        node: Arc<str>,
    },
}
