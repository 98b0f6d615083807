//! A look inside the table: its items as rows, with a column for each attribute that any of them has.

use serde_json::{Value, json};

use super::model::Model;
use crate::engine::Micros;
use crate::services::contract::inside::{Inside, ROWS_MAX, Row, SuggestedCall};

/// Attributes of a lease, in the order in which they are read, and then whatever else there is.
const COLUMNS: [&str; 10] = [
    "leaseOwner",
    "leaseCounter",
    "checkpoint",
    "parentShardId",
    "ownerSwitchesSinceCheckpoint",
    "checkpointSubSequenceNumber",
    "checkpointOwner",
    "throughputKBps",
    "cpu",
    "leaseKey",
];

/// A typed value as one reads it.
#[must_use]
pub fn plain(value: &Value) -> String {
    let inner = value.as_object().and_then(|typed| typed.values().next());
    match inner {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(list)) => {
            let texts: Vec<String> =
                list.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect();
            texts.join(" ")
        }
        Some(other) => other.to_string(),
        None => value.to_string(),
    }
}

impl Model {
    pub(super) fn look_inside(&self, _now: Micros) -> Inside {
        let is_there = |name: &str| self.items().any(|(_, item)| item.contains_key(name));
        let attributes: Vec<&'static str> =
            COLUMNS.into_iter().filter(|name| *name != self.config.key && is_there(name)).collect();
        let row = |(key, item): (&str, &super::api::Item)| {
            let cell = |name: &&str| item.get(*name).map(plain).unwrap_or_default();
            let cells = std::iter::once(key.to_owned()).chain(attributes.iter().map(cell)).collect();
            let input = json!({ "Key": { &*self.config.key: { "S": key } } });
            let calls = ["GetItem", "DeleteItem"].map(|action| SuggestedCall { action, input: input.clone() });
            Row { token: None, hue: 0, cells, calls: calls.to_vec() }
        };
        let rows = self.items().take(ROWS_MAX).map(row).collect();
        let columns = std::iter::once("Key").chain(attributes.iter().copied()).collect();
        let total = self.items().count() as u64;
        let calls = vec![
            SuggestedCall { action: "Scan", input: json!({}) },
            SuggestedCall { action: "DescribeTable", input: json!({}) },
        ];
        Inside { columns, rows, total, calls }
    }
}
