//! Numbers that have to be short: a card has only so much room, however long a run goes on.

/// `12,345`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Exact up to a million, then three digits: `12,345`, `1.23 M`, `45.6 G`.
#[must_use]
pub fn compact(number: u64) -> String {
    if number < 1_000_000 { grouped(number) } else { three_digits(number) }
}

/// Exact up to ten thousand, then three digits: `9,999`, `12.3 k`.
#[must_use]
pub fn brief(number: u64) -> String {
    if number < 10_000 { grouped(number) } else { three_digits(number) }
}

#[inline(never)] // second part
fn three_digits(number: u64) -> String {
    const UNITS: [(u64, char); 5] =
        [(1_000_000_000_000_000, 'P'), (1_000_000_000_000, 'T'), (1_000_000_000, 'G'), (1_000_000, 'M'), (1_000, 'k')];
    let Some((unit, letter)) = UNITS.into_iter().find(|(unit, _)| number >= *unit) else { return grouped(number) };
    // Cut, not rounded: a count is never told larger than it is.
    let (whole, part) = (number / unit, number % unit / (unit / 100));
    match whole {
        0..10 => format!("{whole}.{part:02} {letter}"),
        10..100 => format!("{whole}.{} {letter}", part / 10),
        _ => format!("{} {letter}", grouped(whole)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_short_however_much_it_counts() {
        for (number, text) in [
            (0, "0"),
            (999_999, "999,999"),
            (1_000_000, "1.00 M"),
            (1_239_999, "1.23 M"),
            (45_678_901, "45.6 M"),
            (999_999_999, "999 M"),
            (12_345_678_901, "12.3 G"),
            (u64::MAX, "18,446 P"),
        ] {
            assert_eq!(compact(number), text);
        }
        assert_eq!(brief(9_999), "9,999");
        assert_eq!(brief(12_345), "12.3 k");
    }
}
