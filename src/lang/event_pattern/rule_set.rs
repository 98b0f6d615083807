//! Many patterns asked about one event at once, without asking each.
//!
//! A branch of a pattern can only hold if each of its clauses does. So one clause that names its values is put into an
//! index, by path and value: an event is asked only of the branches it has a value for. A branch none of whose clauses
//! names values is asked every time. What the index finds is verified; it only spares the asking.

use std::collections::BTreeMap;

use super::clause::{Branch, Clause};
use super::operator::Test;
use super::{Pattern, matcher};
use serde_json::Value;

/// Patterns by their places in the list they were made of.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    patterns: Vec<Pattern>,
    /// By path, then by value: pattern and branch.
    index: BTreeMap<String, BTreeMap<Key, Vec<(usize, usize)>>>,
    /// Those that no index finds.
    always: Vec<(usize, usize)>,
}

/// A value as it is looked up. Numbers that are equal have one key; that others share it costs a vain look.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Text(String),
    Number(u64),
}

impl Key {
    fn of(value: &Value) -> Option<Key> {
        match value {
            Value::String(text) => Some(Key::Text(text.clone())),
            Value::Number(number) => Some(Key::number(number.as_f64()?)),
            _ => None,
        }
    }

    /// Zero has two signs and is one number.
    fn number(value: f64) -> Key {
        Key::Number(if value == 0.0 { 0 } else { value.to_bits() })
    }
}

impl RuleSet {
    #[must_use]
    pub fn new(patterns: Vec<Pattern>) -> RuleSet {
        let mut set = RuleSet::default();
        for (place, pattern) in patterns.iter().enumerate() {
            for (number, branch) in pattern.branches.iter().enumerate() {
                set.file(pattern, branch, (place, number));
            }
        }
        set.patterns = patterns;
        set
    }

    /// Puts a branch where the fewest others are.
    fn file(&mut self, pattern: &Pattern, branch: &Branch, what: (usize, usize)) {
        let crowd = |path: &str, keys: &[Key]| {
            let of_path = self.index.get(path);
            keys.iter().map(|key| of_path.and_then(|values| values.get(key)).map_or(0, Vec::len)).sum::<usize>()
        };
        let clauses = branch.order.iter().map(|clause| &pattern.clauses[*clause]);
        let named = clauses.filter_map(|clause| Some((&clause.path, keys_of(clause)?)));
        let Some((path, keys)) = named.min_by_key(|(path, keys)| crowd(path, keys)) else {
            return self.always.push(what);
        };
        let values = self.index.entry(path.clone()).or_default();
        for key in keys {
            values.entry(key).or_default().push(what);
        }
    }

    /// The places of the patterns that match, each once, in order.
    #[must_use]
    pub fn matching(&self, event: &Value) -> Vec<usize> {
        let mut found: Vec<(usize, usize)> = self.always.clone();
        self.look_up(event, &mut String::new(), &mut found);
        found.sort_unstable();
        found.dedup();
        let mut places: Vec<usize> = found
            .into_iter()
            .filter(|(place, branch)| {
                let pattern = &self.patterns[*place];
                matcher::branch_matches(&pattern.clauses, &pattern.branches[*branch], event)
            })
            .map(|(place, _)| place)
            .collect();
        places.dedup();
        places
    }

    /// Every scalar of the event under its dotted path, whatever arrays it lies in.
    fn look_up(&self, value: &Value, path: &mut String, found: &mut Vec<(usize, usize)>) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    let length = path.len();
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(name);
                    self.look_up(field, path, found);
                    path.truncate(length);
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.look_up(element, path, found)),
            scalar => {
                let Some(values) = self.index.get(&**path) else { return };
                let hits = Key::of(scalar).and_then(|key| values.get(&key));
                found.extend(hits.into_iter().flatten());
            }
        }
    }
}

/// The values a clause names, if it accepts nothing else.
fn keys_of(clause: &Clause) -> Option<Vec<Key>> {
    let key = |test: &Test| match test {
        Test::Text(text) => Some(Key::Text(text.clone())),
        Test::Number(number) => Some(Key::number(number.as_f64())),
        _ => None,
    };
    clause.tests.iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Dialect, generator};
    use super::*;

    #[test]
    fn a_set_says_what_each_of_its_patterns_says() {
        let mut matched = 0;
        for batch in 0..200_u64 {
            let pairs: Vec<(Value, Value)> = (batch * 40..batch * 40 + 40).map(generator::pair).collect();
            let compile = |(pattern, _): &(Value, Value)| Pattern::from_value(pattern, Dialect::EventBridge).ok();
            let patterns: Vec<Pattern> = pairs.iter().filter_map(compile).collect();
            let set = RuleSet::new(patterns.clone());
            for (_, event) in &pairs {
                let each = patterns.iter().enumerate().filter(|(_, pattern)| pattern.matches(event));
                let expected: Vec<usize> = each.map(|(place, _)| place).collect();
                matched += expected.len();
                assert_eq!(set.matching(event), expected, "batch {batch}, {event}");
            }
        }
        assert!(matched > 10_000, "only {matched} matched");
    }

    #[test]
    fn what_names_its_values_is_found_by_them() {
        let pattern = |number: usize| {
            let json = serde_json::json!({ "source": ["shop"], "detail": { "id": [number] } });
            Pattern::from_value(&json, Dialect::EventBridge).expect("a pattern")
        };
        let set = RuleSet::new((0..1_000).map(pattern).collect());
        assert!(set.always.is_empty());
        // All share a source, so all but the first few are filed by their ids.
        assert!(set.index["detail.id"].len() > 990);
        assert_eq!(set.matching(&serde_json::json!({ "source": "shop", "detail": { "id": 700.0 } })), [700]);
    }
}
