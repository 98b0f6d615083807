//! Changes of the scene that a call brings about (`SetQueueAttributes`): the service says what it wants, and `sim`
//! makes it happen at that very instant, by the same path as a person's edit.

use std::sync::Arc;

use serde_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    SetProperty {
        node: Arc<str>,
        name: String,
        /// `None` takes the property away: its default applies.
        value: Option<Value>,
    },
}
