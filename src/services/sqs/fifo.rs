//! Which message of a FIFO queue comes next: message groups, each in order and locked while one of it is in
//! flight (SQS-28 … SQS-31).

use std::collections::{BTreeMap, VecDeque};

use super::groups::{Group, GroupId, Groups};
use super::slots::Slots;

/// Only so many messages from the front of the backlog are looked at for groups that are free (SQS-22).
pub const LOOKED_AT_MAX: u64 = 120_000;

#[derive(Clone, Debug, Default)]
pub struct Fifo {
    /// Groups whose first message is visible, in the order in which they became so.
    free: BTreeMap<u64, GroupId>,
    next_place: u64,
    /// Those of them whose first message lies too far back, by its order.
    far: BTreeMap<u64, GroupId>,
    /// One bit a message, by its order of arrival from `base` on: whether it is still here.
    held: VecDeque<u64>,
    base: u64,
    /// Messages that receives look at, and the order from which on they look at none.
    near: u64,
    horizon: u64,
}

/// Where one receive stands: it empties a group before it goes on to the next (SQS-28).
#[derive(Debug, Default)]
pub struct Cursor {
    after: Option<u64>,
    group: Option<GroupId>,
    /// What it took from that group: hidden by now, gone, or passed by.
    passed: Vec<u32>,
    /// Groups it took from.
    touched: Vec<GroupId>,
}

impl Fifo {
    /// Adds a message to the end of its group's line, or to the front when it comes back.
    pub fn push(&mut self, slot: u32, front: bool, slots: &Slots, groups: &mut Groups) {
        let entry = slots.entry(slot);
        let at = (slot, slots.generation(slot));
        self.note(entry.order);
        if let Some(group) = groups.get_mut(entry.group) {
            if front { group.line.push_front(at) } else { group.line.push_back(at) }
        }
        self.refresh(entry.group, slots, groups);
    }

    /// Forgets a message that was removed.
    pub fn removed(&mut self, order: u64, id: GroupId, slots: &Slots, groups: &mut Groups) {
        self.forget(order);
        self.refresh(id, slots, groups);
    }

    /// Lists a group at the end when its first message has become visible, and unlists it when that is hidden; a
    /// group without messages is forgotten.
    pub fn refresh(&mut self, id: GroupId, slots: &Slots, groups: &mut Groups) {
        let Some(group) = groups.get_mut(id) else { return };
        while group.line.front().is_some_and(|(slot, generation)| !slots.is_held(*slot, *generation)) {
            group.line.pop_front();
        }
        if group.line.len() as u64 > 2 * group.len() + 16 {
            group.line.retain(|(slot, generation)| slots.is_held(*slot, *generation));
        }
        let is_free = group.line.front().is_some_and(|(slot, _)| slots.entry(*slot).state.is_visible());
        match group.listed {
            None if is_free => {
                self.next_place += 1;
                group.listed = Some(self.next_place);
                self.free.insert(self.next_place, id);
            }
            Some(_) if !is_free => self.unlist(group),
            _ => {}
        }
        if group.line.is_empty() {
            groups.forget(id);
        }
    }

    fn unlist(&mut self, group: &mut Group) {
        if let Some(place) = group.listed.take() {
            self.free.remove(&place);
        }
        if let Some(order) = group.far.take() {
            self.far.remove(&order);
        }
    }

    /// The next message of a receive. What it returned before is hidden, removed, or passed by.
    pub fn next(&mut self, cursor: &mut Cursor, slots: &Slots, groups: &mut Groups) -> Option<u32> {
        self.bring_near(groups);
        loop {
            let id = match cursor.group.take() {
                Some(id) => id,
                None => {
                    let from = cursor.after.map_or(0, |after| after + 1);
                    let (place, id) = self.free.range(from..).next()?;
                    cursor.after = Some(*place);
                    cursor.passed.clear();
                    *id
                }
            };
            let Some(group) = groups.get_mut(id) else { continue };
            let Some(slot) = next_visible(group, &cursor.passed, slots) else { continue };
            let order = slots.entry(slot).order;
            if order >= self.horizon {
                if cursor.passed.is_empty()
                    && let Some(place) = group.listed
                {
                    group.far = Some(order);
                    self.free.remove(&place);
                    self.far.insert(order, id);
                }
                continue;
            }
            cursor.group = Some(id);
            cursor.passed.push(slot);
            if cursor.touched.last() != Some(&id) {
                cursor.touched.push(id);
            }
            return Some(slot);
        }
    }

    /// Lists the groups again that have come within reach, each at its place.
    fn bring_near(&mut self, groups: &mut Groups) {
        while let Some(first) = self.far.first_entry().filter(|first| *first.key() < self.horizon) {
            let id = first.remove();
            if let Some(group) = groups.get_mut(id) {
                group.far = None;
                self.free.extend(group.listed.map(|place| (place, id)));
            }
        }
    }

    /// Ends a receive: the groups it took from are locked, or stand last if they are free again (SQS-31).
    pub fn finish(&mut self, cursor: Cursor, slots: &Slots, groups: &mut Groups) {
        for id in cursor.touched {
            if let Some(group) = groups.get_mut(id) {
                self.unlist(group);
            }
            self.refresh(id, slots, groups);
        }
    }

    /// Notes that the message that came last is here.
    fn note(&mut self, order: u64) {
        if self.held.is_empty() {
            self.base = order / 64 * 64;
        }
        let word = self.word(order);
        if self.held.len() <= word {
            self.held.resize(word + 1, 0);
        }
        self.held[word] |= 1 << (order % 64);
        if self.near < LOOKED_AT_MAX {
            self.near += 1;
            self.horizon = order + 1;
        }
    }

    fn forget(&mut self, order: u64) {
        let word = self.word(order);
        self.held[word] &= !(1 << (order % 64));
        if order < self.horizon {
            self.near -= 1;
            if let Some(next) = self.next_held(self.horizon) {
                self.near += 1;
                self.horizon = next + 1;
            }
        }
        while self.held.front() == Some(&0) {
            self.held.pop_front();
            self.base += 64;
        }
    }

    fn word(&self, order: u64) -> usize {
        usize::try_from((order - self.base) / 64).expect("fewer than 2^38 messages")
    }

    /// The first message from an order on that is still here.
    fn next_held(&self, from: u64) -> Option<u64> {
        let first = self.word(from.max(self.base));
        let beyond = !0 << (from % 64);
        let words = self.held.iter().enumerate().skip(first);
        let mut words = words.map(|(index, word)| (index, if index == first { word & beyond } else { *word }));
        let (index, word) = words.find(|(_, word)| *word != 0)?;
        Some(self.base + 64 * index as u64 + u64::from(word.trailing_zeros()))
    }
}

/// The first message of a line beyond those passed, if it is visible.
fn next_visible(group: &Group, passed: &[u32], slots: &Slots) -> Option<u32> {
    let is_next = |(slot, generation): &&(u32, u32)| slots.is_held(*slot, *generation) && !passed.contains(slot);
    let (slot, _) = group.line.iter().find(is_next)?;
    slots.entry(*slot).state.is_visible().then_some(*slot)
}
