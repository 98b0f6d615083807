//! The table's API in AWS's shapes: the only file of this folder another service may import.

use std::sync::Arc;

use serde_json::{Value, json};

use super::action::{Action, ManyItems, OneItem, Operation};
use super::key::{Key, Schema};
use super::legacy;
pub use super::table::{Condition, Item, Table};
use crate::services::kinesis::api as kinesis;
use crate::services::{self, ApiError, Message};

#[derive(Clone, Debug)]
pub enum Request {
    /// A consistent read.
    GetItem {
        key: String,
    },
    PutItem {
        key: String,
        item: Item,
        conditions: Vec<Condition>,
    },
    UpdateItem {
        key: String,
        changes: Vec<(String, Option<Value>)>,
        conditions: Vec<Condition>,
    },
    DeleteItem {
        key: String,
        conditions: Vec<Condition>,
    },
    /// An eventually consistent read of all there is.
    Scan,
    /// Any action as AWS writes it: `UpdateItem` with its input. The table reads it.
    Call {
        action: Arc<str>,
        input: Arc<Value>,
    },
    /// The same, read.
    Action(Box<Action>),
    /// What a consumer passes on: an item for each message.
    PutMessages,
    /// A call of the table's stream, which answers in a shape of its own.
    Stream(StreamCall),
}

/// Of the API of DynamoDB Streams.
#[derive(Clone, Debug)]
pub enum StreamCall {
    ListStreams,
    DescribeStream,
    Read(kinesis::Request),
}

#[derive(Clone, Debug)]
pub enum Response {
    Item(Option<Item>),
    Items(Vec<Item>),
    Done,
    /// In AWS's shape.
    Output(Value),
}

/// A table in which nobody counts capacity carries out a request of those that stand alone.
///
/// # Errors
/// `ConditionalCheckFailedException`.
pub fn carry_out(table: &mut Table, key_name: &str, request: Request) -> Result<Response, ApiError> {
    let schema = Schema::of_text(key_name);
    match request.short_form() {
        Some(Action::One(one)) => {
            let outcome = table.weigh(&one, &schema);
            outcome.result?;
            if !one.is_write() {
                return Ok(Response::Item(outcome.old));
            }
            table.keep(one.key, outcome.new);
            Ok(Response::Done)
        }
        Some(Action::Many(many)) => Ok(Response::Items(table.find(&many).items.into_iter().cloned().collect())),
        _ => Err(ApiError::client("InvalidAction", "Nobody else calls it.")),
    }
}

impl Request {
    /// What the short forms ask; `None` of the others.
    #[must_use]
    pub fn short_form(self) -> Option<Action> {
        let (key, operation, conditions) = match self {
            Self::GetItem { key } => (key, Operation::Get { projection: None }, Vec::new()),
            Self::PutItem { key, item, conditions } => (key, Operation::Put { item }, conditions),
            Self::UpdateItem { key, changes, conditions } => {
                (key, Operation::Update { update: legacy::update_of(changes) }, conditions)
            }
            Self::DeleteItem { key, conditions } => (key, Operation::Delete, conditions),
            Self::Scan => return Some(Action::Many(ManyItems::default())),
            Self::Call { .. } | Self::Action(_) | Self::PutMessages | Self::Stream(_) => return None,
        };
        Some(Action::One(OneItem::new(Key::text(&key), operation, legacy::all_of(conditions))))
    }
}

impl Response {
    /// None: no message stays behind that it shows.
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        &[]
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Item(None) | Self::Done => json!({}),
            Self::Item(Some(item)) => json!({ "Item": item }),
            Self::Items(items) => json!({ "Items": items, "Count": items.len(), "ScannedCount": items.len() }),
            Self::Output(value) => value.clone(),
        }
    }
}

/// An action of DynamoDB's API with its input, as another service calls it over a link: the answer's `to_json` is its
/// output. `TableName` is ignored, since the link names the table.
#[must_use]
pub fn call(action: &str, input: Value) -> services::Request {
    Request::Call { action: action.into(), input: Arc::new(input) }.into()
}

/// The call that puts so many messages into a table.
pub fn push(_count: usize) -> Option<services::Request> {
    Some(Request::PutMessages.into())
}
