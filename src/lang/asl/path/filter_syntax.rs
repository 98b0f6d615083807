//! Reads a filter, from behind its `?`.

use serde_json::Value;

use super::filter::{Filter, Operand};
use super::operator::OPERATORS;
use super::syntax::{Reader, wrong};
use super::{FILTER_DEPTH_MAX, PathError};
use crate::lang::regex::Regex;

pub(super) fn filter(reader: &mut Reader) -> Result<Filter, PathError> {
    reader.skip_space();
    if !reader.rest.starts_with('(') {
        return wrong("A filter in it has no brackets: write [?(@.name == 'x')].");
    }
    test(reader)
}

fn nested<T>(reader: &mut Reader, read: impl FnOnce(&mut Reader) -> Result<T, PathError>) -> Result<T, PathError> {
    if reader.depth == FILTER_DEPTH_MAX {
        return wrong(format!("Its filter has more than {FILTER_DEPTH_MAX} brackets within brackets."));
    }
    reader.depth += 1;
    let result = read(reader);
    reader.depth -= 1;
    result
}

fn any(reader: &mut Reader) -> Result<Filter, PathError> {
    let mut filters = vec![all(reader)?];
    while reader.take("||") {
        filters.push(all(reader)?);
    }
    Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::Any(filters) })
}

fn all(reader: &mut Reader) -> Result<Filter, PathError> {
    let mut filters = vec![test(reader)?];
    while reader.take("&&") {
        filters.push(test(reader)?);
    }
    Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::All(filters) })
}

fn test(reader: &mut Reader) -> Result<Filter, PathError> {
    reader.skip_space();
    let test = if reader.take("!") {
        Filter::Not(Box::new(nested(reader, test)?))
    } else if reader.take("(") {
        let inner = nested(reader, any)?;
        if !reader.take(")") {
            return wrong("A bracket of its filter is not closed.");
        }
        inner
    } else {
        comparison(reader)?
    };
    reader.skip_space();
    Ok(test)
}

fn comparison(reader: &mut Reader) -> Result<Filter, PathError> {
    let left = operand(reader)?;
    reader.skip_space();
    if reader.take("=~") {
        return Ok(Filter::Matches(left, regex(reader)?));
    }
    let word = reader.rest.get(..9).unwrap_or(reader.rest).to_ascii_lowercase();
    let Some((name, operator)) = OPERATORS.iter().find(|(name, _)| word.starts_with(name)) else {
        return match left {
            Operand::Constant(_) => wrong("A comparison of its filter has no operator."),
            path => Ok(Filter::Exists(path)),
        };
    };
    reader.rest = &reader.rest[name.len()..];
    reader.skip_space();
    Ok(Filter::Compare(left, *operator, operand(reader)?))
}

/// `/…/`, with flags behind it.
fn regex(reader: &mut Reader) -> Result<Regex, PathError> {
    reader.skip_space();
    if !reader.take("/") {
        return wrong("Behind =~ in its filter stands no regular expression.");
    }
    let mut source = String::new();
    loop {
        match reader.take_one() {
            "" => return wrong("A regular expression of its filter is not closed."),
            "/" => break,
            "\\" => {
                source.push('\\');
                source.push_str(reader.take_one());
            }
            other => source.push_str(other),
        }
    }
    let flags = reader.take_while(|c| c.is_ascii_lowercase());
    let regex = Regex::new(&format!("^(?:{source})$"), flags.contains('i'), false);
    regex.or_else(|message| wrong(format!("A regular expression of its filter is wrong: {message}.")))
}

fn operand(reader: &mut Reader) -> Result<Operand, PathError> {
    reader.skip_space();
    match reader.peek() {
        Some('@') => {
            reader.take("@");
            nested(reader, |reader| reader.steps()).map(Operand::Here)
        }
        Some('$') => {
            reader.take("$");
            nested(reader, |reader| reader.steps()).map(Operand::Whole)
        }
        Some('\'' | '"') => reader.quoted().map(|text| Operand::Constant(text.into())),
        Some('[' | '{') => constant(reader).map(Operand::Constant),
        _ => {
            let word = reader.take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '+' | '.'));
            let value = serde_json::from_str(&word.to_ascii_lowercase());
            value.map(Operand::Constant).or_else(|_| wrong(format!("{word:?} in its filter is no value.")))
        }
    }
}

/// A list or an object in JSON; its texts may have single quotes.
fn constant(reader: &mut Reader) -> Result<Value, PathError> {
    let mut json = String::new();
    let mut open = 0_usize;
    loop {
        match reader.peek() {
            Some('\'' | '"') => json.push_str(&Value::from(reader.quoted()?).to_string()),
            Some(c) => {
                open = if matches!(c, '[' | '{') { open + 1 } else { open - usize::from(matches!(c, ']' | '}')) };
                json.push_str(reader.take_one());
            }
            None => return wrong("A bracket of its filter is not closed."),
        }
        if open == 0 {
            return serde_json::from_str(&json).or_else(|_| wrong(format!("{json} in its filter is no JSON.")));
        }
    }
}
