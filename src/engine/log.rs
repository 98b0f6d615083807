//! A sequence that grows at its end and is trimmed at its beginning, whose copies share what they have in common.

use std::collections::VecDeque;
use std::ops::{Index, Range, RangeFrom};
use std::sync::Arc;

/// Items of a segment: so many are copied at most when a log is, besides a pointer for each full segment.
const SEGMENT: usize = 256;

/// Items in the order they came. A clone costs no more than a segment and a pointer for each of the others, so what
/// holds long logs can be saved often; a trimmed item is given free with its segment.
#[derive(Clone, Debug)]
pub struct Log<T> {
    /// All of them hold `SEGMENT` items.
    full: VecDeque<Arc<Vec<T>>>,
    last: Vec<T>,
    /// Items of the first segment that are trimmed.
    trimmed: usize,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self { full: VecDeque::new(), last: Vec::new(), trimmed: 0 }
    }
}

impl<T> Log<T> {
    #[must_use]
    pub fn len(&self) -> usize {
        self.full.len() * SEGMENT + self.last.len() - self.trimmed
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn push(&mut self, item: T) {
        if self.last.len() == SEGMENT {
            self.full.push_back(Arc::new(std::mem::take(&mut self.last)));
        }
        self.last.push(item);
    }

    /// Takes the `count` oldest items away, or as many as there are.
    #[inline(never)] // second part
    pub fn trim(&mut self, count: usize) {
        self.trimmed += count.min(self.len());
        while self.trimmed >= SEGMENT && self.full.pop_front().is_some() {
            self.trimmed -= SEGMENT;
        }
        if self.trimmed == self.last.len() && self.full.is_empty() {
            self.last.clear();
            self.trimmed = 0;
        }
    }

    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        let place = index.checked_add(self.trimmed)?;
        match self.full.get(place / SEGMENT) {
            Some(segment) => segment.get(place % SEGMENT),
            None => self.last.get(place - self.full.len() * SEGMENT),
        }
    }

    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    #[must_use]
    pub fn iter(&self) -> Iter<'_, T> {
        self.range(0..)
    }

    /// The items from an index on, which may lie behind the last.
    #[must_use]
    pub fn range(&self, range: RangeFrom<usize>) -> Iter<'_, T> {
        Iter { log: self, rest: range.start.min(self.len())..self.len() }
    }

    /// The index of the first item for which `is_before` does not hold, when it holds for all before that.
    #[must_use]
    pub fn partition_point(&self, is_before: impl Fn(&T) -> bool) -> usize {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from.midpoint(to);
            if is_before(&self[middle]) { from = middle + 1 } else { to = middle }
        }
        from
    }
}

/// Items of a log, in their order.
#[derive(Clone, Debug)]
pub struct Iter<'a, T> {
    log: &'a Log<T>,
    /// The indices of those still to come.
    rest: Range<usize>,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        self.log.get(self.rest.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl<T> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.log.get(self.rest.next_back()?)
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

impl<T> Index<usize> for Log<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        self.get(index).expect("an index below the length")
    }
}

impl<T: Clone> Log<T> {
    /// What it was when it had only its `len` oldest items.
    #[must_use]
    pub fn prefix(&self, len: usize) -> Self {
        let end = self.trimmed + len.min(self.len());
        let whole = (end / SEGMENT).min(self.full.len());
        let rest = end - whole * SEGMENT;
        let last = self.full.get(whole).map_or(&self.last[..], |segment| &segment[..]);
        Self { full: self.full.range(..whole).cloned().collect(), last: last[..rest].to_vec(), trimmed: self.trimmed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rng::Stream;

    /// Against a plain deque, whatever is done to it; what was copied before stays as it was.
    #[test]
    fn a_log_is_a_deque() {
        let mut stream = Stream::new(1, "log", "turns");
        let mut chance = |bound: usize| stream.below(bound as u64) as usize;
        let (mut log, mut plain) = (Log::default(), VecDeque::new());
        let mut copies: Vec<(Log<usize>, VecDeque<usize>)> = Vec::new();
        for turn in 0..400 {
            match chance(4) {
                0 => {
                    let count = chance(700);
                    log.trim(count);
                    plain.drain(..count.min(plain.len()));
                }
                1 => copies.push((log.clone(), plain.clone())),
                2 => {
                    let len = chance(plain.len() + 10);
                    log = log.prefix(len);
                    plain.truncate(len);
                }
                _ => {
                    for item in 0..chance(900) {
                        log.push(turn * 1_000 + item);
                        plain.push_back(turn * 1_000 + item);
                    }
                }
            }
            let from = chance(plain.len() + 10);
            assert!(log.range(from..).eq(plain.iter().skip(from)), "from {from} in turn {turn}");
            assert!(log.iter().rev().eq(plain.iter().rev()), "turn {turn}");
            assert_eq!((log.len(), log.is_empty()), (plain.len(), plain.is_empty()));
            assert_eq!((log.first(), log.last(), log.get(from)), (plain.front(), plain.back(), plain.get(from)));
            let sought = chance(400_000);
            let place = plain.iter().position(|item| *item >= sought).unwrap_or(plain.len());
            assert_eq!(log.partition_point(|item| *item < sought), place, "turn {turn}");
        }
        assert!(copies.len() > 50 && copies.iter().all(|(log, plain)| log.iter().eq(plain)));
    }
}
