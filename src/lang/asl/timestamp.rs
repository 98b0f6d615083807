//! Times of Amazon States Language: ISO 8601 with a capital `T`, and `Z` or an offset (SFN-9).

use crate::lang::instant::day_number;

/// Microseconds since the beginning of virtual time; negative before it. `None` for what is no such time.
#[must_use]
pub fn timestamp(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let mut dates = date.split('-').map(digits);
    let (year, month, day) = (dates.next()??, dates.next()??, dates.next()??);
    if dates.next().is_some() || date.len() != "2026-01-01".len() {
        return None;
    }
    let (clock, offset) = match time.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let at = time.rfind(['+', '-'])?;
            let (hours, minutes) = time[at + 1..].split_once(':')?;
            let (hours, minutes) = (digits(hours)?, digits(minutes)?);
            let sign = if time[at..].starts_with('-') { -1 } else { 1 };
            (&time[..at], (hours < 19 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)?)
        }
    };
    let (clock, decimals) = clock.split_once('.').map_or((clock, None), |(clock, decimals)| (clock, Some(decimals)));
    let parts: Vec<i64> = clock.split(':').map(digits).collect::<Option<_>>()?;
    let (hour, minute, second) = match parts[..] {
        [hour, minute] if decimals.is_none() => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let micros = match decimals {
        None => 0,
        Some(decimals) if (1..=9).contains(&decimals.len()) && decimals.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{decimals:0<6}")[..6].parse().ok()?
        }
        Some(_) => return None,
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last_day = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last_day).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = day_number(year, month, day);
    Some((days * 86_400 + hour * 3_600 + minute * 60 + second - offset) * 1_000_000 + micros)
}

/// A number of two or four digits.
fn digits(text: &str) -> Option<i64> {
    let is_usual = matches!(text.len(), 2 | 4) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_usual.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_needs_its_t_and_its_zone() {
        for (text, wanted) in [
            ("2026-01-01T00:00:01Z", Some(1_000_000)),
            ("2026-01-01T00:00:01.5Z", Some(1_500_000)),
            ("2026-01-01T01:00:00+01:00", Some(0)),
            ("2025-12-31T23:59:59Z", Some(-1_000_000)),
            ("2026-01-01T00:00:01", None),
            ("2026-01-01 00:00:01Z", None),
            ("2026-13-01T00:00:01Z", None),
            ("2026-02-30T00:00:01Z", None),
            ("2026-01-01T25:00:01Z", None),
            ("01-01-2026T00:00:01Z", None),
            ("2026-01-01T00:00:01.Z", None),
            ("T", None),
        ] {
            assert_eq!(timestamp(text), wanted, "{text}");
        }
    }
}
