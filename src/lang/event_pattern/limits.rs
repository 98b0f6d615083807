//! Every limit on a pattern, with its source.

use super::Dialect;
use super::clause::Clause;
use super::error::PatternError;
use super::operator::{Exclusion, Test};
use serde_json::{Map, Value};
use std::fmt;

/// EventBridge: characters in an event pattern (Service Quotas, «Event pattern size»; adjustable there).
pub const EVENT_PATTERN_CHARS_MAX: usize = 2048;
/// EventBridge: combinations that `$or` may multiply out to (EB-11). It also bounds SNS's before it is counted there.
pub const OR_COMBINATIONS_MAX: usize = 1000;
/// SNS: bytes in a filter policy (SNS-22).
pub const FILTER_POLICY_BYTES_MAX: usize = 256 * 1024;
/// SNS: keys with values, wherever they are nested (SNS-22).
pub const FILTER_POLICY_KEYS_MAX: usize = 5;
/// SNS: product of the numbers of values, each times its depth; alternatives of `$or` are summed (SNS-22).
pub const FILTER_POLICY_COMBINATIONS_MAX: u64 = 150;
/// SNS: stars in one wildcard (SNS-21).
const FILTER_POLICY_STARS_MAX: usize = 3;
/// SNS: points of wildcards and `anything-but` over all fields (SNS-22).
const FILTER_POLICY_POINTS_MAX: usize = 100;
/// EventBridge refuses wildcards that are costly to run, by an estimate it does not publish. Six stars was seen
/// refused (`[LS]` content_wildcard_complex_EXC), so five is what we let through. `[MODEL]`
const EVENT_PATTERN_STARS_MAX: usize = 5;

const TOO_COMPLEX: &str = "Filter policy is too complex";

/// The length of the pattern as text.
pub(crate) fn check_length(text: &str, dialect: Dialect) -> Result<(), PatternError> {
    let (length, limit, unit) = match dialect {
        Dialect::EventBridge => (text.chars().count(), EVENT_PATTERN_CHARS_MAX, "characters"),
        _ => (text.len(), FILTER_POLICY_BYTES_MAX, "bytes"),
    };
    if length <= limit {
        return Ok(());
    }
    Err(PatternError::new(dialect, "", format!("{length} {unit}, the limit is {limit}")))
}

/// The sentence for an `$or` that multiplies out too far.
pub(crate) fn too_many_branches(dialect: Dialect) -> impl fmt::Display {
    match dialect {
        Dialect::EventBridge => format!("$or makes more than {OR_COMBINATIONS_MAX} combinations"),
        _ => TOO_COMPLEX.to_owned(),
    }
}

/// EventBridge's limits on what was read.
pub(crate) fn check_event_pattern(clauses: &[Clause]) -> Result<(), PatternError> {
    let costly = clauses.iter().find(|clause| stars(clause).any(|stars| stars > EVENT_PATTERN_STARS_MAX));
    let Some(clause) = costly else { return Ok(()) };
    let reason = "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences \
                  after a wildcard character";
    Err(PatternError::new(Dialect::EventBridge, &clause.path, reason))
}

/// SNS's limits on what was read.
pub(crate) fn check_filter_policy(
    root: &Map<String, Value>,
    clauses: &[Clause],
    dialect: Dialect,
) -> Result<(), PatternError> {
    if dialect == Dialect::SnsMessageAttributes
        && let Some(nested) = nested_key(root)
    {
        return Err(PatternError::nested_attributes(nested));
    }
    if clauses.len() > FILTER_POLICY_KEYS_MAX {
        let reason = format!("Filter policy can not have more than {FILTER_POLICY_KEYS_MAX} keys");
        return Err(PatternError::new(dialect, "", reason));
    }
    if combinations(root, 1) > FILTER_POLICY_COMBINATIONS_MAX {
        return Err(PatternError::new(dialect, "", TOO_COMPLEX));
    }
    if let Some(clause) = clauses.iter().find(|clause| stars(clause).any(|stars| stars > FILTER_POLICY_STARS_MAX)) {
        return Err(PatternError::new(dialect, &clause.path, TOO_COMPLEX));
    }
    if clauses.iter().map(points).sum::<usize>() > FILTER_POLICY_POINTS_MAX {
        return Err(PatternError::new(dialect, "", TOO_COMPLEX));
    }
    Ok(())
}

/// Attributes are flat; alternatives of `$or` are on their level, not below it.
fn nested_key(object: &Map<String, Value>) -> Option<&str> {
    object.iter().find_map(|(name, value)| match value {
        Value::Object(_) => Some(name.as_str()),
        Value::Array(elements) if name == "$or" => elements.iter().filter_map(Value::as_object).find_map(nested_key),
        _ => None,
    })
}

/// Recorded on AWS: 4·(6 + 4·(4 + 4)) is refused, 3·(6 + 4·(4 + 7)) is accepted (`[LS]` test_policy_complexity_with_or).
fn combinations(object: &Map<String, Value>, depth: u64) -> u64 {
    object.iter().fold(1, |product, (name, value)| {
        let factor = match value {
            Value::Object(inner) => combinations(inner, depth + 1),
            Value::Array(elements) if name == "$or" && elements.iter().all(Value::is_object) => {
                let inner = elements.iter().filter_map(Value::as_object);
                inner.fold(0u64, |sum, inner| sum.saturating_add(combinations(inner, depth)))
            }
            Value::Array(elements) => (elements.len() as u64).saturating_mul(depth),
            _ => 1,
        };
        product.saturating_mul(factor)
    })
}

/// The stars of each wildcard of a clause, also of those in `anything-but`.
fn stars(clause: &Clause) -> impl Iterator<Item = usize> + '_ {
    clause.tests.iter().flat_map(|test| {
        let wildcards = match test {
            Test::Wildcard(wildcard) => std::slice::from_ref(wildcard),
            Test::AnythingBut(Exclusion::Wildcards(wildcards)) => wildcards.as_slice(),
            _ => &[],
        };
        wildcards.iter().map(|wildcard| wildcard.stars())
    })
}

/// A field's points: those of its patterns together, times the number of those patterns.
fn points(clause: &Clause) -> usize {
    let each = clause.tests.iter().filter_map(|test| match test {
        Test::Wildcard(wildcard) if wildcard.stars() > 1 => Some(3 * wildcard.stars()),
        Test::Wildcard(_) | Test::AnythingBut(_) => Some(1),
        _ => None,
    });
    let (sum, count) = each.fold((0, 0), |(sum, count), points| (sum + points, count + 1));
    sum * count
}
