//! The virtual clock in ISO 8601, as SNS writes and reads times: a run begins on the first day of 2026.

use crate::engine::{MICROS_PER_MILLI, Micros, seconds};
use crate::lang::template::Template;

const DAY: u64 = 86_400;
/// From 1 March of year 0 to 1 January 2026, in days.
const EPOCH_DAYS: u64 = 739_922;

/// In UTC with milliseconds.
#[must_use]
pub fn timestamp(at: Micros) -> String {
    let template = Template::from_text("{{now}}").expect("the placeholder is known");
    template.render(0, at, &mut || 0)
}

/// Reads `2026-01-01T00:00:01Z`, with up to three decimals; a time before the run is its beginning.
#[must_use]
pub fn parse_timestamp(text: &str) -> Option<Micros> {
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
    // Years begin in March here, so that the leap day is their last.
    let (year, month) = if *month > 2 { (*year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    let since = days.saturating_sub(EPOCH_DAYS) * DAY + hour * 3_600 + minute * 60 + second;
    if days < EPOCH_DAYS {
        return Some(0);
    }
    Some(seconds(since) + millis * MICROS_PER_MILLI)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for at in [0, 1_500_000, seconds(59 * DAY + 3_661), seconds(800 * DAY) + 999_000] {
            assert_eq!(parse_timestamp(&timestamp(at)), Some(at));
        }
        assert_eq!(parse_timestamp("2026-01-01T00:01:00Z"), Some(seconds(60)));
        assert_eq!(parse_timestamp("1970-01-01T00:00:00Z"), Some(0));
        for wrong in ["", "2026-01-01", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00.1234Z", "soon"] {
            assert_eq!(parse_timestamp(wrong), None, "{wrong}");
        }
    }
}
