//! Functions of texts.

use std::rc::Rc;

use super::{Line, argument};
use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::evaluator::{Evaluator, ITEM_WORK};
use crate::lang::jsonata::matching::{Found, first, next, units};
use crate::lang::jsonata::path::as_sequence;
use crate::lang::jsonata::value::Value;

pub(super) const TABLE: &[Line] = &[
    ("contains", "<s-(sf):b>", 2, contains),
    ("join", "<a<s>s?:s>", 2, join),
    ("length", "<s-:n>", 1, |it, arguments| of_text(it, arguments, |text| Value::Number(text.chars().count() as f64))),
    ("lowercase", "<s-:s>", 1, |it, arguments| of_text(it, arguments, |text| text.to_lowercase().into())),
    ("match", "<s-f<s:o>n?:a<o>>", 3, matches),
    ("pad", "<s-ns?:s>", 3, pad),
    ("replace", "<s-(sf)(sf)n?:s>", 4, replace),
    ("split", "<s-(sf)n?:a<s>>", 3, split),
    ("substring", "<s-nn?:s>", 3, substring),
    ("substringAfter", "<s-s:s>", 2, |it, arguments| {
        cut(it, arguments, |text, mark| text.split_once(mark).map(|(_, after)| after.to_owned()))
    }),
    ("substringBefore", "<s-s:s>", 2, |it, arguments| {
        cut(it, arguments, |text, mark| text.split_once(mark).map(|(before, _)| before.to_owned()))
    }),
    ("trim", "<s-:s>", 1, |it, arguments| {
        of_text(it, arguments, |text| {
            let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
            words.collect::<Vec<_>>().join(" ").into()
        })
    }),
    ("uppercase", "<s-:s>", 1, |it, arguments| of_text(it, arguments, |text| text.to_uppercase().into())),
];

fn of_text(it: &mut Evaluator, arguments: Vec<Value>, of: impl Fn(&str) -> Value) -> Outcome {
    let Value::Text(text) = argument(&mut arguments.into_iter()) else { return Ok(Value::Undefined) };
    it.spend_text(&text)?;
    Ok(of(&text))
}

/// A part of the text at a mark; all of it where there is none.
fn cut(it: &mut Evaluator, arguments: Vec<Value>, part: impl Fn(&str, &str) -> Option<String>) -> Outcome {
    let (Some(Value::Text(text)), Some(Value::Text(mark))) = (arguments.first(), arguments.get(1)) else {
        return Ok(arguments.into_iter().next().unwrap_or(Value::Undefined));
    };
    it.spend_text(text)?;
    Ok(part(text, mark).map_or_else(|| Value::Text(text.clone()), Value::from))
}

fn number(arguments: &[Value], place: usize) -> Option<f64> {
    if let Some(Value::Number(number)) = arguments.get(place) { Some(*number) } else { None }
}

/// As JavaScript cuts a list: from the end where a place is negative.
fn slice(chars: &[char], start: f64, end: Option<f64>) -> String {
    let length = chars.len() as f64;
    let place = |place: f64| {
        let place = libm::trunc(place);
        (if place < 0.0 { (length + place).max(0.0) } else { place.min(length) }) as usize
    };
    let (start, end) = (place(start), place(end.unwrap_or(length)));
    chars.get(start..end).map(|part| part.iter().collect()).unwrap_or_default()
}

fn substring(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Undefined) };
    it.spend_text(text)?;
    let chars: Vec<char> = text.chars().collect();
    let length = chars.len() as f64;
    let mut start = number(&arguments, 1).unwrap_or_default();
    if length + start < 0.0 {
        start = 0.0;
    }
    Ok(match number(&arguments, 2) {
        Some(count) if count <= 0.0 => "".into(),
        Some(count) => {
            let end = if start >= 0.0 { start + count } else { length + start + count };
            slice(&chars, start, Some(end)).into()
        }
        None => slice(&chars, start, None).into(),
    })
}

fn pad(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Undefined) };
    let width = number(&arguments, 1).unwrap_or_default();
    let filling = match arguments.get(2) {
        Some(Value::Text(filling)) if !filling.is_empty() => filling.clone(),
        _ => " ".into(),
    };
    let missing = libm::fabs(libm::trunc(width)) - text.chars().count() as f64;
    if missing <= 0.0 {
        return Ok(Value::Text(text.clone()));
    }
    it.spend(missing as u64)?;
    let padding: String = filling.chars().cycle().take(missing as usize).collect();
    Ok(if width > 0.0 { format!("{text}{padding}") } else { format!("{padding}{text}") }.into())
}

fn join(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    let list = argument(&mut arguments);
    if list.is_undefined() {
        return Ok(list);
    }
    let separator = argument(&mut arguments);
    let separator = separator.as_text().map_or("", |separator| separator);
    let mut text = String::new();
    for (place, part) in list.items().iter().enumerate() {
        text.push_str(if place > 0 { separator } else { "" });
        text.push_str(part.as_text().map_or("", |part| part));
    }
    it.spend_text(&text)?;
    Ok(text.into())
}

/// Characters, among which matches have their places.
fn characters(it: &mut Evaluator, text: &str) -> Outcome<Rc<[char]>> {
    it.spend_text(text)?;
    Ok(text.chars().collect())
}

fn contains(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let (Some(Value::Text(text)), Some(token)) = (arguments.first(), arguments.get(1)) else {
        return Ok(Value::Undefined);
    };
    it.spend_text(text)?;
    Ok(Value::Bool(match token {
        Value::Text(token) => text.contains(&**token),
        Value::Undefined => false,
        matcher => {
            let text = characters(it, text)?;
            first(it, matcher, &text)?.is_some()
        }
    }))
}

/// Refuses a negative limit.
fn limit(arguments: &[Value], place: usize, code: &'static str) -> Outcome<f64> {
    match number(arguments, place) {
        Some(limit) if limit < 0.0 => Err(Trouble::with(code, Value::Number(limit))),
        Some(limit) => Ok(limit),
        None => Ok(f64::INFINITY),
    }
}

/// Goes through the matches, up to so many.
fn each_match(
    it: &mut Evaluator,
    matcher: &Value,
    text: &Rc<[char]>,
    limit: f64,
    work: &mut dyn FnMut(&mut Evaluator, &Found) -> Outcome<()>,
) -> Outcome<usize> {
    let mut count = 0;
    let mut found = if limit > 0.0 { first(it, matcher, text)? } else { None };
    while let Some(here) = found {
        if count as f64 >= limit {
            break;
        }
        it.spend(ITEM_WORK)?;
        work(it, &here)?;
        count += 1;
        found = next(it, &here, text)?;
    }
    Ok(count)
}

fn matches(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Undefined) };
    let limit = limit(&arguments, 2, "D3040")?;
    let text = characters(it, text)?;
    let mut results = Vec::new();
    each_match(it, arguments.get(1).unwrap_or(&Value::Undefined), &text, limit, &mut |it, found| {
        it.spend(found.start as u64 / 16)?;
        results.push(Value::object([
            ("match".into(), Value::Text(found.matched.clone())),
            ("index".into(), Value::Number(units(&text, found.start.min(text.len())))),
            ("groups".into(), Value::list(found.groups.clone())),
        ]));
        Ok(())
    })?;
    Ok(as_sequence(results))
}

fn split(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Undefined) };
    let limit = limit(&arguments, 2, "D3020")?;
    it.spend_text(text)?;
    let mut parts: Vec<Value> = Vec::new();
    match arguments.get(1) {
        Some(Value::Text(mark)) if mark.is_empty() => parts.extend(text.chars().map(|c| Value::from(String::from(c)))),
        Some(Value::Text(mark)) => parts.extend(text.split(&**mark).map(Value::from)),
        matcher => {
            let text = characters(it, text)?;
            let mut start = 0;
            let part = |from: usize, to: usize| {
                text.get(from..to).map(|part| part.iter().collect::<String>()).unwrap_or_default()
            };
            let matcher = matcher.unwrap_or(&Value::Undefined);
            let count = each_match(it, matcher, &text, limit, &mut |_, found| {
                parts.push(part(start, found.start).into());
                start = found.end;
                Ok(())
            })?;
            if (count as f64) < limit {
                parts.push(part(start, text.len()).into());
            }
        }
    }
    it.spend(ITEM_WORK * parts.len() as u64)?;
    parts.truncate(if limit.is_finite() { limit as usize } else { usize::MAX });
    Ok(Value::list(parts))
}

fn replace(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Undefined) };
    let (pattern, replacement) = (arguments.get(1).cloned(), arguments.get(2).cloned().unwrap_or(Value::Undefined));
    if matches!(&pattern, Some(Value::Text(pattern)) if pattern.is_empty()) {
        return Err(Trouble::with("D3010", "".into()));
    }
    let limit = limit(&arguments, 3, "D3011")?;
    it.spend_text(text)?;
    let most = if limit.is_finite() { libm::ceil(limit) as usize } else { usize::MAX };
    if let Some(Value::Text(pattern)) = &pattern {
        let replacement = replacement.as_text().map_or("", |text| text);
        let replaced = text.replacen(&**pattern, replacement, most);
        it.spend_text(&replaced)?;
        return Ok(replaced.into());
    }
    let text = characters(it, text)?;
    let (mut result, mut place) = (String::new(), 0);
    each_match(it, &pattern.unwrap_or(Value::Undefined), &text, limit, &mut |it, found| {
        result.extend(text.get(place..found.start).unwrap_or_default());
        let with = match &replacement {
            Value::Text(template) => filled(template, found).into(),
            called => it.apply(called, vec![described(found, &text)], &Value::Undefined, "")?,
        };
        let Value::Text(with) = with else { return Err(Trouble::with("D3012", with)) };
        it.spend_text(&with)?;
        result.push_str(&with);
        place = found.start + found.matched.chars().count();
        Ok(())
    })?;
    result.extend(text.get(place..).unwrap_or_default());
    Ok(result.into())
}

/// A match as a function of the expression gets it.
fn described(found: &Found, text: &[char]) -> Value {
    Value::object([
        ("match".into(), Value::Text(found.matched.clone())),
        ("start".into(), Value::Number(units(text, found.start.min(text.len())))),
        ("end".into(), Value::Number(units(text, found.end.min(text.len())))),
        ("groups".into(), Value::list(found.groups.clone())),
    ])
}

/// The template with `$0`, `$1` and so on replaced by what was matched.
fn filled(template: &str, found: &Found) -> String {
    let chars: Vec<char> = template.chars().collect();
    let mut text = String::new();
    let mut place = 0;
    while let Some(&c) = chars.get(place) {
        place += 1;
        if c != '$' {
            text.push(c);
            continue;
        }
        match chars.get(place) {
            Some('$') => {
                text.push('$');
                place += 1;
            }
            Some('0') => {
                text.push_str(&found.matched);
                place += 1;
            }
            _ => match group_number(&chars[place..], found.groups.len()) {
                Some((number, length)) => {
                    let group = number.checked_sub(1).and_then(|number| found.groups.get(number));
                    text.push_str(group.and_then(Value::as_text).map_or("", |group| group));
                    place += length;
                }
                None => text.push('$'),
            },
        }
    }
    text
}

/// No more digits than the number of groups has; fewer, if there is no such group.
fn group_number(chars: &[char], groups: usize) -> Option<(usize, usize)> {
    let most = groups.max(1).to_string().len();
    let read = |most: usize| {
        let digits: String = chars.iter().take(most).take_while(|c| c.is_ascii_digit()).collect();
        digits.parse::<usize>().ok()
    };
    let mut number = read(most)?;
    if most > 1 && number > groups {
        number = read(most - 1)?;
    }
    Some((number, number.to_string().len()))
}
