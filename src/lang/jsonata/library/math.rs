//! Functions of numbers.

use super::{Line, argument, integer, number_picture};
use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::evaluator::Evaluator;
use crate::lang::jsonata::number::{in_base, round};
use crate::lang::jsonata::value::Value;

pub(super) const TABLE: &[Line] = &[
    ("abs", "<n-:n>", 1, |_, arguments| of_number(arguments, libm::fabs)),
    ("average", "<a<n>:n>", 1, |_, arguments| {
        of_numbers(arguments, |numbers| numbers.iter().fold(0.0, |sum, number| sum + number) / numbers.len() as f64)
    }),
    ("ceil", "<n-:n>", 1, |_, arguments| of_number(arguments, libm::ceil)),
    ("floor", "<n-:n>", 1, |_, arguments| of_number(arguments, libm::floor)),
    ("formatBase", "<n-n?:s>", 2, format_base),
    ("formatInteger", "<n-s:s>", 2, integer::format_integer),
    ("formatNumber", "<n-so?:s>", 3, number_picture::format_number),
    ("max", "<a<n>:n>", 1, |_, arguments| {
        of_numbers(arguments, |numbers| numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    }),
    ("min", "<a<n>:n>", 1, |_, arguments| {
        of_numbers(arguments, |numbers| numbers.iter().copied().fold(f64::INFINITY, f64::min))
    }),
    ("number", "<(nsb)-:n>", 1, number),
    ("parseInteger", "<s-s:n>", 2, integer::parse_integer),
    ("power", "<n-n:n>", 2, power),
    ("round", "<n-n?:n>", 2, |_, arguments| {
        let places = if let Some(Value::Number(places)) = arguments.get(1) { *places as i32 } else { 0 };
        of_number(arguments, |number| round(number, places))
    }),
    ("sqrt", "<n-:n>", 1, |_, arguments| match arguments.first() {
        Some(Value::Number(number)) if *number < 0.0 => Err(Trouble::with("D3060", Value::Number(*number))),
        _ => of_number(arguments, libm::sqrt),
    }),
    ("sum", "<a<n>:n>", 1, |_, arguments| {
        match arguments.first() {
            Some(Value::List(items, _)) if items.is_empty() => return Ok(Value::Number(0.0)),
            _ => {}
        }
        of_numbers(arguments, |numbers| numbers.iter().fold(0.0, |sum, number| sum + number))
    }),
];

fn of_number(arguments: Vec<Value>, of: impl Fn(f64) -> f64) -> Outcome {
    Ok(match argument(&mut arguments.into_iter()) {
        Value::Number(number) => Value::Number(of(number)),
        _ => Value::Undefined,
    })
}

/// Of nothing, nothing.
fn of_numbers(arguments: Vec<Value>, of: impl Fn(&[f64]) -> f64) -> Outcome {
    let Value::List(items, _) = argument(&mut arguments.into_iter()) else { return Ok(Value::Undefined) };
    let number = |item: &Value| if let Value::Number(number) = item { Some(*number) } else { None };
    let numbers: Vec<f64> = items.iter().filter_map(number).collect();
    Ok(if numbers.is_empty() { Value::Undefined } else { Value::Number(of(&numbers)) })
}

fn power(_: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let (Some(Value::Number(base)), Some(Value::Number(exponent))) = (arguments.first(), arguments.get(1)) else {
        return Ok(Value::Undefined);
    };
    let result = libm::pow(*base, *exponent);
    if result.is_finite() {
        return Ok(Value::Number(result));
    }
    let mut trouble = Trouble::with("D3061", Value::Number(*base));
    trouble.value2 = Value::Number(*exponent);
    Err(trouble)
}

fn format_base(_: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Some(Value::Number(value)) = arguments.first() else { return Ok(Value::Undefined) };
    let base = if let Some(Value::Number(base)) = arguments.get(1) { round(*base, 0) } else { 10.0 };
    if !(2.0..=36.0).contains(&base) {
        return Err(Trouble::with("D3100", Value::Number(base)));
    }
    Ok(in_base(round(*value, 0), base as u32).into())
}

fn number(_: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let value = argument(&mut arguments.into_iter());
    Ok(match &value {
        Value::Undefined => Value::Undefined,
        Value::Number(_) => value,
        Value::Bool(is) => Value::Number(f64::from(u8::from(*is))),
        Value::Text(text) => Value::Number(read(text).ok_or_else(|| Trouble::with("D3030", value.clone()))?),
        _ => return Err(Trouble::with("D3030", value)),
    })
}

/// A number of JSON, with zeros before it if one likes, or a whole one in base 16, 8 or 2.
fn read(text: &str) -> Option<f64> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let in_other_base = |prefix: char, base: u32| {
        let digits = text.strip_prefix('0')?.strip_prefix([prefix, prefix.to_ascii_uppercase()])?;
        let is_whole = !digits.is_empty() && digits.chars().all(|c| c.is_digit(base));
        is_whole.then(|| {
            digits.chars().fold(0.0, |sum, c| sum * f64::from(base) + f64::from(c.to_digit(base).unwrap_or(0)))
        })
    };
    let other = [('x', 16), ('o', 8), ('b', 2)].into_iter().find_map(|(prefix, base)| in_other_base(prefix, base));
    if other.is_some() {
        return other;
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) =
        unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, fraction) =
        mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    let is_number = is_digits(whole)
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(|exponent| is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    text.parse().ok().filter(|number: &f64| is_number && number.is_finite())
}
