//! How long EventBridge waits before it tries again (EB-14; the curve is our model, without jitter).

use crate::engine::{Micros, seconds};

const RETRIES_MAX: u32 = 185;
const AGE_MAX: Micros = seconds(86_400);
/// Seconds.
const WAIT_MAX: u64 = 480;

/// The wait before the next retry of what was retried `retries` times and first tried `age` ago; `None` when a
/// limit is reached.
#[must_use]
pub fn retry_wait(retries: u32, age: Micros) -> Option<Micros> {
    if retries >= RETRIES_MAX || age > AGE_MAX {
        return None;
    }
    let doubled = 1_u64.checked_shl(retries).unwrap_or(WAIT_MAX);
    Some(seconds(doubled.min(WAIT_MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_eight_minutes() {
        let waits: Vec<_> = (0..11).filter_map(|retries| retry_wait(retries, 0)).map(|wait| wait / 1_000_000).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 480, 480]);
        assert_eq!(retry_wait(184, 0), Some(seconds(480)));
    }

    #[test]
    fn all_retries_fit_into_a_day() {
        let whole: Micros = (0..RETRIES_MAX).filter_map(|retries| retry_wait(retries, 0)).sum();
        assert_eq!(whole, seconds(84_991));
        assert_eq!(retry_wait(RETRIES_MAX, 0), None);
        assert_eq!(retry_wait(1, AGE_MAX + 1), None);
    }
}
