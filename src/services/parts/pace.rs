//! A limit of so many a second that delays what is over it, and loses nothing (EB-4, EB-17).

use crate::engine::Micros;

const NANOS: u64 = 1_000_000_000;

/// When the next one is due, in nanoseconds, at a steady pace.
#[derive(Clone, Debug, Default)]
pub struct Pace(u64);

impl Pace {
    /// Takes the next place, and says how long to wait for it; `burst` may go at once after a pause.
    pub fn take(&mut self, per_second: u64, burst: u64, now: Micros) -> Micros {
        let (step, now) = (NANOS / per_second.max(1), now * 1_000);
        let due = self.0.max(now);
        self.0 = due + step;
        due.saturating_sub(now + step * (burst - 1)).div_ceil(1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_a_steady_pace() {
        let mut pace = Pace::default();
        let waits: Vec<Micros> = (0..5).map(|_| pace.take(10, 3, 1_000_000)).collect();
        assert_eq!(waits, [0, 0, 0, 100_000, 200_000]);
        assert_eq!(pace.take(10, 3, 9_000_000), 0);
        let mut strict = Pace::default();
        assert_eq!([strict.take(1, 1, 0), strict.take(1, 1, 0), strict.take(1, 1, 500_000)], [0, 1_000_000, 1_500_000]);
    }
}
