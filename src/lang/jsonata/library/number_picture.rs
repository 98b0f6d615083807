//! `$formatNumber`: numbers by a picture such as `#,##0.00` (XPath's `format-number`).

use super::argument;
use super::integer_picture::{WIDTH_MAX, divisor};
use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::evaluator::Evaluator;
use crate::lang::jsonata::number::round;
use crate::lang::jsonata::value::Value;

/// The characters that mean something in a picture.
struct Signs {
    decimal: char,
    grouping: char,
    exponent: char,
    minus: String,
    percent: char,
    per_mille: char,
    zero: char,
    digit: char,
    pattern: char,
}

impl Signs {
    fn new(options: &Value) -> Self {
        let given =
            |name: &str| if let Value::Object(options) = options { options.get(name) } else { Value::Undefined };
        let sign =
            |name: &str, default: char| given(name).as_text().and_then(|text| text.chars().next()).unwrap_or(default);
        Self {
            decimal: sign("decimal-separator", '.'),
            grouping: sign("grouping-separator", ','),
            exponent: sign("exponent-separator", 'e'),
            minus: given("minus-sign").as_text().map_or_else(|| "-".to_owned(), |text| text.to_string()),
            percent: sign("percent", '%'),
            per_mille: sign("per-mille", '\u{2030}'),
            zero: sign("zero-digit", '0'),
            digit: sign("digit", '#'),
            pattern: sign("pattern-separator", ';'),
        }
    }

    fn is_digit(&self, c: char) -> bool {
        (c as u32).wrapping_sub(self.zero as u32) < 10
    }

    /// A place for a digit, needed or not.
    fn is_place(&self, c: char) -> bool {
        c == self.digit || self.is_digit(c)
    }

    fn is_active(&self, c: char) -> bool {
        self.is_place(c) || [self.decimal, self.exponent, self.grouping, self.pattern].contains(&c)
    }
}

#[derive(Clone, Default)]
struct Parts {
    picture: Vec<char>,
    prefix: String,
    suffix: String,
    active: Vec<char>,
    mantissa: Vec<char>,
    exponent: Option<Vec<char>>,
    integer: Vec<char>,
    fraction: Vec<char>,
}

#[derive(Clone)]
struct Analysis {
    parts: Parts,
    integer_groups: Vec<usize>,
    regular_group: usize,
    fraction_groups: Vec<usize>,
    integer_least: usize,
    scaling: usize,
    fraction_least: usize,
    fraction_most: usize,
    exponent_least: usize,
}

pub(super) fn format_number(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    let (value, picture, options) = (argument(&mut arguments), argument(&mut arguments), argument(&mut arguments));
    let (Value::Number(value), Value::Text(picture)) = (value, picture) else { return Ok(Value::Undefined) };
    it.spend(picture.len() as u64)?;
    let signs = Signs::new(&options);
    let pictures: Vec<Vec<char>> =
        picture.split(signs.pattern).map(|part| part.chars().take(WIDTH_MAX).collect()).collect();
    if pictures.len() > 2 {
        return Err(Trouble::new("D3080"));
    }
    let mut analyses = Vec::new();
    for picture in pictures {
        let parts = split(picture, &signs);
        if let Some(code) = wrong(&parts, &signs) {
            return Err(Trouble::new(code));
        }
        analyses.push(analyse(parts, &signs));
    }
    if analyses.len() == 1 {
        let mut negative = analyses[0].clone();
        negative.parts.prefix.insert_str(0, &signs.minus);
        analyses.push(negative);
    }
    Ok(written(value, &analyses[usize::from(value < 0.0)], &signs).into())
}

fn split(picture: Vec<char>, signs: &Signs) -> Parts {
    let is_border = |c: &char| signs.is_active(*c) && *c != signs.exponent;
    let first = picture.iter().position(is_border).unwrap_or(picture.len());
    let last = picture.iter().rposition(is_border).map_or(first, |last| last + 1);
    let active = picture[first..last].to_vec();
    let exponent_place = picture.iter().skip(first).position(|c| *c == signs.exponent).map(|place| place + first);
    let (mantissa, exponent) = match exponent_place.filter(|place| *place <= last) {
        Some(place) => {
            // As in the reference implementation, the place counts from the picture's beginning, also within its active part.
            let (mantissa, rest) = active.split_at(place.min(active.len()));
            (mantissa.to_vec(), Some(rest.get(1..).unwrap_or_default().to_vec()))
        }
        None => (active.clone(), None),
    };
    let suffix: Vec<char> = picture[last..].to_vec();
    let (integer, fraction) = match mantissa.iter().position(|c| *c == signs.decimal) {
        Some(place) => (mantissa[..place].to_vec(), mantissa[place + 1..].to_vec()),
        None => (mantissa.clone(), suffix.clone()),
    };
    Parts {
        prefix: picture[..first].iter().collect(),
        suffix: suffix.into_iter().collect(),
        picture,
        active,
        mantissa,
        exponent,
        integer,
        fraction,
    }
}

/// The code of what is wrong with a picture; of several, the last.
fn wrong(parts: &Parts, signs: &Signs) -> Option<&'static str> {
    let picture = &parts.picture;
    let count = |sign: char| picture.iter().filter(|c| **c == sign).count();
    let decimal = picture.iter().position(|c| *c == signs.decimal);
    let is_grouping = |place: Option<usize>| place.and_then(|place| picture.get(place)) == Some(&signs.grouping);
    let mixes = |digits: &[char]| digits.iter().any(|c| signs.is_digit(*c));
    let first_optional = parts.integer.iter().position(|c| *c == signs.digit);
    let last_optional = parts.fraction.iter().rposition(|c| *c == signs.digit);
    let scales = count(signs.percent) > 0 || count(signs.per_mille) > 0;
    let rules = [
        (count(signs.decimal) > 1, "D3081"),
        (count(signs.percent) > 1, "D3082"),
        (count(signs.per_mille) > 1, "D3083"),
        (count(signs.percent) > 0 && count(signs.per_mille) > 0, "D3084"),
        (!parts.mantissa.iter().any(|c| signs.is_place(*c)), "D3085"),
        (parts.active.iter().any(|c| !signs.is_active(*c)), "D3086"),
        (decimal.is_some_and(|place| is_grouping(place.checked_sub(1)) || is_grouping(Some(place + 1))), "D3087"),
        (decimal.is_none() && parts.integer.last() == Some(&signs.grouping), "D3088"),
        (picture.windows(2).any(|pair| pair == [signs.grouping, signs.grouping]), "D3089"),
        (first_optional.is_some_and(|place| mixes(&parts.integer[..place])), "D3090"),
        (last_optional.is_some_and(|place| mixes(&parts.fraction[place..])), "D3091"),
        (parts.exponent.as_ref().is_some_and(|exponent| !exponent.is_empty() && scales), "D3092"),
        (
            parts
                .exponent
                .as_ref()
                .is_some_and(|exponent| exponent.is_empty() || !exponent.iter().all(|c| signs.is_digit(*c))),
            "D3093",
        ),
    ];
    rules.into_iter().rev().find(|(is_wrong, _)| *is_wrong).map(|(_, code)| code)
}

fn analyse(parts: Parts, signs: &Signs) -> Analysis {
    let places = |chars: &[char]| chars.iter().filter(|c| signs.is_place(**c)).count();
    let digits = |chars: &[char]| chars.iter().filter(|c| signs.is_digit(**c)).count();
    let groups = |part: &[char], is_left: bool| {
        let separators = part.iter().enumerate().filter(|(_, c)| **c == signs.grouping);
        let counted = separators.map(|(place, _)| places(if is_left { &part[..place] } else { &part[place..] }));
        counted.collect::<Vec<usize>>()
    };
    let integer_groups = groups(&parts.integer, false);
    let factor = integer_groups.iter().fold(0, |factor, group| divisor(factor, *group));
    let is_regular = (1..=integer_groups.len()).all(|place| integer_groups.contains(&(place * factor)));
    let mut integer_least = digits(&parts.integer);
    let scaling = integer_least;
    let (mut fraction_least, mut fraction_most) = (digits(&parts.fraction), places(&parts.fraction));
    let has_exponent = parts.exponent.is_some();
    if integer_least == 0 && fraction_most == 0 {
        if has_exponent {
            (fraction_least, fraction_most) = (1, 1);
        } else {
            integer_least = 1;
        }
    }
    if has_exponent && integer_least == 0 && parts.integer.contains(&signs.digit) {
        integer_least = 1;
    }
    if integer_least == 0 && fraction_least == 0 {
        fraction_least = 1;
    }
    Analysis {
        regular_group: if is_regular { factor } else { 0 },
        fraction_groups: groups(&parts.fraction, true),
        exponent_least: parts.exponent.as_ref().map_or(0, |exponent| digits(exponent)),
        integer_groups,
        integer_least,
        scaling,
        fraction_least,
        fraction_most,
        parts,
    }
}

fn written(value: f64, picture: &Analysis, signs: &Signs) -> String {
    let holds = |sign: char| picture.parts.picture.contains(&sign);
    let adjusted = if holds(signs.percent) {
        value * 100.0
    } else if holds(signs.per_mille) {
        value * 1_000.0
    } else {
        value
    };
    let (mut mantissa, mut exponent) = (adjusted, 0_i32);
    if picture.exponent_least > 0 {
        let most = libm::pow(10.0, picture.scaling as f64);
        let least = libm::pow(10.0, picture.scaling as f64 - 1.0);
        while mantissa < least && exponent > -400 {
            mantissa *= 10.0;
            exponent -= 1;
        }
        while mantissa > most && exponent < 400 {
            mantissa /= 10.0;
            exponent += 1;
        }
    }
    let rounded = round(mantissa, picture.fraction_most as i32);
    let mut text = digits_of(rounded, picture, signs);
    let point = |text: &[char]| text.iter().position(|c| *c == signs.decimal).unwrap_or(text.len());
    if picture.regular_group > 0 {
        let mut place = point(&text);
        while place > picture.regular_group {
            place -= picture.regular_group;
            text.insert(place, signs.grouping);
        }
    } else {
        let end = point(&text);
        for (inserted, group) in picture.integer_groups.iter().enumerate() {
            text.insert((end + inserted).saturating_sub(*group), signs.grouping);
        }
    }
    let end = point(&text);
    for group in &picture.fraction_groups {
        text.insert((end + 1 + group).min(text.len()), signs.grouping);
    }
    let end = point(&text);
    if !holds(signs.decimal) || end + 1 == text.len() {
        text.pop();
    }
    let mut text: String = text.into_iter().collect();
    if picture.exponent_least > 0 {
        let digits = exponent.unsigned_abs().to_string();
        let padding = "0".repeat(picture.exponent_least.saturating_sub(digits.len()));
        let sign = if exponent < 0 { &*signs.minus } else { "" };
        text.push(signs.exponent);
        text.push_str(sign);
        text.extend(format!("{padding}{digits}").chars().map(|c| shifted(c, signs.zero)));
    }
    format!("{}{text}{}", picture.parts.prefix, picture.parts.suffix)
}

fn shifted(digit: char, zero: char) -> char {
    digit.to_digit(10).and_then(|digit| char::from_u32(zero as u32 + digit)).unwrap_or(digit)
}

/// The digits that are needed, with the decimal separator.
fn digits_of(number: f64, picture: &Analysis, signs: &Signs) -> Vec<char> {
    let text = format!("{:.*}", picture.fraction_most, libm::fabs(number));
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let mut digits: Vec<char> = Vec::new();
    digits.extend(std::iter::repeat_n('0', picture.integer_least.saturating_sub(whole.len())));
    digits.extend(whole.chars());
    let mut all: Vec<char> = digits.into_iter().map(|c| shifted(c, signs.zero)).collect();
    all.push(signs.decimal);
    all.extend(fraction.chars().map(|c| shifted(c, signs.zero)));
    all.extend(std::iter::repeat_n(signs.zero, picture.fraction_least.saturating_sub(fraction.len())));
    all
}
