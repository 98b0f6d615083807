//! A trial of a pattern on one event: clause by clause whether it holds, and the smallest change of the event that
//! would make it match.
//!
//! The smallest is that with the fewest fields changed: of the branches of an `$or` the one that fails in the fewest
//! clauses, and in each of those one value. A change is only offered when it was tried and matches.

use super::clause::{Branch, Clause};
use super::explanation::{holds_alone, refusal_of};
use super::operator::{Exclusion, Test};
use super::scalar::Scalar;
use super::{Pattern, matcher, phrase};
use serde_json::{Map, Value, json};

/// The verdict, its reasons, and the way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// What [`Pattern::matches`] says.
    pub matched: bool,
    /// Every clause, in the order it was written.
    pub clauses: Vec<Verdict>,
    /// The smallest change that was found; empty when the event matches, or when none was found.
    pub changes: Vec<Change>,
    /// The event with those changes.
    pub changed: Option<Value>,
}

/// One clause, looked at alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The field, as a dotted path.
    pub path: String,
    pub holds: bool,
    /// A short sentence: `detail.amount 42 is not > 100`.
    pub sentence: String,
}

/// One field to be set, or to be taken away.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub path: String,
    /// `None` takes the field away.
    pub value: Option<Value>,
}

impl Change {
    /// `set detail.amount to 101`.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.value {
            Some(value) => format!("set {} to {value}", self.path),
            None => format!("take {} away", self.path),
        }
    }
}

/// See [`Pattern::try_on`].
pub(crate) fn try_on(pattern: &Pattern, event: &Value) -> Trial {
    let matched = pattern.matches(event);
    let mut clauses: Vec<Verdict> = pattern.clauses.iter().map(|clause| verdict(clause, event)).collect();
    if matched {
        return Trial { matched, clauses, changes: Vec::new(), changed: None };
    }
    if clauses.iter().all(|clause| clause.holds) {
        // Each holds alone, and no choice of array elements holds them together.
        let refusals = pattern.explain(event).refusals.into_iter();
        clauses.extend(refusals.map(|refusal| Verdict { path: refusal.path, holds: false, sentence: refusal.clause }));
    }
    let event = if event.is_object() { event.clone() } else { json!({}) };
    let found = pattern.branches.iter().filter_map(|branch| way_out(pattern, branch, &event));
    let found = found.min_by_key(|(changes, _)| changes.len());
    let (changes, changed) = found.map_or((Vec::new(), None), |(changes, changed)| (changes, Some(changed)));
    Trial { matched, clauses, changes, changed }
}

fn verdict(clause: &Clause, event: &Value) -> Verdict {
    let holds = event.is_object() && holds_alone(clause, event);
    let sentence = if holds {
        let mut values = Vec::new();
        matcher::each_scalar(event, &clause.path, |scalar| values.push(scalar.clone()));
        let given = if values.is_empty() { "is missing, as it may be".to_owned() } else { phrase::values(&values) };
        format!("{} {given}", clause.path)
    } else {
        refusal_of(clause, event).clause
    };
    Verdict { path: clause.path.clone(), holds, sentence }
}

/// Changes that make this branch hold: of what fails alone, and where nothing does, of all that must hold together.
fn way_out(pattern: &Pattern, branch: &Branch, event: &Value) -> Option<(Vec<Change>, Value)> {
    let clauses = || branch.order.iter().map(|clause| &pattern.clauses[*clause]);
    let failing: Vec<&Clause> = clauses().filter(|clause| !holds_alone(clause, event)).collect();
    let attempt = |chosen: &[&Clause]| {
        let mut changed = event.clone();
        let mut changes = Vec::new();
        for clause in chosen {
            let change = Change { path: clause.path.clone(), value: witness(clause, event)? };
            apply(&mut changed, &change);
            changes.push(change);
        }
        pattern.matches(&changed).then_some((changes, changed))
    };
    if !failing.is_empty()
        && let Some(found) = attempt(&failing)
    {
        return Some(found);
    }
    attempt(&clauses().collect::<Vec<_>>())
}

/// A value that the clause accepts, near the one that is there; `Some(None)` where the field is to go.
fn witness(clause: &Clause, event: &Value) -> Option<Option<Value>> {
    let mut given = None;
    matcher::each_scalar(event, &clause.path, |scalar| {
        given.get_or_insert_with(|| scalar.clone());
    });
    let of = |test: &Test| if *test == Test::Absent { Some(None) } else { value_for(test, given.as_ref()).map(Some) };
    let all: Vec<Option<Value>> = clause.tests.iter().filter_map(of).collect();
    let same_type = |value: &&Option<Value>| {
        given
            .as_ref()
            .zip(value.as_ref())
            .is_some_and(|(a, b)| a.is_string() == b.is_string() && a.is_number() == b.is_number())
    };
    all.iter().find(same_type).or_else(|| all.first()).cloned()
}

fn value_for(test: &Test, given: Option<&Value>) -> Option<Value> {
    let text = given.and_then(Value::as_str).unwrap_or_default();
    let candidates: Vec<Value> = match test {
        Test::Null => vec![Value::Null],
        Test::Bool(wanted) => vec![json!(wanted)],
        Test::Text(wanted) => vec![json!(wanted)],
        Test::Number(wanted) => vec![number(&wanted.to_string())?],
        Test::Prefix(prefix) => vec![json!(format!("{prefix}{text}"))],
        Test::Suffix(suffix) => vec![json!(format!("{text}{suffix}"))],
        Test::Folded(wanted) => vec![json!(wanted.text())],
        Test::FoldedPrefix(prefix) => vec![json!(format!("{}{text}", prefix.text()))],
        Test::FoldedSuffix(suffix) => vec![json!(format!("{text}{}", suffix.text()))],
        Test::Wildcard(wildcard) => vec![json!(wildcard.shortest())],
        Test::Cidr(cidr) => vec![json!(cidr.text().split('/').next()?)],
        Test::Range(range) => {
            let ends = [range.bottom, range.top].into_iter().flatten().map(|bound| bound.at.as_f64());
            let ends: Vec<f64> = ends.collect();
            let middle = ends.iter().sum::<f64>() / ends.len() as f64;
            let near = ends.iter().flat_map(|end| [*end, end + 1.0, end - 1.0, end + 0.001, end - 0.001]);
            near.chain([middle]).filter_map(|value| number(&value.to_string())).collect()
        }
        Test::AnythingBut(exclusion) => others(exclusion),
        Test::Present => vec![json!("x")],
        Test::Absent => Vec::new(),
    };
    candidates.into_iter().find(|value| Scalar::of(value).is_some_and(|value| test.accepts(value)))
}

/// Values that `anything-but` may let in.
fn others(exclusion: &Exclusion) -> Vec<Value> {
    match exclusion {
        Exclusion::Numbers(_) => (0..100).map(|number| json!(number)).collect(),
        _ => ["other", "x", "", "something else", "0"].into_iter().map(Value::from).chain([json!(0)]).collect(),
    }
}

fn number(text: &str) -> Option<Value> {
    serde_json::from_str(text.strip_suffix(".0").unwrap_or(text)).ok()
}

/// Sets or takes away what lies at a dotted path; in an array of objects, in its first.
fn apply(event: &mut Value, change: &Change) {
    match &change.value {
        Some(value) => set(event, &change.path, value),
        None => take_away(event, &change.path),
    }
}

fn set(at: &mut Value, path: &str, value: &Value) {
    if let Value::Array(elements) = at
        && let Some(first) = elements.iter_mut().find(|element| element.is_object())
    {
        return set(first, path, value);
    }
    if !at.is_object() {
        *at = json!({});
    }
    let Value::Object(fields) = at else { return };
    // A name of the event may hold dots itself: the longest that is there is taken.
    let cuts = path.match_indices('.').map(|(dot, _)| dot).chain([path.len()]);
    let known = cuts.rev().find(|end| fields.contains_key(&path[..*end]));
    let end = known.or_else(|| path.find('.')).unwrap_or(path.len());
    if end == path.len() {
        fields.insert(path.to_owned(), value.clone());
    } else {
        let below = fields.entry(path[..end].to_owned()).or_insert_with(|| Value::Object(Map::new()));
        set(below, &path[end + 1..], value);
    }
}

fn take_away(at: &mut Value, path: &str) {
    match at {
        Value::Array(elements) => elements.iter_mut().for_each(|element| take_away(element, path)),
        Value::Object(fields) => {
            drop(fields.shift_remove(path));
            for (dot, _) in path.match_indices('.') {
                if let Some(below) = fields.get_mut(&path[..dot]) {
                    take_away(below, &path[dot + 1..]);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Dialect, generator};
    use super::*;

    fn tried(pattern: &Value, event: &Value) -> Trial {
        Pattern::from_value(pattern, Dialect::EventBridge).expect("a pattern").try_on(event)
    }

    #[test]
    fn the_smallest_change_is_told() {
        let pattern = json!({ "source": ["shop"], "detail": { "total": [{ "numeric": [">", 100] }], "gone": [{ "exists": false }] } });
        let trial = tried(&pattern, &json!({ "source": "shop", "detail": { "total": 42 } }));
        let told: Vec<(bool, &str)> = trial.clauses.iter().map(|one| (one.holds, &*one.sentence)).collect();
        assert_eq!(
            told,
            [
                (true, "source \"shop\""),
                (false, "detail.total 42 is not > 100"),
                (true, "detail.gone is missing, as it may be")
            ]
        );
        let sentences: Vec<String> = trial.changes.iter().map(Change::sentence).collect();
        assert_eq!(sentences, ["set detail.total to 101"]);
        assert_eq!(trial.changed, Some(json!({ "source": "shop", "detail": { "total": 101 } })));
        let trial = tried(&pattern, &json!({ "source": "shop", "detail": { "total": 142, "gone": 1 } }));
        assert_eq!(trial.changes[0].sentence(), "take detail.gone away");
    }

    #[test]
    fn of_two_ways_the_shorter_is_taken() {
        let pattern = json!({ "$or": [{ "a": [1], "b": [2] }, { "c": [{ "prefix": "x" }] }] });
        let trial = tried(&pattern, &json!({ "c": "y" }));
        assert_eq!(trial.changes, [Change { path: "c".to_owned(), value: Some(json!("xy")) }]);
        assert!(tried(&pattern, &json!({ "a": 1, "b": 2 })).changes.is_empty());
    }

    #[test]
    fn elements_of_an_array_are_made_to_agree() {
        let pattern = json!({ "items": { "a": ["1"], "b": ["2"] } });
        let trial = tried(&pattern, &json!({ "items": [{ "a": "1", "b": "3" }, { "a": "3", "b": "2" }] }));
        assert_eq!(trial.changed, Some(json!({ "items": [{ "a": "1", "b": "2" }, { "a": "3", "b": "2" }] })));
    }

    #[test]
    fn a_change_that_is_told_matches_and_is_nearly_always_found() {
        let (mut refused, mut helped) = (0, 0);
        for seed in 0..4_000 {
            let (pattern, event) = generator::pair(seed);
            let Ok(compiled) = Pattern::from_value(&pattern, Dialect::EventBridge) else { continue };
            let trial = compiled.try_on(&event);
            assert_eq!(trial.matched, compiled.matches(&event));
            assert!(trial.matched || trial.clauses.iter().any(|one| !one.holds), "seed {seed}: {pattern} {event}");
            refused += u32::from(!trial.matched);
            if let Some(changed) = &trial.changed {
                helped += 1;
                assert!(compiled.matches(changed), "seed {seed}: {pattern} {event} {changed}");
            }
        }
        assert!(refused > 1_000 && helped * 10 > refused * 7, "{helped} of {refused}");
    }
}
