//! The words of an explanation.

use super::number::Num;
use super::operator::{Exclusion, Test};
use serde_json::Value;

/// Values shown of a field or of a clause before the list is cut.
const SHOWN_MAX: usize = 4;
/// Characters shown of one value.
const SHOWN_CHARS_MAX: usize = 40;

/// Why there is no scalar at the path.
pub(crate) fn lack(event: &Value, path: &str) -> &'static str {
    match find(event, path) {
        Some(Value::Object(_)) => "is an object, not a value",
        Some(Value::Array(elements)) if elements.is_empty() => "is an empty array",
        Some(Value::Array(_)) => "holds objects, not values",
        _ => "is missing",
    }
}

/// The first thing at the path, whatever it is; arrays on the way are not entered.
fn find<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let fields = value.as_object()?;
    let cut = path.match_indices('.').find_map(|(dot, _)| find(fields.get(&path[..dot])?, &path[dot + 1..]));
    cut.or_else(|| fields.get(path))
}

/// The field's values, as JSON.
pub(crate) fn values(values: &[Value]) -> String {
    match values {
        [one] => shown(&one.to_string()),
        many => format!("[{}]", listed(many.iter().map(|value| shown(&value.to_string())))),
    }
}

/// How the tests refused the values: `is not > 100`, `is none of "stopped", "terminated"`.
pub(crate) fn refusal(tests: &[Test], values: &[Value]) -> String {
    match tests {
        [one] => single(one, values),
        many if many.iter().all(is_literal) => format!("is none of {}", listed(many.iter().map(noun))),
        many => format!("matches none of {}", listed(many.iter().map(noun))),
    }
}

fn single(test: &Test, values: &[Value]) -> String {
    match test {
        Test::Range(_) | Test::Number(_) if !values.iter().any(Value::is_number) => "is not a number".to_owned(),
        Test::Prefix(text) => format!("does not start with {}", quoted(text)),
        Test::FoldedPrefix(text) => format!("does not start with {} in any case", quoted(text.text())),
        Test::Suffix(text) => format!("does not end with {}", quoted(text)),
        Test::FoldedSuffix(text) => format!("does not end with {} in any case", quoted(text.text())),
        Test::Folded(text) => format!("is not {} in any case", quoted(text.text())),
        Test::Wildcard(wildcard) => format!("does not fit {}", quoted(wildcard.text())),
        Test::Cidr(cidr) => format!("is not in {}", cidr.text()),
        Test::AnythingBut(exclusion) => format!("is excluded by anything-but {}", excluded(exclusion)),
        Test::Absent => "is present".to_owned(),
        literal => format!("is not {}", noun(literal)),
    }
}

fn is_literal(test: &Test) -> bool {
    matches!(test, Test::Null | Test::Bool(_) | Test::Text(_) | Test::Number(_))
}

fn noun(test: &Test) -> String {
    match test {
        Test::Null => "null".to_owned(),
        Test::Bool(wanted) => wanted.to_string(),
        Test::Text(text) => quoted(text),
        Test::Number(number) => number.to_string(),
        Test::Prefix(text) => format!("prefix {}", quoted(text)),
        Test::Suffix(text) => format!("suffix {}", quoted(text)),
        Test::Folded(text) => format!("equals-ignore-case {}", quoted(text.text())),
        Test::FoldedPrefix(text) => format!("prefix {} in any case", quoted(text.text())),
        Test::FoldedSuffix(text) => format!("suffix {} in any case", quoted(text.text())),
        Test::Wildcard(wildcard) => format!("wildcard {}", quoted(wildcard.text())),
        Test::Range(range) => range.to_string(),
        Test::Cidr(cidr) => format!("cidr {}", cidr.text()),
        Test::AnythingBut(exclusion) => format!("anything-but {}", excluded(exclusion)),
        Test::Present => "exists".to_owned(),
        Test::Absent => "missing".to_owned(),
    }
}

fn excluded(exclusion: &Exclusion) -> String {
    match exclusion {
        Exclusion::Texts(texts) => listed(texts.iter().map(|text| quoted(text))),
        Exclusion::Numbers(numbers) => listed(numbers.iter().map(Num::to_string)),
        Exclusion::Prefixes(texts) => format!("prefix {}", listed(texts.iter().map(|text| quoted(text)))),
        Exclusion::Suffixes(texts) => format!("suffix {}", listed(texts.iter().map(|text| quoted(text)))),
        Exclusion::Folded(texts) => format!("{} in any case", listed(texts.iter().map(|text| quoted(text.text())))),
        Exclusion::Wildcards(all) => format!("wildcard {}", listed(all.iter().map(|one| quoted(one.text())))),
    }
}

fn quoted(text: &str) -> String {
    shown(&Value::from(text).to_string())
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn listed(items: impl ExactSizeIterator<Item = String>) -> String {
    let more = if items.len() > SHOWN_MAX { ", …" } else { "" };
    items.take(SHOWN_MAX).collect::<Vec<_>>().join(", ") + more
}
