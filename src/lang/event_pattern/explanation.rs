//! Why an event was refused: the clauses that refused it, for the badge beside the rule or subscription.

use super::Pattern;
use super::clause::{Branch, Clause};
use super::matcher;
use super::phrase;
use serde_json::Value;
use std::collections::BTreeSet;

/// The verdict and its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What [`Pattern::matches`] says.
    pub matched: bool,
    /// Empty if and only if `matched`.
    pub refusals: Vec<Refusal>,
}

/// One clause that refused the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The field, as a dotted path.
    pub path: String,
    /// A short sentence: `detail.amount 42 is not > 100`.
    pub clause: String,
}

/// See [`Pattern::explain`].
pub(crate) fn explain(pattern: &Pattern, event: &Value) -> Explanation {
    if pattern.matches(event) {
        return Explanation { matched: true, refusals: Vec::new() };
    }
    if !event.is_object() {
        let refusal = Refusal { path: String::new(), clause: "the event is not a JSON object".to_owned() };
        return Explanation { matched: false, refusals: vec![refusal] };
    }
    let fails: Vec<bool> = pattern.clauses.iter().map(|clause| !holds_alone(clause, event)).collect();
    // A branch that fails for fewer reasons than another makes the other's surplus irrelevant: what would have to
    // change is what the nearest branches lack.
    let failing: Vec<Vec<usize>> = pattern
        .branches
        .iter()
        .map(|branch| branch.order.iter().copied().filter(|clause| fails[*clause]).collect())
        .collect();
    let within =
        |few: &[usize], many: &[usize]| few.len() < many.len() && few.iter().all(|clause| many.contains(clause));
    let mut nearest = BTreeSet::<usize>::new();
    for reasons in &failing {
        if !failing.iter().any(|other| within(other, reasons)) {
            nearest.extend(reasons);
        }
    }
    let mut refusals = Vec::new();
    for clause in nearest {
        add(&mut refusals, refusal_of(&pattern.clauses[clause], event));
    }
    if refusals.is_empty() {
        // Each clause holds alone, yet no choice of array elements holds them together.
        for branch in &pattern.branches {
            let all_hold = branch.order.iter().all(|clause| !fails[*clause]);
            if all_hold {
                add(&mut refusals, inconsistency(&pattern.clauses, branch, event));
            }
        }
    }
    Explanation { matched: false, refusals }
}

fn add(refusals: &mut Vec<Refusal>, refusal: Refusal) {
    if !refusals.contains(&refusal) {
        refusals.push(refusal);
    }
}

pub(crate) fn holds_alone(clause: &Clause, event: &Value) -> bool {
    let alone = Branch::new(std::slice::from_ref(clause), vec![0]);
    matcher::branch_matches(std::slice::from_ref(clause), &alone, event)
}

pub(crate) fn refusal_of(clause: &Clause, event: &Value) -> Refusal {
    let mut values = Vec::new();
    matcher::each_scalar(event, &clause.path, |scalar| values.push(scalar.clone()));
    let sentence = if values.is_empty() {
        format!("{} {}", clause.path, phrase::lack(event, &clause.path))
    } else {
        format!("{} {} {}", clause.path, phrase::values(&values), phrase::refusal(&clause.tests, &values))
    };
    Refusal { path: clause.path.clone(), clause: sentence }
}

/// The fewest neighbouring clauses that fail together name the array: their paths lead through it.
fn inconsistency(clauses: &[Clause], branch: &Branch, event: &Value) -> Refusal {
    let order = &branch.order;
    let culprits = (2..=order.len())
        .flat_map(|width| order.windows(width))
        .find(|window| !matcher::branch_matches(clauses, &Branch::new(clauses, window.to_vec()), event))
        .unwrap_or(order);
    let paths: Vec<&str> = culprits.iter().map(|clause| clauses[*clause].path.as_str()).collect();
    let array = common_names(&paths);
    let names: Vec<&str> =
        paths.iter().map(|path| path.strip_prefix(array).unwrap_or(path).trim_start_matches('.')).collect();
    let clause = format!("no single element of {array} satisfies {} together", names.join(" and "));
    Refusal { path: array.to_owned(), clause }
}

/// The whole names that all paths begin with.
fn common_names<'a>(paths: &[&'a str]) -> &'a str {
    let Some((first, others)) = paths.split_first() else { return "" };
    let ends = first.match_indices('.').map(|(dot, _)| dot);
    ends.filter(|end| others.iter().all(|other| other.starts_with(&first[..=*end])))
        .max()
        .map_or("", |end| &first[..end])
}
