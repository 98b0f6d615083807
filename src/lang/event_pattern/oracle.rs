//! The matcher's judge: Ruler's semantics by brute force over raw JSON. It shares no code with the matcher and knows
//! no short cut; it takes patterns to be valid.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// For each array that a scalar lies in, by number, the element it lies in.
type Membership = BTreeMap<usize, usize>;

struct Field<'a> {
    path: String,
    value: &'a Value,
    membership: Membership,
}

type Rule<'a> = BTreeMap<String, &'a Vec<Value>>;

/// Whether the event passes the pattern.
pub(crate) fn matches(pattern: &Value, event: &Value) -> bool {
    let mut rules = vec![Rule::new()];
    spread(pattern.as_object().expect("a pattern is an object"), "", &mut rules);
    let mut fields = Vec::new();
    if let Value::Object(_) = event {
        flatten(event, "", &Membership::new(), &mut 0, &mut fields);
    }
    rules.iter().any(|rule| {
        let wanted: Vec<(&String, &Vec<Value>)> = rule.iter().map(|(path, tests)| (path, *tests)).collect();
        event.is_object() && satisfiable(&wanted, &fields, &Membership::new())
    })
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn spread<'a>(object: &'a Map<String, Value>, path: &str, rules: &mut Vec<Rule<'a>>) {
    for (name, value) in object {
        match value {
            Value::Object(inner) => spread(inner, &join(path, name), rules),
            Value::Array(parts) if name == "$or" && parts.len() > 1 && parts.iter().all(is_alternative) => {
                let mut all = Vec::new();
                for part in parts {
                    let mut forked = rules.clone();
                    spread(part.as_object().expect("an alternative is an object"), path, &mut forked);
                    all.extend(forked);
                }
                *rules = all;
            }
            Value::Array(tests) => {
                for rule in rules.iter_mut() {
                    rule.insert(join(path, name), tests);
                }
            }
            _ => panic!("the pattern is not valid"),
        }
    }
}

fn is_alternative(part: &Value) -> bool {
    const OPERATORS: [&str; 8] =
        ["prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "cidr", "exists"];
    part.as_object().is_some_and(|object| object.keys().all(|name| !OPERATORS.contains(&name.as_str())))
}

fn flatten<'a>(value: &'a Value, path: &str, inside: &Membership, arrays: &mut usize, out: &mut Vec<Field<'a>>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                flatten(field, &join(path, name), inside, arrays, out);
            }
        }
        Value::Array(elements) => {
            let array = *arrays;
            *arrays += 1;
            for (index, element) in elements.iter().enumerate() {
                let mut inside = inside.clone();
                if element.is_object() || element.is_array() {
                    inside.insert(array, index);
                }
                flatten(element, path, &inside, arrays, out);
            }
        }
        scalar => out.push(Field { path: path.to_owned(), value: scalar, membership: inside.clone() }),
    }
}

fn merge(a: &Membership, b: &Membership) -> Option<Membership> {
    let mut merged = a.clone();
    for (array, index) in b {
        if *merged.entry(*array).or_insert(*index) != *index {
            return None;
        }
    }
    Some(merged)
}

fn satisfiable(wanted: &[(&String, &Vec<Value>)], fields: &[Field<'_>], inside: &Membership) -> bool {
    let Some(((path, tests), others)) = wanted.split_first() else { return true };
    let mut present = false;
    for field in fields.iter().filter(|field| field.path == **path) {
        let Some(merged) = merge(inside, &field.membership) else { continue };
        present = true;
        if tests.iter().any(|test| passes(test, field.value)) && satisfiable(others, fields, &merged) {
            return true;
        }
    }
    let absence = tests.iter().any(|test| test.get("exists") == Some(&Value::Bool(false)));
    !present && absence && satisfiable(others, fields, inside)
}

fn passes(test: &Value, value: &Value) -> bool {
    let Value::Object(operator) = test else { return same(test, value) };
    let (name, operand) = operator.iter().next().expect("an operator has a name");
    match name.as_str() {
        "exists" => operand == &Value::Bool(true),
        "anything-but" => !excluded(operand, value),
        "numeric" => value.as_f64().is_some_and(|number| in_range(operand, number)),
        _ => value.as_str().is_some_and(|text| text_passes(name, operand, text)),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

fn excluded(operand: &Value, value: &Value) -> bool {
    match operand {
        Value::Array(list) => list.iter().any(|one| same(one, value)),
        Value::Object(inner) => {
            let (name, nested) = inner.iter().next().expect("an operator has a name");
            let list = nested.as_array().cloned().unwrap_or_else(|| vec![nested.clone()]);
            value.as_str().is_some_and(|text| list.iter().any(|one| text_passes(name, one, text)))
        }
        one => same(one, value),
    }
}

fn in_range(operand: &Value, number: f64) -> bool {
    let members = operand.as_array().expect("numeric has a list");
    members.chunks(2).all(|pair| {
        let bound = pair[1].as_f64().expect("a bound is a number");
        match pair[0].as_str().expect("a sign is text") {
            "=" => number == bound,
            "<" => number < bound,
            "<=" => number <= bound,
            ">" => number > bound,
            _ => number >= bound,
        }
    })
}

fn text_passes(name: &str, operand: &Value, text: &str) -> bool {
    if let Some(inner) = operand.get("equals-ignore-case") {
        return text_passes(name, &Value::from(inner.as_str().expect("text").to_lowercase()), &text.to_lowercase());
    }
    let wanted = operand.as_str().expect("the operand is text");
    match name {
        "prefix" => text.starts_with(wanted),
        "suffix" => text.ends_with(wanted),
        "equals-ignore-case" => text.to_lowercase() == wanted.to_lowercase(),
        "wildcard" => wildcard(&wanted.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>()),
        "cidr" => in_block(wanted, text),
        other => panic!("no operator {other}"),
    }
}

fn wildcard(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|skipped| wildcard(rest, &text[skipped..])),
        ['\\', literal, rest @ ..] | [literal, rest @ ..] => {
            text.first() == Some(literal) && wildcard(rest, &text[1..])
        }
    }
}

/// Version 4 only: the generator makes no others.
fn in_block(block: &str, text: &str) -> bool {
    let octets = |address: &str| -> Option<Vec<u8>> { address.split('.').map(|octet| octet.parse().ok()).collect() };
    let bits = |address: Vec<u8>| -> String { address.iter().map(|octet| format!("{octet:08b}")).collect() };
    let (network, length) = block.split_once('/').expect("a block has a length");
    let length: usize = length.parse().expect("the length is a number");
    let network = bits(octets(network).expect("a block is of addresses"));
    octets(text)
        .filter(|address| address.len() == 4)
        .is_some_and(|address| bits(address)[..length] == network[..length])
}
