//! Conservation of messages: produced + copied = travelling + stored + consumed + expired + Σ dropped.

use std::collections::BTreeMap;

/// Where a copy comes from or goes to. Every change of place goes through [`Ledger::book`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A source, an API call or a service emits it anew.
    Produced,
    /// Fan-out adds it.
    Copied,
    Travelling,
    /// A queue, stream or retry buffer holds it, in flight or not.
    Stored,
    /// Deleted, acknowledged, or taken by a push target that keeps nothing.
    Consumed,
    Expired,
    /// Gone, with a reason.
    Dropped(&'static str),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    pub produced: u64,
    pub copied: u64,
    pub travelling: u64,
    pub stored: u64,
    pub consumed: u64,
    pub expired: u64,
    pub dropped: BTreeMap<&'static str, u64>,
}

impl Ledger {
    /// Moves `count` copies from one place to another.
    ///
    /// # Panics
    /// When fewer lie at `from`, or `from` is an end: a broken invariant of a service.
    pub fn book(&mut self, count: u64, from: Place, to: Place) {
        if count == 0 {
            return;
        }
        match from {
            Place::Produced => self.produced += count,
            Place::Copied => self.copied += count,
            Place::Travelling => {
                self.travelling = self.travelling.checked_sub(count).expect("more left than travelled")
            }
            Place::Stored => self.stored = self.stored.checked_sub(count).expect("more left than was stored"),
            Place::Consumed | Place::Expired | Place::Dropped(_) => unreachable!("what is gone stays gone"),
        }
        match to {
            Place::Travelling => self.travelling += count,
            Place::Stored => self.stored += count,
            Place::Consumed => self.consumed += count,
            Place::Expired => self.expired += count,
            Place::Dropped(reason) => *self.dropped.entry(reason).or_default() += count,
            Place::Produced | Place::Copied => unreachable!("nothing goes back to where it began"),
        }
    }

    #[must_use]
    pub fn dropped_total(&self) -> u64 {
        self.dropped.values().sum()
    }

    /// Whether the equation holds.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.produced + self.copied
            == self.travelling + self.stored + self.consumed + self.expired + self.dropped_total()
    }
}
