//! Who has been here for how long: the order of arrival, for the age of the oldest message (SQS-42) and for
//! retention (SQS-11). Nothing here grows with the backlog but memory: the oldest is always at hand.

use std::collections::{BTreeSet, VecDeque};

use super::slots::{Entry, Slots};
use crate::engine::Micros;

/// From this receive on a message is left out of the age of the oldest (SQS-42).
const RECEIVES_LEFT_OUT: u32 = 3;

#[derive(Clone, Debug, Default)]
pub struct Ages {
    /// Everything in the order in which it came here; what is gone leaves when it comes to the front.
    arrivals: VecDeque<(Micros, u32, u32)>,
    /// What was sent before it came here: dead letters of a standard queue keep their time (SQS-39).
    earlier: BTreeSet<(Micros, u32, u32)>,
    /// Where in `arrivals` the first stands that counts for the age, and the first of a quiet group.
    counted: usize,
    quiet: usize,
}

/// What decides whether a message counts for an age.
pub struct Counting<'a> {
    pub slots: &'a Slots,
    /// A dead-letter queue counts every message, from the time it came (SQS-39).
    pub is_dead_letter_queue: bool,
    pub is_noisy: &'a dyn Fn(&Entry) -> bool,
}

impl Counting<'_> {
    fn counts(&self, at: (Micros, u32, u32)) -> bool {
        let entry = self.slots.get(at.1, at.2);
        entry.is_some_and(|entry| self.is_dead_letter_queue || entry.received < RECEIVES_LEFT_OUT)
    }

    fn counts_as_quiet(&self, at: (Micros, u32, u32)) -> bool {
        self.counts(at) && !(self.is_noisy)(self.slots.entry(at.1))
    }

    fn time_of(&self, at: (Micros, u32, u32)) -> Micros {
        if self.is_dead_letter_queue { at.0 } else { self.slots.entry(at.1).sent }
    }
}

impl Ages {
    pub fn push(&mut self, arrived: Micros, sent: Micros, slot: u32, generation: u32) {
        self.arrivals.push_back((arrived, slot, generation));
        if sent < arrived {
            self.earlier.insert((sent, slot, generation));
        }
    }

    pub fn remove(&mut self, sent: Micros, slot: u32, generation: u32) {
        if !self.earlier.is_empty() {
            self.earlier.remove(&(sent, slot, generation));
        }
    }

    /// Moves both marks on, and forgets what is gone: call it after every receive and removal.
    pub fn settle(&mut self, counting: &Counting<'_>) {
        while self.arrivals.front().is_some_and(|at| !counting.slots.is_held(at.1, at.2)) {
            self.arrivals.pop_front();
            self.counted = self.counted.saturating_sub(1);
            self.quiet = self.quiet.saturating_sub(1);
        }
        if self.arrivals.len() as u64 > 2 * counting.slots.len() + 64 {
            self.arrivals.retain(|at| counting.slots.is_held(at.1, at.2));
            self.recount();
        }
        while self.arrivals.get(self.counted).is_some_and(|at| !counting.counts(*at)) {
            self.counted += 1;
        }
        self.quiet = self.quiet.max(self.counted);
        while self.arrivals.get(self.quiet).is_some_and(|at| !counting.counts_as_quiet(*at)) {
            self.quiet += 1;
        }
    }

    /// Looks at everything again: what counts has changed.
    pub fn recount(&mut self) {
        (self.counted, self.quiet) = (0, 0);
    }

    /// A group fell silent: what lies before the mark may count again.
    pub fn recount_quiet(&mut self) {
        self.quiet = 0;
    }

    /// Since when the oldest message that counts has been waiting.
    #[must_use]
    pub fn oldest_counted(&self, counting: &Counting<'_>) -> Option<Micros> {
        let first = self.arrivals.get(self.counted).map(|at| counting.time_of(*at));
        if counting.is_dead_letter_queue || self.earlier.is_empty() {
            return first;
        }
        // A message that its dead-letter queue did not take comes back with its old time.
        let back = self.earlier.iter().find(|at| counting.counts(**at)).map(|at| at.0);
        first.into_iter().chain(back).min()
    }

    #[must_use]
    pub fn oldest_quiet(&self, counting: &Counting<'_>) -> Option<Micros> {
        self.arrivals.get(self.quiet).map(|at| counting.time_of(*at))
    }

    /// No message was sent before that.
    #[must_use]
    pub fn oldest_sent(&self) -> Option<Micros> {
        let came = self.arrivals.front().map(|at| at.0);
        came.into_iter().chain(self.earlier.first().map(|at| at.0)).min()
    }

    /// The first message by the time it was sent, if that was at `limit` or before.
    #[must_use]
    pub fn sent_by(&self, limit: Micros, slots: &Slots) -> Option<u32> {
        let earlier = self.earlier.first().filter(|at| at.0 <= limit).map(|at| at.1);
        let came = || self.arrivals.front().filter(|at| slots.entry(at.1).sent <= limit).map(|at| at.1);
        earlier.or_else(came)
    }

    /// Slots in the order in which they came.
    pub fn iter<'a>(&'a self, slots: &'a Slots) -> impl DoubleEndedIterator<Item = u32> + 'a {
        self.arrivals.iter().filter(|at| slots.is_held(at.1, at.2)).map(|at| at.1)
    }
}
