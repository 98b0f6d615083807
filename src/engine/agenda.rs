//! What is going to happen: entries by `(time, lane, seq)`, each cancellable by its key.

use super::limits;
use super::radix_heap::{Item, RadixHeap};
use super::time::Micros;

/// Who goes first at one instant: faults that begin or end, then a service's own timers, then what arrives, then who
/// waits to see all of that, and last the script. So a call at the very end of a timeout finds it ended (G-1), and an
/// act that was done when the clock stood at an instant is replayed after all that had happened by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    Fault = 0,
    Timer = 1,
    Arrival = 2,
    Late = 3,
    Script = 4,
}

/// Names one agenda entry, for cancelling it. A key outlives its entry harmlessly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    slot: u32,
    generation: u32,
}

#[derive(Clone, Debug)]
struct Slot<T> {
    generation: u32,
    entry: Option<T>,
}

#[derive(Clone, Debug)]
pub struct Agenda<T> {
    heap: RadixHeap,
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    seq: u64,
    dead: usize,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self { heap: RadixHeap::default(), slots: Vec::new(), free: Vec::new(), seq: 0, dead: 0 }
    }
}

impl<T> Agenda<T> {
    /// Entries still to happen.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len() - self.dead
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn schedule(&mut self, time: Micros, lane: Lane, entry: T) -> Key {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { generation: 0, entry: None });
            u32::try_from(self.slots.len() - 1).expect("the agenda's bound is far below 2^32 entries")
        });
        let generation = self.slots[slot as usize].generation;
        self.slots[slot as usize].entry = Some(entry);
        self.seq += 1;
        self.heap.push(Item { time, order: (lane as u64) << 56 | self.seq, slot, generation });
        Key { slot, generation }
    }

    /// Takes an entry off; `None` when it already happened or was cancelled.
    pub fn cancel(&mut self, key: Key) -> Option<T> {
        let slot = &mut self.slots[key.slot as usize];
        if slot.generation != key.generation {
            return None;
        }
        let entry = slot.entry.take();
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(key.slot);
        self.dead += 1;
        if self.dead > self.len() + limits::DEAD_ENTRIES_SLACK {
            let slots = &self.slots;
            self.heap.sweep(|item| slots[item.slot as usize].generation != item.generation);
            self.dead = 0;
        }
        entry
    }

    /// Takes every entry off for which `wanted` holds, in no order.
    pub fn withdraw(&mut self, wanted: impl Fn(&T) -> bool) -> Vec<T> {
        let mut keys = Vec::new();
        for (index, slot) in self.slots.iter().enumerate() {
            if slot.entry.as_ref().is_some_and(&wanted) {
                let index = u32::try_from(index).expect("the agenda's bound is far below 2^32 entries");
                keys.push(Key { slot: index, generation: slot.generation });
            }
        }
        keys.into_iter().filter_map(|key| self.cancel(key)).collect()
    }

    /// The next entry at or before `until`, with its time.
    pub fn pop_until(&mut self, until: Micros) -> Option<(Micros, T)> {
        loop {
            let slots = &self.slots;
            let mut swept = 0;
            let popped =
                self.heap.pop_until(until, &mut swept, |item| slots[item.slot as usize].generation != item.generation);
            self.dead -= swept;
            let item = popped?;
            let slot = &mut self.slots[item.slot as usize];
            if slot.generation != item.generation {
                self.dead -= 1;
                continue;
            }
            slot.generation = slot.generation.wrapping_add(1);
            let entry = slot.entry.take().expect("a live slot holds its entry");
            self.free.push(item.slot);
            return Some((item.time, entry));
        }
    }

    /// A lower bound of the next entry's time (exact unless the next entries were cancelled).
    #[must_use]
    pub fn peek_time(&self) -> Option<Micros> {
        self.heap.peek_time()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    /// The radix heap and a plain binary heap pop the same entries in the same order, colliding times,
    /// lanes and cancellations included.
    #[test]
    fn both_orders_agree() {
        let mut draw = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = move || {
            draw ^= draw << 13;
            draw ^= draw >> 7;
            draw ^= draw << 17;
            draw
        };
        for _ in 0..50 {
            let (mut agenda, mut oracle) = (Agenda::default(), BinaryHeap::new());
            let (mut now, mut keys, mut cancelled) = (0, Vec::new(), std::collections::BTreeSet::new());
            for id in 0..2_000_u64 {
                let time = now + [0, next() % 3, next() % 1_000, next() % 10_000_000][(next() % 4) as usize];
                let lane = [Lane::Fault, Lane::Timer, Lane::Arrival, Lane::Late, Lane::Script][(next() % 5) as usize];
                keys.push((agenda.schedule(time, lane, id), id));
                oracle.push(Reverse((time, lane, id)));
                if next() % 3 == 0 {
                    let (key, id) = keys[(next() % keys.len() as u64) as usize];
                    if agenda.cancel(key).is_some() {
                        cancelled.insert(id);
                    }
                }
                if next() % 2 == 0 {
                    let until = now + next() % 5_000;
                    let expected = loop {
                        match oracle.peek() {
                            Some(Reverse((_, _, id))) if cancelled.contains(id) => drop(oracle.pop()),
                            Some(Reverse((time, _, _))) if *time <= until => {
                                break oracle.pop().map(|Reverse((time, _, id))| (time, id));
                            }
                            _ => break None,
                        }
                    };
                    let popped = agenda.pop_until(until);
                    assert_eq!(popped, expected);
                    now = popped.map_or(now, |(time, _)| time);
                }
            }
        }
    }

    #[test]
    fn cancelled_entries_do_not_pile_up() {
        let mut agenda = Agenda::default();
        for n in 0..100_000_u64 {
            let key = agenda.schedule(n + 345_600_000_000, Lane::Timer, n);
            assert_eq!(agenda.cancel(key), Some(n));
        }
        assert!(agenda.heap.len() <= limits::DEAD_ENTRIES_SLACK + 1);
        assert!(agenda.is_empty());
    }
}
