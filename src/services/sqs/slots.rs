//! The messages of a queue, in slots that are used again: a slot and its generation name one message for ever.

use std::sync::Arc;

use super::api::Receipt;
use super::groups::GroupId;
use crate::engine::{ActorId, Key, Micros};
use crate::services::Message;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Visible,
    /// Received with a visibility timeout of 0, or expired: visible, its last receipt still good (SQS-16).
    VisibleAgain,
    Delayed,
    InFlight,
}

impl State {
    #[must_use]
    pub fn is_visible(self) -> bool {
        matches!(self, Self::Visible | Self::VisibleAgain)
    }
}

/// A message in a queue. Most wait and were never received, so that what only others need lies in a box.
#[derive(Clone, Debug)]
pub struct Entry {
    pub message: Message,
    /// When its retention began.
    pub sent: Micros,
    /// Its place in the order of arrival; a FIFO queue's sequence number follows it.
    pub order: u64,
    pub group: GroupId,
    pub received: u32,
    pub state: State,
    pub story: Option<Box<Story>>,
}

/// What happened to a message that was delayed, received or moved.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// It is hidden from then …
    pub since: Micros,
    /// … until then, by the timer that ends it.
    pub until: Micros,
    pub key: Option<Key>,
    pub first_received: Micros,
    /// When the latest receive was: `ChangeMessageVisibility` counts its 12 hours from there (SQS-17).
    pub last_received: Micros,
    /// The queue that dead-lettered it (SQS-15), and that one's id.
    pub source: Option<(ActorId, Arc<str>)>,
}

impl Entry {
    /// Its story, begun if it had none.
    pub fn story_mut(&mut self) -> &mut Story {
        self.story.get_or_insert_default()
    }

    #[must_use]
    pub fn hidden(&self) -> Option<(Micros, Micros)> {
        let story = self.story.as_deref()?;
        (!self.state.is_visible()).then_some((story.since, story.until))
    }
}

#[derive(Clone, Debug)]
struct Slot {
    generation: u32,
    entry: Option<Entry>,
}

#[derive(Clone, Debug, Default)]
pub struct Slots {
    slots: Vec<Slot>,
    free: Vec<u32>,
    len: u64,
}

impl Slots {
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Returns the slot and its generation.
    pub fn insert(&mut self, entry: Entry) -> (u32, u32) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { generation: 0, entry: None });
            u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 messages")
        });
        self.slots[slot as usize].entry = Some(entry);
        self.len += 1;
        (slot, self.slots[slot as usize].generation)
    }

    pub fn remove(&mut self, slot: u32) -> Entry {
        let held = &mut self.slots[slot as usize];
        let entry = held.entry.take().expect("only what is held is removed");
        held.generation = held.generation.wrapping_add(1);
        self.free.push(slot);
        self.len -= 1;
        entry
    }

    #[must_use]
    pub fn get(&self, slot: u32, generation: u32) -> Option<&Entry> {
        let held = self.slots.get(slot as usize)?;
        held.entry.as_ref().filter(|_| held.generation == generation)
    }

    #[must_use]
    pub fn is_held(&self, slot: u32, generation: u32) -> bool {
        self.get(slot, generation).is_some()
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

    /// The latest receive's.
    #[must_use]
    pub fn receipt(&self, slot: u32) -> Receipt {
        Receipt { slot, generation: self.generation(slot), receive: self.entry(slot).received }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A million waiting messages must fit into a tab beside everything else.
    #[test]
    fn a_waiting_message_takes_little_memory() {
        let listed = size_of::<(u64, u32, u32)>() + size_of::<(Micros, u32, u32)>();
        assert!(size_of::<Slot>() + listed <= 144, "{} + {listed}", size_of::<Slot>());
    }
}
