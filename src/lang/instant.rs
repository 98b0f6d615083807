//! The virtual clock as a date and time: ISO 8601 in UTC. A run begins with the first day of 2026.

use std::fmt::Write;

/// Microseconds in a day.
pub(super) const DAY_US: u64 = 86_400_000_000;
pub(super) const MINUTE_US: u64 = 60_000_000;
/// 2026-01-01, the day at which virtual time starts, counted from 1 March of year 0.
const EPOCH_FROM_YEAR_0: i64 = 739_922;

/// An instant of virtual time, in microseconds, with milliseconds.
#[must_use]
pub fn instant_text(now_us: u64) -> String {
    let mut text = String::new();
    append_instant(&mut text, now_us).expect("a String takes whatever is written");
    text
}

/// ISO 8601 in UTC with milliseconds.
pub(super) fn append_instant(out: &mut String, now_us: u64) -> std::fmt::Result {
    let (year, month, day) = civil((now_us / DAY_US) as i64);
    let ms = now_us % DAY_US / 1_000;
    let (hour, minute, second, ms) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000);
    write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

/// The date of a day of virtual time: year, month, day. Years are taken from March, so that the leap day comes last,
/// and 400 of them are 146,097 days.
pub(super) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + EPOCH_FROM_YEAR_0;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// Reads `2026-01-01T00:00:01Z`, with up to three decimals; a time before the run is its beginning.
#[must_use]
pub fn parse_instant(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?.split_once('T')?;
    let numbers = |text: &str, mark: char| -> Option<Vec<u64>> {
        text.split(mark).map(|part| part.parse::<u64>().ok().filter(|_| part.len() <= 4)).collect()
    };
    let (clock, decimals) = time.split_once('.').unwrap_or((time, "0"));
    let (date, clock) = (numbers(date, '-')?, numbers(clock, ':')?);
    let ([year, month, day], [hour, minute, second]) = (date.as_slice(), clock.as_slice()) else { return None };
    let fits = (1..=12).contains(month) && (1..=31).contains(day) && *hour < 24 && *minute < 60 && *second < 60;
    if !fits || decimals.len() > 3 || decimals.bytes().any(|byte| !byte.is_ascii_digit()) {
        return None;
    }
    let millis: u64 = format!("{decimals:0<3}").parse().ok()?;
    let days = day_number(i64::try_from(*year).ok()?, i64::try_from(*month).ok()?, i64::try_from(*day).ok()?);
    let Ok(days) = u64::try_from(days) else { return Some(0) };
    Some((days * DAY_US / 1_000_000 + hour * 3_600 + minute * 60 + second) * 1_000_000 + millis * 1_000)
}

/// Seconds from the beginning of 1970, as clocks count, to that of virtual time.
pub(super) const BEGIN_UNIX: f64 = 1_767_225_600.0;

/// A time as calls name it: a text, or a number of seconds since the run began, or since 1970.
#[must_use]
pub fn instant_of(value: &serde_json::Value) -> Option<u64> {
    if let Some(text) = value.as_str() {
        return parse_instant(text);
    }
    // No run lasts for thirty years.
    let seconds = value.as_f64()?;
    let seconds = if seconds >= 1e9 { seconds - BEGIN_UNIX } else { seconds };
    Some(libm::rint(seconds.max(0.0) * 1e6) as u64)
}

/// The day of virtual time that a date is; negative before its start.
pub(super) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is their last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
        - 1
        - EPOCH_FROM_YEAR_0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_text_or_seconds() {
        let of = |value: serde_json::Value| instant_of(&value);
        assert_eq!(of("2026-01-01T00:00:02Z".into()), Some(2_000_000));
        assert_eq!(of(2.5.into()), Some(2_500_000));
        assert_eq!(of(1_767_225_602.into()), Some(2_000_000));
        assert_eq!(of((-1).into()), Some(0));
        assert_eq!((of("soon".into()), of(true.into())), (None, None));
    }

    #[test]
    fn what_is_written_is_read() {
        let second = 1_000_000;
        for at in [0, 1_500_000, 59 * DAY_US + 3_661 * second, 800 * DAY_US + 999_000] {
            assert_eq!(parse_instant(&instant_text(at)), Some(at));
        }
        assert_eq!(parse_instant("2026-01-01T00:01:00Z"), Some(60 * second));
        assert_eq!(parse_instant("1970-01-01T00:00:00Z"), Some(0));
        for wrong in ["", "2026-01-01", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00.1234Z", "soon"] {
            assert_eq!(parse_instant(wrong), None, "{wrong}");
        }
    }
}
