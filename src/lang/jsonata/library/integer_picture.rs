//! Pictures of whole numbers, such as `#,##0`, `w;o` and `I` (XPath's `format-integer`).

use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::value::Value;

#[derive(Clone, Debug)]
pub(super) struct IntegerPicture {
    pub primary: Primary,
    pub case: Case,
    pub is_ordinal: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
}

#[derive(Clone, Debug)]
pub(super) enum Primary {
    Letters,
    Roman,
    Words,
    Decimal(Decimal),
    /// A sequence that no implementation knows.
    Sequence(String),
}

#[derive(Clone, Debug)]
pub(super) struct Decimal {
    /// The zero of the digits that the picture is written in.
    pub zero: u32,
    pub mandatory: usize,
    pub optional: usize,
    pub separators: Separators,
}

#[derive(Clone, Debug)]
pub(super) enum Separators {
    /// One after every so many digits.
    Regular(usize, char),
    /// With so many digits to the right of each.
    At(Vec<(usize, char)>),
}

const ZEROS: [u32; 37] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

/// Places of a picture that the whole number is filled up to.
pub(super) const WIDTH_MAX: usize = 1_000;

pub(super) fn parse(picture: &str) -> Outcome<IntegerPicture> {
    let (format, modifier) = picture.rsplit_once(';').unwrap_or((picture, ""));
    let (primary, case) = match format {
        "A" => (Primary::Letters, Case::Upper),
        "a" => (Primary::Letters, Case::Lower),
        "I" => (Primary::Roman, Case::Upper),
        "i" => (Primary::Roman, Case::Lower),
        "W" => (Primary::Words, Case::Upper),
        "Ww" => (Primary::Words, Case::Title),
        "w" => (Primary::Words, Case::Lower),
        other => (decimal(other)?, Case::Lower),
    };
    Ok(IntegerPicture { primary, case, is_ordinal: modifier.starts_with('o') })
}

fn decimal(format: &str) -> Outcome<Primary> {
    let (mut zero, mut mandatory, mut optional, mut position) = (None, 0, 0, 0);
    let mut separators = Vec::new();
    for c in format.chars().rev() {
        let code = c as u32;
        if let Some(group) = ZEROS.iter().find(|group| (**group..**group + 10).contains(&code)) {
            if *zero.get_or_insert(*group) != *group {
                return Err(Trouble::new("D3131"));
            }
            mandatory += 1;
            position += 1;
        } else if c == '#' {
            optional += 1;
            position += 1;
        } else {
            separators.push((position, c));
        }
    }
    let Some(zero) = zero else { return Ok(Primary::Sequence(format.to_owned())) };
    let separators = match regular(&separators) {
        Some((distance, c)) => Separators::Regular(distance, c),
        None => Separators::At(separators),
    };
    Ok(Primary::Decimal(Decimal { zero, mandatory: mandatory.min(WIDTH_MAX), optional, separators }))
}

/// Whether one character stands at the same distance again and again.
fn regular(separators: &[(usize, char)]) -> Option<(usize, char)> {
    let (_, c) = *separators.first()?;
    let factor = separators.iter().fold(0, |factor, (position, _)| divisor(factor, *position));
    let is_regular =
        (1..=separators.len()).all(|place| separators.iter().any(|(position, _)| *position == place * factor));
    (factor > 0 && is_regular && separators.iter().all(|(_, other)| *other == c)).then_some((factor, c))
}

pub(super) fn divisor(one: usize, other: usize) -> usize {
    let (mut one, mut other) = (one, other);
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

pub(super) fn unsupported(token: &str) -> Box<Trouble> {
    Trouble::with("D3130", Value::from(token))
}
