//! Which way a Choice goes, and why not another (SFN-10).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::Value;

use super::Execution;
use super::failure::Failure;
use super::fields::{self, Outcome};
use super::query;
use super::scope::{Scope, World, unwatched};
use super::thread::ThreadId;
use crate::lang::asl::machine::{
    ChoiceRule, Comparison, Is, Operand, Order, Ordered, QueryLanguage, Selection, State, StateId, StateKind, Test,
};
use crate::lang::asl::timestamp::timestamp;

impl Execution {
    pub(super) fn choose(&mut self, id: ThreadId, state: &State, world: &mut dyn World) {
        let directed = self.in_scope(id, world, |scope, world| direction(state, scope, world));
        let outcome = match directed {
            Ok((rule, next)) if hands_on(state, rule) => {
                let output = Arc::clone(&self.threads[&id].input);
                return self.exit_with(id, output, None, Some(next), world);
            }
            Ok((rule, next)) => self
                .in_scope(id, world, |scope, world| outcome(state, rule, scope, world))
                .map(|outcome| (outcome, next)),
            Err(failure) => Err(failure),
        };
        match outcome {
            Ok((outcome, next)) => self.exit(id, outcome, Some(next), world),
            Err(failure) => self.fail(id, failure, world),
        }
    }
}

/// What a Choice hands on, and to whom.
///
/// # Errors
/// That no rule matches, or what cannot be found or evaluated.
pub fn decide(state: &State, scope: &Scope<'_>, world: &mut dyn World) -> Result<(Outcome, StateId), Failure> {
    let (rule, next) = direction(state, scope, world)?;
    Ok((outcome(state, rule, scope, world)?, next))
}

/// The place of the rule that matches, if it is not the default, and the state that follows.
fn direction(state: &State, scope: &Scope<'_>, world: &mut dyn World) -> Result<(Option<usize>, StateId), Failure> {
    let StateKind::Choice { rules, default } = &state.kind else { unreachable!("only a Choice decides") };
    let matched = first_match(state, rules, scope, world)?;
    let next = matched.map(|place| rules[place].next).or(*default);
    // AWS documents States.NoChoiceMatched; measured, it is this (floci-io/floci pull request 3167).
    next.map(|next| (matched, next)).ok_or_else(|| Failure::runtime(NOWHERE))
}

fn rule_of(state: &State, place: usize) -> &ChoiceRule {
    let StateKind::Choice { rules, .. } = &state.kind else { unreachable!("only a Choice has rules") };
    &rules[place]
}

/// Whether the input goes on as it came. A rule's own Assign and Output take the place of the state's.
fn hands_on(state: &State, rule: Option<usize>) -> bool {
    let fields = &state.fields;
    match rule.map(|place| rule_of(state, place)) {
        None => fields.is_plain(),
        Some(rule) => {
            let is_whole = fields.input_path == Selection::Whole && fields.output_path == Selection::Whole;
            is_whole && rule.assign.is_none() && rule.output.is_none()
        }
    }
}

fn outcome(state: &State, rule: Option<usize>, scope: &Scope<'_>, world: &mut dyn World) -> Result<Outcome, Failure> {
    let Some(place) = rule else { return fields::outcome(state, scope, None, world, &mut unwatched) };
    let rule = rule_of(state, place);
    if state.language == QueryLanguage::JsonPath {
        return fields::handed_on(state, rule.assign.as_ref(), scope, world);
    }
    let field = |name: &str| format!("Choices[{place}]/{name}");
    let assigned = fields::assigned_by_expressions(rule.assign.as_ref(), &field("Assign"), (scope, &[]), world)?;
    let output = match &rule.output {
        Some(output) => query::jsonata(output, &field("Output"), (scope, &[]), world)?,
        None => scope.input.clone(),
    };
    Ok(Outcome { output, assigned })
}

const NOWHERE: &str = "Failed to transition out of the state. The state does not point to a next state.";

/// The place of the first rule whose test is true.
fn first_match(
    state: &State,
    rules: &[ChoiceRule],
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<Option<usize>, Failure> {
    let selected = match (state.language, &state.fields.input_path) {
        (QueryLanguage::Jsonata, _) | (_, Selection::Whole) => Cow::Borrowed(scope.input),
        (QueryLanguage::JsonPath, path) => Cow::Owned(fields::select(path, scope.input, scope)?),
    };
    for (place, rule) in rules.iter().enumerate() {
        if holds(&rule.test, place, &selected, scope, world)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// Whether a test holds; `place` is its rule's.
///
/// # Errors
/// A path that finds nothing, an expression that gives no boolean.
pub fn holds(
    test: &Test,
    place: usize,
    input: &Value,
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<bool, Failure> {
    Ok(match test {
        Test::Condition(condition) => query::condition(condition, place, scope, world)?,
        Test::And(tests) => {
            for test in tests {
                if !holds(test, place, input, scope, world)? {
                    return Ok(false);
                }
            }
            true
        }
        Test::Or(tests) => {
            for test in tests {
                if holds(test, place, input, scope, world)? {
                    return Ok(true);
                }
            }
            false
        }
        Test::Not(test) => !holds(test, place, input, scope, world)?,
        Test::Compare { variable, comparison } => {
            let found = query::look(variable, input, scope);
            if let Comparison::Is { what: Is::Present, expected } = comparison {
                return Ok(found.is_some() == *expected);
            }
            let Some(value) = found else {
                return Err(Failure::runtime(format!(
                    "Invalid path '{variable}': The choice state's condition path references an invalid value."
                )));
            };
            compares(comparison, &value, input, scope)?
        }
    })
}

fn compares(comparison: &Comparison, value: &Value, input: &Value, scope: &Scope<'_>) -> Result<bool, Failure> {
    Ok(match comparison {
        Comparison::Is { what, expected } => is(*what, value) == *expected,
        Comparison::StringMatches(pattern) => value.as_str().is_some_and(|text| matches(pattern, text)),
        Comparison::BooleanEquals(operand) => {
            let wanted = operand_value(operand, input, scope)?;
            value.is_boolean() && *value == *wanted
        }
        Comparison::Order { of, order, operand } => {
            let wanted = operand_value(operand, input, scope)?;
            ordering(*of, value, &wanted).is_some_and(|ordering| meets(*order, ordering))
        }
    })
}

fn operand_value(operand: &Operand, input: &Value, scope: &Scope<'_>) -> Result<Arc<Value>, Failure> {
    match operand {
        Operand::Value(value) => Ok(Arc::new(value.clone())),
        Operand::Path(path) => query::look(path, input, scope).map(Arc::new).ok_or_else(|| {
            Failure::runtime(format!(
                "Invalid path '{path}': The choice state's condition path references an invalid value."
            ))
        }),
    }
}

/// How two values compare; `None` where one is of another type, which makes a test false.
fn ordering(of: Ordered, value: &Value, wanted: &Value) -> Option<Ordering> {
    match of {
        Ordered::String => Some(value.as_str()?.cmp(wanted.as_str()?)),
        Ordered::Numeric => value.as_f64()?.partial_cmp(&wanted.as_f64()?),
        Ordered::Timestamp => Some(timestamp(value.as_str()?)?.cmp(&timestamp(wanted.as_str()?)?)),
    }
}

fn meets(order: Order, ordering: Ordering) -> bool {
    match order {
        Order::Equals => ordering.is_eq(),
        Order::LessThan => ordering.is_lt(),
        Order::GreaterThan => ordering.is_gt(),
        Order::LessThanEquals => ordering.is_le(),
        Order::GreaterThanEquals => ordering.is_ge(),
    }
}

fn is(what: Is, value: &Value) -> bool {
    match what {
        Is::Null => value.is_null(),
        Is::Present => true,
        Is::Numeric => value.is_number(),
        Is::String => value.is_string(),
        Is::Boolean => value.is_boolean(),
        Is::Timestamp => value.as_str().is_some_and(|text| timestamp(text).is_some()),
    }
}

/// `StringMatches`: `*` stands for any characters, a backslash makes the next one plain. Linear but for the last star.
fn matches(pattern: &str, text: &str) -> bool {
    #[derive(PartialEq)]
    enum Part {
        Any,
        Char(char),
    }
    let (mut parts, mut chars) = (Vec::new(), pattern.chars());
    while let Some(char) = chars.next() {
        parts.push(match char {
            '*' => Part::Any,
            '\\' => Part::Char(chars.next().unwrap_or('\\')),
            char => Part::Char(char),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut part, mut star) = (0, 0, None);
    while at < text.len() {
        match parts.get(part) {
            Some(Part::Any) => {
                star = Some((part, at));
                part += 1;
            }
            Some(Part::Char(char)) if *char == text[at] => (at, part) = (at + 1, part + 1),
            _ => {
                let Some((starred, from)) = star else { return false };
                (star, part, at) = (Some((starred, from + 1)), starred + 1, from + 1);
            }
        }
    }
    parts[part..].iter().all(|part| *part == Part::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters_and_a_backslash_makes_it_plain() {
        for (pattern, text, wanted) in [
            ("log-*.txt", "log-2026.txt", true),
            ("log-*.txt", "log-.txt", true),
            ("log-*.txt", "log-.txt2", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxa", false),
            ("a\\*b", "a*b", true),
            ("a\\*b", "axb", false),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
