//! A stable monotone priority queue over time: the event set.
//!
//! Times may only be pushed at or after the last time popped, which a simulation never breaks. Items of the
//! current instant lie in a small binary heap ordered by `order`, all others in 64 buckets by the highest bit
//! in which their time differs from the current one, so a push is O(1) and an item moves at most 64 times.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What the heap holds: when, in which order within the instant, and the slot it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    pub time: u64,
    pub order: u64,
    pub slot: u32,
    pub generation: u32,
}

#[derive(Clone, Debug)]
pub struct RadixHeap {
    last: u64,
    current: BinaryHeap<Reverse<(u64, u32, u32)>>,
    buckets: Vec<Vec<Item>>,
    earliest: [u64; 64],
    occupied: u64,
    len: usize,
}

impl Default for RadixHeap {
    fn default() -> Self {
        Self {
            last: 0,
            current: BinaryHeap::new(),
            buckets: vec![Vec::new(); 64],
            earliest: [u64::MAX; 64],
            occupied: 0,
            len: 0,
        }
    }
}

impl RadixHeap {
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an item.
    ///
    /// # Panics
    /// When `item.time` lies before the last time popped: a broken invariant of the caller.
    pub fn push(&mut self, item: Item) {
        assert!(item.time >= self.last, "agenda entry at {} µs lies before the present {} µs", item.time, self.last);
        self.len += 1;
        self.place(item);
    }

    fn place(&mut self, item: Item) {
        if item.time == self.last {
            self.current.push(Reverse((item.order, item.slot, item.generation)));
        } else {
            let bucket = 63 - (item.time ^ self.last).leading_zeros() as usize;
            self.buckets[bucket].push(item);
            self.earliest[bucket] = self.earliest[bucket].min(item.time);
            self.occupied |= 1 << bucket;
        }
    }

    /// The least time held, without moving anything.
    #[must_use]
    pub fn peek_time(&self) -> Option<u64> {
        if !self.current.is_empty() {
            return Some(self.last);
        }
        (self.occupied != 0).then(|| self.earliest[self.occupied.trailing_zeros() as usize])
    }

    /// Removes the least item by `(time, order)` if its time is at most `until`. Items for which `dead` holds
    /// may be thrown away on the way; `swept` counts them.
    pub fn pop_until(&mut self, until: u64, swept: &mut usize, dead: impl Fn(&Item) -> bool) -> Option<Item> {
        if !self.current.is_empty() && self.last > until {
            return None;
        }
        loop {
            if let Some(Reverse((order, slot, generation))) = self.current.pop() {
                self.len -= 1;
                return Some(Item { time: self.last, order, slot, generation });
            }
            if self.occupied == 0 {
                return None;
            }
            let bucket = self.occupied.trailing_zeros() as usize;
            if self.earliest[bucket] > until {
                return None;
            }
            if let [item] = self.buckets[bucket][..] {
                // The usual case in a quiet scene: nothing to spread.
                self.buckets[bucket].clear();
                self.occupied &= !(1 << bucket);
                self.earliest[bucket] = u64::MAX;
                self.len -= 1;
                if dead(&item) {
                    *swept += 1;
                    continue;
                }
                self.last = item.time;
                return Some(item);
            }
            self.spread(bucket, until, swept, &dead)?;
        }
    }

    /// Moves the present to the least time of the lowest bucket and spreads that bucket; `None` when that time lies
    /// past `until`.
    fn spread(&mut self, bucket: usize, until: u64, swept: &mut usize, dead: &impl Fn(&Item) -> bool) -> Option<()> {
        // The present may only move to a time that will be popped, so the dead leave before the minimum counts.
        let before = self.buckets[bucket].len();
        self.buckets[bucket].retain(|item| !dead(item));
        let gone = before - self.buckets[bucket].len();
        self.len -= gone;
        *swept += gone;
        let next = self.buckets[bucket].iter().map(|item| item.time).min().unwrap_or(u64::MAX);
        self.earliest[bucket] = next;
        if self.buckets[bucket].is_empty() {
            self.occupied &= !(1 << bucket);
            return Some(());
        }
        if next > until {
            return None;
        }
        self.last = next;
        self.occupied &= !(1 << bucket);
        self.earliest[bucket] = u64::MAX;
        let mut items = std::mem::take(&mut self.buckets[bucket]);
        for item in items.drain(..) {
            self.place(item);
        }
        // Items only ever move to lower buckets, so the emptied allocation can be kept.
        self.buckets[bucket] = items;
        Some(())
    }

    /// Throws away everything for which `dead` holds.
    pub fn sweep(&mut self, dead: impl Fn(&Item) -> bool) {
        let last = self.last;
        self.current.retain(|Reverse((order, slot, generation))| {
            !dead(&Item { time: last, order: *order, slot: *slot, generation: *generation })
        });
        self.len = self.current.len();
        for bucket in 0..64 {
            self.buckets[bucket].retain(|item| !dead(item));
            self.len += self.buckets[bucket].len();
            self.earliest[bucket] = self.buckets[bucket].iter().map(|item| item.time).min().unwrap_or(u64::MAX);
            if self.buckets[bucket].is_empty() {
                self.occupied &= !(1 << bucket);
            }
        }
    }
}
