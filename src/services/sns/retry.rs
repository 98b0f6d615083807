//! How long SNS waits before it tries a subscription again: four phases (SNS-14 … SNS-17).

use crate::engine::{MICROS_PER_MILLI, Micros, seconds};

/// The function of the backoff phase. AWS shows the shapes as a picture only: these are our model (SNS-17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backoff {
    Arithmetic,
    Exponential,
    Geometric,
    Linear,
}

impl Backoff {
    pub const NAMES: [&'static str; 4] = ["arithmetic", "exponential", "geometric", "linear"];

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let place = Self::NAMES.iter().position(|known| *known == name)?;
        Some([Self::Arithmetic, Self::Exponential, Self::Geometric, Self::Linear][place])
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The wait of step `step` of `steps`, in seconds.
    fn seconds(self, step: u32, steps: u32, min: f64, max: f64) -> f64 {
        let part = if steps > 1 { f64::from(step) / f64::from(steps - 1) } else { 0.0 };
        match self {
            Self::Linear => min + (max - min) * part,
            Self::Arithmetic => min + (max - min) * part * part,
            Self::Exponential => min * libm::pow(max / min, part),
            Self::Geometric => (min * libm::exp2(f64::from(step))).min(max),
        }
    }
}

/// Immediate, pre-backoff, backoff and post-backoff: how many retries each has, and the waits between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    pub no_delay: u32,
    pub min_delay: u32,
    pub backoff: u32,
    pub max_delay: u32,
    /// Seconds.
    pub min: u32,
    /// Seconds.
    pub max: u32,
    pub function: Backoff,
}

/// SQS, Lambda and Firehose: 100,015 retries over more than 23 days (SNS-15).
pub const MANAGED: RetryPolicy = RetryPolicy {
    no_delay: 3,
    min_delay: 2,
    backoff: 10,
    max_delay: 100_000,
    min: 1,
    max: 20,
    function: Backoff::Exponential,
};

/// E-mail, SMS, mobile push, and a Firehose that throttles: 50 retries over more than 6 hours (SNS-15).
pub const CUSTOMER_MANAGED: RetryPolicy = RetryPolicy {
    no_delay: 0,
    min_delay: 2,
    backoff: 10,
    max_delay: 38,
    min: 10,
    max: 600,
    function: Backoff::Exponential,
};

/// An HTTP/S endpoint without a policy of its own (SNS-16).
pub const HTTP_DEFAULT: RetryPolicy =
    RetryPolicy { no_delay: 0, min_delay: 0, backoff: 3, max_delay: 0, min: 20, max: 20, function: Backoff::Linear };

impl RetryPolicy {
    /// All retries.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.no_delay + self.min_delay + self.backoff + self.max_delay
    }

    /// The wait before the next retry of what was retried `retries` times; `None` when none is left.
    #[must_use]
    pub fn wait(&self, retries: u32) -> Option<Micros> {
        if retries < self.no_delay {
            return Some(0);
        }
        let Some(step) = retries.checked_sub(self.no_delay + self.min_delay) else {
            return Some(seconds(self.min.into()));
        };
        if step >= self.backoff {
            return (retries < self.count()).then_some(seconds(self.max.into()));
        }
        let wait = self.function.seconds(step, self.backoff, f64::from(self.min), f64::from(self.max));
        // To a tenth of a second: the same bits everywhere, and numbers one can read.
        Some(libm::rint(wait * 10.0) as Micros * 100 * MICROS_PER_MILLI)
    }

    /// All waits together.
    #[must_use]
    pub fn total(&self) -> Micros {
        (0..self.count()).filter_map(|retries| self.wait(retries)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenths(policy: &RetryPolicy, retries: std::ops::Range<u32>) -> Vec<Micros> {
        retries.filter_map(|retries| policy.wait(retries)).map(|wait| wait / 100_000).collect()
    }

    #[test]
    fn aws_endpoints_are_tried_in_four_phases() {
        let waits = tenths(&MANAGED, 0..17);
        assert_eq!(waits, [0, 0, 0, 10, 10, 10, 14, 19, 27, 38, 53, 74, 103, 143, 200, 200, 200]);
        assert_eq!(MANAGED.wait(100_014), Some(seconds(20)));
        assert_eq!(MANAGED.wait(100_015), None);
        assert!(MANAGED.total() > seconds(23 * 86_400), "over 23 days");
    }

    #[test]
    fn customers_endpoints_are_tried_fifty_times_over_six_hours() {
        assert_eq!(CUSTOMER_MANAGED.count(), 50);
        assert_eq!(tenths(&CUSTOMER_MANAGED, 0..3), [100, 100, 100]);
        assert_eq!(tenths(&CUSTOMER_MANAGED, 11..13), [6_000, 6_000]);
        assert!(CUSTOMER_MANAGED.total() > seconds(6 * 3_600));
    }

    #[test]
    fn an_http_endpoint_is_tried_four_times() {
        let waits: Vec<_> = (0..5).map(|retries| HTTP_DEFAULT.wait(retries)).collect();
        assert_eq!(waits, [Some(seconds(20)), Some(seconds(20)), Some(seconds(20)), None, None]);
    }

    #[test]
    fn each_function_runs_from_the_least_to_the_most() {
        let with =
            |function| RetryPolicy { no_delay: 0, min_delay: 0, backoff: 5, max_delay: 0, min: 2, max: 32, function };
        assert_eq!(tenths(&with(Backoff::Linear), 0..5), [20, 95, 170, 245, 320]);
        assert_eq!(tenths(&with(Backoff::Arithmetic), 0..5), [20, 39, 95, 189, 320]);
        assert_eq!(tenths(&with(Backoff::Exponential), 0..5), [20, 40, 80, 160, 320]);
        assert_eq!(tenths(&with(Backoff::Geometric), 0..5), [20, 40, 80, 160, 320]);
    }
}
