//! Where a text matches: by a regular expression, or by a function that says so as one would.

use std::rc::Rc;
use std::sync::Arc;

use super::error::{Outcome, Trouble};
use super::evaluator::{Evaluator, function, stopped};
use super::function::Function;
use super::value::Value;
use super::{MATCH_WORK, WORK_MAX};
use crate::lang::regex::{Match, Regex};

/// One match; places count characters.
pub(super) struct Found {
    pub matched: Rc<str>,
    pub start: usize,
    pub end: usize,
    pub groups: Vec<Value>,
    next: Next,
}

enum Next {
    Regex(Arc<Regex>),
    Function(Value),
}

/// The first match.
pub(super) fn first(it: &mut Evaluator, matcher: &Value, text: &Rc<[char]>) -> Outcome<Option<Found>> {
    if let Value::Function(called) = matcher
        && let Function::Regex(regex) = &**called
    {
        return find(it, regex, text, 0);
    }
    let text: String = text.iter().collect();
    let answer = it.apply(matcher, vec![text.into()], &Value::Undefined, "")?;
    answered(answer)
}

/// The one behind a match.
pub(super) fn next(it: &mut Evaluator, found: &Found, text: &Rc<[char]>) -> Outcome<Option<Found>> {
    match &found.next {
        Next::Regex(regex) => next_of(it, regex, text, found.end),
        Next::Function(called) => {
            let answer = it.apply(called, Vec::new(), &Value::Undefined, "")?;
            answered(answer)
        }
    }
}

fn next_of(it: &mut Evaluator, regex: &Arc<Regex>, text: &Rc<[char]>, from: usize) -> Outcome<Option<Found>> {
    if from >= text.len() {
        return Ok(None);
    }
    let found = find(it, regex, text, from)?;
    // An empty match would be found again and again.
    match found {
        Some(found) if found.matched.is_empty() => Err(Trouble::with("D1004", regex.source().into())),
        found => Ok(found),
    }
}

fn find(it: &mut Evaluator, regex: &Arc<Regex>, text: &Rc<[char]>, from: usize) -> Outcome<Option<Found>> {
    let mut steps = (WORK_MAX.saturating_sub(it.work)) * MATCH_WORK;
    let before = steps;
    let found = regex.find(text, from, &mut steps);
    it.spend((before - steps) / MATCH_WORK)?;
    let found = found.map_err(|_| stopped("Expression evaluation timeout: Check for infinite loop"))?;
    let slice = |(start, end): (usize, usize)| text[start..end].iter().collect::<String>();
    Ok(found.map(|Match { start, end, groups }| Found {
        matched: slice((start, end)).into(),
        start,
        end,
        groups: groups.into_iter().map(|group| group.map_or(Value::Undefined, |group| slice(group).into())).collect(),
        next: Next::Regex(regex.clone()),
    }))
}

/// What a function says of a match.
fn answered(answer: Value) -> Outcome<Option<Found>> {
    let object = match answer {
        Value::Undefined | Value::Null | Value::Bool(false) => return Ok(None),
        Value::Object(object) => object,
        _ => return Err(Trouble::new("T1010")),
    };
    let place = |name: &str| if let Value::Number(number) = object.get(name) { Some(number as usize) } else { None };
    let (start, end, next) = (place("start"), place("end"), object.get("next"));
    let groups = match object.get("groups") {
        Value::List(groups, _) => Some(groups.to_vec()),
        _ => None,
    };
    if start.is_none() && end.is_none() && groups.is_none() && !matches!(next, Value::Function(_)) {
        return Err(Trouble::new("T1010"));
    }
    let matched = object.get("match").as_text().cloned().unwrap_or_else(|| "".into());
    let start = start.unwrap_or_default();
    Ok(Some(Found {
        start,
        end: end.unwrap_or(start + matched.chars().count()).max(start),
        matched,
        groups: groups.unwrap_or_default(),
        next: Next::Function(next),
    }))
}

/// What a regular expression gives that is called as a function.
pub(super) fn match_object(it: &mut Evaluator, regex: &Arc<Regex>, text: &Rc<[char]>, from: usize) -> Outcome {
    let found = if from == 0 { find(it, regex, text, 0)? } else { next_of(it, regex, text, from)? };
    let Some(found) = found else { return Ok(Value::Undefined) };
    let next = Function::NextMatch { regex: regex.clone(), text: text.clone(), from: found.end };
    Ok(Value::object([
        ("match".into(), Value::Text(found.matched)),
        ("start".into(), Value::Number(units(text, found.start))),
        ("end".into(), Value::Number(units(text, found.end))),
        ("groups".into(), Value::list(found.groups)),
        ("next".into(), function(next)),
    ]))
}

/// A place as JavaScript counts it, in units of UTF-16.
pub(super) fn units(text: &[char], place: usize) -> f64 {
    text[..place].iter().map(|c| c.len_utf16()).sum::<usize>() as f64
}
