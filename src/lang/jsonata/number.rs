//! Numbers as JavaScript writes and rounds them.

/// The shortest text that is read back as the same number.
pub(super) fn number_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |mantissa| ("-", mantissa));
    let digits = mantissa.replace('.', "");
    let length = digits.len() as i32;
    // The point stands behind so many digits.
    let point = exponent + 1;
    if (1..=21).contains(&point) {
        if length <= point {
            return format!("{sign}{digits}{}", "0".repeat((point - length) as usize));
        }
        let (whole, rest) = digits.split_at(point as usize);
        return format!("{sign}{whole}.{rest}");
    }
    if (-5..=0).contains(&point) {
        return format!("{sign}0.{}{digits}", "0".repeat((-point) as usize));
    }
    let (first, rest) = digits.split_at(1);
    let rest = if rest.is_empty() { String::new() } else { format!(".{rest}") };
    format!("{sign}{first}{rest}e{}{}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// To fifteen digits, as `$string` writes numbers.
pub(super) fn precise(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// Half to even, at so many decimal places; digits are shifted as text, so that no error creeps in.
pub(super) fn round(number: f64, places: i32) -> f64 {
    let shifted = |number: f64, by: i32| -> f64 {
        let text = number_text(number);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent = exponent.parse::<i32>().unwrap_or_default().saturating_add(by);
        format!("{mantissa}e{exponent}").parse().unwrap_or(f64::NAN)
    };
    let scaled = if places == 0 { number } else { shifted(number, places) };
    let mut result = libm::floor(scaled + 0.5);
    if libm::fabs(result - scaled) == 0.5 && libm::fabs(libm::fmod(result, 2.0)) == 1.0 {
        result -= 1.0;
    }
    let result = if places == 0 { result } else { shifted(result, -places) };
    if result == 0.0 { 0.0 } else { result }
}

/// The whole part in another base.
pub(super) fn in_base(number: f64, base: u32) -> String {
    let mut rest = libm::fabs(libm::trunc(number));
    let mut digits = Vec::new();
    while rest >= 1.0 && digits.len() < 1_100 {
        let digit = libm::fmod(rest, f64::from(base));
        digits.push(char::from_digit(digit as u32, base).unwrap_or('0'));
        rest = libm::floor((rest - digit) / f64::from(base));
    }
    if digits.is_empty() {
        return "0".to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}", digits.into_iter().rev().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_javascript() {
        for (number, text) in [
            (0.0, "0"),
            (-1.5, "-1.5"),
            (100.0, "100"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e-6, "0.0000015"),
            (1e-7, "1e-7"),
            (1.25e-7, "1.25e-7"),
            (123_456.789, "123456.789"),
            (f64::MAX, "1.7976931348623157e+308"),
        ] {
            assert_eq!(number_text(number), text);
        }
        assert_eq!(number_text(precise(22.0 / 7.0)), "3.14285714285714");
    }

    #[test]
    fn halves_are_rounded_to_even() {
        for (number, places, rounded) in [
            (11.5, 0, 12.0),
            (12.5, 0, 12.0),
            (-0.5, 0, 0.0),
            (-1.5, 0, -2.0),
            (4.525, 2, 4.52),
            (4.515, 2, 4.52),
            (12345.0, -2, 12300.0),
        ] {
            assert_eq!(round(number, places), rounded, "{number} at {places}");
        }
        assert_eq!(
            (in_base(255.0, 16), in_base(-5.0, 2), in_base(0.0, 2)),
            ("ff".to_owned(), "-101".to_owned(), "0".to_owned())
        );
    }
}
