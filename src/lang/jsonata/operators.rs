//! The operators of values.

use std::cmp::Ordering;
use std::rc::Rc;

use super::error::{Outcome, Trouble};
use super::evaluator::finite;
use super::value::{Value, text_order};

/// What JavaScript's `===` says.
pub(super) fn identical(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::List(left, _), Value::List(right, _)) => Rc::ptr_eq(left, right),
        (Value::Object(left), Value::Object(right)) => Rc::ptr_eq(left, right),
        (Value::Function(left), Value::Function(right)) => Rc::ptr_eq(left, right),
        _ => false,
    }
}

pub(super) fn compare(operator: &str, left: Value, right: Value) -> Outcome {
    let is_comparable = |value: &Value| matches!(value, Value::Undefined | Value::Number(_) | Value::Text(_));
    if !is_comparable(&left) || !is_comparable(&right) {
        return Err(Trouble::with("T2010", if is_comparable(&left) { right } else { left }));
    }
    let order = match (&left, &right) {
        (Value::Undefined, _) | (_, Value::Undefined) => return Ok(Value::Undefined),
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Text(left), Value::Text(right)) => Some(text_order(left, right)),
        _ => {
            let mut trouble = Trouble::with("T2009", left);
            trouble.value2 = right;
            return Err(trouble);
        }
    };
    let holds = match operator {
        "<" => order == Some(Ordering::Less),
        "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        ">" => order == Some(Ordering::Greater),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    };
    Ok(Value::Bool(holds))
}

pub(super) fn arithmetic(operator: &str, left: Value, right: Value) -> Outcome {
    let number = |code, value: &Value| match value {
        Value::Undefined => Ok(None),
        Value::Number(number) if !number.is_nan() => finite(*number).map(Some),
        other => Err(Trouble::with(code, other.clone())),
    };
    let (left, right) = (number("T2001", &left)?, number("T2002", &right)?);
    let (Some(left), Some(right)) = (left, right) else { return Ok(Value::Undefined) };
    Ok(Value::Number(match operator {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        _ => libm::fmod(left, right),
    }))
}
