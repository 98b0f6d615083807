//! How long SNS waits before it tries a subscription again (SNS-14 … SNS-17, without jitter).

use crate::engine::{MICROS_PER_MILLI, Micros, seconds};
use crate::services::Kind;

const IMMEDIATE: u32 = 3;
const PRE_BACKOFF: u32 = 2;
const POST_BACKOFF: u32 = 100_000;
/// From 1 s to 20 s, each wait the one before times 20^(1/9); rounded to a tenth of a second.
const BACKOFF_MS: [u64; 10] = [1_000, 1_400, 1_900, 2_700, 3_800, 5_300, 7_400, 10_300, 14_300, 20_000];

const HTTP_RETRIES: u32 = 3;
const WAIT_MAX: Micros = seconds(20);

/// The wait before the next retry of what was retried `retries` times; `None` when none is left.
#[must_use]
pub fn retry_wait(subscriber: Kind, retries: u32) -> Option<Micros> {
    if subscriber == Kind::Endpoint {
        return (retries < HTTP_RETRIES).then_some(WAIT_MAX);
    }
    if retries < IMMEDIATE {
        return Some(0);
    }
    let Some(in_backoff) = retries.checked_sub(IMMEDIATE + PRE_BACKOFF) else { return Some(seconds(1)) };
    match BACKOFF_MS.get(in_backoff as usize) {
        Some(wait) => Some(wait * MICROS_PER_MILLI),
        None => (in_backoff < BACKOFF_MS.len() as u32 + POST_BACKOFF).then_some(WAIT_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_endpoints_are_tried_in_four_phases() {
        let waits: Vec<Micros> =
            (0..17).filter_map(|retries| retry_wait(Kind::Queue, retries)).map(|wait| wait / 100_000).collect();
        assert_eq!(waits, [0, 0, 0, 10, 10, 10, 14, 19, 27, 38, 53, 74, 103, 143, 200, 200, 200]);
        assert_eq!(retry_wait(Kind::Function, 100_014), Some(WAIT_MAX));
        assert_eq!(retry_wait(Kind::Function, 100_015), None);
        let whole: Micros = (0..100_015).filter_map(|retries| retry_wait(Kind::Queue, retries)).sum();
        assert!(whole > seconds(23 * 86_400), "over 23 days");
    }

    #[test]
    fn an_http_endpoint_is_tried_four_times() {
        let waits: Vec<_> = (0..5).map(|retries| retry_wait(Kind::Endpoint, retries)).collect();
        assert_eq!(waits, [Some(WAIT_MAX), Some(WAIT_MAX), Some(WAIT_MAX), None, None]);
    }
}
