//! A pattern in a few words, for a card: `amount > 100`, not its JSON.

use serde_json::Value;

/// One field of a pattern and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Dotted.
    pub path: String,
    pub test: String,
}

impl Condition {
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.path, self.test)
    }
}

/// The conditions of a pattern, in the order it was written.
#[must_use]
pub fn conditions(pattern: &Value) -> Vec<Condition> {
    let mut found = Vec::new();
    collect(pattern, "", &mut found);
    found
}

/// The pattern on one line of at most `chars` characters.
#[must_use]
pub fn one_line(pattern: &Value, chars: usize) -> String {
    let lines: Vec<String> = conditions(pattern).iter().map(Condition::line).collect();
    if lines.is_empty() { "all".to_owned() } else { cut(&lines.join(", "), chars) }
}

/// A text of at most `chars` characters, with an ellipsis where it was cut.
#[must_use]
pub fn cut(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(chars.saturating_sub(1)).collect();
    short.push('…');
    short
}

fn collect(pattern: &Value, path: &str, found: &mut Vec<Condition>) {
    let Some(fields) = pattern.as_object() else { return };
    for (name, wanted) in fields {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match wanted {
            Value::Array(branches) if name == "$or" => {
                let branches: Vec<String> = branches.iter().map(|branch| one_line(branch, 40)).collect();
                found.push(Condition { path: "any of".to_owned(), test: branches.join(" | ") });
            }
            Value::Array(tests) => found.push(Condition { path, test: any_of(tests) }),
            nested => collect(nested, &path, found),
        }
    }
}

/// One array of a pattern: its elements are alternatives.
fn any_of(tests: &[Value]) -> String {
    let plain = tests.iter().all(|test| !test.is_object());
    let tests: Vec<String> = tests.iter().map(|test| if plain { value_text(test) } else { test_text(test) }).collect();
    match tests.as_slice() {
        [one] if plain => format!("= {one}"),
        many if plain => format!("in {}", many.join(", ")),
        many => many.join(" or "),
    }
}

fn test_text(test: &Value) -> String {
    let Some((operator, operand)) = test.as_object().and_then(|fields| fields.iter().next()) else {
        return format!("= {}", value_text(test));
    };
    match (operator.as_str(), operand) {
        ("numeric", Value::Array(parts)) => {
            let pairs: Vec<String> =
                parts.chunks(2).map(|pair| pair.iter().map(value_text).collect::<Vec<_>>().join(" ")).collect();
            pairs.join(" and ")
        }
        ("exists", Value::Bool(wanted)) => if *wanted { "exists" } else { "is absent" }.to_owned(),
        ("prefix", Value::String(start)) => format!("{start}…"),
        ("suffix", Value::String(end)) => format!("…{end}"),
        ("wildcard", Value::String(shape)) => format!("like {shape}"),
        ("equals-ignore-case", text) => format!("≈ {}", value_text(text)),
        ("anything-but", Value::Object(_)) => format!("not {}", test_text(operand)),
        ("anything-but", operand) => format!("not {}", value_text(operand)),
        (operator, operand) => format!("{operator} {}", value_text(operand)),
    }
}

fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(value_text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pattern_reads_as_conditions() {
        let pattern = json!({
            "source": ["shop"],
            "detail": { "amount": [{ "numeric": [">", 100, "<=", 500] }], "state": ["open", "new"], "gone": [{ "exists": false }] },
        });
        let lines: Vec<String> = conditions(&pattern).iter().map(Condition::line).collect();
        let expected =
            ["source = shop", "detail.amount > 100 and <= 500", "detail.state in open, new", "detail.gone is absent"];
        assert_eq!(lines, expected);
    }

    #[test]
    fn operators_read_as_words() {
        let pattern = json!({ "key": [{ "prefix": "img/" }, { "anything-but": { "suffix": ".tmp" } }, null] });
        assert_eq!(one_line(&pattern, 80), "key img/… or not ….tmp or = null");
        let either = json!({ "$or": [{ "a": [1] }, { "b": [{ "numeric": ["<", 2] }] }] });
        assert_eq!(one_line(&either, 80), "any of a = 1 | b < 2");
    }

    #[test]
    fn what_is_long_is_cut() {
        assert_eq!(one_line(&json!({}), 9), "all");
        assert_eq!(one_line(&json!({ "amount": ["twelve"] }), 9), "amount =…");
    }
}
