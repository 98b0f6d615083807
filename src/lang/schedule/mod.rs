//! Schedule expressions of EventBridge: `rate(5 minutes)`, `cron(0 9 ? * MON-FRI *)`, `at(2026-01-01T00:00:30)`
//! (EB-18, EB-24), and when they next fire.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>

mod cron;
mod zone;

pub use cron::Cron;
pub use zone::Zone;

use crate::engine::Micros;
use crate::lang::instant::{MINUTE_US, instant_text, parse_instant};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Once. In the zone's local time.
    At(Micros),
    /// From its start on, again and again.
    Rate(Micros),
    Cron(Cron),
}

impl Schedule {
    /// # Errors
    /// What AWS would refuse, in a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let inside = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(inside) = inside("rate") {
            return rate(inside).map(Self::Rate);
        }
        if let Some(inside) = inside("cron") {
            return Cron::parse(inside).map(Self::Cron);
        }
        if let Some(inside) = inside("at") {
            let at = Some(format!("{inside}Z")).filter(|text| is_whole(text)).and_then(|text| parse_instant(&text));
            let at = at.ok_or_else(|| format!("at({inside}) is not a time; write at(yyyy-mm-ddThh:mm:ss)"))?;
            return Ok(Self::At(at));
        }
        Err(format!(
            "\"{text}\" is not a schedule; write rate(5 minutes), cron(0 12 * * ? *) or at(2026-01-01T00:01:00)"
        ))
    }

    #[must_use]
    pub fn is_once(&self) -> bool {
        matches!(self, Self::At(_))
    }

    /// The first time at or after `from` at which it fires. A rate counts from `start`, which is its first.
    #[must_use]
    pub fn next(&self, from: Micros, start: Micros, zone: &Zone) -> Option<Micros> {
        match self {
            Self::At(local) => zone.utc(*local as i64).filter(|at| *at >= from),
            Self::Rate(every) => Some(start + from.saturating_sub(start).div_ceil(*every) * every),
            Self::Cron(cron) => cron.next(from, zone),
        }
    }
}

/// Whether a time has all its digits, no decimals, and a day that its month has.
fn is_whole(text: &str) -> bool {
    let shape = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "0");
    shape(text) == "0000-00-00T00:00:00Z"
        && parse_instant(text).is_some_and(|at| at == 0 || instant_text(at)[..19] == text[..19])
}

/// AWS takes neither signs nor blanks.
fn digits(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn rate(text: &str) -> Result<Micros, String> {
    let wrong =
        || format!("rate({text}) is not a rate; write rate(1 minute) or rate(5 minutes), with minutes, hours or days");
    let (number, unit) = text.split_once(' ').ok_or_else(wrong)?;
    let number = digits(number).ok_or_else(wrong)?;
    let unit = if number == 1 { unit } else { unit.strip_suffix('s').ok_or_else(wrong)? };
    let minutes = match unit {
        "minute" => 1,
        "hour" => 60,
        "day" => 1_440,
        _ => return Err(wrong()),
    };
    number.checked_mul(minutes * MINUTE_US).filter(|every| *every > 0).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fires(expression: &str, zone: &str, from: &str, count: usize) -> Vec<String> {
        let schedule = Schedule::parse(expression).expect(expression);
        let zone = Zone::from_name(zone).expect(zone);
        let start = parse_instant(from).expect(from);
        let (mut at, mut times) = (start, Vec::new());
        while times.len() < count {
            let Some(next) = schedule.next(at, start, &zone) else { break };
            times.push(instant_text(next)[..16].to_owned());
            at = next + 1;
        }
        times
    }

    #[test]
    fn a_rate_begins_at_once() {
        let times = fires("rate(5 minutes)", "UTC", "2026-01-01T12:02:30Z", 3);
        assert_eq!(times, ["2026-01-01T12:02", "2026-01-01T12:07", "2026-01-01T12:12"]);
    }

    #[test]
    fn a_cron_expression_names_minutes() {
        let all = |text: &str, count| fires(&format!("cron({text})"), "UTC", "2026-01-01T00:00:30Z", count);
        assert_eq!(all("0 9 ? * MON-FRI *", 3), ["2026-01-01T09:00", "2026-01-02T09:00", "2026-01-05T09:00"]);
        assert_eq!(all("0/15 8-9 1 * ? *", 3), ["2026-01-01T08:00", "2026-01-01T08:15", "2026-01-01T08:30"]);
        assert_eq!(all("30 10 L * ? *", 2), ["2026-01-31T10:30", "2026-02-28T10:30"]);
        assert_eq!(all("0 0 LW * ? *", 2), ["2026-01-30T00:00", "2026-02-27T00:00"]);
        assert_eq!(all("0 0 1W * ? *", 3), ["2026-02-02T00:00", "2026-03-02T00:00", "2026-04-01T00:00"]);
        assert_eq!(all("0 0 ? * 6#3 *", 2), ["2026-01-16T00:00", "2026-02-20T00:00"]);
        assert_eq!(all("0 0 ? * FRIL *", 2), ["2026-01-30T00:00", "2026-02-27T00:00"]);
        assert_eq!(all("0 0 29 FEB ? *", 2), ["2028-02-29T00:00", "2032-02-29T00:00"]);
        assert_eq!(all("5,10 0 1 1 ? 2026", 9), ["2026-01-01T00:05", "2026-01-01T00:10"]);
    }

    /// EB-24: a local time that is skipped does not run, one that comes twice runs once.
    #[test]
    fn clocks_that_change_skip_or_run_once() {
        let berlin = |from| fires("cron(30 2 * * ? *)", "Europe/Berlin", from, 3);
        assert_eq!(berlin("2026-03-28T00:00:00Z"), ["2026-03-28T01:30", "2026-03-30T00:30", "2026-03-31T00:30"]);
        assert_eq!(berlin("2026-10-24T00:00:00Z"), ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]);
        let york = fires("cron(0 9 * * ? *)", "America/New_York", "2026-03-07T00:00:00Z", 2);
        assert_eq!(york, ["2026-03-07T14:00", "2026-03-08T13:00"]);
        let once = fires("at(2026-07-01T09:00:00)", "Europe/London", "2026-01-01T00:00:00Z", 5);
        assert_eq!(once, ["2026-07-01T08:00"]);
        let sydney = fires("cron(0 9 * * ? *)", "Australia/Sydney", "2026-04-03T00:00:00Z", 2);
        assert_eq!(sydney, ["2026-04-03T22:00", "2026-04-04T23:00"]);
    }

    #[test]
    fn what_aws_takes_is_taken() {
        for right in [
            "rate(1 minute)",
            "rate(10 minutes)",
            "rate(1 day)",
            "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)",
            "cron(30-30 13-13 ? * 2,4,6 *)",
            "cron(1-31/30 1-1 ? * 1,7 *)",
            "cron(*/15 * * * ? *)",
            "cron(0-59/10 0-23/2 ? * * *)",
            "cron(0/59 0/23 1/31 1/12 ? 2026/2)",
            "cron(* * ? * SAT#3 *)",
            "cron(15 10 ? * 6L 2002-2005)",
            "cron(0/5 5 ? JAN 1-5 2022)",
            "at(2022-12-31T23:59:59)",
            "at(2028-02-29T00:00:00)",
        ] {
            assert!(Schedule::parse(right).is_ok(), "{right}");
        }
    }

    #[test]
    fn what_aws_refuses_is_refused() {
        for wrong in [
            "",
            "rate(5)",
            "rate(1 minutes)",
            "rate(5 minute)",
            "rate(0 minutes)",
            "rate(5 seconds)",
            "every 5 minutes",
            "cron(0 9 * * *)",
            "cron(0 9 * * * *)",
            "cron(0 9 ? * ? *)",
            "cron(60 9 * * ? *)",
            "cron(0 24 * * ? *)",
            "cron(0 9 32 * ? *)",
            "cron(0 9 ? * 8 *)",
            "cron(0 9 * 13 ? *)",
            "cron(0 9 * * ? 1969)",
            "cron(5-1 9 * * ? *)",
            "cron(0/0 9 * * ? *)",
            "cron(0 9 ? * 2#6 *)",
            " rate(5 minutes)",
            "rate(5 minutes) ",
            "rate (5 minutes)",
            "rate( 5 minutes)",
            "rate(5 minutes )",
            "rate(5  minutes)",
            "rate(5\tminutes)",
            "rate(5 MINUTES)",
            "Rate(5 minutes)",
            "rate(+5 minutes)",
            "rate(-5 minutes)",
            "rate(1.5 hours)",
            "rate(five minutes)",
            "rate(5 minutess)",
            "rate(2 weeks)",
            "rate()",
            " cron(0 9 * * ? *)",
            "cron(0 9 * * ? *) ",
            "cron( 0 9 * * ? *)",
            "cron(0 9 * * ? * )",
            "cron(0\t9 * * ? *)",
            "CRON(0 9 * * ? *)",
            "cron(*/60 * * * ? *)",
            "cron(0/60 * * * ? *)",
            "cron(0-30/60 * * * ? *)",
            "cron(1,*/61 * * * ? *)",
            "cron(0 */24 * * ? *)",
            "cron(0 0 */32 * ? *)",
            "cron(0 0 1 */13 ? *)",
            "cron(0 0 ? * 1/8 *)",
            "cron(+5 9 * * ? *)",
            "cron(0 9 ? * MON#+1 *)",
            "cron(0 9 32W * ? *)",
            "cron(0 9 0W * ? *)",
            "cron(0 9 L-3 * ? *)",
            "cron(0 9 ? * 8L *)",
            "cron(0 9 ? * MON#0 *)",
            "cron(0 9 ? FOO MON *)",
            "cron(0 9 ? * FOO *)",
            "cron(0 9 * * ? 2200)",
            "cron(? 9 * * ? *)",
            "cron()",
            "at(soon)",
            "at( 2026-01-01T00:00:00)",
            "at(2026-01-01T00:00:00Z)",
            "at(2026-01-01T00:00:00.5)",
            "at(2026-1-1T0:0:0)",
            "at(2026-02-30T00:00:00)",
            "at(2026-01-01 00:00:00)",
            "At(2026-01-01T00:00:00)",
            "at(2026-01-01)",
        ] {
            assert!(Schedule::parse(wrong).is_err(), "{wrong}");
        }
    }
}
