//! What stands in a state's box and on its lines, in few words.

use serde_json::Value;

use crate::lang::asl::machine::{
    Catcher, ChoiceRule, Comparison, Given, Is, MapState, Operand, Order, State, StateKind, Task, Test, Until,
};
use crate::lang::asl::resource::Resource;

/// The second line of a box: what the state does.
#[must_use]
pub fn does(state: &State) -> String {
    match &state.kind {
        StateKind::Task(task) => of_task(task),
        StateKind::Wait(Until::Seconds(seconds)) => format!("Wait {} s", given(seconds)),
        StateKind::Wait(Until::Timestamp(timestamp)) => format!("Wait until {}", given(timestamp)),
        StateKind::Fail { error: Some(error), .. } => given(error),
        StateKind::Map(map) => of_map(map),
        StateKind::Parallel { branches } => format!("Parallel · {} branches", branches.len()),
        kind => kind.name().to_owned(),
    }
}

fn of_task(task: &Task) -> String {
    match &task.resource {
        Resource::Function { name } => format!("lambda: {name}"),
        Resource::Activity { name } => format!("activity: {name}"),
        Resource::Service { service, action, pattern, .. } => format!("{service}: {action}{}", pattern.suffix()),
        Resource::Other => task.resource_text.rsplit(':').next().unwrap_or_default().to_owned(),
    }
}

fn of_map(map: &MapState) -> String {
    let at_once = match &map.max_concurrency {
        Given::Value(0) => String::new(),
        most => format!(" · {} at once", given(most)),
    };
    format!("Map{}{at_once}", if map.distributed.is_some() { " · distributed" } else { "" })
}

fn given<T: ToString>(given: &Given<T>) -> String {
    match given {
        Given::Value(value) => value.to_string(),
        Given::Path(path) => path.clone(),
        Given::Expression(expression) => bare(expression),
    }
}

/// A JSONata expression without its braces.
fn bare(expression: &str) -> String {
    let inner = expression.trim().strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}"));
    inner.unwrap_or(expression).trim().to_owned()
}

/// When a Choice takes this way.
#[must_use]
pub fn of_rule(rule: &ChoiceRule) -> String {
    of_test(&rule.test, 0)
}

/// Deeper tests are not told on a line.
const DEPTH_MAX: usize = 4;

#[must_use]
pub fn of_test(test: &Test, depth: usize) -> String {
    if depth > DEPTH_MAX {
        return "…".to_owned();
    }
    let joined = |tests: &[Test], word: &str| {
        let told = tests.iter().map(|test| match test {
            Test::And(_) | Test::Or(_) => format!("({})", of_test(test, depth + 1)),
            _ => of_test(test, depth + 1),
        });
        told.collect::<Vec<_>>().join(word)
    };
    match test {
        Test::Condition(Value::String(text)) => bare(text),
        Test::Condition(value) => value.to_string(),
        Test::And(tests) => joined(tests, " and "),
        Test::Or(tests) => joined(tests, " or "),
        Test::Not(inner) => match &**inner {
            Test::And(_) | Test::Or(_) => format!("not ({})", of_test(inner, depth + 1)),
            _ => format!("not {}", of_test(inner, depth + 1)),
        },
        Test::Compare { variable, comparison } => format!("{} {}", variable.text(), of_comparison(comparison)),
    }
}

fn of_comparison(comparison: &Comparison) -> String {
    let operand = |operand: &Operand| match operand {
        Operand::Value(value) => value.to_string(),
        Operand::Path(path) => path.text().to_owned(),
    };
    match comparison {
        Comparison::Order { order, operand: with, .. } => {
            let sign = match order {
                Order::Equals => "=",
                Order::LessThan => "<",
                Order::GreaterThan => ">",
                Order::LessThanEquals => "≤",
                Order::GreaterThanEquals => "≥",
            };
            format!("{sign} {}", operand(with))
        }
        Comparison::BooleanEquals(with) => format!("= {}", operand(with)),
        Comparison::StringMatches(pattern) => format!("like {pattern}"),
        Comparison::Is { what, expected } => {
            let what = match what {
                Is::Null => "null",
                Is::Present => "present",
                Is::Numeric => "a number",
                Is::String => "a text",
                Is::Boolean => "a boolean",
                Is::Timestamp => "a timestamp",
            };
            format!("is {}{what}", if *expected { "" } else { "not " })
        }
    }
}

#[must_use]
pub fn of_catcher(catcher: &Catcher) -> String {
    catcher.error_equals.join(", ")
}
