//! Time zones by the rules that hold from 2026 on, when virtual time begins: offsets, and when clocks change.
//!
//! `zones.txt` has all of the IANA time zone database, a line for each rule and the zones that keep it. It says, in
//! minutes: the offset east of Greenwich; where clocks change, the other offset, when it begins and when it ends; where
//! no rule tells the first changes, each of them by its time; and then the names.

use crate::engine::Micros;
use crate::lang::instant::{DAY_US, MINUTE_US, civil, day_number};
use crate::lang::steps;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Minutes east of Greenwich, in winter.
    standard: i64,
    summer: Option<Summer>,
    /// Minutes of virtual time, and the offset from then on. The rule holds from the last of them on.
    changes: Vec<(i64, i64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Summer {
    offset: i64,
    begins: Turn,
    ends: Turn,
}

/// When clocks change, every year: `3.5.0/120` is the last Sunday of March at 02:00, by the clock that is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Turn {
    month: i64,
    /// The fifth is the last.
    week: i64,
    /// 0 for Sunday.
    day: i64,
    /// After midnight; it may lie on another day.
    minute: i64,
}

const DAY: i64 = 1_440;

#[inline(never)] // second part
fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("zones.txt").lines().filter(|line| !line.starts_with('#'))
}

/// Names begin with a capital letter; what stands before them is the rule.
fn is_name(word: &&str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase())
}

fn names_of(line: &'static str) -> impl Iterator<Item = &'static str> {
    line.split(' ').filter(is_name)
}

fn number(word: &str) -> Option<i64> {
    word.parse().ok()
}

impl Zone {
    pub const UTC: Self = Self { standard: 0, summer: None, changes: Vec::new() };

    /// The names of all, zones and links, in the order of their rules.
    #[inline(never)] // second part
    pub fn names() -> impl Iterator<Item = &'static str> {
        lines().flat_map(names_of)
    }

    #[must_use]
    #[inline(never)] // second part
    pub fn from_name(name: &str) -> Option<Self> {
        let line = lines().find(|line| names_of(line).any(|other| other == name))?;
        Self::read(line)
    }

    /// The name that looks most like this one, if any does.
    #[must_use]
    #[inline(never)] // second part
    pub fn nearest(name: &str) -> Option<&'static str> {
        // A text that is longer than all names resembles none, and would be compared with each of them letter by letter.
        if name.len() > NAME_BYTES_MAX {
            return None;
        }
        let far = |other: &str| {
            let place = other.rsplit('/').next().unwrap_or_default();
            edits(name, other).min(edits(name, place))
        };
        let (distance, nearest) = Self::names().map(|other| (far(other), other)).min()?;
        (distance <= EDITS_MAX).then_some(nearest)
    }

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ').take_while(|word| !is_name(word));
        let mut zone = Self { standard: number(words.next()?)?, ..Self::UTC };
        let mut minute = 0;
        while let Some(word) = words.next() {
            if let Some(change) = word.strip_prefix('@') {
                let (after, offset) = change.split_once(':')?;
                minute += number(after)?;
                zone.changes.push((minute, number(offset)?));
            } else {
                let (begins, ends) = (Turn::read(words.next()?)?, Turn::read(words.next()?)?);
                zone.summer = Some(Summer { offset: number(word)?, begins, ends });
            }
        }
        Some(zone)
    }

    /// Minutes east of Greenwich at an instant of virtual time.
    #[must_use]
    pub fn offset(&self, at: Micros) -> i64 {
        self.offset_at(i64::try_from(at).unwrap_or(i64::MAX))
    }

    fn offset_at(&self, utc: i64) -> i64 {
        let minute = utc.div_euclid(MINUTE_US as i64);
        if self.changes.last().is_some_and(|(last, _)| minute < *last) {
            let next = self.changes.partition_point(|(from, _)| *from <= minute);
            return self.changes[next.saturating_sub(1)].1;
        }
        let Some(summer) = self.summer else { return self.standard };
        let (year, _, _) = civil((minute + self.standard).div_euclid(DAY));
        let begins = summer.begins.in_year(year) - self.standard;
        let ends = summer.ends.in_year(year) - summer.offset;
        // South of the equator it begins in one year and ends in the next.
        let is_summer =
            if begins < ends { (begins..ends).contains(&minute) } else { !(ends..begins).contains(&minute) };
        if is_summer { summer.offset } else { self.standard }
    }

    /// The instant at which clocks here first show a local time; `None` for one that is skipped, or that lies before
    /// the run.
    #[must_use]
    pub fn utc(&self, local: i64) -> Option<Micros> {
        // Changes lie more than two days apart.
        let near = [local - DAY_US as i64, local + DAY_US as i64].map(|at| self.offset_at(at));
        let shown =
            near.map(|offset| Some(local - offset * MINUTE_US as i64).filter(|at| self.offset_at(*at) == offset));
        shown.into_iter().flatten().min().and_then(|at| u64::try_from(at).ok())
    }
}

impl Turn {
    fn read(word: &str) -> Option<Self> {
        let (day, minute) = word.split_once('/')?;
        let mut numbers = day.split('.').filter_map(number);
        let (month, week, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
        Some(Self { month, week, day, minute: number(minute)? })
    }

    /// In minutes of virtual time, by the clock there.
    fn in_year(self, year: i64) -> i64 {
        let first = day_number(year, self.month, 1);
        // Day 0 is a Thursday.
        let mut day = first + (self.day - first - 4).rem_euclid(7) + 7 * (self.week - 1);
        let next = if self.month == 12 { day_number(year + 1, 1, 1) } else { day_number(year, self.month + 1, 1) };
        while day >= next {
            day -= 7;
        }
        day * DAY + self.minute
    }
}

/// A name that is farther off is another name.
/// No name is longer, nor any slip of the pen in one.
const NAME_BYTES_MAX: usize = 64;
const EDITS_MAX: usize = 3;

/// How many letters have to be changed, added or taken away to make one text of another (Levenshtein's distance). Small
/// and capital letters are the same.
fn edits(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    steps::took(one.len() * other.len());
    for (line, letter) in one.bytes().enumerate() {
        let mut before = std::mem::replace(&mut row[0], line + 1);
        for (column, with) in other.bytes().enumerate() {
            let best = (before + usize::from(!letter.eq_ignore_ascii_case(&with)))
                .min(row[column] + 1)
                .min(row[column + 1] + 1);
            before = std::mem::replace(&mut row[column + 1], best);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_can_be_no_name_is_compared_with_none() {
        let steps_of = |name: &str| steps::counted(|| drop(Zone::nearest(name).map(str::to_owned)));
        assert!(steps_of("Europe/Berlni") > 0);
        assert_eq!(steps_of(&"x".repeat(200_000)), 0);
        assert_eq!(Zone::nearest("Europe/Berlni"), Some("Europe/Berlin"));
    }

    #[test]
    fn a_name_that_is_misspelt_has_a_nearest() {
        assert_eq!(Zone::nearest("Europe/Berln"), Some("Europe/Berlin"));
        assert_eq!(Zone::nearest("europe/berlin"), Some("Europe/Berlin"));
        assert_eq!(Zone::nearest("Amsterdam"), Some("Europe/Amsterdam"));
        assert_eq!(Zone::nearest("the middle of nowhere"), None);
    }
}
