//! Numbers as English words, Roman numerals and letters, and back.

const FEW: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const ORDINALS: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];
const DECADES: [&str; 9] = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"];
const MAGNITUDES: [&str; 4] = ["Thousand", "Million", "Billion", "Trillion"];

/// Rests within rests: more have no names of their own.
const DEPTH_MAX: usize = 120;

pub(super) fn in_words(value: f64, is_ordinal: bool) -> String {
    let mut text = String::new();
    push_words(value, false, is_ordinal, DEPTH_MAX, &mut text);
    text
}

fn push_words(number: f64, is_behind: bool, is_ordinal: bool, depth: usize, text: &mut String) {
    if number < 20.0 {
        text.push_str(if is_behind { " and " } else { "" });
        text.push_str(if is_ordinal { ORDINALS } else { FEW }[number as usize]);
    } else if number < 100.0 {
        text.push_str(if is_behind { " and " } else { "" });
        let (tens, rest) = (number as usize / 10, number as usize % 10);
        text.push_str(DECADES[tens - 2]);
        if rest > 0 {
            text.push('-');
            push_words(rest as f64, false, is_ordinal, depth, text);
        } else if is_ordinal {
            text.pop();
            text.push_str("ieth");
        }
    } else {
        text.push_str(if is_behind { ", " } else { "" });
        let rest = if number < 1_000.0 {
            text.push_str(FEW[number as usize / 100]);
            text.push_str(" Hundred");
            libm::fmod(number, 100.0)
        } else {
            let magnitude = (libm::floor(libm::log10(number) / 3.0) as usize).clamp(1, MAGNITUDES.len());
            let factor = libm::pow(10.0, 3.0 * magnitude as f64);
            let count = libm::floor(number / factor);
            if depth > 0 {
                push_words(count, false, false, depth - 1, text);
            }
            text.push(' ');
            text.push_str(MAGNITUDES[magnitude - 1]);
            number - count * factor
        };
        if rest > 0.0 && depth > 0 {
            push_words(rest, true, is_ordinal, depth - 1, text);
        } else if is_ordinal {
            text.push_str("th");
        }
    }
}

/// What a word counts for.
fn word_value(word: &str) -> Option<f64> {
    let is = |known: &str| known.eq_ignore_ascii_case(word);
    if let Some(place) = FEW.iter().position(|known| is(known)).or_else(|| ORDINALS.iter().position(|known| is(known)))
    {
        return Some(place as f64);
    }
    if word.eq_ignore_ascii_case("hundredth") {
        return Some(100.0);
    }
    for (place, decade) in DECADES.iter().enumerate() {
        let stem = &decade[..decade.len() - 1];
        let begins = word.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem));
        if is(decade) || begins && word[stem.len()..].eq_ignore_ascii_case("ieth") {
            return Some((place as f64 + 2.0) * 10.0);
        }
    }
    for (place, magnitude) in MAGNITUDES.iter().enumerate() {
        let rest = word.get(magnitude.len()..).unwrap_or("-");
        let begins = word.get(..magnitude.len()).is_some_and(|start| start.eq_ignore_ascii_case(magnitude));
        if begins && matches!(rest, "" | "th") {
            return Some(libm::pow(10.0, 3.0 * (place as f64 + 1.0)));
        }
    }
    None
}

/// The number that words say; not a number where a word says none.
pub(super) fn from_words(text: &str) -> f64 {
    let text = text.replace(", ", " ").replace(" and ", " ");
    let mut segments = vec![0.0];
    for word in text.split([' ', '-', '\t', '\\']) {
        let value = word_value(word).unwrap_or(f64::NAN);
        let mut top = segments.pop().unwrap_or_default();
        if value < 100.0 {
            if top >= 1_000.0 {
                segments.push(top);
                top = 0.0;
            }
            segments.push(top + value);
        } else {
            segments.push(top * value);
        }
    }
    segments.iter().sum()
}

/// Whether text of that word can stand in a number of words.
pub(super) fn is_number_word(word: &str) -> bool {
    word.eq_ignore_ascii_case("and") || word_value(word).is_some()
}

const NUMERALS: [(f64, &str); 13] = [
    (1000.0, "m"),
    (900.0, "cm"),
    (500.0, "d"),
    (400.0, "cd"),
    (100.0, "c"),
    (90.0, "xc"),
    (50.0, "l"),
    (40.0, "xl"),
    (10.0, "x"),
    (9.0, "ix"),
    (5.0, "v"),
    (4.0, "iv"),
    (1.0, "i"),
];

/// The thousands of a number that is written so: more would be nothing but a row of M.
const ROMAN_MAX: f64 = 1_000_000.0;

pub(super) fn in_roman(value: f64) -> String {
    let mut rest = value.min(ROMAN_MAX);
    let mut text = String::new();
    for (number, numeral) in NUMERALS {
        while rest >= number {
            text.push_str(numeral);
            rest -= number;
        }
    }
    text
}

pub(super) fn from_roman(text: &str) -> f64 {
    let (mut sum, mut most) = (0.0, 1.0);
    for c in text.chars().rev() {
        let numeral = NUMERALS.iter().find(|(_, numeral)| numeral.chars().eq([c.to_ascii_lowercase()]));
        let value = numeral.map_or(f64::NAN, |(value, _)| *value);
        if value < most {
            sum -= value;
        } else {
            most = value;
            sum += value;
        }
    }
    sum
}

pub(super) fn in_letters(value: f64, first: char) -> String {
    let (mut rest, mut letters) = (value, Vec::new());
    while rest > 0.0 && letters.len() < 300 {
        letters.push(char::from(first as u8 + libm::fmod(rest - 1.0, 26.0) as u8));
        rest = libm::floor((rest - 1.0) / 26.0);
    }
    letters.into_iter().rev().collect()
}

pub(super) fn from_letters(text: &str, first: char) -> f64 {
    text.chars().fold(0.0, |sum, c| sum * 26.0 + f64::from(c as u32) - f64::from(first as u32) + 1.0)
}
