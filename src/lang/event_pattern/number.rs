//! Numbers as patterns compare them: by value, so that 300 is 300.0 (EB-10).

use serde_json::Number;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// What digits behind the point divide by.
const TENS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// A number of the pattern, parsed once.
///
/// Ruler compares binary64. Two integers are compared as integers here: they are the only case where both sides are
/// exact beyond 2^53, and no two different identifiers should match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Num {
    integer: Option<i128>,
    float: f64,
}

impl Num {
    pub(crate) fn of(number: &Number) -> Num {
        let integer = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
        // JSON text cannot spell a number that is not finite, so this never defaults.
        Num { integer, float: number.as_f64().unwrap_or(0.0) }
    }

    /// A number of a JSON text, with the value that [`Num::of`] gives it.
    pub(crate) fn read(text: &str) -> Option<Num> {
        let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
        let (mut value, mut point) = (0_i64, None);
        for (place, digit) in digits.iter().enumerate() {
            match digit {
                b'0'..=b'9' => value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')),
                b'.' if point.is_none() && place > 0 && place + 1 < digits.len() => {
                    point = Some(digits.len() - place - 1)
                }
                _ => return Num::read_any(text),
            }
        }
        // So few digits are exact in binary64, and so is the power of ten: one division rounds as reading does.
        if digits.is_empty() || digits.len() > TENS.len() {
            return Num::read_any(text);
        }
        if digits.len() < text.len() {
            value = -value;
        }
        Some(match point {
            None => Num { integer: Some(i128::from(value)), float: value as f64 },
            Some(behind) => Num { integer: None, float: value as f64 / TENS[behind] },
        })
    }

    #[cold]
    fn read_any(text: &str) -> Option<Num> {
        serde_json::from_str::<Number>(text).ok().as_ref().map(Num::of)
    }

    pub(crate) fn order(&self, other: &Num) -> Ordering {
        match (self.integer, other.integer) {
            (Some(a), Some(b)) => a.cmp(&b),
            // `-0.0` must equal `0`, so no `total_cmp`; not-a-number does not occur.
            _ => self.float.partial_cmp(&other.float).unwrap_or(Ordering::Equal),
        }
    }

    pub(crate) fn equals(&self, other: &Num) -> bool {
        self.order(other) == Ordering::Equal
    }

    pub(crate) fn as_f64(&self) -> f64 {
        self.float
    }

    /// SNS: from −10^9 to 10^9 (SNS-22).
    pub(crate) fn within_a_billion(&self) -> bool {
        (-1e9..=1e9).contains(&self.float)
    }
}

/// Numbers that are equal have one hash.
impl Hash for Num {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Zero has two signs and is one number.
        state.write(&if self.float == 0.0 { 0 } else { self.float.to_bits() }.to_le_bytes());
    }
}

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.integer {
            Some(integer) => write!(f, "{integer}"),
            None => write!(f, "{}", self.float),
        }
    }
}

/// One end of a range.
#[derive(Clone, Copy, Debug, Hash, PartialEq)]
pub(crate) struct Bound {
    pub(crate) at: Num,
    /// The end itself belongs to the range.
    pub(crate) closed: bool,
}

/// `numeric` with one or two bounds.
#[derive(Clone, Copy, Debug, Hash, PartialEq)]
pub(crate) struct Range {
    pub(crate) bottom: Option<Bound>,
    pub(crate) top: Option<Bound>,
}

impl Range {
    pub(crate) fn contains(&self, number: &Num) -> bool {
        let above = |bound: &Bound| match number.order(&bound.at) {
            Ordering::Greater => true,
            Ordering::Equal => bound.closed,
            Ordering::Less => false,
        };
        let below = |bound: &Bound| match number.order(&bound.at) {
            Ordering::Less => true,
            Ordering::Equal => bound.closed,
            Ordering::Greater => false,
        };
        self.bottom.as_ref().is_none_or(above) && self.top.as_ref().is_none_or(below)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = |closed: bool| if closed { "=" } else { "" };
        if let Some(bottom) = &self.bottom {
            write!(f, ">{} {}", sign(bottom.closed), bottom.at)?;
        }
        if self.bottom.is_some() && self.top.is_some() {
            write!(f, " and ")?;
        }
        if let Some(top) = &self.top {
            write!(f, "<{} {}", sign(top.closed), top.at)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Num;

    #[test]
    fn text_reads_as_its_value() {
        let texts =
            ["0", "-0", "7", "-12", "300.0", "0.1", "-2.5", "123456.789012", "999999999999999", "1e3", "1.5E-3"];
        let long =
            ["9007199254740993", "18446744073709551615", "18446744073709551616", "0.1234567890123456789", "-1e400"];
        for text in texts.iter().chain(&long) {
            let value = serde_json::from_str::<serde_json::Number>(text).ok();
            let (read, given) = (Num::read(text), value.as_ref().map(Num::of));
            assert_eq!(read.map(|number| number.float), given.map(|number| number.float), "{text}");
            assert!(read.zip(given).is_none_or(|(read, given)| read.equals(&given)), "{text}");
        }
        for text in ["", "-", "1.2.3", "x", "1a", "."] {
            assert_eq!(Num::read(text), None, "{text}");
        }
    }
}
