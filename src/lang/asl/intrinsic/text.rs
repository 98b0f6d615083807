//! Values as text: as `States.Format` writes them, and so that equal ones are written alike.

use serde_json::Value;

use super::Refusal;

/// The template with `{}` replaced, one value each. `\{` and `\}` are braces.
pub(super) fn format(template: &str, values: &[Value]) -> Result<String, Refusal> {
    let (mut text, mut values) = (String::new(), values.iter());
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if matches!(chars.peek(), Some('{' | '}')) => text.extend(chars.next()),
            '{' if chars.next_if_eq(&'}').is_some() => {
                push(&mut text, values.next().ok_or(Refusal::Arguments)?);
            }
            '{' | '}' => return Err(Refusal::Arguments),
            c => text.push(c),
        }
    }
    if values.next().is_some() { Err(Refusal::Arguments) } else { Ok(text) }
}

/// As Java writes a map and a list: `{Arg1=1, Arg2=[]}`.
fn push(text: &mut String, value: &Value) {
    match value {
        Value::String(inner) => text.push_str(inner),
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                push(text, item);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            text.push('{');
            for (place, (name, value)) in fields.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                text.push_str(name);
                text.push('=');
                push(text, value);
            }
            text.push('}');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

/// The fields of objects in order of their names.
pub(super) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    push_canonical(&mut text, value);
    text
}

fn push_canonical(text: &mut String, value: &Value) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for item in items {
                push_canonical(text, item);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (name, value) in fields {
                text.push_str(&Value::from(&**name).to_string());
                push_canonical(text, value);
                text.push(',');
            }
            text.push('}');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

/// The values and bytes of text that it is made of; counts on no further than just beyond the most.
pub(super) fn weight(value: &Value, most: usize) -> usize {
    let (mut weight, mut open) = (0, vec![value]);
    while let Some(value) = open.pop() {
        weight += 1;
        if weight > most {
            break;
        }
        match value {
            Value::String(text) => weight += text.len(),
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => {
                weight += fields.keys().map(String::len).sum::<usize>();
                open.extend(fields.values());
            }
            _ => {}
        }
    }
    weight
}
