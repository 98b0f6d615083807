//! What each function makes of its arguments.

use std::collections::BTreeSet;

use md5::Md5;
use serde_json::{Map, Number, Value};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::text::{canonical, format};
use super::{RANGE_MAX, Refusal, TEXT_MAX};
use crate::lang::asl::chance::{Chance, Seeded, random_integer};
use crate::lang::base64::{base64, bytes_from_base64};
use crate::lang::hex::hex_text;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Array,
    ArrayPartition,
    ArrayContains,
    ArrayRange,
    ArrayGetItem,
    ArrayLength,
    ArrayUnique,
    Base64Encode,
    Base64Decode,
    Hash,
    JsonMerge,
    StringToJson,
    JsonToString,
    MathRandom,
    MathAdd,
    StringSplit,
    Uuid,
    Format,
}

/// With the least and the most arguments. SFN-14
pub(super) const FUNCTIONS: [(&str, Function, usize, usize); 18] = [
    ("Array", Function::Array, 0, usize::MAX),
    ("ArrayPartition", Function::ArrayPartition, 2, 2),
    ("ArrayContains", Function::ArrayContains, 2, 2),
    ("ArrayRange", Function::ArrayRange, 3, 3),
    ("ArrayGetItem", Function::ArrayGetItem, 2, 2),
    ("ArrayLength", Function::ArrayLength, 1, 1),
    ("ArrayUnique", Function::ArrayUnique, 1, 1),
    ("Base64Encode", Function::Base64Encode, 1, 1),
    ("Base64Decode", Function::Base64Decode, 1, 1),
    ("Hash", Function::Hash, 2, 2),
    ("JsonMerge", Function::JsonMerge, 3, 3),
    ("StringToJson", Function::StringToJson, 1, 1),
    ("JsonToString", Function::JsonToString, 1, 1),
    ("MathRandom", Function::MathRandom, 2, 3),
    ("MathAdd", Function::MathAdd, 2, 2),
    ("StringSplit", Function::StringSplit, 2, 2),
    ("UUID", Function::Uuid, 0, 0),
    ("Format", Function::Format, 1, usize::MAX),
];

impl Function {
    fn row(self) -> Option<&'static (&'static str, Self, usize, usize)> {
        FUNCTIONS.iter().find(|(_, function, ..)| *function == self)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|(known, ..)| *known == name).map(|(_, function, ..)| *function)
    }

    pub fn name(self) -> &'static str {
        self.row().map_or("", |(name, ..)| name)
    }

    pub fn takes(self, arguments: usize) -> bool {
        self.row().is_some_and(|(.., least, most)| (*least..=*most).contains(&arguments))
    }
}

type Outcome = Result<Value, Refusal>;

pub(super) fn apply(function: Function, values: Vec<Value>, chance: &mut dyn Chance) -> Outcome {
    match (function, &*values) {
        (Function::Array, _) => Ok(values.into()),
        (Function::ArrayPartition, [Value::Array(items), size]) => {
            let size = usize::try_from(rounded(size)?).ok().filter(|size| *size > 0).ok_or(Refusal::Arguments)?;
            Ok(items.chunks(size).map(|chunk| Value::from(chunk.to_vec())).collect())
        }
        (Function::ArrayContains, [Value::Array(items), wanted]) => Ok(items.contains(wanted).into()),
        (Function::ArrayRange, [first, last, step]) => range(truncated(first)?, truncated(last)?, truncated(step)?),
        (Function::ArrayGetItem, [Value::Array(items), index]) => {
            let index = usize::try_from(rounded(index)?).ok();
            index.and_then(|index| items.get(index)).cloned().ok_or(Refusal::Arguments)
        }
        (Function::ArrayLength, [Value::Array(items)]) => Ok(items.len().into()),
        (Function::ArrayUnique, [Value::Array(items)]) => {
            let mut seen = BTreeSet::new();
            Ok(items.iter().filter(|item| seen.insert(canonical(item))).cloned().collect())
        }
        (Function::Base64Encode, [Value::String(text)]) => Ok(base64(short(text)?.as_bytes()).into()),
        (Function::Base64Decode, [Value::String(text)]) => {
            let is_digit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
            if !short(text)?.chars().all(is_digit) {
                return Err(Refusal::Arguments);
            }
            Ok(String::from_utf8_lossy(&bytes_from_base64(text)).into_owned().into())
        }
        (Function::Hash, [data, Value::String(algorithm)]) => hash(data, algorithm),
        (Function::JsonMerge, [Value::Object(left), Value::Object(right), deep]) => merge(left, right, deep),
        (Function::StringToJson, [Value::String(text)]) => json(text),
        (Function::JsonToString, [value]) => Ok(value.to_string().into()),
        (Function::MathRandom, [start, end]) => random(start, end, chance),
        (Function::MathRandom, [start, end, seed]) => random(start, end, &mut Seeded(truncated(seed)? as u64)),
        (Function::MathAdd, [left, right]) => {
            let sum = rounded(left)?.checked_add(rounded(right)?).ok_or(Refusal::Arguments)?;
            Ok(sum.into())
        }
        (Function::StringSplit, [Value::String(text), Value::String(splitters)]) => {
            let parts = text.split(|c| splitters.contains(c)).filter(|part| !part.is_empty());
            Ok(parts.map(Value::from).collect())
        }
        (Function::Uuid, _) => Ok(chance.uuid().into()),
        (Function::Format, [Value::String(template), values @ ..]) => format(template, values).map(Value::from),
        _ => Err(Refusal::Arguments),
    }
}

fn short(text: &str) -> Result<&str, Refusal> {
    if text.chars().count() > TEXT_MAX { Err(Refusal::Arguments) } else { Ok(text) }
}

/// To the nearest whole number, half up: 1.5 is 2, -1.5 is -1.
fn rounded(value: &Value) -> Result<i64, Refusal> {
    whole(value, |number| libm::floor(number + 0.5))
}

fn truncated(value: &Value) -> Result<i64, Refusal> {
    whole(value, libm::trunc)
}

fn whole(value: &Value, rounded: impl Fn(f64) -> f64) -> Result<i64, Refusal> {
    let number = value.as_number().ok_or(Refusal::Arguments)?;
    number.as_i64().or_else(|| number.as_f64().map(|number| rounded(number) as i64)).ok_or(Refusal::Arguments)
}

fn range(first: i64, last: i64, step: i64) -> Outcome {
    let mut items = Vec::new();
    let mut item = first;
    while step != 0 && if step > 0 { item <= last } else { item >= last } {
        if items.len() == RANGE_MAX {
            return Err(Refusal::Arguments);
        }
        items.push(Value::from(item));
        let Some(next) = item.checked_add(step) else { break };
        item = next;
    }
    if step == 0 { Err(Refusal::Arguments) } else { Ok(items.into()) }
}

fn random(start: &Value, end: &Value, chance: &mut dyn Chance) -> Outcome {
    let (start, end) = (truncated(start)?, truncated(end)?);
    if start < end { Ok(random_integer(chance, start, end).into()) } else { Err(Refusal::Arguments) }
}

fn hash(data: &Value, algorithm: &str) -> Outcome {
    let data = match data {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let bytes = short(&data)?.as_bytes();
    digest(algorithm, bytes).map(|digest| digest.into()).ok_or(Refusal::Arguments)
}

/// In hexadecimal; none where there is no such algorithm.
pub(crate) fn digest(algorithm: &str, bytes: &[u8]) -> Option<String> {
    match algorithm {
        "MD5" => Some(hex_text(&Md5::digest(bytes))),
        "SHA-1" => Some(hex_text(&Sha1::digest(bytes))),
        "SHA-256" => Some(hex_text(&Sha256::digest(bytes))),
        "SHA-384" => Some(hex_text(&Sha384::digest(bytes))),
        "SHA-512" => Some(hex_text(&Sha512::digest(bytes))),
        _ => None,
    }
}

fn merge(left: &Map<String, Value>, right: &Map<String, Value>, deep: &Value) -> Outcome {
    if *deep == Value::Bool(true) {
        return Err(Refusal::Sentence("Deep merge is not supported in States.JsonMerge".to_owned()));
    }
    let mut merged = left.clone();
    merged.extend(right.iter().map(|(name, value)| (name.clone(), value.clone())));
    Ok(merged.into())
}

/// Nothing but spaces is null; a minus zero is zero.
fn json(text: &str) -> Outcome {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    match serde_json::from_str(text) {
        Ok(Value::Number(number)) if number.as_f64() == Some(0.0) => Ok(Number::from(0).into()),
        Ok(value) => Ok(value),
        Err(_) => Err(Refusal::Arguments),
    }
}
