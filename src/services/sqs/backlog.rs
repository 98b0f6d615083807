//! What a queue holds: entries in slots, and which of them are visible, on eight servers.
//!
//! A message lies on a server chosen by its token (SQS-24, our model). A short poll asks a sample of the
//! servers, a long poll all; either takes the oldest visible message of those asked.

use std::collections::VecDeque;

use super::api::Receipt;
use crate::engine::{Key, Micros};
use crate::services::Message;

pub const SERVERS: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Visible,
    /// Since, until, and the timer that ends it.
    Delayed {
        since: Micros,
        until: Micros,
        key: Key,
    },
    InFlight {
        since: Micros,
        until: Micros,
        key: Key,
    },
    /// Received with a visibility timeout of 0, or expired: visible, its last receipt still good (SQS-16).
    VisibleAgain,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub message: Message,
    pub state: State,
    pub sent: Micros,
    pub received: u32,
    pub first_received: Micros,
    /// When the latest receive was: `ChangeMessageVisibility` counts its 12 hours from there (SQS-17).
    pub last_received: Micros,
}

#[derive(Clone, Debug)]
struct Slot {
    generation: u32,
    entry: Option<Entry>,
}

#[derive(Clone, Debug, Default)]
pub struct Backlog {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Visible slots by server, each with its place in the queue's order.
    visible: [VecDeque<(u64, u32, u32)>; SERVERS],
    /// Slots by the time they were sent, for retention and the age of the oldest.
    by_age: VecDeque<(Micros, u32, u32)>,
    next_order: u64,
    visible_count: u64,
    pub delayed: u64,
    pub in_flight: u64,
    len: u64,
}

impl Backlog {
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    #[must_use]
    pub fn visible(&self) -> u64 {
        self.visible_count
    }

    /// Adds an entry in whatever state it has; returns its slot and generation.
    pub fn insert(&mut self, entry: Entry) -> (u32, u32) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { generation: 0, entry: None });
            u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 messages")
        });
        let generation = self.slots[slot as usize].generation;
        let at = (entry.sent, slot, generation);
        // A dead-lettered message keeps its send time, so it may be older than the youngest here.
        let place = self.by_age.partition_point(|(sent, ..)| *sent <= entry.sent);
        if place == self.by_age.len() {
            self.by_age.push_back(at)
        } else {
            self.by_age.insert(place, at)
        }
        self.slots[slot as usize].entry = Some(entry);
        self.len += 1;
        (slot, generation)
    }

    /// Makes a slot visible at the back of the queue.
    pub fn show(&mut self, slot: u32) {
        self.next_order += 1;
        let order = self.next_order;
        self.enlist(slot, order, false);
    }

    /// Makes a slot visible at the front, where a message that came back stands.
    pub fn show_again(&mut self, slot: u32) {
        self.enlist(slot, 0, true);
    }

    fn enlist(&mut self, slot: u32, order: u64, front: bool) {
        let held = &self.slots[slot as usize];
        let entry = held.entry.as_ref().expect("only what is held becomes visible");
        let lane = &mut self.visible[server_of(&entry.message)];
        if front {
            lane.push_front((order, slot, held.generation))
        } else {
            lane.push_back((order, slot, held.generation))
        }
        self.visible_count += 1;
    }

    /// The oldest visible slot on the servers asked; it leaves their list.
    pub fn take_visible(&mut self, asked: [bool; SERVERS]) -> Option<u32> {
        let mut best: Option<(u64, usize)> = None;
        for (server, lane) in self.visible.iter_mut().enumerate() {
            while lane.front().is_some_and(|(_, slot, generation)| self.slots[*slot as usize].generation != *generation)
            {
                lane.pop_front();
            }
            if let Some((order, ..)) = lane.front()
                && asked[server]
                && best.is_none_or(|(least, _)| *order < least)
            {
                best = Some((*order, server));
            }
        }
        let (_, server) = best?;
        self.visible_count -= 1;
        self.visible[server].pop_front().map(|(_, slot, _)| slot)
    }

    #[must_use]
    pub fn get(&self, slot: u32, generation: u32) -> Option<&Entry> {
        let held = self.slots.get(slot as usize)?;
        held.entry.as_ref().filter(|_| held.generation == generation)
    }

    pub fn get_mut(&mut self, slot: u32, generation: u32) -> Option<&mut Entry> {
        let held = self.slots.get_mut(slot as usize)?;
        held.entry.as_mut().filter(|_| held.generation == generation)
    }

    #[must_use]
    pub fn entry(&self, slot: u32) -> &Entry {
        self.slots[slot as usize].entry.as_ref().expect("a slot in a list is held")
    }

    pub fn entry_mut(&mut self, slot: u32) -> &mut Entry {
        self.slots[slot as usize].entry.as_mut().expect("a slot in a list is held")
    }

    #[must_use]
    pub fn generation(&self, slot: u32) -> u32 {
        self.slots[slot as usize].generation
    }

    #[must_use]
    pub fn receipt(&self, slot: u32) -> Receipt {
        Receipt { slot, generation: self.generation(slot), receive: self.entry(slot).received }
    }

    /// Takes an entry out. `listed` says that it stands in a visible list, which then forgets it lazily.
    pub fn remove(&mut self, slot: u32) -> Entry {
        let held = &mut self.slots[slot as usize];
        let entry = held.entry.take().expect("only what is held is removed");
        held.generation = held.generation.wrapping_add(1);
        self.free.push(slot);
        self.len -= 1;
        match entry.state {
            State::Visible | State::VisibleAgain => {}
            State::Delayed { .. } => self.delayed -= 1,
            State::InFlight { .. } => self.in_flight -= 1,
        }
        if self.by_age.len() as u64 > 2 * self.len + 64 {
            let slots = &self.slots;
            self.by_age.retain(|(_, slot, generation)| slots[*slot as usize].generation == *generation);
        }
        entry
    }

    /// Says that a visible entry was removed without being taken.
    pub fn forget_visible(&mut self) {
        self.visible_count -= 1;
    }

    /// The oldest entry by send time.
    pub fn oldest(&mut self) -> Option<(Micros, u32)> {
        while let Some((sent, slot, generation)) = self.by_age.front().copied() {
            if self.slots[slot as usize].generation == generation {
                return Some((sent, slot));
            }
            self.by_age.pop_front();
        }
        None
    }

    /// The send time of the oldest message for which `counts` holds.
    pub fn oldest_where(&self, counts: impl Fn(&Entry) -> bool) -> Option<Micros> {
        let held = |(_, slot, generation): &(Micros, u32, u32)| self.get(*slot, *generation);
        self.by_age.iter().filter_map(held).find(|entry| counts(entry)).map(|entry| entry.sent)
    }

    /// Entries in the order they were sent.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.by_age.iter().filter_map(|(_, slot, generation)| self.get(*slot, *generation))
    }
}

fn server_of(message: &Message) -> usize {
    (message.token.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61) as usize
}
