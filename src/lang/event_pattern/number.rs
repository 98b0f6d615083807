//! Numbers as patterns compare them: by value, so that 300 is 300.0 (EB-10).

use serde_json::Number;
use std::cmp::Ordering;
use std::fmt;

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

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.integer {
            Some(integer) => write!(f, "{integer}"),
            None => write!(f, "{}", self.float),
        }
    }
}

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) at: Num,
    /// The end itself belongs to the range.
    pub(crate) closed: bool,
}

/// `numeric` with one or two bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
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
