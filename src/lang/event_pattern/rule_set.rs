//! Many patterns asked about one event at once, from its JSON text.
//!
//! Clauses that are the same in several patterns are one here, and each is asked once for each scalar at its path. A
//! branch can only hold if each of its clauses does, so it is filed under one of them, which few others are filed
//! under: only the branches filed under what an event satisfies are looked at. Where many clauses say what the value of
//! one field is, begins with or ends with, a table leads from the value to them.

use crate::engine::Sort;
use std::collections::BTreeMap;

use super::anchors::{Anchors, Part};
use super::clause::Clause;
use super::path_tree::{NodeId, PathTree};
use super::reading::{self, Found};
use super::scalar::{Fnv, Scalar};
use super::{Pattern, consistency};

/// Clauses of one field that are asked one by one even if they could be looked up.
const LISTED_MAX: usize = 4;
/// Branches that may end the reading of an event.
const ENDS_MAX: usize = 8;

/// Patterns by their places in the list they were made of.
#[derive(Clone, Debug)]
pub struct RuleSet {
    pub(crate) tree: PathTree,
    pub(crate) clauses: Vec<Clause>,
    branches: Vec<Filed>,
    /// By clause: the branches that are filed under it.
    filed: Vec<Vec<u32>>,
    /// The branches whose every clause allows absence.
    always: Vec<u32>,
    /// Of a single pattern: the clauses that are enough together, each a bit.
    ends: Vec<u64>,
    /// Where only the event's own fields are asked: each a bit, by its node. Else 0.
    pub(crate) flat: u64,
}

#[derive(Clone, Debug)]
struct Filed {
    pattern: usize,
    /// In the order of their paths.
    clauses: Vec<u32>,
}

/// Clauses by node and hash.
type Known = BTreeMap<(NodeId, u64), Vec<u32>>;

impl RuleSet {
    #[must_use]
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p Pattern>) -> RuleSet {
        let (tree, clauses, branches) = (PathTree::new(), Vec::new(), Vec::new());
        let (filed, always, ends) = (Vec::new(), Vec::new(), Vec::new());
        let mut set = RuleSet { tree, clauses, branches, filed, always, ends, flat: 0 };
        let mut known = Known::new();
        let mut count = 0;
        for (place, pattern) in patterns.into_iter().enumerate() {
            let numbers: Vec<u32> = pattern.clauses.iter().map(|clause| set.number(clause, &mut known)).collect();
            for branch in &pattern.branches {
                set.file(place, branch.order.iter().map(|clause| numbers[*clause]).collect());
            }
            count = place + 1;
        }
        if count == 1 && set.branches.len() <= ENDS_MAX {
            set.ends = set.branches.iter().filter_map(|branch| set.end(branch)).collect();
        }
        set.flat = set.tree.flat();
        set.tabulate();
        set
    }

    /// The number of a clause; one that is known keeps its own.
    fn number(&mut self, clause: &Clause, known: &mut Known) -> u32 {
        let node = self.tree.grow(&clause.path);
        let alike = known.entry((node, Fnv::of(&*clause.tests))).or_default();
        if let Some(number) = alike.iter().find(|number| self.clauses[**number as usize].tests == clause.tests) {
            return *number;
        }
        let number = self.clauses.len() as u32;
        alike.push(number);
        self.tree.nodes[node as usize].clauses.push(number);
        self.clauses.push(clause.clone());
        self.filed.push(Vec::new());
        number
    }

    /// Puts a branch where the fewest others are.
    fn file(&mut self, pattern: usize, clauses: Vec<u32>) {
        let number = self.branches.len() as u32;
        let needed =
            clauses.iter().map(|clause| *clause as usize).filter(|clause| !self.clauses[*clause].absent_allowed);
        match needed.min_by_key(|clause| self.filed[*clause].len()) {
            Some(clause) => self.filed[clause].push(number),
            None => self.always.push(number),
        }
        self.branches.push(Filed { pattern, clauses });
    }

    /// The bits of a branch's clauses, if they are enough whatever else an event holds.
    fn end(&self, branch: &Filed) -> Option<u64> {
        let bit = |clause: &u32| 1_u64.checked_shl(*clause).filter(|_| !self.clauses[*clause as usize].absent_allowed);
        branch.clauses.iter().try_fold(0, |bits, clause| Some(bits | bit(clause)?))
    }

    /// Puts the clauses that can be looked up into a table wherever they are many.
    fn tabulate(&mut self) {
        for node in &mut self.tree.nodes {
            let tests = |number: u32| self.clauses[number as usize].tests.iter();
            let has_anchor = |number: &u32| tests(*number).all(|test| test.anchor().is_some());
            let (anchored, others): (Vec<u32>, Vec<u32>) = node.clauses.iter().partition(|number| has_anchor(number));
            if anchored.len() <= LISTED_MAX {
                continue;
            }
            let anchors = |number: &u32| {
                let number = *number;
                let anchor = move |(part, value)| (part, value, number);
                tests(number).filter_map(|test| test.anchor()).map(anchor)
            };
            let entries: Vec<(Part, Scalar<'_>, u32)> = anchored.iter().flat_map(anchors).collect();
            (node.anchors, node.clauses) = (Anchors::new(&entries), others);
        }
    }

    /// Whether these clauses are all that has to be known.
    pub(crate) fn is_enough(&self, held: u64) -> bool {
        self.ends.iter().any(|end| held & end == *end)
    }

    /// The places of the patterns that match, each once, in order: for each what [`Pattern::matches`] says of the
    /// event's value. The text is taken to be JSON whose objects give a name once; see `reading`.
    #[must_use]
    pub fn matching(&self, event: &str) -> Vec<usize> {
        let found = reading::read(self, event);
        let found = found.as_ref();
        let mut places = Vec::new();
        let mut look = |branches: &[u32]| {
            for branch in branches.iter().map(|number| &self.branches[*number as usize]) {
                let holds = |found: &Found| consistency::holds(self, found, &branch.clauses);
                if branch.clauses.is_empty() || found.is_some_and(holds) {
                    places.push(branch.pattern);
                }
            }
        };
        look(&self.always);
        if let Some(found) = found {
            found.held.iter().for_each(|clause| look(&self.filed[clause as usize]));
            let seen = found.seen.iter().filter(|seen| seen.accepted);
            seen.for_each(|seen| look(&self.filed[seen.clause as usize]));
        }
        places.order_by(Ord::cmp);
        places.dedup();
        places
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Dialect, generator};
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_set_says_what_each_of_its_patterns_says() {
        let mut matched = 0;
        for batch in 0..200_u64 {
            let pairs: Vec<(Value, Value)> = (batch * 40..batch * 40 + 40).map(generator::pair).collect();
            let compile = |(pattern, _): &(Value, Value)| Pattern::from_value(pattern, Dialect::EventBridge).ok();
            let patterns: Vec<Pattern> = pairs.iter().filter_map(compile).collect();
            let set = RuleSet::new(&patterns);
            for (_, event) in &pairs {
                let each = patterns.iter().enumerate().filter(|(_, pattern)| pattern.matches(event));
                let expected: Vec<usize> = each.map(|(place, _)| place).collect();
                matched += expected.len();
                assert_eq!(set.matching(&event.to_string()), expected, "batch {batch}, {event}");
            }
        }
        assert!(matched > 10_000, "only {matched} matched");
    }

    fn patterns(count: usize) -> Vec<Pattern> {
        let json = |number| serde_json::json!({ "source": ["shop"], "detail": { "id": [number] } });
        (0..count).map(|number| Pattern::from_value(&json(number), Dialect::EventBridge).expect("a pattern")).collect()
    }

    #[test]
    fn what_names_its_values_is_found_by_them() {
        let set = RuleSet::new(&patterns(1_000));
        // All share a source, so all but the first are filed by their ids.
        assert_eq!(set.clauses.len(), 1_001);
        assert!(set.always.is_empty() && set.filed.iter().all(|branches| branches.len() < 2));
        assert_eq!(set.matching(r#"{ "source": "shop", "detail": { "id": 700.0 } }"#), [700]);
    }

    #[test]
    fn what_is_enough_is_not_read_beyond() {
        let set = RuleSet::new(&patterns(1));
        assert_eq!(set.matching(r#"{"detail":{"id":0},"source":"shop", and so on"#), [0]);
        assert!(set.matching(r#"{"detail":{"id":1},"source":"shop", and so on"#).is_empty());
        assert!(RuleSet::new(&patterns(2)).matching(r#"{"detail":{"id":0},"source":"shop", and so on"#).is_empty());
    }

    #[test]
    fn text_is_read_as_its_value_is() {
        let json = serde_json::json!({ "a": ["é\n", 1], "b": { "c": [{ "exists": false }, null] } });
        let set = RuleSet::new(&[Pattern::from_value(&json, Dialect::EventBridge).expect("a pattern")]);
        for text in [r#"{"\u0061":"\u00e9\n"}"#, " { \"b.c\" : null , \"a\" : [ [ 1e0 ] ] } ", r#"{"a":2,"a":1}"#] {
            assert_eq!(set.matching(text), [0], "{text}");
        }
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200));
        for text in [r#"{"a":"e\n"}"#, r#"{"a":1,"b.c":2}"#, r#"{"a":1,"b":{"c":[0]}}"#, "[]", "1", "", "{", &deep] {
            assert!(set.matching(text).is_empty(), "{text}");
        }
    }
}
