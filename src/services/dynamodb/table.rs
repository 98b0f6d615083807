//! The items of a table, and what requests do to them: each is worked out first, with what it costs, and then kept.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde_json::{Value, json};

use super::action::{ManyItems, OneItem, Operation, Returns};
use super::expression::projection::Projection;
use super::expression::update::Update;
use super::key::{Key, Schema};
pub use super::value::Item;
use super::value::{invalid, size_of};
use crate::services::ApiError;

/// What must be so for a change to be made, as `Expected` has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    Equals(String, Value),
    Absent(String),
    Present(String),
}

/// Bytes of one unit (DDB-4, DDB-5).
const WRITE_UNIT: u64 = 1_024;
const READ_UNIT: u64 = 4_096;
/// Bytes of an item (DDB-2).
const ITEM_SIZE_MAX: u64 = 400 * 1_024;
/// Bytes that one `Query` or `Scan` reads (DDB-14).
const PAGE_SIZE_MAX: u64 = 1_048_576;

#[derive(Clone, Debug, Default)]
pub struct Table {
    items: BTreeMap<Key, Item>,
}

/// What a request comes to.
pub struct Outcome {
    pub old: Option<Item>,
    /// As it would be afterwards.
    pub new: Option<Item>,
    pub result: Result<(), ApiError>,
    /// Of a write its units, of a read twice as many: eventually consistent ones cost half a unit (DDB-5).
    pub cost: u64,
}

/// What a `Query` or `Scan` finds.
pub struct Found<'a> {
    pub items: Vec<&'a Item>,
    pub scanned: usize,
    /// Where the next page begins.
    pub last: Option<Key>,
    /// Half units.
    pub cost: u64,
}

impl Table {
    /// What a request for one item comes to, without doing it.
    #[must_use]
    pub fn weigh(&self, request: &OneItem, schema: &Schema) -> Outcome {
        let old = self.items.get(&request.key).cloned();
        let size = old.as_ref().map_or(0, size_of);
        if let Operation::Get { .. } = request.operation {
            let cost = read_cost(size, request.is_consistent);
            return Outcome { new: old.clone(), old, result: Ok(()), cost };
        }
        let nothing = Item::new();
        let holds = request.condition.as_ref().is_none_or(|clause| clause.holds(old.as_ref().unwrap_or(&nothing)));
        if !holds {
            let result = Err(ApiError::client("ConditionalCheckFailedException", "The conditional request failed"));
            return Outcome { new: old.clone(), old, result, cost: write_cost(size) };
        }
        let (new, result) = match changed(request, old.as_ref(), schema) {
            Ok(new) => (new, Ok(())),
            Err(error) => (old.clone(), Err(error)),
        };
        let cost = write_cost(size.max(new.as_ref().map_or(0, size_of)));
        Outcome { old, new, result, cost }
    }

    /// Keeps what a write came to.
    pub fn keep(&mut self, key: Key, new: Option<Item>) {
        match new {
            Some(item) => drop(self.items.insert(key, item)),
            None => drop(self.items.remove(&key)),
        }
    }

    #[must_use]
    pub fn find<'a>(&'a self, request: &ManyItems) -> Found<'a> {
        let mut found = Found { items: Vec::new(), scanned: 0, last: None, cost: 0 };
        let mut size = 0;
        let mut candidates = self.candidates(request);
        let limit = request.limit.unwrap_or(usize::MAX);
        while let Some((key, item)) = candidates.next() {
            found.scanned += 1;
            size += size_of(item);
            if request.filter.as_ref().is_none_or(|filter| filter.holds(item)) {
                found.items.push(item);
            }
            // A page that its limit ends tells where it ended, even if nothing follows.
            if found.scanned >= limit || (size > PAGE_SIZE_MAX && candidates.next().is_some()) {
                found.last = Some(key.clone());
                break;
            }
        }
        found.cost = read_cost(size, request.is_consistent);
        found
    }

    /// Items in the order in which they are read.
    fn candidates<'a: 'r, 'r>(&'a self, request: &'r ManyItems) -> Box<dyn Iterator<Item = (&'a Key, &'a Item)> + 'r> {
        let low = match &request.range {
            Some(range) => Bound::Included(Key { hash: range.hash.clone(), sort: None }),
            None => Bound::Unbounded,
        };
        let start = request.start.as_ref();
        let of_hash = self
            .items
            .range((low, Bound::Unbounded))
            .take_while(move |(key, _)| request.range.as_ref().is_none_or(|range| range.hash == key.hash));
        let is_wanted = move |(key, _): &(&Key, &Item)| {
            let of_range = request.range.as_ref().is_none_or(|range| match (&range.sort, &key.sort) {
                (Some(wanted), Some(sort)) => wanted.holds(&sort.to_value()),
                (Some(_), None) => false,
                (None, _) => true,
            });
            let is_later = start.is_none_or(|start| if request.is_backward { *key < start } else { *key > start });
            of_range && is_later
        };
        if request.is_backward && request.range.is_some() {
            let all: Vec<_> = of_hash.collect();
            Box::new(all.into_iter().rev().filter(is_wanted))
        } else {
            Box::new(of_hash.filter(is_wanted))
        }
    }

    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Item> {
        self.items.get(key)
    }

    /// In the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Item)> + Clone {
        self.items.iter()
    }

    /// How many items there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.items.len()
    }
}

fn write_cost(size: u64) -> u64 {
    size.div_ceil(WRITE_UNIT).max(1)
}

fn read_cost(size: u64, is_consistent: bool) -> u64 {
    size.div_ceil(READ_UNIT).max(1) * if is_consistent { 2 } else { 1 }
}

fn changed(request: &OneItem, old: Option<&Item>, schema: &Schema) -> Result<Option<Item>, ApiError> {
    let (new, too_large) = match &request.operation {
        Operation::Put { item } => (item.clone(), "Item size has exceeded the maximum allowed size"),
        Operation::Update { update } => {
            let mut item = old.cloned().unwrap_or_else(|| schema.attributes(&request.key));
            update.apply(&mut item)?;
            (item, "Item size to update has exceeded the maximum allowed size")
        }
        Operation::Delete => return Ok(None),
        Operation::Get { .. } => return Ok(old.cloned()),
    };
    if size_of(&new) > ITEM_SIZE_MAX { Err(invalid(too_large)) } else { Ok(Some(new)) }
}

/// What the answer to a request for one item holds.
#[must_use]
pub fn answered(request: &OneItem, outcome: &Outcome) -> Value {
    let of_paths = |item: Option<&Item>, update: &Update| {
        item.map(|item| Projection::of(update.paths().cloned().collect()).apply(item))
    };
    let (old, new) = (outcome.old.as_ref(), outcome.new.as_ref());
    let shown = match (&request.operation, request.returns) {
        (Operation::Get { projection }, _) => {
            let shown = old.map(|item| projection.as_ref().map_or_else(|| item.clone(), |shown| shown.apply(item)));
            return shown.map_or_else(|| json!({}), |item| json!({ "Item": item }));
        }
        (_, Returns::None) => None,
        (_, Returns::AllOld) => old.cloned(),
        (_, Returns::AllNew) => new.cloned(),
        (Operation::Update { update }, Returns::UpdatedOld) => of_paths(old, update),
        (Operation::Update { update }, Returns::UpdatedNew) => of_paths(new, update),
        _ => None,
    };
    shown.filter(|item| !item.is_empty()).map_or_else(|| json!({}), |item| json!({ "Attributes": item }))
}

impl Found<'_> {
    #[must_use]
    pub fn answered(&self, request: &ManyItems, schema: &Schema) -> Value {
        let mut answer = json!({ "Count": self.items.len(), "ScannedCount": self.scanned });
        if !request.counts_only {
            let shown =
                |item: &&Item| request.projection.as_ref().map_or_else(|| (*item).clone(), |shown| shown.apply(item));
            answer["Items"] = self.items.iter().map(shown).map(Value::Object).collect();
        }
        if let Some(key) = &self.last {
            answer["LastEvaluatedKey"] = Value::Object(schema.attributes(key));
        }
        answer
    }
}
