//! A number for each message of late: its latest fact, or how much it has brought about.

use std::collections::VecDeque;
use std::sync::Arc;

const PAGE: u64 = 512;
/// Messages older than so many pages of younger ones are forgotten.
const PAGES_MAX: usize = 8_192;

/// By the message's number, which only grows. Clones share the pages that neither has changed since.
#[derive(Clone, Debug, Default)]
pub struct ByMessage {
    pages: VecDeque<Arc<[u64; PAGE as usize]>>,
    /// The number of the first page that is held.
    first: u64,
}

impl ByMessage {
    /// The number of a message; 0 for none.
    #[must_use]
    pub fn of(&self, message: u64) -> u64 {
        let page = self.place(message).and_then(|place| self.pages.get(place));
        page.map_or(0, |page| page[(message % PAGE) as usize])
    }

    pub fn set(&mut self, message: u64, number: u64) {
        let Some(place) = self.place(message) else { return };
        if place >= self.pages.len() {
            self.grow(place);
        }
        let Some(page) = self.place(message).and_then(|place| self.pages.get_mut(place)) else { return };
        Arc::make_mut(page)[(message % PAGE) as usize] = number;
    }

    /// Where the page of a message is, or will be; `None` for one that is forgotten.
    fn place(&self, message: u64) -> Option<usize> {
        usize::try_from((message / PAGE).checked_sub(self.first)?).ok()
    }

    #[inline(never)] // hot loop
    fn grow(&mut self, place: usize) {
        if place >= self.pages.len() + PAGES_MAX {
            self.first += place as u64;
            self.pages.clear();
            self.pages.push_back(Arc::new([0; PAGE as usize]));
            return;
        }
        while self.pages.len() <= place {
            self.pages.push_back(Arc::new([0; PAGE as usize]));
        }
        let beyond = self.pages.len().saturating_sub(PAGES_MAX);
        self.pages.drain(..beyond);
        self.first += beyond as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_number_counts_and_the_oldest_are_forgotten() {
        let mut latest = ByMessage::default();
        assert_eq!(latest.of(7), 0);
        latest.set(7, 1);
        let before = latest.clone();
        latest.set(7, 2);
        latest.set(70_000, 3);
        assert_eq!((latest.of(7), latest.of(70_000), latest.of(8)), (2, 3, 0));
        assert_eq!((before.of(7), before.of(70_000)), (1, 0));
        let last = PAGE * PAGES_MAX as u64 + 7;
        latest.set(last, 4);
        assert_eq!((latest.of(7), latest.of(70_000), latest.of(last)), (0, 3, 4));
        latest.set(7, 5);
        assert_eq!((latest.of(7), latest.pages.len()), (0, PAGES_MAX));
        latest.set(u64::MAX, 6);
        assert_eq!((latest.of(u64::MAX), latest.of(last), latest.pages.len()), (6, 0, 1));
    }
}
