//! Times as text: milliseconds since 1970, written by a picture.

use super::date_picture::{Marker, Part, parse};
use super::integer::{leading_integer, written};
use super::integer_picture::{Case, Primary, Separators};
use super::{Line, argument, date_reading};
use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::evaluator::Evaluator;
use crate::lang::jsonata::value::Value;

pub(super) const TABLE: &[Line] =
    &[("fromMillis", "<n-s?s?:s>", 3, from_millis), ("toMillis", "<s-s?:n>", 2, date_reading::to_millis)];

pub(super) const DAY: f64 = 86_400_000.0;
/// Beyond it, JavaScript has no dates.
pub(super) const MILLIS_MAX: f64 = 8.64e15;
const ISO: &str = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

pub(super) const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days since 1970 of a day of the calendar; months beyond the year are of the years after it.
pub(super) fn days_from_civil(year: f64, month: f64, day: f64) -> f64 {
    let year = year + libm::floor((month - 1.0) / 12.0);
    let month = (month - 1.0) - libm::floor((month - 1.0) / 12.0) * 12.0 + 1.0;
    let year = if month <= 2.0 { year - 1.0 } else { year };
    let era = libm::floor(year / 400.0);
    let year_of_era = year - era * 400.0;
    let shifted = if month > 2.0 { month - 3.0 } else { month + 9.0 };
    let day_of_year = libm::floor((153.0 * shifted + 2.0) / 5.0) + day - 1.0;
    let day_of_era =
        year_of_era * 365.0 + libm::floor(year_of_era / 4.0) - libm::floor(year_of_era / 100.0) + day_of_year;
    era * 146_097.0 + day_of_era - 719_468.0
}

/// Year, month and day of so many days since 1970.
pub(super) fn civil_from_days(days: f64) -> (f64, f64, f64) {
    let days = days + 719_468.0;
    let era = libm::floor(days / 146_097.0);
    let of_era = days - era * 146_097.0;
    let year_of_era = libm::floor(
        (of_era - libm::floor(of_era / 1_460.0) + libm::floor(of_era / 36_524.0) - libm::floor(of_era / 146_096.0))
            / 365.0,
    );
    let of_year = of_era - (365.0 * year_of_era + libm::floor(year_of_era / 4.0) - libm::floor(year_of_era / 100.0));
    let shifted = libm::floor((5.0 * of_year + 2.0) / 153.0);
    let day = of_year - libm::floor((153.0 * shifted + 2.0) / 5.0) + 1.0;
    let month = if shifted < 10.0 { shifted + 3.0 } else { shifted - 9.0 };
    (year_of_era + era * 400.0 + f64::from(u8::from(month <= 2.0)), month, day)
}

/// From 1 for Monday to 7 for Sunday.
fn day_of_week(days: f64) -> f64 {
    let days = days + 3.0;
    days - libm::floor(days / 7.0) * 7.0 + 1.0
}

/// The Monday of the week that holds the first Thursday of a month; in days.
fn first_week(year: f64, month: f64) -> f64 {
    let first = days_from_civil(year, month, 1.0);
    let weekday = day_of_week(first);
    if weekday > 4.0 { first + 8.0 - weekday } else { first - weekday + 1.0 }
}

/// A component of a time as a number; none for those that are no numbers.
pub(super) fn component(millis: f64, letter: char) -> Option<f64> {
    let days = libm::floor(millis / DAY);
    let of_day = millis - days * DAY;
    let (year, month, day) = civil_from_days(days);
    let weeks = |start: f64| (days - start) / 7.0 + 1.0;
    let hour = libm::floor(of_day / 3_600_000.0);
    Some(match letter {
        'Y' => year,
        'M' => month,
        'D' => day,
        'd' => days - days_from_civil(year, 1.0, 1.0) + 1.0,
        'F' => day_of_week(days),
        'W' => {
            let week = weeks(first_week(year, 1.0));
            libm::floor(if week > 52.0 && days >= first_week(year + 1.0, 1.0) {
                1.0
            } else if week < 1.0 {
                weeks(first_week(year - 1.0, 1.0))
            } else {
                week
            })
        }
        'w' => {
            let week = weeks(first_week(year, month));
            libm::floor(if week > 4.0 && days >= first_week(year, month + 1.0) {
                1.0
            } else if week < 1.0 {
                weeks(first_week(year, month - 1.0))
            } else {
                week
            })
        }
        'X' if millis < first_week(year, 1.0) * DAY => year - 1.0,
        'X' if millis >= first_week(year + 1.0, 1.0) * DAY => year + 1.0,
        'X' => year,
        'x' if millis < first_week(year, month) * DAY => {
            if month == 1.0 {
                12.0
            } else {
                month - 1.0
            }
        }
        'x' if millis >= first_week(year, month + 1.0) * DAY => {
            if month == 12.0 {
                1.0
            } else {
                month + 1.0
            }
        }
        'x' => month,
        'H' => hour,
        'h' => {
            if libm::fmod(hour, 12.0) == 0.0 {
                12.0
            } else {
                libm::fmod(hour, 12.0)
            }
        }
        'm' => libm::floor(libm::fmod(of_day, 3_600_000.0) / 60_000.0),
        's' => libm::floor(libm::fmod(of_day, 60_000.0) / 1_000.0),
        'f' => libm::floor(libm::fmod(of_day, 1_000.0)),
        _ => return None,
    })
}

pub(super) fn now(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut all = vec![Value::Number(it.now)];
    all.extend(arguments);
    from_millis(it, all)
}

fn from_millis(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    let (millis, picture, zone) = (argument(&mut arguments), argument(&mut arguments), argument(&mut arguments));
    let Value::Number(millis) = millis else { return Ok(Value::Undefined) };
    let picture = picture.as_text().map_or(ISO, |picture| picture);
    it.spend(picture.len() as u64)?;
    let offset = zone.as_text().map_or(0.0, |zone| leading_integer(zone));
    let offset = if offset.is_nan() { 0.0 } else { offset };
    let (hours, minutes) = (libm::floor(offset / 100.0), libm::fmod(offset, 100.0));
    let local = libm::trunc(millis) + (60.0 * hours + minutes) * 60_000.0;
    if libm::fabs(local) > MILLIS_MAX || local.is_nan() {
        return Err(Trouble::with("D1001", Value::Number(millis)));
    }
    let mut text = String::new();
    for part in parse(picture)? {
        match part {
            Part::Literal(literal) => text.push_str(&literal),
            Part::Marker(marker) => text.push_str(&component_text(local, &marker, hours, minutes)?),
        }
    }
    Ok(text.into())
}

fn cased(name: &str, case: Case) -> String {
    match case {
        Case::Upper => name.to_uppercase(),
        Case::Lower => name.to_lowercase(),
        Case::Title => name.to_owned(),
    }
}

fn component_text(millis: f64, marker: &Marker, hours: f64, minutes: f64) -> Outcome<String> {
    match marker.component {
        'Z' | 'z' => return zone_text(marker, hours, minutes),
        'P' => {
            let half = if component(millis, 'H').unwrap_or_default() >= 12.0 { "pm" } else { "am" };
            return Ok(if marker.names == Some(Case::Upper) { half.to_uppercase() } else { half.to_owned() });
        }
        'C' | 'E' => return Ok("ISO".to_owned()),
        _ => {}
    }
    let mut value = component(millis, marker.component).unwrap_or_default();
    if marker.component == 'Y' && marker.digits > 0 {
        value = libm::fmod(value, libm::pow(10.0, marker.digits as f64));
    }
    let Some(case) = marker.names else {
        return match &marker.integer {
            Some(integer) => written(value, integer),
            None => Ok(String::new()),
        };
    };
    let names: &[&str] = match marker.component {
        'M' | 'x' => &MONTHS,
        'F' => &DAYS,
        other => return Err(Trouble::with("D3133", other.to_string().into())),
    };
    let name = names.get((value as usize).saturating_sub(1)).copied().unwrap_or_default();
    let name = cased(name, case);
    Ok(match marker.width_max {
        Some(width) => name.chars().take(width).collect(),
        None => name,
    })
}

fn zone_text(marker: &Marker, hours: f64, minutes: f64) -> Outcome<String> {
    let offset = hours * 100.0 + minutes;
    let Some(picture) = &marker.integer else { return Ok(String::new()) };
    let mut text = match &picture.primary {
        Primary::Decimal(decimal) if !matches!(decimal.separators, Separators::Regular(..)) => {
            match decimal.mandatory {
                1 | 2 if minutes != 0.0 => format!("{}:{:02}", written(hours, picture)?, minutes),
                1 | 2 => written(hours, picture)?,
                3 | 4 => written(offset, picture)?,
                digits => return Err(Trouble::with("D3134", Value::Number(digits as f64))),
            }
        }
        _ => written(offset, picture)?,
    };
    if offset >= 0.0 {
        text.insert(0, '+');
    }
    if marker.component == 'z' {
        text.insert_str(0, "GMT");
    }
    Ok(if offset == 0.0 && marker.is_zulu { "Z".to_owned() } else { text })
}
