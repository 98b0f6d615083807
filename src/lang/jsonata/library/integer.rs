//! Writes whole numbers by a picture, and reads them.

use super::argument;
use super::integer_picture::{Case, Decimal, IntegerPicture, Primary, Separators, parse, unsupported};
use super::words::{from_letters, from_roman, from_words, in_letters, in_roman, in_words};
use crate::lang::jsonata::error::Outcome;
use crate::lang::jsonata::evaluator::Evaluator;
use crate::lang::jsonata::number::number_text;
use crate::lang::jsonata::value::Value;

pub(super) fn format_integer(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    let (value, picture) = (argument(&mut arguments), argument(&mut arguments));
    let (Value::Number(value), Value::Text(picture)) = (value, picture) else { return Ok(Value::Undefined) };
    it.spend(picture.len() as u64)?;
    Ok(written(libm::floor(value), &parse(&picture)?)?.into())
}

pub(super) fn parse_integer(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    let (text, picture) = (argument(&mut arguments), argument(&mut arguments));
    let (Value::Text(text), Value::Text(picture)) = (text, picture) else { return Ok(Value::Undefined) };
    it.spend((text.len() + picture.len()) as u64)?;
    Ok(Value::Number(read(&text, &parse(&picture)?)?))
}

pub(super) fn written(value: f64, picture: &IntegerPicture) -> Outcome<String> {
    let size = libm::fabs(value);
    let cased = |text: String| match picture.case {
        Case::Upper => text.to_uppercase(),
        Case::Lower => text.to_lowercase(),
        Case::Title => text,
    };
    let text = match &picture.primary {
        Primary::Letters => in_letters(size, if picture.case == Case::Upper { 'A' } else { 'a' }),
        Primary::Roman => cased(in_roman(size)),
        Primary::Words => cased(in_words(size, picture.is_ordinal)),
        Primary::Decimal(decimal) => in_digits(size, decimal, picture.is_ordinal),
        Primary::Sequence(token) => return Err(unsupported(token)),
    };
    Ok(if value < 0.0 { format!("-{text}") } else { text })
}

fn in_digits(value: f64, decimal: &Decimal, is_ordinal: bool) -> String {
    let mut digits: Vec<char> = number_text(value).chars().collect();
    while digits.len() < decimal.mandatory {
        digits.insert(0, '0');
    }
    let shift = decimal.zero - 0x30;
    for digit in &mut digits {
        *digit = char::from_u32(*digit as u32 + shift).unwrap_or(*digit);
    }
    match &decimal.separators {
        Separators::Regular(distance, c) => {
            let mut place = digits.len();
            while place > *distance {
                place -= distance;
                digits.insert(place, *c);
            }
        }
        Separators::At(separators) => {
            // From the left on; each stands so many places from the end as it then is.
            for (position, c) in separators.iter().rev() {
                let place = digits.len().saturating_sub(*position);
                digits.insert(place, *c);
            }
        }
    }
    let mut text: String = digits.iter().collect();
    if is_ordinal {
        let suffix = match digits.last() {
            Some('1') => "st",
            Some('2') => "nd",
            Some('3') => "rd",
            _ => "th",
        };
        let is_teen = digits.len() > 1 && digits[digits.len() - 2] == '1';
        text.push_str(if is_teen { "th" } else { suffix });
    }
    text
}

/// Not a number where the text is none.
pub(super) fn read(text: &str, picture: &IntegerPicture) -> Outcome<f64> {
    Ok(match &picture.primary {
        Primary::Letters => from_letters(text, if picture.case == Case::Upper { 'A' } else { 'a' }),
        Primary::Roman => from_roman(text),
        Primary::Words => from_words(text),
        Primary::Sequence(token) => return Err(unsupported(token)),
        Primary::Decimal(decimal) => {
            let digits = if picture.is_ordinal {
                let length = text.char_indices().rev().nth(1).map_or(0, |(place, _)| place);
                &text[..length]
            } else {
                text
            };
            let is_separator = |c: char| match &decimal.separators {
                Separators::Regular(_, _) => c == ',',
                Separators::At(separators) => separators.iter().any(|(_, separator)| *separator == c),
            };
            let shift = decimal.zero - 0x30;
            let plain = digits.chars().filter(|c| !is_separator(*c));
            let plain: String =
                plain.map(|c| (c as u32).checked_sub(shift).and_then(char::from_u32).unwrap_or(c)).collect();
            leading_integer(&plain)
        }
    })
}

/// What `parseInt` makes of a text: the digits that it begins with.
pub(super) fn leading_integer(text: &str) -> f64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse::<f64>().map_or(f64::NAN, |number| sign * number)
}
