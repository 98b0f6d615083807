//! The items of a table, and changes under conditions.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Attributes by name, each a typed value such as `{"S": "x"}`.
pub type Item = Map<String, Value>;

/// What must be so for a change to be made.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    Equals(String, Value),
    Absent(String),
    Present(String),
}

impl Condition {
    fn holds(&self, item: Option<&Item>) -> bool {
        let found = |name: &str| item.and_then(|item| item.get(name));
        match self {
            Self::Equals(name, value) => found(name) == Some(value),
            Self::Absent(name) => found(name).is_none(),
            Self::Present(name) => found(name).is_some(),
        }
    }
}

/// The conditions did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

#[derive(Clone, Debug, Default)]
pub struct Table {
    items: BTreeMap<String, Item>,
}

/// The text of a key's typed value.
#[must_use]
pub fn key_text(value: &Value) -> Option<&str> {
    value.get("S").or_else(|| value.get("N")).and_then(Value::as_str)
}

impl Table {
    fn check(&self, key: &str, conditions: &[Condition]) -> Result<(), Refused> {
        let item = self.items.get(key);
        if conditions.iter().all(|condition| condition.holds(item)) { Ok(()) } else { Err(Refused) }
    }

    /// # Errors
    /// When a condition does not hold.
    pub fn put(&mut self, key: &str, item: Item, conditions: &[Condition]) -> Result<(), Refused> {
        self.check(key, conditions)?;
        self.items.insert(key.to_owned(), item);
        Ok(())
    }

    /// Sets attributes, or takes them away; an item that is not there is made of them and its key.
    ///
    /// # Errors
    /// When a condition does not hold.
    pub fn update(
        &mut self,
        (name, key): (&str, &str),
        changes: Vec<(String, Option<Value>)>,
        conditions: &[Condition],
    ) -> Result<(), Refused> {
        self.check(key, conditions)?;
        let fresh = || Item::from_iter([(name.to_owned(), serde_json::json!({ "S": key }))]);
        let item = self.items.entry(key.to_owned()).or_insert_with(fresh);
        for (name, value) in changes {
            match value {
                Some(value) => drop(item.insert(name, value)),
                None => drop(item.shift_remove(&name)),
            }
        }
        Ok(())
    }

    /// # Errors
    /// When a condition does not hold.
    pub fn delete(&mut self, key: &str, conditions: &[Condition]) -> Result<(), Refused> {
        self.check(key, conditions)?;
        self.items.remove(key);
        Ok(())
    }

    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Item> {
        self.items.get(key)
    }

    /// In the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.items.iter().map(|(key, item)| (&**key, item))
    }

    /// How many items there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.items.len()
    }
}

/// Bytes of an item, near enough: its names and values as JSON.
#[must_use]
pub fn size_of(item: &Item) -> u64 {
    item.iter().map(|(name, value)| (name.len() + value.to_string().len()) as u64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_is_made_only_where_its_conditions_hold() {
        let mut table = Table::default();
        let item = Item::from_iter([("owner".to_owned(), json!({ "S": "a" }))]);
        let absent = [Condition::Absent("owner".to_owned())];
        assert_eq!(table.put("k", item.clone(), &absent), Ok(()));
        assert_eq!(table.put("k", item, &absent), Err(Refused));
        let owner = |name: &str| [Condition::Equals("owner".to_owned(), json!({ "S": name }))];
        let to = |name: &str| vec![("owner".to_owned(), Some(json!({ "S": name })))];
        assert_eq!(table.update(("key", "k"), to("b"), &owner("x")), Err(Refused));
        assert_eq!(table.update(("key", "k"), to("b"), &owner("a")), Ok(()));
        assert_eq!(table.delete("k", &[Condition::Present("other".to_owned())]), Err(Refused));
        assert_eq!(table.update(("key", "k"), vec![("owner".to_owned(), None)], &owner("b")), Ok(()));
        assert_eq!((table.get("k").map(Item::len), table.count()), (Some(0), 1));
        assert_eq!(table.update(("key", "new"), Vec::new(), &[]), Ok(()));
        assert_eq!(table.get("new").and_then(|item| key_text(&item["key"])), Some("new"));
    }
}
