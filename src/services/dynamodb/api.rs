//! The table's API in AWS's shapes: the only file of this folder another service may import.

use serde_json::{Value, json};

pub use super::table::{Condition, Item, Table};
use crate::services::{ApiError, Message};

#[derive(Clone, Debug)]
pub enum Request {
    GetItem { key: String },
    PutItem { key: String, item: Item, conditions: Vec<Condition> },
    UpdateItem { key: String, changes: Vec<(String, Option<Value>)>, conditions: Vec<Condition> },
    DeleteItem { key: String, conditions: Vec<Condition> },
    Scan,
    DescribeTable,
}

#[derive(Clone, Debug)]
pub enum Response {
    Item(Option<Item>),
    Items(Vec<Item>),
    Done,
    Described(Value),
}

/// A table in which nobody counts capacity carries out a request.
///
/// # Errors
/// `ConditionalCheckFailedException`.
pub fn carry_out(table: &mut Table, key_name: &str, request: Request) -> Result<Response, ApiError> {
    let refused = |_| ApiError::client("ConditionalCheckFailedException", "The conditional request failed");
    let done = |()| Response::Done;
    match request {
        Request::GetItem { key } => Ok(Response::Item(table.get(&key).cloned())),
        Request::PutItem { key, item, conditions } => table.put(&key, item, &conditions).map(done).map_err(refused),
        Request::UpdateItem { key, changes, conditions } => {
            table.update((key_name, &key), changes, &conditions).map(done).map_err(refused)
        }
        Request::DeleteItem { key, conditions } => table.delete(&key, &conditions).map(done).map_err(refused),
        Request::Scan => Ok(Response::Items(table.iter().map(|(_, item)| item.clone()).collect())),
        Request::DescribeTable => {
            Ok(Response::Described(json!({ "Table": { "TableStatus": "ACTIVE", "ItemCount": table.count(),
                "KeySchema": [{ "AttributeName": key_name, "KeyType": "HASH" }] } })))
        }
    }
}

impl Request {
    #[must_use]
    pub fn is_write(&self) -> bool {
        matches!(self, Self::PutItem { .. } | Self::UpdateItem { .. } | Self::DeleteItem { .. })
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
            Self::Described(value) => value.clone(),
        }
    }
}
