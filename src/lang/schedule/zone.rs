//! Time zones by fixed rules: an offset, and the rule by which clocks change. No history: virtual time begins in 2026.

use crate::engine::Micros;
use crate::lang::instant::{DAY_US, MINUTE_US, civil, day_number};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    name: &'static str,
    /// Minutes east of Greenwich, in winter.
    offset: i64,
    summer: Summer,
}

/// When clocks are an hour ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Summer {
    Never,
    /// From the last Sunday of March to the last of October, at 01:00 UTC.
    Europe,
    /// From the second Sunday of March to the first of November, at 02:00 by the clock.
    America,
    /// From the first Sunday of October to the first of April, at 02:00 standard time.
    Australia,
}

const fn zone(name: &'static str, offset: i64, summer: Summer) -> Zone {
    Zone { name, offset, summer }
}

const HOUR: i64 = 60;

static ZONES: [Zone; 20] = [
    zone("UTC", 0, Summer::Never),
    zone("Europe/London", 0, Summer::Europe),
    zone("Europe/Lisbon", 0, Summer::Europe),
    zone("Europe/Berlin", HOUR, Summer::Europe),
    zone("Europe/Paris", HOUR, Summer::Europe),
    zone("Europe/Madrid", HOUR, Summer::Europe),
    zone("Europe/Rome", HOUR, Summer::Europe),
    zone("Europe/Vienna", HOUR, Summer::Europe),
    zone("Europe/Zurich", HOUR, Summer::Europe),
    zone("Europe/Athens", 2 * HOUR, Summer::Europe),
    zone("America/New_York", -5 * HOUR, Summer::America),
    zone("America/Chicago", -6 * HOUR, Summer::America),
    zone("America/Denver", -7 * HOUR, Summer::America),
    zone("America/Los_Angeles", -8 * HOUR, Summer::America),
    zone("America/Sao_Paulo", -3 * HOUR, Summer::Never),
    zone("Asia/Kolkata", 5 * HOUR + 30, Summer::Never),
    zone("Asia/Singapore", 8 * HOUR, Summer::Never),
    zone("Asia/Shanghai", 8 * HOUR, Summer::Never),
    zone("Asia/Tokyo", 9 * HOUR, Summer::Never),
    zone("Australia/Sydney", 10 * HOUR, Summer::Australia),
];

impl Zone {
    pub const UTC: Self = zone("UTC", 0, Summer::Never);

    /// Those that are known, by their names in the time zone database.
    pub const NAMES: [&'static str; 20] = {
        let mut names = [""; 20];
        let mut place = 0;
        while place < names.len() {
            names[place] = ZONES[place].name;
            place += 1;
        }
        names
    };

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        ZONES.iter().copied().find(|zone| zone.name == name)
    }

    /// The instant at which clocks here first show a local time; `None` for one that is skipped, or that lies before
    /// the run.
    #[must_use]
    pub fn utc(self, local: i64) -> Option<Micros> {
        let minute = MINUTE_US as i64;
        let at = |offset: i64| local - offset * minute;
        let (summer, winter) = (at(self.offset + HOUR), at(self.offset));
        let found = if self.summer != Summer::Never && self.is_summer(summer) {
            Some(summer)
        } else {
            Some(winter).filter(|at| !self.is_summer(*at))
        };
        found.and_then(|at| u64::try_from(at).ok())
    }

    fn is_summer(self, utc: i64) -> bool {
        let (year, _, _) = civil(utc.div_euclid(DAY_US as i64));
        let hour = 60 * MINUTE_US as i64;
        let standard = self.offset * MINUTE_US as i64;
        let day = |day: i64| day * DAY_US as i64;
        match self.summer {
            Summer::Never => false,
            Summer::Europe => {
                let begins = day(sunday_until(day_number(year, 3, 31))) + hour;
                (begins..day(sunday_until(day_number(year, 10, 31))) + hour).contains(&utc)
            }
            Summer::America => {
                let begins = day(sunday_from(day_number(year, 3, 8))) + 2 * hour - standard;
                (begins..day(sunday_from(day_number(year, 11, 1))) + hour - standard).contains(&utc)
            }
            Summer::Australia => {
                let ends = day(sunday_from(day_number(year, 4, 1))) + 2 * hour - standard;
                !(ends..day(sunday_from(day_number(year, 10, 1))) + 2 * hour - standard).contains(&utc)
            }
        }
    }
}

/// The first Sunday from a day on; day 0 is a Thursday.
fn sunday_from(day: i64) -> i64 {
    day + (3 - day).rem_euclid(7)
}

fn sunday_until(day: i64) -> i64 {
    sunday_from(day - 6)
}
