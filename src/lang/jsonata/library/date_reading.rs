//! Reads times: as ISO 8601 has them, or by a picture.

use super::argument;
use super::date_picture::{Marker, Part, parse};
use super::dates::{DAY, DAYS, MILLIS_MAX, MONTHS, civil_from_days, component, days_from_civil};
use super::integer::{leading_integer, read};
use super::integer_picture::{Case, Primary, Separators};
use super::words::is_number_word;
use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::evaluator::Evaluator;
use crate::lang::jsonata::value::Value;

pub(super) fn to_millis(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    let (text, picture) = (argument(&mut arguments), argument(&mut arguments));
    let Value::Text(text) = text else { return Ok(Value::Undefined) };
    it.spend(text.len() as u64)?;
    match picture {
        Value::Text(picture) => {
            it.spend(picture.len() as u64)?;
            by_picture(it, &text, &picture)
        }
        _ => iso(&text).map(Value::Number).ok_or_else(|| Trouble::with("D3110", Value::Text(text))),
    }
}

/// `2026`, `2026-03`, `2026-03-01`, with `T12:00:00`, a fraction and a zone behind it. Without a zone it is UTC.
fn iso(text: &str) -> Option<f64> {
    let digits = |text: &str, length: usize| {
        text.get(..length).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?.parse::<f64>().ok()
    };
    let mut rest = text;
    let year = digits(rest, 4)?;
    rest = &rest[4..];
    let (mut month, mut day, mut time) = (1.0, 1.0, 0.0);
    for place in [&mut month, &mut day] {
        if let Some(number) = rest.strip_prefix('-').and_then(|behind| digits(behind, 2)) {
            *place = number;
            rest = &rest[3..];
        }
    }
    if let Some(clock) = rest.strip_prefix('T') {
        let colons = clock.get(2..3) == Some(":") && clock.get(5..6) == Some(":");
        let (hour, minute, second) = (digits(clock, 2)?, digits(clock.get(3..)?, 2)?, digits(clock.get(6..)?, 2)?);
        if !colons || hour > 24.0 || minute > 59.0 || second > 59.0 {
            return None;
        }
        time = ((hour * 60.0 + minute) * 60.0 + second) * 1_000.0;
        rest = &clock[8..];
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
        let millis = format!("{:0<3}", &fraction[..end]);
        time += digits(&millis, 3).filter(|_| end > 0)?;
        rest = &fraction[end..];
    }
    if !(1.0..=12.0).contains(&month) || !(1.0..=31.0).contains(&day) {
        return None;
    }
    let zone = match rest {
        "" | "Z" => 0.0,
        _ => {
            let sign = if rest.starts_with('-') { -1.0 } else { 1.0 };
            let numbers = rest.strip_prefix(['+', '-'])?.replacen(':', "", 1);
            let minutes = digits(numbers.get(2..)?, 2).filter(|_| numbers.len() == 4)?;
            sign * (digits(&numbers, 2)? * 60.0 + minutes)
        }
    };
    Some(days_from_civil(year, month, day) * DAY + time - zone * 60_000.0)
}

fn by_picture(it: &Evaluator, text: &str, picture: &str) -> Outcome {
    let parts = parse(picture)?;
    for part in &parts {
        check(part)?;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut failed = Vec::new();
    if !matched(&parts, 0, &chars, 0, &mut found, &mut failed) {
        return Ok(Value::Undefined);
    }
    found.reverse();
    let mut components = Components(Vec::new());
    for (part, (start, end)) in parts.iter().zip(found) {
        if let Part::Marker(marker) = part {
            let text: String = chars[start..end].iter().collect();
            components.set(marker.component, value(marker, &text)?);
        }
    }
    if components.0.is_empty() {
        return Ok(Value::Undefined);
    }
    components.millis(it.now)
}

/// Refuses what can be written but not read.
fn check(part: &Part) -> Outcome<()> {
    match part {
        Part::Marker(marker) => match &marker.integer {
            Some(integer) => {
                if let Primary::Sequence(token) = &integer.primary {
                    return Err(super::integer_picture::unsupported(token));
                }
                Ok(())
            }
            None if "MxFP".contains(marker.component) => Ok(()),
            None => Err(Trouble::with("D3133", marker.component.to_string().into())),
        },
        Part::Literal(_) => Ok(()),
    }
}

/// Whether the parts from one on fit the text from a place on to its end; the longest of each first.
fn matched(
    parts: &[Part],
    part: usize,
    text: &[char],
    from: usize,
    found: &mut Vec<(usize, usize)>,
    failed: &mut Vec<(usize, usize)>,
) -> bool {
    let Some(here) = parts.get(part) else { return from == text.len() };
    if failed.contains(&(part, from)) || part > 200 {
        return false;
    }
    for end in ends(here, text, from) {
        if matched(parts, part + 1, text, end, found, failed) {
            found.push((from, end));
            return true;
        }
    }
    failed.push((part, from));
    false
}

/// The places where a part may end that begins at a place, the last first.
fn ends(part: &Part, text: &[char], from: usize) -> Vec<usize> {
    let rest = &text[from..];
    let run = |is: &dyn Fn(char) -> bool| rest.iter().take_while(|c| is(**c)).count();
    let counts = |least: usize, most: usize| (least..=most).rev().map(|count| from + count).collect::<Vec<usize>>();
    let marker = match part {
        Part::Literal(literal) => {
            let length = literal.chars().count();
            let same = |(one, other): (&char, char)| one.to_lowercase().eq(other.to_lowercase());
            let fits = rest.len() >= length && rest.iter().zip(literal.chars()).all(same);
            return if fits { vec![from + length] } else { Vec::new() };
        }
        Part::Marker(marker) => marker,
    };
    let Some(integer) = &marker.integer else { return counts(1, run(&|c| c.is_ascii_alphabetic())) };
    if matches!(marker.component, 'Z' | 'z') {
        return zone_ends(marker, text, from);
    }
    match &integer.primary {
        Primary::Letters => counts(1, run(&|c| c.is_ascii_alphabetic())),
        Primary::Roman => counts(1, run(&|c| "mdclxvi".contains(c.to_ascii_lowercase()))),
        Primary::Words => {
            let most = run(&|c| c.is_ascii_alphabetic() || matches!(c, '-' | ',' | ' '));
            counts(1, most).into_iter().filter(|end| are_words(&text[from..*end])).collect()
        }
        Primary::Sequence(_) => Vec::new(),
        Primary::Decimal(decimal) => {
            let digits = run(&|c| c.is_ascii_digit());
            let (least, most) = match marker.digits {
                0 => (1, digits),
                exactly if decimal.optional == 0 => (exactly, exactly.min(digits)),
                most => (most.saturating_sub(decimal.optional), most.min(digits)),
            };
            let all = if least > most { Vec::new() } else { counts(least, most) };
            if !integer.is_ordinal {
                return all;
            }
            let suffixed = |end: &usize| {
                let suffix: String = text[*end..].iter().take(2).collect::<String>().to_lowercase();
                ["th", "st", "nd", "rd"].contains(&&*suffix)
            };
            all.into_iter().filter(suffixed).map(|end| end + 2).collect()
        }
    }
}

fn are_words(text: &[char]) -> bool {
    let text: String = text.iter().collect();
    text.split(['-', ',', ' ']).filter(|word| !word.is_empty()).all(is_number_word)
}

fn zone_ends(marker: &Marker, text: &[char], from: usize) -> Vec<usize> {
    let mut place = from;
    if marker.component == 'z' {
        let gmt: String = text[from..].iter().take(3).collect();
        if !gmt.eq_ignore_ascii_case("GMT") {
            return Vec::new();
        }
        place += 3;
    }
    if !matches!(text.get(place), Some('+' | '-')) {
        return Vec::new();
    }
    let digits = |from: usize| text[from.min(text.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let hours = digits(place + 1);
    let start = place + 1;
    match separator(marker) {
        Some(separator) => {
            let minutes = if text.get(start + hours) == Some(&separator) { digits(start + hours + 1) } else { 0 };
            (1..=minutes).rev().map(|count| start + hours + 1 + count).filter(|_| hours > 0).collect()
        }
        None => (1..=hours).rev().map(|count| start + count).collect(),
    }
}

fn separator(marker: &Marker) -> Option<char> {
    match &marker.integer.as_ref()?.primary {
        Primary::Decimal(decimal) => match decimal.separators {
            Separators::Regular(_, c) => Some(c),
            Separators::At(_) => None,
        },
        _ => None,
    }
}

fn value(marker: &Marker, text: &str) -> Outcome<Option<f64>> {
    if matches!(marker.component, 'Z' | 'z') {
        let text = if marker.component == 'z' { text.get(3..).unwrap_or_default() } else { text };
        let (hours, minutes) = match separator(marker) {
            Some(separator) => text.split_once(separator).unwrap_or((text, "0")),
            None if text.len() <= 3 => (text, "0"),
            None => text.split_at(3),
        };
        return Ok(Some(leading_integer(hours) * 60.0 + leading_integer(minutes)));
    }
    if let Some(integer) = &marker.integer {
        let text = match (&integer.primary, integer.case) {
            (Primary::Roman, _) => text.to_uppercase(),
            (Primary::Letters, Case::Upper) => text.to_uppercase(),
            (Primary::Letters, _) | (Primary::Words, _) => text.to_lowercase(),
            _ => text.to_owned(),
        };
        return read(&text, integer).map(Some);
    }
    let named = |names: &[&str]| {
        let cut = |name: &str| {
            name.chars().take(marker.width_max.filter(|width| *width > 0).unwrap_or(usize::MAX)).collect::<String>()
        };
        names.iter().position(|name| cut(name) == text).map(|place| place as f64 + 1.0)
    };
    Ok(match marker.component {
        'M' | 'x' => named(&MONTHS),
        'F' => named(&DAYS),
        _ => match text {
            "am" | "AM" => Some(0.0),
            "pm" | "PM" => Some(1.0),
            _ => None,
        },
    })
}

/// What was read, by its letter.
struct Components(Vec<(char, Option<f64>)>);

impl Components {
    fn set(&mut self, letter: char, value: Option<f64>) {
        self.0.retain(|(known, _)| *known != letter);
        self.0.push((letter, value));
    }

    fn get(&self, letter: char) -> Option<f64> {
        self.0.iter().find(|(known, _)| *known == letter).and_then(|(_, value)| *value)
    }

    /// Which of the letters say something: those of a kind must all be among the wanted, and one must be there.
    fn is_of(&self, all: &str, wanted: &str) -> bool {
        let given = |letter: char| self.get(letter).is_some_and(|value| value != 0.0 && !value.is_nan());
        all.chars().all(|letter| !given(letter) || wanted.contains(letter)) && wanted.chars().any(given)
    }

    fn millis(mut self, now: f64) -> Outcome {
        let date = "YXMxWwdD";
        let is_day_of_year = !self.is_of(date, "YMD") && self.is_of(date, "Yd");
        let is_week_of_month = self.is_of(date, "XxwF");
        let is_week = !is_week_of_month && self.is_of(date, "XWF");
        let is_half_day = !self.is_of("PHhmsf", "Hmsf") && self.is_of("PHhmsf", "Phmsf");
        let dates = match (is_day_of_year, is_week_of_month, is_week) {
            (true, ..) => "YD",
            (_, true, _) => "XxwF",
            (_, _, true) => "XWF",
            _ => "YMD",
        };
        let (mut has_begun, mut has_ended) = (false, false);
        for letter in dates.chars().chain(if is_half_day { "Phmsf" } else { "Hmsf" }.chars()) {
            if self.get(letter).is_some() {
                has_begun = true;
                if has_ended {
                    return Err(Trouble::new("D3136"));
                }
            } else if has_begun {
                self.set(letter, Some(f64::from(u8::from("MDd".contains(letter)))));
                has_ended = true;
            } else {
                self.set(letter, component(now, letter));
            }
        }
        if is_week_of_month || is_week {
            return Err(Trouble::new("D3136"));
        }
        let number = |letter: char| self.get(letter).unwrap_or_default();
        let year = number('Y');
        let (month, day) = if is_day_of_year {
            let days = days_from_civil(year, 1.0, 1.0) + number('d') - 1.0;
            let (_, month, day) = civil_from_days(days);
            (month, day)
        } else {
            (if number('M') > 0.0 { number('M') } else { 1.0 }, number('D'))
        };
        let mut hour = number('H');
        if is_half_day {
            hour = if number('h') == 12.0 { 0.0 } else { number('h') };
            hour += if number('P') == 1.0 { 12.0 } else { 0.0 };
        }
        let time = ((hour * 60.0 + number('m')) * 60.0 + number('s')) * 1_000.0 + number('f');
        let zone = self.get('Z').filter(|zone| *zone != 0.0).or(self.get('z')).unwrap_or_default();
        let millis = days_from_civil(year, month, day) * DAY + time - zone * 60_000.0;
        if libm::fabs(millis) > MILLIS_MAX || millis.is_nan() {
            return Err(Trouble::with("D1001", Value::Number(millis)));
        }
        Ok(Value::Number(millis))
    }
}
