//! What was let pass during the last second (or another span), exact: a bucket of tokens with a burst of a second
//! would let twice the limit pass within one.

use std::collections::VecDeque;

use crate::engine::{MICROS_PER_SECOND, Micros};

#[derive(Clone, Debug)]
pub struct Window {
    passed: VecDeque<(Micros, u64)>,
    sum: u64,
    span: Micros,
}

impl Default for Window {
    fn default() -> Self {
        Self::of(MICROS_PER_SECOND)
    }
}

impl Window {
    #[must_use]
    pub fn of(span: Micros) -> Self {
        Self { passed: VecDeque::new(), sum: 0, span }
    }

    /// When the oldest of what counts now ceases to count.
    #[must_use]
    pub fn next_room(&self, now: Micros) -> Micros {
        let ends = self.passed.iter().map(|(at, _)| at + self.span);
        ends.into_iter().find(|end| *end > now).unwrap_or(now)
    }

    fn forget(&mut self, now: Micros) {
        while let Some((_, old)) = self.passed.front().copied().filter(|(at, _)| now >= *at + self.span) {
            self.sum -= old;
            self.passed.pop_front();
        }
    }

    /// Whether so much more fits under the limit now.
    pub fn has_room(&mut self, amount: u64, limit: u64, now: Micros) -> bool {
        self.forget(now);
        self.sum + amount <= limit
    }

    pub fn spend(&mut self, amount: u64, now: Micros) {
        self.sum += amount;
        match self.passed.back_mut() {
            Some((at, last)) if *at == now => *last += amount,
            _ => self.passed.push_back((now, amount)),
        }
    }

    /// What the second that ends now let pass.
    #[must_use]
    pub fn spent(&self, now: Micros) -> u64 {
        self.passed.iter().rev().take_while(|(at, _)| now < *at + self.span).map(|(_, amount)| amount).sum()
    }
}

/// Whether `at` lies outside the second that ends now.
#[must_use]
pub fn is_past(at: Micros, now: Micros) -> bool {
    now >= at + MICROS_PER_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SNS-E12.
    #[test]
    fn five_hundred_in_a_second_lose_two_hundred() {
        let mut window = Window::default();
        let offered = (0..500_u64).map(|n| n * 2_000);
        let passed = offered.filter(|now| {
            let fits = window.has_room(1, 300, *now);
            if fits {
                window.spend(1, *now);
            }
            fits
        });
        assert_eq!(passed.count(), 300);
        assert!(!window.has_room(1, 300, 999_999));
        assert!(window.has_room(1, 300, 1_000_000));
    }
}
