//! Durations and rates as a scene spells them: `250ms`, `1.5s`, `0.5/s`. Exact decimals, no floats.

/// Microseconds in each unit, from the largest.
const UNITS: [(&str, u64); 6] =
    [("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1)];

/// Reads a duration as microseconds: a decimal number and one unit of `us ms s m h d`.
pub fn parse_duration(text: &str) -> Result<u64, String> {
    let trimmed = text.trim();
    let unit_at = trimmed.find(|character: char| character.is_ascii_alphabetic());
    let Some((number, unit)) = unit_at.map(|at| trimmed.split_at(at)) else {
        return Err(format!("duration {text:?} has no unit: write it as 250ms, 2s, 5m, 1h or 1d"));
    };
    let unit_us =
        unit_us(unit).ok_or_else(|| format!("duration {text:?} has no known unit: use us, ms, s, m, h or d"))?;
    let decimal = Decimal::parse(number).ok_or_else(|| format!("duration {text:?} does not start with a number"))?;
    let total = u128::from(decimal.digits) * u128::from(unit_us);
    let scale = u128::from(decimal.scale);
    if total % scale != 0 {
        return Err(format!("duration {text:?} is finer than a microsecond"));
    }
    u64::try_from(total / scale).map_err(|_| format!("duration {text:?} is too long"))
}

/// Writes microseconds in the shortest form that is exact; it never starts with `0.`, so half a second is `500ms`.
pub fn format_duration(duration_us: u64) -> String {
    if duration_us == 0 {
        return "0s".to_owned();
    }
    let forms = UNITS.iter().filter(|(_, unit_us)| duration_us >= *unit_us);
    let exact = forms.filter_map(|(unit, unit_us)| exact_decimal(duration_us, *unit_us).map(|number| number + unit));
    // The first of the shortest: the largest unit wins a tie.
    exact.min_by_key(String::len).unwrap_or_else(|| format!("{duration_us}us"))
}

/// Reads a rate such as `5/s`, `10/m`, `0.5/s` as a count per a number of microseconds, both whole and exact.
pub fn parse_rate(text: &str) -> Result<(u64, u64), String> {
    let Some((count, unit)) = text.trim().split_once('/') else {
        return Err(format!("rate {text:?} has no unit: write it as 5/s, 10/m or 0.5/s"));
    };
    let unit_us =
        unit_us(unit.trim()).ok_or_else(|| format!("rate {text:?} has no known unit: use us, ms, s, m, h or d"))?;
    let decimal = Decimal::parse(count.trim()).ok_or_else(|| format!("rate {text:?} does not start with a number"))?;
    let per_us = unit_us.checked_mul(decimal.scale).ok_or_else(|| format!("rate {text:?} has too many decimals"))?;
    Ok((decimal.digits, per_us))
}

fn unit_us(unit: &str) -> Option<u64> {
    UNITS.iter().find(|(name, _)| *name == unit).map(|(_, unit_us)| *unit_us)
}

/// `digits / scale`, where the scale is a power of ten as small as can be.
struct Decimal {
    digits: u64,
    scale: u64,
}

impl Decimal {
    fn parse(text: &str) -> Option<Decimal> {
        let (whole, fraction) = match text.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction.trim_end_matches('0')),
            None => (text, ""),
        };
        let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !only_digits(whole) || !only_digits(fraction) {
            return None;
        }
        let scale = 10u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let fraction = if fraction.is_empty() { 0 } else { fraction.parse::<u64>().ok()? };
        let digits = whole.parse::<u64>().ok()?.checked_mul(scale)?.checked_add(fraction)?;
        Some(Decimal { digits, scale })
    }
}

/// `numerator / denominator` as a decimal, if it has an end.
fn exact_decimal(numerator: u64, denominator: u64) -> Option<String> {
    let mut text = (numerator / denominator).to_string();
    let mut rest = u128::from(numerator % denominator);
    if rest > 0 {
        text.push('.');
    }
    // A unit is 2^a·5^b·3^c microseconds with a, b < 20: what has an end has it within 20 digits.
    for _ in 0..20 {
        if rest == 0 {
            return Some(text);
        }
        rest *= 10;
        text.push_str(&(rest / u128::from(denominator)).to_string());
        rest %= u128::from(denominator);
    }
    (rest == 0).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{format_duration, parse_duration, parse_rate};

    #[test]
    fn durations_are_read_exactly() {
        let cases = [
            ("250ms", 250_000),
            ("2s", 2_000_000),
            ("5m", 300_000_000),
            ("1h", 3_600_000_000),
            ("1.5s", 1_500_000),
            ("10us", 10),
            ("1d", 86_400_000_000),
            ("0s", 0),
            ("0.000001s", 1),
            ("1.10ms", 1_100),
            (" 3s ", 3_000_000),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_duration(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn durations_that_cannot_be_read_are_named() {
        let refused =
            ["", "5", "s", "5 s", "-1s", "1.s", ".5s", "1e3s", "1.5us", "5y", "999999999999d", "1.2.3s", "0.0000001s"];
        for text in refused {
            let error = parse_duration(text).expect_err(text);
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
    }

    #[test]
    fn durations_are_written_in_the_shortest_exact_form() {
        let cases = [
            (0, "0s"),
            (1, "1us"),
            (1_500, "1.5ms"),
            (250_000, "250ms"),
            (1_500_000, "1.5s"),
            (60_000_000, "1m"),
            (90_000_000, "90s"),
            (5_400_000_000, "90m"),
            (86_400_000_000, "1d"),
            (1_000_001, "1.000001s"),
            (u64::MAX, "307445734561.82586025m"),
        ];
        for (duration_us, expected) in cases {
            assert_eq!(format_duration(duration_us), expected);
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut duration_us = 1u64;
        for step in 0..20_000u64 {
            assert_eq!(parse_duration(&format_duration(duration_us)), Ok(duration_us));
            duration_us = duration_us.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step) >> (step % 64);
        }
    }

    #[test]
    fn rates_scale_both_sides() {
        let cases = [
            ("5/s", (5, 1_000_000)),
            ("10/m", (10, 60_000_000)),
            ("0.5/s", (5, 10_000_000)),
            ("1000/h", (1000, 3_600_000_000)),
            ("2.50/s", (25, 10_000_000)),
            ("0/s", (0, 1_000_000)),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_rate(text), Ok(expected), "{text}");
        }
        for text in ["5", "/s", "5/", "5/y", "-5/s", "five/s", "1./s"] {
            let error = parse_rate(text).expect_err(text);
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
    }
}
