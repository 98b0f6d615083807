//! `cron(minutes hours day-of-month month day-of-week year)`, AWS's six fields: one of the two days must be `?`.

use std::collections::BTreeSet;

use super::Zone;
use crate::engine::Micros;
use crate::lang::instant::{DAY_US, MINUTE_US, civil, day_number};

/// Bit `n` for the value `n`.
type Set = u64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: Set,
    hours: Set,
    days: Days,
    months: Set,
    /// Each once, however many parts name it: every day that is looked at asks.
    years: BTreeSet<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Days {
    OfMonth(Set),
    /// `L`.
    Last,
    /// `LW`.
    LastWeekday,
    /// `15W`: the weekday that is nearest, in the same month.
    NearestWeekday(u32),
    /// Bit 1 for Sunday.
    OfWeek(Set),
    /// `6L`: the last Friday.
    LastOfWeek(u32),
    /// `6#3`: the third Friday.
    NthOfWeek(u32, u32),
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEK: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const YEARS: (u32, u32) = (1970, 2199);

impl Cron {
    /// # Errors
    /// Which field is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with(' ') || text.ends_with(' ') {
            return Err(format!("cron({text}) has a blank beside a bracket"));
        }
        let fields: Vec<&str> = text.split(' ').filter(|field| !field.is_empty()).collect();
        let [minutes, hours, of_month, months, of_week, years] = fields.as_slice() else {
            return Err(format!("cron({text}) has {} fields; AWS's have six, the last is the year", fields.len()));
        };
        let wrong = |field: &str, what: &str| format!("cron({text}): {field} is not {what}");
        let set = |field: &str, range: (u32, u32), names: &[&str], what: &str| {
            ranges(field, range, names).map(|parts| set_of(&parts)).ok_or_else(|| wrong(field, what))
        };
        let days = match (*of_month, *of_week) {
            ("?", "?") => return Err(format!("cron({text}): one of the two days must be told")),
            (of_month, "?") => {
                day_of_month(of_month).ok_or_else(|| wrong(of_month, "a day of the month (1-31, L, W)"))?
            }
            ("?", of_week) => {
                day_of_week(of_week).ok_or_else(|| wrong(of_week, "a day of the week (1-7 or SUN-SAT, L, #)"))?
            }
            _ => return Err(format!("cron({text}): one of day-of-month and day-of-week must be ?")),
        };
        Ok(Self {
            minutes: set(minutes, (0, 59), &[], "a minute (0-59)")?,
            hours: set(hours, (0, 23), &[], "an hour (0-23)")?,
            days,
            months: set(months, (1, 12), &MONTHS, "a month (1-12 or JAN-DEC)")?,
            years: ranges(years, YEARS, &[])
                .map(|parts| each_of(&parts).collect())
                .ok_or_else(|| wrong(years, "a year (1970-2199)"))?,
        })
    }

    /// The first time at or after `from`.
    #[must_use]
    pub fn next(&self, from: Micros, zone: &Zone) -> Option<Micros> {
        // A zone's local day may have begun before the day in UTC, or be the one before.
        let first = i64::try_from(from / DAY_US).ok()? - 1;
        let last = day_number(i64::from(YEARS.1) + 1, 1, 1);
        (first..last).filter(|day| self.is_day(*day)).find_map(|day| {
            let times = (0..24_u64).filter(|hour| self.hours >> hour & 1 == 1).flat_map(|hour| {
                let minutes = (0..60_u64).filter(|minute| self.minutes >> minute & 1 == 1);
                minutes.map(move |minute| (hour * 60 + minute) * MINUTE_US)
            });
            let mut times = times.filter_map(|time| zone.utc(day * DAY_US as i64 + time as i64));
            times.find(|at| *at >= from)
        })
    }

    fn is_day(&self, day: i64) -> bool {
        let (year, month, of_month) = civil(day);
        let in_year = u32::try_from(year).is_ok_and(|year| self.years.contains(&year));
        if self.months >> month & 1 == 0 || !in_year {
            return false;
        }
        let next_month = if month == 12 { day_number(year + 1, 1, 1) } else { day_number(year, month + 1, 1) };
        let length = next_month - (day - of_month + 1);
        let of_week = week_day(day);
        match self.days {
            Days::OfMonth(days) => days >> of_month & 1 == 1,
            Days::Last => of_month == length,
            Days::LastWeekday => of_month == nearest_weekday(length, length, day - of_month),
            Days::NearestWeekday(wanted) => {
                i64::from(wanted) <= length && of_month == nearest_weekday(i64::from(wanted), length, day - of_month)
            }
            Days::OfWeek(days) => days >> of_week & 1 == 1,
            Days::LastOfWeek(wanted) => of_week == wanted && of_month + 7 > length,
            Days::NthOfWeek(wanted, nth) => of_week == wanted && (of_month - 1) / 7 + 1 == i64::from(nth),
        }
    }
}

/// 1 for Sunday to 7 for Saturday; day 0 of virtual time is a Thursday.
fn week_day(day: i64) -> u32 {
    ((day + 4).rem_euclid(7) + 1) as u32
}

/// `before` is the day before the first of the month.
fn nearest_weekday(wanted: i64, length: i64, before: i64) -> i64 {
    match week_day(before + wanted) {
        7 if wanted == 1 => wanted + 2,
        7 => wanted - 1,
        1 if wanted == length => wanted - 2,
        1 => wanted + 1,
        _ => wanted,
    }
}

fn day_of_month(field: &str) -> Option<Days> {
    match field {
        "L" => Some(Days::Last),
        "LW" => Some(Days::LastWeekday),
        _ => match field.strip_suffix('W') {
            Some(day) => number(day, (1, 31), &[]).map(Days::NearestWeekday),
            None => ranges(field, (1, 31), &[]).map(|parts| Days::OfMonth(set_of(&parts))),
        },
    }
}

fn day_of_week(field: &str) -> Option<Days> {
    if let Some((day, nth)) = field.split_once('#') {
        let nth = number(nth, (1, 5), &[])?;
        return Some(Days::NthOfWeek(number(day, (1, 7), &WEEK)?, nth));
    }
    match field.strip_suffix('L') {
        Some("") => Some(Days::OfWeek(1 << 7)),
        Some(day) => number(day, (1, 7), &WEEK).map(Days::LastOfWeek),
        None => ranges(field, (1, 7), &WEEK).map(|parts| Days::OfWeek(set_of(&parts))),
    }
}

/// Names count from the range's first.
fn number(text: &str, range: (u32, u32), names: &[&str]) -> Option<u32> {
    let named = names.iter().position(|name| name.eq_ignore_ascii_case(text));
    let number = match named {
        Some(place) => range.0 + u32::try_from(place).ok()?,
        None => u32::try_from(super::digits(text)?).ok()?,
    };
    (range.0..=range.1).contains(&number).then_some(number)
}

/// `*`, `5`, `1-5`, `0/15`, `1-30/5`, and lists of them: first, last and step of each. No step is above the field's last.
fn ranges(field: &str, range: (u32, u32), names: &[&str]) -> Option<Vec<(u32, u32, u32)>> {
    let part = |part: &str| {
        let (span, step) = match part.split_once('/') {
            Some((span, step)) => (span, number(step, (1, range.1), &[])?),
            None => (part, 1),
        };
        let (first, last) = match span.split_once('-') {
            _ if span == "*" => range,
            Some((first, last)) => (number(first, range, names)?, number(last, range, names)?),
            None => {
                let first = number(span, range, names)?;
                (first, if part.contains('/') { range.1 } else { first })
            }
        };
        (first <= last).then_some((first, last, step))
    };
    field.split(',').map(part).collect()
}

fn each_of(parts: &[(u32, u32, u32)]) -> impl Iterator<Item = u32> + '_ {
    parts.iter().flat_map(|(first, last, step)| (*first..=*last).step_by(*step as usize))
}

fn set_of(parts: &[(u32, u32, u32)]) -> Set {
    each_of(parts).fold(0, |set, number| set | 1 << number)
}
