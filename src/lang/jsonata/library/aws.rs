//! What AWS adds to JSONata (SFN-7), and what draws on chance and the clock.

use super::{Line, argument, dates};
use crate::lang::asl::chance::{Chance, Seeded};
use crate::lang::asl::intrinsic::digest;
use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::evaluator::{Evaluator, ITEM_WORK};
use crate::lang::jsonata::value::Value;

pub(super) const TABLE: &[Line] = &[
    ("hash", "<ss:s>", 2, hash),
    ("millis", "<:n>", 0, |it, _| Ok(Value::Number(it.now))),
    ("now", "<s?s?:s>", 2, dates::now),
    ("parse", "<s-:x>", 1, parse),
    ("partition", "<an:a>", 2, partition),
    ("random", "<n?:n>", 1, random),
    ("range", "<nnn?:a>", 3, range),
    ("uuid", "<:s>", 0, |it, _| Ok(it.surroundings.uuid().into())),
];

/// Items that `$range` makes.
const RANGE_MAX: f64 = 100_000.0;

fn refused(code: &'static str, message: &str) -> Box<Trouble> {
    let mut trouble = Trouble::new(code);
    trouble.message = Some(message.to_owned());
    trouble
}

fn random(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    Ok(Value::Number(match argument(&mut arguments.into_iter()) {
        Value::Number(seed) => Seeded(seed.to_bits()).random_unit(),
        _ => it.surroundings.random(),
    }))
}

fn partition(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    let (list, size) = (argument(&mut arguments), argument(&mut arguments));
    let Value::List(items, _) = list else { return Ok(Value::Undefined) };
    let Value::Number(size) = size else { return Ok(Value::Undefined) };
    let size = libm::floor(size);
    if size < 1.0 {
        return Err(refused("D3137", "The second argument of the partition function must be a positive number"));
    }
    it.spend(ITEM_WORK * items.len() as u64)?;
    Ok(Value::list(items.chunks(size as usize).map(|part| Value::list(part.to_vec())).collect()))
}

/// From the first number up or down to the second, by the third.
fn range(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let number = |place: usize| match arguments.get(place) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    let (Some(first), Some(last)) = (number(0), number(1)) else { return Ok(Value::Undefined) };
    let step = number(2).unwrap_or(1.0);
    if step == 0.0 {
        return Err(refused("D3137", "The third argument of the range function must not be zero"));
    }
    let count = libm::floor((last - first) / step) + 1.0;
    if count > RANGE_MAX {
        return Err(Trouble::with("D2014", Value::Number(count)));
    }
    it.spend(ITEM_WORK * count.max(0.0) as u64)?;
    let items = (0..count.max(0.0) as u64).map(|place| Value::Number(first + step * place as f64));
    Ok(Value::sequence(items.collect()))
}

fn hash(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let (Some(Value::Text(text)), Some(Value::Text(algorithm))) = (arguments.first(), arguments.get(1)) else {
        return Ok(Value::Undefined);
    };
    it.spend_text(text)?;
    let refusal = || refused("D3137", &format!("The hash function does not know the algorithm {algorithm}"));
    digest(algorithm, text.as_bytes()).map(Value::from).ok_or_else(refusal)
}

fn parse(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Value::Text(text) = argument(&mut arguments.into_iter()) else { return Ok(Value::Undefined) };
    it.spend(text.len() as u64)?;
    let json: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| refused("D3137", &format!("The text of the parse function is no JSON: {error}")))?;
    Ok(Value::from_json(&json))
}
