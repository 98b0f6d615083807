//! What FIFO queues and topics remember by an id: for five minutes from its first use (SQS-27, SQS-32, SNS-24).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::engine::{Micros, seconds};

/// At its very end an id is new.
const WINDOW: Micros = seconds(300);

#[derive(Clone, Debug)]
pub struct RecentIds<T> {
    known: BTreeMap<Arc<str>, T>,
    /// Oldest first.
    window: VecDeque<(Micros, Arc<str>)>,
}

impl<T> Default for RecentIds<T> {
    fn default() -> Self {
        Self { known: BTreeMap::new(), window: VecDeque::new() }
    }
}

impl<T> RecentIds<T> {
    pub fn find(&mut self, id: &str, now: Micros) -> Option<&T> {
        while let Some((_, id)) = self.window.front().filter(|(at, _)| at + WINDOW <= now) {
            self.known.remove(id);
            self.window.pop_front();
        }
        self.known.get(id)
    }

    /// An id that is known keeps the time of its first use.
    pub fn remember(&mut self, id: String, thing: T, now: Micros) {
        let id: Arc<str> = Arc::from(id);
        if self.known.insert(Arc::clone(&id), thing).is_none() {
            self.window.push_back((now, id));
        }
    }

    pub fn clear(&mut self) {
        self.known.clear();
        self.window.clear();
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.known.values_mut()
    }

    /// What is remembered at `now`, the latest first, with the part of the window still left.
    pub fn remembered(&self, now: Micros) -> impl Iterator<Item = (&T, f32)> + '_ {
        let latest = self.window.iter().rev().take_while(move |(at, _)| at + WINDOW > now);
        latest.filter_map(move |(at, id)| Some((self.known.get(id)?, (at + WINDOW - now) as f32 / WINDOW as f32)))
    }
}

/// What a deduplication id is compared as: where the scope is the message group, with its group.
#[must_use]
pub fn deduplication_key(by_group: bool, group: &str, id: String) -> String {
    if by_group { format!("{group}\u{1f}{id}") } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: u32 = 1;

    #[test]
    fn an_id_counts_again_after_exactly_five_minutes() {
        let mut known = RecentIds::default();
        known.remember(deduplication_key(false, "a", "x".to_owned()), FIRST, seconds(1));
        let key = deduplication_key(false, "b", "x".to_owned());
        assert_eq!(known.find(&key, seconds(301) - 1), Some(&FIRST));
        assert_eq!(known.find(&key, seconds(301)), None);
    }

    #[test]
    fn by_group_the_same_id_in_another_group_is_another() {
        let mut known = RecentIds::default();
        let key = |group: &str| deduplication_key(true, group, "x".to_owned());
        known.remember(key("a"), FIRST, 0);
        assert_eq!(known.find(&key("a"), 0), Some(&FIRST));
        assert_eq!(known.find(&key("b"), 0), None);
    }
}
