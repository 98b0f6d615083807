//! One claim of a case: about a value of the report, or about when facts happened.
//!
//! `{"path": "calls.r1.output.Messages.0.Body", "is": "= \"hello\""}`: a list's element by its index or its id, a
//! text that is JSON as if it were the JSON; relations, of texts in the order of their letters, are `=`, `!=`, `<`, `<=`, `>`, `>=` and `~` (contains), and
//! `$path` stands for another value of the report. `{"absent": path}`. `{"facts": "MessageReceived", "node": "q",
//! "times": ["0s", "30s"], "messages": ["m0001", "m0001"]}`: these and no others. `{"facts": …, "most": 1000,
//! "within": "1s"}`: no half-open window of that length holds more. `"at"` asks for the report at another time.

use decoupled::engine::{Micros, TraceRecord};
use decoupled::lang::duration::{format_duration, parse_duration};
use decoupled::services::{Describe, Fact, token_text};
use decoupled::sim::{Run, stands};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    at: Option<String>,
    path: Option<String>,
    is: Option<String>,
    absent: Option<String>,
    facts: Option<String>,
    node: Option<String>,
    times: Option<Vec<String>>,
    messages: Option<Vec<String>>,
    most: Option<usize>,
    within: Option<String>,
}

/// What a claim may want to know of a fact.
pub struct Seen {
    name: &'static str,
    node: String,
    at: Micros,
    message: Option<String>,
}

impl Seen {
    pub fn new(run: &Run, record: &TraceRecord<Fact>) -> Self {
        let (name, message) = (record.fact.name(), record.message.map(token_text));
        Self { name, node: run.node_of(record).to_owned(), at: record.at, message }
    }
}

impl Claim {
    pub fn at(&self) -> Option<&str> {
        self.at.as_deref()
    }

    pub fn is_about_problems(&self) -> bool {
        self.path.as_deref().is_some_and(|path| path.starts_with("problems"))
    }

    /// Why it does not hold, if it does not.
    pub fn fault(&self, report: &Value, seen: &[Seen]) -> Option<String> {
        match (&self.path, &self.is, &self.absent, &self.facts) {
            (Some(path), Some(is), None, None) => fault_of_value(report, path, is),
            (None, None, Some(path), None) => {
                find(report, path).map(|value| format!("{path} is {value}, wanted nothing"))
            }
            (None, None, None, Some(name)) => {
                let at_node = |fact: &&Seen| self.node.as_ref().is_none_or(|node| *node == fact.node);
                let facts: Vec<&Seen> = seen.iter().filter(|fact| fact.name == name).filter(at_node).collect();
                self.fault_of_facts(name, &facts)
            }
            _ => Some("a claim has path and is, or absent, or facts".to_owned()),
        }
    }

    fn fault_of_facts(&self, name: &str, facts: &[&Seen]) -> Option<String> {
        let times: Vec<Micros> = facts.iter().map(|fact| fact.at).collect();
        if self.most.is_some() != self.within.is_some() {
            return Some("most and within go together".to_owned());
        }
        if let (Some(most), Some(within)) = (self.most, &self.within) {
            let within = match parse_duration(within) {
                Ok(within) if within > 0 => within,
                Ok(_) => return Some("nothing happens within no time".to_owned()),
                Err(error) => return Some(error),
            };
            let count = |from: &Micros| times.iter().filter(|at| (*from..from + within).contains(at)).count();
            let busiest = times.iter().map(count).max();
            return match busiest {
                None => Some(format!("{name} never happened")),
                Some(count) if count > most => {
                    Some(format!("{count} {name} within {within} µs, wanted {most} at most"))
                }
                Some(_) => None,
            };
        }
        if let Some(wanted) = &self.times {
            let found: Vec<String> = times.iter().copied().map(format_duration).collect();
            let read: Result<Vec<Micros>, String> = wanted.iter().map(|text| parse_duration(text)).collect();
            let read = match read {
                Ok(read) => read,
                Err(error) => return Some(error),
            };
            if times != read {
                return Some(format!("{name} at {found:?}, wanted {wanted:?}"));
            }
        }
        if let Some(wanted) = &self.messages {
            let found: Vec<&str> = facts.iter().map(|fact| fact.message.as_deref().unwrap_or("-")).collect();
            if found != *wanted {
                return Some(format!("{name} of {found:?}, wanted {wanted:?}"));
            }
        }
        let says_nothing = self.times.is_none() && self.messages.is_none();
        says_nothing.then(|| "facts want times, messages, or most and within".to_owned())
    }
}

fn fault_of_value(report: &Value, path: &str, is: &str) -> Option<String> {
    let Some((relation, bound)) = is.split_once(' ') else { return Some(format!("{is} has no relation")) };
    let Some(found) = find(report, path) else { return Some(format!("{path} is nothing, wanted {is}")) };
    if relation == "~" {
        let text = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        return (!text.contains(bound)).then(|| format!("{path} is {text:?}, wanted a text with {bound:?}"));
    }
    let bound = match bound.strip_prefix('$') {
        Some(other) => find(report, other),
        None => serde_json::from_str(bound).ok(),
    };
    let Some(bound) = bound else { return Some(format!("{is} cannot be read")) };
    // Texts, among them ids that count up, have an order here.
    let holds = match (relation, found.as_str().zip(bound.as_str())) {
        ("<", Some((a, b))) => a < b,
        (">", Some((a, b))) => a > b,
        _ => stands(&found, relation, &bound),
    };
    (!holds).then(|| format!("{path} is {found}, wanted {relation} {bound}"))
}

/// Metric names have dots of their own, so the longest key that fits goes first.
fn find(value: &Value, path: &str) -> Option<Value> {
    if path.is_empty() {
        return Some(value.clone());
    }
    let parsed: Value;
    let value = match value {
        Value::String(text) => {
            parsed = serde_json::from_str(text).ok()?;
            &parsed
        }
        other => other,
    };
    let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
    let mut ends: Vec<usize> = ends.collect();
    ends.reverse();
    ends.into_iter().find_map(|end| {
        let (part, rest) = (&path[..end], path[end..].trim_start_matches('.'));
        let inner = match value {
            Value::Array(items) => match part.parse::<usize>() {
                Ok(index) => items.get(index),
                Err(_) => items.iter().find(|item| item.get("id").is_some_and(|id| id == part)),
            },
            other => other.get(part),
        };
        inner.and_then(|inner| find(inner, rest))
    })
}
