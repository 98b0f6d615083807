//! When the next messages come: constant, Poisson, burst, ramp.

use crate::engine::{Micros, Stream};
use crate::lang::duration::Rate;
use crate::services::{Property, PropertyKind, knob};

/// The choice, for the form of whatever produces at a rate.
pub const ARRIVALS: Property = knob(
    "Arrivals",
    "Arrivals",
    PropertyKind::Choice(&["Constant", "Poisson", "Burst", "Ramp"]),
    "\"Constant\"",
    "Evenly spaced; at random; ten at once; or growing from nothing to the rate in a minute.",
    "",
);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrivals {
    Constant,
    Poisson,
    /// Ten at once, then silence, at the same mean rate.
    Burst,
    /// From nothing to the rate, linearly, in a minute.
    Ramp,
}

/// Messages of one burst.
pub const BURST: u64 = 10;
/// How long a ramp climbs.
const RAMP: Micros = 60_000_000;

impl Arrivals {
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "Poisson" => Self::Poisson,
            "Burst" => Self::Burst,
            "Ramp" => Self::Ramp,
            _ => Self::Constant,
        }
    }

    /// Messages sent at one arrival.
    #[must_use]
    pub fn at_once(self) -> u64 {
        if self == Self::Burst { BURST } else { 1 }
    }

    /// The time of arrival number `index` (from 0), counted from `start`, given the one before it.
    ///
    /// Constant arrivals are computed from the start, so rounding to whole microseconds never adds up.
    pub fn next(self, rate: Rate, index: u64, start: Micros, last: Micros, stream: &mut Stream) -> Micros {
        let spaced = |n: u64, each: u64| {
            let span = u128::from(n) * u128::from(each) * u128::from(rate.per) / u128::from(rate.count.max(1));
            start.saturating_add(u64::try_from(span).unwrap_or(u64::MAX))
        };
        match self {
            Self::Constant => spaced(index, 1),
            Self::Burst => spaced(index, BURST),
            Self::Poisson => last
                .saturating_add(libm::rint(stream.exponential() * rate.per as f64 / rate.count.max(1) as f64) as u64),
            Self::Ramp => {
                // Arrivals by time t of a climbing rate are rate·t²/2T: message n comes at √(2nT/rate).
                let by_end = RAMP as f64 * rate.count as f64 / rate.per as f64 / 2.0;
                let n = index as f64;
                let after = if n < by_end {
                    libm::sqrt(2.0 * n * RAMP as f64 * rate.per as f64 / rate.count.max(1) as f64)
                } else {
                    RAMP as f64 + (n - by_end) * rate.per as f64 / rate.count.max(1) as f64
                };
                start.saturating_add(libm::rint(after) as u64)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_rate_does_not_drift() {
        let mut stream = Stream::new(1, "p", "t");
        let rate = Rate { count: 3, per: 1_000_000 };
        assert_eq!(Arrivals::Constant.next(rate, 3_000, 0, 0, &mut stream), 1_000_000_000);
    }

    #[test]
    fn a_ramp_reaches_its_rate() {
        let mut stream = Stream::new(1, "p", "t");
        let rate = Rate { count: 10, per: 1_000_000 };
        let mut at = |n| Arrivals::Ramp.next(rate, n, 0, 0, &mut stream);
        assert_eq!(at(300), 60_000_000);
        assert_eq!(at(310) - at(300), 1_000_000);
        assert!(at(20) - at(10) > at(200) - at(190));
    }
}
