//! How long EventBridge waits before it tries again (EB-14; the curve is our model, without jitter).

use serde_json::Value;

use crate::engine::{Micros, seconds};
use crate::services::whole_number;

const RETRIES_MAX: u32 = 185;
const AGE_MAX: Micros = seconds(86_400);
const AGE_MIN: Micros = seconds(60);
/// Seconds.
const WAIT_MAX: u64 = 480;

/// Which of the two limits ended the retries, as AWS names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhausted {
    MaximumRetryAttempts,
    MaximumEventAgeInSeconds,
}

impl Exhausted {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MaximumRetryAttempts => "MaximumRetryAttempts",
            Self::MaximumEventAgeInSeconds => "MaximumEventAgeInSeconds",
        }
    }
}

/// `{"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 86400}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    retries_max: u32,
    age_max: Micros,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { retries_max: RETRIES_MAX, age_max: AGE_MAX }
    }
}

impl RetryPolicy {
    #[must_use]
    pub fn read(value: Option<&Value>) -> Self {
        let number = |name: &str| value.and_then(|value| value.get(name)).and_then(whole_number);
        let retries = number("MaximumRetryAttempts").and_then(|number| u32::try_from(number).ok());
        Self {
            retries_max: retries.unwrap_or(RETRIES_MAX).min(RETRIES_MAX),
            age_max: number("MaximumEventAgeInSeconds").map_or(AGE_MAX, seconds).clamp(AGE_MIN, AGE_MAX),
        }
    }

    /// The wait before the next retry of what was retried `retries` times and first tried `age` ago. It ends when the
    /// event has reached its age: then [`RetryPolicy::is_too_old`].
    ///
    /// # Errors
    /// The limit that is reached.
    pub fn wait(&self, retries: u32, age: Micros) -> Result<Micros, Exhausted> {
        if self.is_too_old(age) {
            return Err(Exhausted::MaximumEventAgeInSeconds);
        }
        if retries >= self.retries_max {
            return Err(Exhausted::MaximumRetryAttempts);
        }
        let doubled = 1_u64.checked_shl(retries).unwrap_or(WAIT_MAX);
        Ok(seconds(doubled.min(WAIT_MAX)))
    }

    #[must_use]
    pub fn is_too_old(&self, age: Micros) -> bool {
        age >= self.age_max
    }

    /// A wait, cut where the event gets too old.
    #[must_use]
    pub fn within(&self, wait: Micros, age: Micros) -> Micros {
        wait.min(self.age_max.saturating_sub(age))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn waits_double_up_to_eight_minutes() {
        let policy = RetryPolicy::default();
        let waits: Vec<_> =
            (0..11).filter_map(|retries| policy.wait(retries, 0).ok()).map(|wait| wait / 1_000_000).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 480, 480]);
        assert_eq!(policy.wait(184, 0), Ok(seconds(480)));
    }

    #[test]
    fn all_retries_fit_into_a_day() {
        let policy = RetryPolicy::default();
        let whole: Micros = (0..RETRIES_MAX).filter_map(|retries| policy.wait(retries, 0).ok()).sum();
        assert_eq!(whole, seconds(84_991));
        assert_eq!(policy.wait(RETRIES_MAX, 0), Err(Exhausted::MaximumRetryAttempts));
        assert_eq!(policy.wait(1, AGE_MAX), Err(Exhausted::MaximumEventAgeInSeconds));
    }

    #[test]
    fn a_policy_of_its_own_ends_sooner() {
        let policy = RetryPolicy::read(Some(&json!({ "MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": "60" })));
        assert_eq!(policy.wait(2, seconds(3)), Ok(seconds(4)));
        assert_eq!(policy.wait(3, seconds(7)), Err(Exhausted::MaximumRetryAttempts));
        assert_eq!(policy.wait(1, seconds(60)), Err(Exhausted::MaximumEventAgeInSeconds));
        assert_eq!(policy.within(seconds(32), seconds(31)), seconds(29));
    }
}
