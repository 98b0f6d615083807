//! A number as a table keeps it: decimal, exact, of up to 38 digits (DDB-3).

use std::cmp::Ordering;
use std::fmt;

const DIGITS_MAX: u32 = 38;
const MAGNITUDE_MAX: i32 = 125;
const MAGNITUDE_MIN: i32 = -130;

/// `digits` × 10^`exponent`; the digits do not end in 0, and zero has the exponent 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    is_negative: bool,
    digits: u128,
    exponent: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    NotANumber,
    Overflow,
    Underflow,
    TooManyDigits,
}

impl Decimal {
    const ZERO: Self = Self { is_negative: false, digits: 0, exponent: 0 };
    pub const ONE: Self = Self { is_negative: false, digits: 1, exponent: 0 };

    /// # Errors
    /// Where the text is no number, or one that a table does not keep.
    pub fn read(text: &str) -> Result<Self, NumberError> {
        let (is_negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power_of(power)?),
            None => (rest, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = || whole.bytes().chain(part.bytes());
        if !all().all(|byte| byte.is_ascii_digit()) || all().next().is_none() {
            return Err(NumberError::NotANumber);
        }
        let count = whole.len() + part.len();
        let zeros_before = all().take_while(|byte| *byte == b'0').count();
        let zeros_behind = all().rev().take_while(|byte| *byte == b'0').count();
        if zeros_before == count {
            return Ok(Self::ZERO);
        }
        let significant = count - zeros_before - zeros_behind;
        // Texts are far shorter than 2^31 characters, and so large a power is refused below all the same.
        let moved = zeros_behind as i64 - part.len() as i64;
        let exponent = power.saturating_add(moved).clamp(-1_000_000, 1_000_000) as i32;
        let magnitude = i64::from(exponent) + significant as i64 - 1;
        if magnitude > i64::from(MAGNITUDE_MAX) {
            return Err(NumberError::Overflow);
        }
        if magnitude < i64::from(MAGNITUDE_MIN) {
            return Err(NumberError::Underflow);
        }
        if significant > DIGITS_MAX as usize {
            return Err(NumberError::TooManyDigits);
        }
        let kept = all().skip(zeros_before).take(significant);
        let digits = kept.fold(0_u128, |sum, byte| sum * 10 + u128::from(byte - b'0'));
        Ok(Self { is_negative, digits, exponent })
    }

    #[must_use]
    pub fn negated(self) -> Self {
        Self { is_negative: !self.is_negative && self.digits != 0, ..self }
    }

    /// # Errors
    /// Where the sum is no number that a table keeps.
    pub fn plus(self, other: Self) -> Result<Self, NumberError> {
        if self.digits == 0 || other.digits == 0 {
            return Ok(if self.digits == 0 { other } else { self });
        }
        let exponent = self.exponent.min(other.exponent);
        let aligned = |one: Self| {
            let power = 10_u128.checked_pow(one.exponent.abs_diff(exponent))?;
            one.digits.checked_mul(power)
        };
        let (one, two) = aligned(self).zip(aligned(other)).ok_or(NumberError::TooManyDigits)?;
        let (is_negative, digits) = if self.is_negative == other.is_negative {
            (self.is_negative, one.checked_add(two).ok_or(NumberError::TooManyDigits)?)
        } else {
            (if one >= two { self.is_negative } else { other.is_negative }, one.abs_diff(two))
        };
        Self::kept(is_negative, digits, exponent)
    }

    fn kept(is_negative: bool, mut digits: u128, mut exponent: i32) -> Result<Self, NumberError> {
        if digits == 0 {
            return Ok(Self::ZERO);
        }
        while digits.is_multiple_of(10) {
            digits /= 10;
            exponent += 1;
        }
        let sum = Self { is_negative, digits, exponent };
        match sum.magnitude() {
            magnitude if magnitude > MAGNITUDE_MAX => Err(NumberError::Overflow),
            magnitude if magnitude < MAGNITUDE_MIN => Err(NumberError::Underflow),
            _ if digits.ilog10() >= DIGITS_MAX => Err(NumberError::TooManyDigits),
            _ => Ok(sum),
        }
    }

    /// The power of ten of its first digit.
    fn magnitude(self) -> i32 {
        self.exponent + self.digits.checked_ilog10().unwrap_or(0) as i32
    }

    /// Bytes that it takes: one for each two digits, one more, and one for a minus (DDB-2).
    #[must_use]
    pub fn size(self) -> u64 {
        let digits = self.digits.checked_ilog10().map_or(0, |log| log + 1);
        u64::from(digits.div_ceil(2)) + 1 + u64::from(self.is_negative)
    }

    /// The digits as if there were 38 of them.
    fn filled(self) -> u128 {
        self.digits.checked_ilog10().map_or(0, |log| self.digits * 10_u128.pow(DIGITS_MAX - 1 - log))
    }
}

/// The power behind an `e`; a huge one is as good as any other beyond the bounds.
fn power_of(text: &str) -> Result<i64, NumberError> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberError::NotANumber);
    }
    let size = digits.parse::<i32>().map_or(i64::from(i32::MAX), i64::from);
    Ok(if text.starts_with('-') { -size } else { size })
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |one: &Self| if one.digits == 0 { 0 } else { 1 - 2 * i32::from(one.is_negative) };
        sign(self).cmp(&sign(other)).then_with(|| {
            let sizes = (self.magnitude(), self.filled()).cmp(&(other.magnitude(), other.filled()));
            if self.is_negative { sizes.reverse() } else { sizes }
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Without an exponent, as the API writes them.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits.to_string();
        let minus = if self.is_negative { "-" } else { "" };
        let before = digits.len() as i32 + self.exponent;
        if self.exponent >= 0 {
            write!(f, "{minus}{digits}{}", "0".repeat(self.exponent as usize))
        } else if before > 0 {
            let (whole, part) = digits.split_at(before as usize);
            write!(f, "{minus}{whole}.{part}")
        } else {
            write!(f, "{minus}0.{}{digits}", "0".repeat(before.unsigned_abs() as usize))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(of: &str) -> String {
        Decimal::read(of).map_or_else(|error| format!("{error:?}"), |number| number.to_string())
    }

    #[test]
    fn numbers_are_kept_without_what_does_not_count() {
        let huge = format!("1{}", "0".repeat(125));
        for (given, kept) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("007", "7"),
            ("1.50", "1.5"),
            ("1e3", "1000"),
            ("-2.5E-3", "-0.0025"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e125", &*huge),
            ("1e126", "Overflow"),
            ("1e-131", "Underflow"),
            ("1e99999999999999999999", "Overflow"),
            ("123456789012345678901234567890123456789", "TooManyDigits"),
            ("", "NotANumber"),
            ("-", "NotANumber"),
            ("1e", "NotANumber"),
            ("1.2.3", "NotANumber"),
            ("x", "NotANumber"),
        ] {
            assert_eq!(text(given), kept, "{given}");
        }
    }

    #[test]
    fn sums_are_exact_and_order_goes_by_value() {
        let read = |text: &str| Decimal::read(text).expect("it is a number");
        let sum = |one: &str, two: &str| read(one).plus(read(two)).map(|sum| sum.to_string());
        for (one, two, wanted) in
            [("0.1", "0.2", "0.3"), ("5", "-5", "0"), ("5", "-7.5", "-2.5"), ("999", "1", "1000"), ("0", "3", "3")]
        {
            assert_eq!(sum(one, two).as_deref(), Ok(wanted));
        }
        assert_eq!(sum("1e60", "1e-20"), Err(NumberError::TooManyDigits));
        assert_eq!(sum("99999999999999999999999999999999999999", "0.1"), Err(NumberError::TooManyDigits));
        let order = ["-1e9", "-2", "-1.5", "0", "0.0001", "1", "1.5", "2", "10", "1e9"];
        assert!(order.windows(2).all(|pair| read(pair[0]) < read(pair[1])));
        assert_eq!(read("3").negated().to_string(), "-3");
        assert_eq!([read("0").size(), read("12").size(), read("-123").size()], [1, 2, 4]);
    }
}
