//! What a queue holds, and in what order it gives it out: slots, counts, groups, and one of two orders.

use std::sync::Arc;

use super::ages::{Ages, Counting};
use super::fair::Fairness;
use super::fifo::{Cursor, Fifo};
use super::groups::{GroupId, Groups};
use super::lanes::Lanes;
pub use super::lanes::SERVERS;
use super::slots::{Entry, Slots, State, Story};
use crate::engine::{ActorId, Key, Micros};
use crate::services::Message;

#[derive(Clone, Debug)]
enum Order {
    Standard(Lanes),
    Fifo(Fifo),
}

#[derive(Clone, Debug)]
pub struct Backlog {
    pub slots: Slots,
    pub groups: Groups,
    pub fairness: Fairness,
    ages: Ages,
    order: Order,
    next_order: u64,
    visible: u64,
    delayed: u64,
    in_flight: u64,
    is_dead_letter_queue: bool,
}

/// A message that comes into a queue.
pub struct Arrival {
    pub message: Message,
    pub sent: Micros,
    pub received: u32,
    pub first_received: Micros,
    pub source: Option<(ActorId, Arc<str>)>,
    /// It was here before: in a FIFO queue it stands first in its group.
    pub returns: bool,
}

/// What one receive asks for, and where it stands.
pub struct Receiving {
    pub asked: [bool; SERVERS],
    pub cursor: Cursor,
}

impl Backlog {
    #[must_use]
    pub fn new(fifo: bool) -> Self {
        Self {
            slots: Slots::default(),
            groups: Groups::default(),
            fairness: Fairness::default(),
            ages: Ages::default(),
            order: if fifo { Order::Fifo(Fifo::default()) } else { Order::Standard(Lanes::default()) },
            next_order: 0,
            visible: 0,
            delayed: 0,
            in_flight: 0,
            is_dead_letter_queue: false,
        }
    }

    #[must_use]
    pub fn len(&self) -> u64 {
        self.slots.len()
    }

    #[must_use]
    pub fn visible(&self) -> u64 {
        self.visible
    }

    #[must_use]
    pub fn delayed(&self) -> u64 {
        self.delayed
    }

    #[must_use]
    pub fn in_flight(&self) -> u64 {
        self.in_flight
    }

    /// The place in the order of arrival of the next message that comes.
    #[must_use]
    pub fn next_order(&self) -> u64 {
        self.next_order
    }

    /// Takes a message in and returns its slot; the caller lists or hides it.
    pub fn insert(&mut self, arrival: Arrival, now: Micros) -> u32 {
        let Arrival { message, sent, received, first_received, source, returns } = arrival;
        let name = message.message_group_id();
        if name.is_some() && !self.is_fifo() {
            self.fairness.is_on = true;
            self.fairness.tidy(now, &mut self.groups);
        }
        let group = name.map_or(GroupId::NONE, |name| self.groups.of(name));
        let order = self.next_order;
        self.next_order += 1;
        let has_story = received > 0 || source.is_some();
        let story = has_story.then(|| Box::new(Story { source, first_received, ..Story::default() }));
        let state = State::Visible;
        let (slot, generation) = self.slots.insert(Entry { message, sent, order, group, received, state, story });
        self.count(group, None, Some(state));
        self.ages.push(now, sent, slot, generation);
        if let Order::Fifo(fifo) = &mut self.order {
            fifo.push(slot, returns, &self.slots, &mut self.groups);
        }
        self.settle();
        slot
    }

    fn count(&mut self, group: GroupId, from: Option<State>, to: Option<State>) {
        let mut add = |state: Option<State>, one: i64| {
            let count = match state {
                None => return,
                Some(State::Visible | State::VisibleAgain) => &mut self.visible,
                Some(State::Delayed) => &mut self.delayed,
                Some(State::InFlight) => &mut self.in_flight,
            };
            *count = count.wrapping_add_signed(one);
        };
        add(from, -1);
        add(to, 1);
        self.groups.count(group, from, to);
    }

    fn is_fifo(&self) -> bool {
        matches!(self.order, Order::Fifo(_))
    }

    fn set_state(&mut self, slot: u32, to: State) {
        let entry = self.slots.entry_mut(slot);
        let (from, group) = (entry.state, entry.group);
        entry.state = to;
        self.count(group, Some(from), Some(to));
    }

    /// Hides a message that is not listed, until a timer ends it.
    pub fn hide(&mut self, slot: u32, state: State, (since, until): (Micros, Micros), key: Key) {
        let story = self.slots.entry_mut(slot).story_mut();
        (story.since, story.until, story.key) = (since, until, Some(key));
        self.set_state(slot, state);
        self.regroup(slot);
        self.settle();
    }

    /// Notes that a message was received without being hidden; it is listed when the receive ends.
    pub fn stay_visible(&mut self, slot: u32) {
        self.set_state(slot, State::VisibleAgain);
        self.settle();
    }

    /// Makes a hidden message visible, at the front or the back of a standard queue.
    pub fn show(&mut self, slot: u32, state: State, front: bool) {
        self.set_state(slot, state);
        self.list(slot, front);
        self.regroup(slot);
        self.settle();
    }

    /// Lists a visible message of a standard queue: one that came, or was taken and not hidden.
    pub fn list(&mut self, slot: u32, front: bool) {
        if let Order::Standard(lanes) = &mut self.order {
            if front { lanes.push_front(slot, &self.slots) } else { lanes.push_back(slot, &self.slots) }
        }
    }

    fn regroup(&mut self, slot: u32) {
        if let Order::Fifo(fifo) = &mut self.order {
            let group = self.slots.entry(slot).group;
            fifo.refresh(group, &self.slots, &mut self.groups);
        }
    }

    /// The next message of a receive; it leaves its list, and the receive must hide, list or remove it.
    pub fn take(&mut self, receiving: &mut Receiving, passed_over: u64) -> Option<u32> {
        let Self { slots, groups, order, .. } = self;
        match order {
            Order::Fifo(fifo) => fifo.next(&mut receiving.cursor, slots, groups),
            Order::Standard(lanes) => {
                let is_noisy = |id: GroupId| groups.get(id).is_some_and(|group| group.noisy);
                lanes.take(receiving.asked, passed_over, slots, groups, &is_noisy)
            }
        }
    }

    /// Ends a receive.
    pub fn taken(&mut self, receiving: Receiving) {
        if let Order::Fifo(fifo) = &mut self.order {
            fifo.finish(receiving.cursor, &self.slots, &mut self.groups);
        }
    }

    pub fn remove(&mut self, slot: u32) -> Entry {
        let generation = self.slots.generation(slot);
        let entry = self.slots.remove(slot);
        self.count(entry.group, Some(entry.state), None);
        self.ages.remove(entry.sent, slot, generation);
        if let Order::Fifo(fifo) = &mut self.order {
            fifo.removed(entry.order, entry.group, &self.slots, &mut self.groups);
        }
        self.settle();
        entry
    }

    /// Judges a message's group after a change of what it has in flight (SQS-36).
    pub fn judge(&mut self, group: GroupId, now: Micros) -> Option<bool> {
        if !self.fairness.is_on || !self.fairness.judge(group, self.in_flight, now, &mut self.groups) {
            return None;
        }
        let noisy = self.groups.get(group).is_some_and(|group| group.noisy);
        if !noisy {
            self.ages.recount_quiet();
        }
        self.settle();
        Some(noisy)
    }

    /// What a dead-letter queue counts differs (SQS-39).
    pub fn set_dead_letter_queue(&mut self, is: bool) {
        if self.is_dead_letter_queue != is {
            self.is_dead_letter_queue = is;
            self.ages.recount();
            self.settle();
        }
    }

    /// Takes the marks of the ages along.
    fn settle(&mut self) {
        let is_noisy = |entry: &Entry| is_noisy(&self.groups, entry);
        let (slots, is_dead_letter_queue) = (&self.slots, self.is_dead_letter_queue);
        self.ages.settle(&Counting { slots, is_dead_letter_queue, is_noisy: &is_noisy });
    }

    fn counting<T>(&self, ask: impl FnOnce(&Ages, &Counting<'_>) -> T) -> T {
        let is_noisy = |entry: &Entry| is_noisy(&self.groups, entry);
        let (slots, is_dead_letter_queue) = (&self.slots, self.is_dead_letter_queue);
        ask(&self.ages, &Counting { slots, is_dead_letter_queue, is_noisy: &is_noisy })
    }

    #[must_use]
    pub fn oldest_counted(&self) -> Option<Micros> {
        self.counting(Ages::oldest_counted)
    }

    #[must_use]
    pub fn oldest_quiet(&self) -> Option<Micros> {
        self.counting(Ages::oldest_quiet)
    }

    #[must_use]
    pub fn oldest_sent(&self) -> Option<Micros> {
        self.ages.oldest_sent()
    }

    /// A message that was sent at `limit` or before.
    #[must_use]
    pub fn sent_by(&self, limit: Micros) -> Option<u32> {
        self.ages.sent_by(limit, &self.slots)
    }

    /// Slots in the order in which they came.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u32> + '_ {
        self.ages.iter(&self.slots)
    }
}

fn is_noisy(groups: &Groups, entry: &Entry) -> bool {
    groups.get(entry.group).is_some_and(|group| group.noisy)
}
