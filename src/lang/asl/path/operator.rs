//! Jayway's operators. What is missing equals nothing, not even what is missing too; texts and numbers are alike where they
//! are written alike.

use std::cmp::Ordering;

use serde_json::{Number, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    /// `===`: of the same kind too.
    Same,
    NotEqual,
    NotSame,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Contains,
    All,
    Size,
    Empty,
    SubsetOf,
    AnyOf,
    NoneOf,
}

/// Those that begin with others come first.
pub(super) const OPERATORS: [(&str, Operator); 17] = [
    ("===", Operator::Same),
    ("!==", Operator::NotSame),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("nin", Operator::NotIn),
    ("in", Operator::In),
    ("contains", Operator::Contains),
    ("all", Operator::All),
    ("size", Operator::Size),
    ("empty", Operator::Empty),
    ("subsetof", Operator::SubsetOf),
    ("anyof", Operator::AnyOf),
    ("noneof", Operator::NoneOf),
];

pub(super) fn compare(operator: Operator, left: Option<&Value>, right: Option<&Value>) -> bool {
    let equal = |left: &Value, right: &Value| equal(left, right);
    let both =
        |test: &dyn Fn(&Value, &Value) -> bool| matches!((left, right), (Some(left), Some(right)) if test(left, right));
    let lists = |test: &dyn Fn(&[Value], &[Value]) -> bool| matches!((left, right), (Some(Value::Array(left)), Some(Value::Array(right))) if test(left, right));
    let holds = |items: &[Value], wanted: &Value| items.iter().any(|item| equal(item, wanted));
    let is_in = || both(&|left, right| matches!(right, Value::Array(items) if holds(items, left)));
    let in_order =
        |wanted: &[Ordering]| both(&|left, right| order(left, right).is_some_and(|order| wanted.contains(&order)));
    let same =
        || both(&|left, right| std::mem::discriminant(left) == std::mem::discriminant(right) && equal(left, right));
    match operator {
        Operator::Equal => both(&equal),
        Operator::NotEqual => !both(&equal),
        Operator::Same => same(),
        Operator::NotSame => !same(),
        Operator::Less => in_order(&[Ordering::Less]),
        Operator::LessOrEqual => in_order(&[Ordering::Less, Ordering::Equal]),
        Operator::Greater => in_order(&[Ordering::Greater]),
        Operator::GreaterOrEqual => in_order(&[Ordering::Greater, Ordering::Equal]),
        Operator::In => is_in(),
        Operator::NotIn => !is_in(),
        Operator::Contains => both(&|left, right| match (left, right) {
            (Value::String(left), Value::String(right)) => left.contains(&**right),
            (Value::Array(items), right) => holds(items, right),
            _ => false,
        }),
        Operator::All => lists(&|left, right| right.iter().all(|item| holds(left, item))),
        Operator::Size => both(&|left, right| length(left).is_some_and(|length| right.as_u64() == Some(length as u64))),
        Operator::Empty => both(&|left, right| length(left).is_some_and(|length| right.as_bool() == Some(length == 0))),
        Operator::SubsetOf => lists(&|left, right| left.iter().all(|item| holds(right, item))),
        Operator::AnyOf => lists(&|left, right| left.iter().any(|item| holds(right, item))),
        Operator::NoneOf => lists(&|left, right| !left.iter().any(|item| holds(right, item))),
    }
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => Some(text.chars().count()),
        Value::Array(items) => Some(items.len()),
        Value::Object(fields) => Some(fields.len()),
        _ => None,
    }
}

/// Whether two values are equal as JSON: 1 and 1.0 are.
pub fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => number_order(left, right) == Some(Ordering::Equal),
        (Value::String(text), Value::Number(number)) | (Value::Number(number), Value::String(text)) => {
            text.parse::<f64>().is_ok_and(|parsed| Some(parsed) == number.as_f64())
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| equal(left, right)))
        }
        (left, right) => left == right,
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => number_order(left, right),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn number_order(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}
