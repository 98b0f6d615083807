//! Reads one element of a leaf array; what it refuses, it refuses with the service's words.

use super::Dialect;
use super::cidr::Cidr;
use super::number::{Bound, Num, Range};
use super::operator::{Exclusion, Folded, Test};
use super::wildcard::Wildcard;
use serde_json::{Map, Number, Value};
use std::cmp::Ordering;

/// A refusal without its place: the part of the path below the element, and the reason.
pub(crate) struct Refused {
    pub(crate) below: String,
    pub(crate) reason: String,
}

type Read<T> = Result<T, Refused>;

fn refuse<T>(below: &str, reason: impl Into<String>) -> Read<T> {
    Err(Refused { below: below.to_owned(), reason: reason.into() })
}

/// Reads an element: a literal, or an object with one operator.
pub(crate) fn read(element: &Value, dialect: Dialect) -> Read<Test> {
    match element {
        Value::Null => Ok(Test::Null),
        Value::Bool(wanted) => Ok(Test::Bool(*wanted)),
        Value::String(wanted) => Ok(Test::Text(wanted.clone())),
        Value::Number(wanted) => Ok(Test::Number(number(wanted, "", dialect)?)),
        Value::Object(operator) => read_operator(operator, dialect),
        Value::Array(_) => refuse("", "Match value must be String, number, true, false, or null"),
    }
}

fn read_operator(object: &Map<String, Value>, dialect: Dialect) -> Read<Test> {
    let Some((name, operand)) = object.iter().next() else {
        return refuse("", "Match expression name not found");
    };
    let test = match name.as_str() {
        "prefix" => affix(name, operand, dialect)?,
        "suffix" => affix(name, operand, dialect)?,
        "equals-ignore-case" => Test::Folded(Folded::new(text(operand, name, name)?)),
        "wildcard" => Test::Wildcard(wildcard(operand, name)?),
        "anything-but" => Test::AnythingBut(exclusion(operand, dialect)?),
        "numeric" => numeric(operand, dialect)?,
        // AWS says `prefix` here: both operators are read by one routine there.
        "cidr" => Cidr::parse(text(operand, "prefix", name)?).map(Test::Cidr).or_else(|why| refuse(".cidr", why))?,
        "exists" => match operand {
            Value::Bool(true) => Test::Present,
            Value::Bool(false) => Test::Absent,
            _ => return refuse(".exists", "exists match pattern must be either true or false."),
        },
        unknown => return refuse(&format!(".{unknown}"), format!("Unrecognized match type {unknown}")),
    };
    if object.len() > 1 { refuse("", "Only one key allowed in match expression") } else { Ok(test) }
}

/// `operator` is the name in the sentence, `place` the one in the path.
fn text<'a>(operand: &'a Value, operator: &str, place: &str) -> Read<&'a str> {
    let Value::String(text) = operand else {
        return refuse(&format!(".{place}"), format!("{operator} match pattern must be a string"));
    };
    Ok(text)
}

#[inline(never)] // second part
fn wildcard(operand: &Value, place: &str) -> Read<Wildcard> {
    Wildcard::parse(text(operand, "wildcard", place)?).or_else(|why| refuse(&format!(".{place}"), why))
}

/// `prefix` and `suffix`: text, or `{"equals-ignore-case": text}` which only EventBridge lists (EB-9, SNS-21).
#[inline(never)] // second part
fn affix(name: &str, operand: &Value, dialect: Dialect) -> Read<Test> {
    let Value::Object(inner) = operand else {
        let text = text(operand, name, name)?.to_owned();
        return Ok(if name == "prefix" { Test::Prefix(text) } else { Test::Suffix(text) });
    };
    if dialect.is_sns() {
        return refuse(&format!(".{name}"), format!("{name} match pattern must be a string"));
    }
    let Some((inner_name, inner_operand)) = inner.iter().next() else {
        return refuse(&format!(".{name}"), format!("{} expression name not found", capitalised(name)));
    };
    let place = format!("{name}.{inner_name}");
    if inner_name != "equals-ignore-case" {
        return refuse(&format!(".{place}"), format!("Unsupported {name} pattern: {inner_name}"));
    }
    let folded = Folded::new(text(inner_operand, inner_name, &place)?);
    if inner.len() > 1 {
        return refuse(&format!(".{name}"), "Only one key allowed in match expression");
    }
    Ok(if name == "prefix" { Test::FoldedPrefix(folded) } else { Test::FoldedSuffix(folded) })
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// `anything-but`: one string or number, a list of either, or one operator with one string or a list.
#[inline(never)] // second part
fn exclusion(operand: &Value, dialect: Dialect) -> Read<Exclusion> {
    const PLACE: &str = ".anything-but";
    match operand {
        Value::String(_) | Value::Number(_) => plain_exclusion(std::slice::from_ref(operand), dialect),
        Value::Array(list) => plain_exclusion(list, dialect),
        Value::Object(inner) => {
            let Some((name, inner_operand)) = inner.iter().next() else {
                return refuse(PLACE, "Anything-But expression name not found");
            };
            let exclusion = nested_exclusion(name, inner_operand, dialect)?;
            if inner.len() > 1 { refuse(PLACE, "Only one key allowed in match expression") } else { Ok(exclusion) }
        }
        _ => refuse(PLACE, "Value of anything-but must be an array or single string/number value."),
    }
}

fn plain_exclusion(list: &[Value], dialect: Dialect) -> Read<Exclusion> {
    const PLACE: &str = ".anything-but";
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    for value in list {
        match value {
            Value::String(text) => texts.push(text.clone()),
            Value::Number(given) => numbers.push(number(given, PLACE, dialect)?),
            _ => return refuse(PLACE, "Inside anything but list, start|null|boolean is not supported."),
        }
    }
    match (texts.is_empty(), numbers.is_empty()) {
        (false, true) => Ok(Exclusion::Texts(texts)),
        (true, false) => Ok(Exclusion::Numbers(numbers)),
        _ => refuse(
            PLACE,
            "Inside anything but list, either all values are number or string, mixed type is not supported",
        ),
    }
}

fn nested_exclusion(name: &str, operand: &Value, dialect: Dialect) -> Read<Exclusion> {
    let place = format!("anything-but.{name}");
    let known = match name {
        "prefix" | "suffix" | "wildcard" => true,
        "equals-ignore-case" => !dialect.is_sns(),
        _ => false,
    };
    if !known {
        return refuse(&format!(".{place}"), format!("Unsupported anything-but pattern: {name}"));
    }
    let list = match operand {
        Value::Array(list) if list.is_empty() => {
            return refuse(&format!(".{place}"), "Empty arrays are not allowed");
        }
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut texts = Vec::new();
    for value in list {
        texts.push(text(value, name, &place)?.to_owned());
    }
    if matches!(name, "prefix" | "suffix") && texts.iter().any(String::is_empty) {
        return refuse(&format!(".{place}"), "Null prefix/suffix not allowed");
    }
    match name {
        "prefix" => Ok(Exclusion::Prefixes(texts)),
        "suffix" => Ok(Exclusion::Suffixes(texts)),
        "equals-ignore-case" => Ok(Exclusion::Folded(texts.iter().map(|text| Folded::new(text)).collect())),
        _ => list.iter().map(|value| wildcard(value, &place)).collect::<Read<_>>().map(Exclusion::Wildcards),
    }
}

/// `numeric`: `=` alone, one bound, or a lower bound followed by an upper one that is greater.
#[inline(never)] // second part
fn numeric(operand: &Value, dialect: Dialect) -> Read<Test> {
    const PLACE: &str = ".numeric";
    let Value::Array(members) = operand else {
        return refuse(PLACE, "Value of numeric must be an array.");
    };
    let sign = match members.first() {
        Some(Value::String(sign)) => sign.as_str(),
        Some(other) => return refuse(PLACE, format!("Invalid member in numeric match: {other}")),
        None => return refuse(PLACE, "Invalid member in numeric match: ]"),
    };
    if !matches!(sign, "=" | "<" | "<=" | ">" | ">=") {
        return refuse(PLACE, format!("Unrecognized numeric range operator: {sign}"));
    }
    let first = bound_number(members.get(1), if sign == "=" { "equals" } else { sign }, dialect)?;
    let closed = sign.ends_with('=');
    match (sign, members.len()) {
        ("=", 2) => Ok(Test::Number(first)),
        ("<" | "<=", 2) => Ok(Test::Range(Range { bottom: None, top: Some(Bound { at: first, closed }) })),
        (">" | ">=", 2) => Ok(Test::Range(Range { bottom: Some(Bound { at: first, closed }), top: None })),
        (">" | ">=", _) => numeric_between(Bound { at: first, closed }, &members[2..], dialect),
        _ => refuse(PLACE, "Too many elements in numeric expression"),
    }
}

fn numeric_between(bottom: Bound, rest: &[Value], dialect: Dialect) -> Read<Test> {
    const PLACE: &str = ".numeric";
    let sign = match rest.first() {
        Some(Value::String(sign)) if matches!(sign.as_str(), "<" | "<=") => sign.as_str(),
        Some(Value::String(sign)) => return refuse(PLACE, format!("Bad numeric range operator: {sign}")),
        other => return refuse(PLACE, format!("Bad value in numeric range: {}", other.unwrap_or(&Value::Null))),
    };
    let top = bound_number(rest.get(1), sign, dialect)?;
    if rest.len() > 2 {
        return refuse(PLACE, "Too many terms in numeric range expression");
    }
    if bottom.at.order(&top) != Ordering::Less {
        return refuse(PLACE, "Bottom must be less than top");
    }
    Ok(Test::Range(Range { bottom: Some(bottom), top: Some(Bound { at: top, closed: sign == "<=" }) }))
}

fn bound_number(member: Option<&Value>, sign: &str, dialect: Dialect) -> Read<Num> {
    match member {
        Some(Value::Number(given)) => number(given, ".numeric", dialect),
        _ => refuse(".numeric", format!("Value of {sign} must be numeric")),
    }
}

/// EventBridge takes any double (EB-9); SNS keeps to its range (SNS-22).
fn number(given: &Number, place: &str, dialect: Dialect) -> Read<Num> {
    let number = Num::of(given);
    if dialect.is_sns() && !number.within_a_billion() {
        return refuse(place, format!("Match value {number} must be smaller than 1E9"));
    }
    Ok(number)
}
