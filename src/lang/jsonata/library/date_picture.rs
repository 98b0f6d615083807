//! Pictures of times, such as `[Y0001]-[M01]-[D01]` (XPath's `format-dateTime`).

use super::integer_picture::{Case, IntegerPicture, Primary, parse as parse_integer_picture};
use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::value::Value;

#[derive(Clone, Debug)]
pub(super) enum Part {
    Literal(String),
    Marker(Marker),
}

#[derive(Clone, Debug)]
pub(super) struct Marker {
    pub component: char,
    /// Names instead of numbers, and in which case.
    pub names: Option<Case>,
    pub integer: Option<IntegerPicture>,
    /// Characters at most, if the picture says so.
    pub width_max: Option<usize>,
    /// Digits of a year, month or day; 0 for as many as it has.
    pub digits: usize,
    /// `t` behind a zone: Z for none.
    pub is_zulu: bool,
}

const DEFAULTS: [(char, &str); 19] = [
    ('Y', "1"),
    ('M', "1"),
    ('D', "1"),
    ('d', "1"),
    ('F', "n"),
    ('W', "1"),
    ('w', "1"),
    ('X', "1"),
    ('x', "1"),
    ('H', "1"),
    ('h', "1"),
    ('P', "n"),
    ('m', "01"),
    ('s', "01"),
    ('f', "1"),
    ('Z', "01:01"),
    ('z', "01:01"),
    ('C', "n"),
    ('E', "n"),
];

pub(super) fn parse(picture: &str) -> Outcome<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = picture;
    while let Some(place) = rest.find('[') {
        literal(&rest[..place], &mut parts);
        let inside = &rest[place + 1..];
        if let Some(behind) = inside.strip_prefix('[') {
            parts.push(Part::Literal("[".to_owned()));
            rest = behind;
            continue;
        }
        let Some((text, behind)) = inside.split_once(']') else { return Err(Trouble::new("D3135")) };
        parts.push(Part::Marker(marker(text)?));
        rest = behind;
    }
    literal(rest, &mut parts);
    Ok(parts)
}

fn literal(text: &str, parts: &mut Vec<Part>) {
    if !text.is_empty() {
        parts.push(Part::Literal(text.replace("]]", "]")));
    }
}

fn marker(text: &str) -> Outcome<Marker> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let component = text.chars().next().unwrap_or_default();
    let rest = text.get(component.len_utf8().min(text.len())..).unwrap_or_default();
    let (mut modifiers, width) = rest.rsplit_once(',').map_or((rest, None), |(before, width)| (before, Some(width)));
    let number = |text: &str| super::integer::leading_integer(text);
    let width = width.map(|width| width.split_once('-').map_or((width, "*"), |(least, most)| (least, most)));
    let width_of = |text: &str| {
        Some(number(text)).filter(|width| width.is_finite() && *width >= 0.0).map(|width| width.min(1_000.0) as usize)
    };
    let (width_min, width_max) = width.map_or((None, None), |(least, most)| (width_of(least), width_of(most)));
    let mut second = None;
    if modifiers.chars().count() > 1 {
        second = modifiers.chars().last().filter(|c| "atco".contains(*c));
        modifiers = second.map_or(modifiers, |second| &modifiers[..modifiers.len() - second.len_utf8()]);
    } else if modifiers.is_empty() {
        let default = DEFAULTS.iter().find(|(known, _)| *known == component);
        modifiers = default.ok_or_else(|| Trouble::with("D3132", Value::from(component.to_string())))?.1;
    }
    let names = match modifiers.chars().next() {
        Some('n') => Some(Case::Lower),
        Some('N') if modifiers[1..].starts_with('n') => Some(Case::Title),
        Some('N') => Some(Case::Upper),
        _ => None,
    };
    let mut marker = Marker { component, names, integer: None, width_max, digits: 0, is_zulu: second == Some('t') };
    if names.is_none() && "YMDdFWwXxHhmsf".contains(component) {
        let picture = second.map_or_else(|| modifiers.to_owned(), |second| format!("{modifiers};{second}"));
        let mut integer = parse_integer_picture(&picture)?;
        widen(&mut integer, width_min, &mut marker);
        marker.integer = Some(integer);
    } else if matches!(component, 'Z' | 'z') {
        marker.integer = Some(parse_integer_picture(modifiers)?);
    }
    Ok(marker)
}

fn widen(integer: &mut IntegerPicture, width_min: Option<usize>, marker: &mut Marker) {
    let Primary::Decimal(decimal) = &mut integer.primary else { return };
    decimal.mandatory = decimal.mandatory.max(width_min.unwrap_or_default());
    if "YMD".contains(marker.component) {
        if let Some(most) = marker.width_max {
            marker.digits = most;
            decimal.mandatory = most;
        } else if decimal.mandatory + decimal.optional >= 2 {
            marker.digits = decimal.mandatory + decimal.optional;
        }
    }
}
