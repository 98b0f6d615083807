//! Durations and rates as the scene writes them: exact decimals with a unit, never floats.

use crate::engine::Micros;

const UNITS: [(&str, Micros); 6] =
    [("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000)];

/// A hundred years: sums of a few such durations still fit.
const LONGEST: Micros = 36_500 * 86_400_000_000;

/// Reads `"250ms"`, `"1.5s"`, `"5m"`, `"1h"`, `"2d"`, `"10us"`.
///
/// # Errors
/// A sentence that names the text and what is allowed.
pub fn parse_duration(text: &str) -> Result<Micros, String> {
    let wrong = || format!("\"{text}\" is not a duration; write a number and us, ms, s, m, h or d, such as \"250ms\"");
    if text.trim_start().starts_with('-') {
        return Err(format!("\"{text}\" is negative; a duration is 0s or more"));
    }
    let split = text.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at(split);
    let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit.trim()).ok_or_else(wrong)?;
    let (digits, decimals) = decimal(number.trim()).ok_or_else(wrong)?;
    let scaled = u128::from(digits) * u128::from(*scale) / 10_u128.pow(decimals);
    let micros = u64::try_from(scaled).ok().filter(|micros| *micros <= LONGEST);
    micros.ok_or_else(|| format!("\"{text}\" is too long; allowed are up to 36500d"))
}

/// The shortest exact form: `1500ms` as `1.5s` is not exact in one unit, so it stays `1500ms`.
#[must_use]
pub fn format_duration(micros: Micros) -> String {
    let fits = UNITS.iter().rev().find(|(_, scale)| micros != 0 && micros.is_multiple_of(*scale));
    let (unit, scale) = fits.unwrap_or(&("s", 1_000_000));
    format!("{}{unit}", micros / scale)
}

/// How many of something per time: `count` in `per` microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub count: u64,
    pub per: Micros,
}

/// Reads `"5/s"`, `"10/m"`, `"0.5/s"`, `"1000/h"`.
///
/// # Errors
/// A sentence that names the text and what is allowed.
pub fn parse_rate(text: &str) -> Result<Rate, String> {
    let wrong = || format!("\"{text}\" is not a rate; write a number, a slash and s, m or h, such as \"5/s\"");
    let (number, unit) = text.split_once('/').ok_or_else(wrong)?;
    let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit.trim()).ok_or_else(wrong)?;
    let (count, decimals) = decimal(number.trim()).ok_or_else(wrong)?;
    let per = scale.checked_mul(10_u64.pow(decimals)).ok_or_else(wrong)?;
    Ok(Rate { count, per })
}

/// A dial for rates goes by decades, from 0.1 to 1,000 a second.
const DIAL_DECADES: f64 = 4.0;
const DIAL_FROM: f64 = 0.1;

impl Rate {
    /// Where the rate stands on a dial by decades: 0.1 a second at 0, 1,000 a second at 1.
    #[must_use]
    pub fn on_dial(self) -> f64 {
        let per_second = self.count as f64 * 1e6 / self.per as f64;
        let decades = libm::log(per_second.max(DIAL_FROM) / DIAL_FROM) / std::f64::consts::LN_10;
        (decades / DIAL_DECADES).min(1.0)
    }
}

/// The rate at a place of that dial, to two digits: `0.35/s`, `4.2/s`, `87/s`, `640/s`.
#[must_use]
pub fn rate_at_dial(place: f64) -> String {
    let per_second = DIAL_FROM * libm::exp(place.clamp(0.0, 1.0) * DIAL_DECADES * std::f64::consts::LN_10);
    let mut hundredths = libm::rint(per_second * 100.0) as u64;
    let mut digit = 1;
    while hundredths / digit >= 100 {
        digit *= 10;
    }
    hundredths = (hundredths + digit / 2) / digit * digit;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    format!("{}/s", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Digits without their point, and how many stood behind it.
fn decimal(text: &str) -> Option<(u64, u32)> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits_only = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 6 || !digits_only(whole) || !digits_only(part) {
        return None;
    }
    Some((format!("{whole}{part}").parse().ok()?, u32::try_from(part.len()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_exact() {
        assert_eq!(parse_duration("250ms"), Ok(250_000));
        assert_eq!(parse_duration("1.5s"), Ok(1_500_000));
        assert_eq!(parse_duration("1h"), Ok(3_600_000_000));
        assert_eq!(parse_duration("36500d"), Ok(LONGEST));
        for wrong in ["36500.1d", "99999999999999s", "", "5", "s", "-1s", "1,5s", "1e3s", "5 parsecs"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
        for micros in [0, 1, 250_000, 1_500_000, 60_000_000, 86_400_000_000] {
            assert_eq!(parse_duration(&format_duration(micros)), Ok(micros));
        }
    }

    #[test]
    fn rates_keep_their_decimals() {
        assert_eq!(parse_rate("5/s"), Ok(Rate { count: 5, per: 1_000_000 }));
        assert_eq!(parse_rate("0.5/s"), Ok(Rate { count: 5, per: 10_000_000 }));
        assert!(parse_rate("5 per s").is_err());
    }

    #[test]
    fn a_dial_gives_back_the_rate_it_stands_at() {
        for text in ["0.1/s", "0.35/s", "1/s", "4.2/s", "87/s", "640/s", "1000/s"] {
            let rate = parse_rate(text).expect("it is a rate");
            assert_eq!(rate_at_dial(rate.on_dial()), text);
        }
        assert_eq!(parse_rate("5000/s").map(Rate::on_dial), Ok(1.0));
        assert_eq!(parse_rate("0/s").map(Rate::on_dial), Ok(0.0));
    }
}
