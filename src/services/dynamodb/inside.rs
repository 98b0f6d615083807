//! A look inside the table: its items as rows, with a column for each attribute that any of them has.

use serde_json::{Value, json};

use super::api::Item;
use super::decimal::Decimal;
use super::key::{Key, Scalar, Schema};
use super::model::Model;
use crate::engine::Micros;
use crate::services::contract::inside::{Inside, ROWS_MAX, Row, SuggestedCall};

/// Beside the key.
const COLUMNS_MAX: usize = 12;

/// Attributes of a lease come first, in the order in which they are read.
const LEASE: [&str; 10] = [
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

/// Attributes that any item has, in the order in which they are read, beside those of the key.
pub fn attributes<'a>(items: impl Iterator<Item = &'a Item> + Clone, schema: &Schema, most: usize) -> Vec<&'a str> {
    let is_there = |name: &&'static str| !schema.has(name) && items.clone().any(|item| item.contains_key(*name));
    let mut names: Vec<&'a str> = LEASE.into_iter().filter(is_there).collect();
    for name in items.clone().flat_map(Item::keys) {
        if names.len() >= most {
            break;
        }
        if !schema.has(name) && !names.contains(&&**name) {
            names.push(name);
        }
    }
    names
}

impl Model {
    pub(super) fn look_inside(&self, _now: Micros) -> Inside {
        let schema = &self.config.schema;
        let shown = self.items().take(ROWS_MAX);
        let attributes = attributes(shown.clone().map(|(_, item)| item), schema, COLUMNS_MAX);
        let row = |(key, item): (&Key, &Item)| {
            let cell = |name: &&str| item.get(*name).map(plain).unwrap_or_default();
            let cells = std::iter::once(key.to_string()).chain(attributes.iter().map(cell)).collect();
            let input = json!({ "Key": schema.attributes(key) });
            let calls = ["GetItem", "DeleteItem"].map(|action| SuggestedCall { action, input: input.clone() });
            Row { cells, calls: calls.to_vec(), ..Row::default() }
        };
        let rows = shown.map(row).collect();
        let columns =
            std::iter::once("Key".into()).chain(attributes.iter().map(|name| (*name).to_owned().into())).collect();
        let total = self.items().count() as u64;
        let calls = vec![
            SuggestedCall { action: "PutItem", input: json!({ "Item": self.sample_key() }) },
            SuggestedCall { action: "Scan", input: json!({}) },
            SuggestedCall { action: "DescribeTable", input: json!({}) },
        ];
        Inside { columns, rows, total, calls }
    }

    /// A key that one may begin with.
    fn sample_key(&self) -> Item {
        let schema = &self.config.schema;
        let value = |kind: Option<&str>| {
            if kind == Some("N") { Scalar::Number(Decimal::ONE) } else { Scalar::Text("1".to_owned()) }
        };
        let sort = schema.sort.as_ref().map(|part| value(part.kind));
        schema.attributes(&Key { hash: value(schema.hash.kind), sort })
    }
}
