//! Which message of a FIFO queue comes next: message groups, each in order and locked while one of it is in
//! flight (SQS-28 … SQS-31; §10.2 of the semantics).

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
}

/// Where one receive stands: it empties a group before it goes on to the next (SQS-28).
#[derive(Debug, Default)]
pub struct Cursor {
    /// The order from which on nothing is looked at.
    horizon: Option<u64>,
    after: Option<u64>,
    group: Option<(GroupId, usize)>,
    /// Groups it took from.
    touched: Vec<GroupId>,
}

impl Fifo {
    /// Adds a message to the end of its group's line, or to the front when it comes back.
    pub fn push(&mut self, slot: u32, front: bool, slots: &Slots, groups: &mut Groups) {
        let entry = slots.entry(slot);
        let at = (slot, slots.generation(slot));
        self.mark(entry.order, true);
        if let Some(group) = groups.get_mut(entry.group) {
            if front { group.line.push_front(at) } else { group.line.push_back(at) }
        }
        self.refresh(entry.group, slots, groups);
    }

    /// Forgets a message that was removed.
    pub fn removed(&mut self, order: u64, id: GroupId, slots: &Slots, groups: &mut Groups) {
        self.mark(order, false);
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
        let horizon = *cursor.horizon.get_or_insert_with(|| self.horizon(slots.len()));
        self.bring_near(horizon, groups);
        loop {
            let (id, index) = match cursor.group.take() {
                Some(at) => at,
                None => {
                    let from = cursor.after.map_or(0, |after| after + 1);
                    let (place, id) = self.free.range(from..).next()?;
                    cursor.after = Some(*place);
                    (*id, 0)
                }
            };
            let Some(group) = groups.get_mut(id) else { continue };
            let Some((slot, index)) = next_visible(group, index, slots) else { continue };
            let order = slots.entry(slot).order;
            if order >= horizon {
                if index == 0
                    && let Some(place) = group.listed
                {
                    group.far = Some(order);
                    self.free.remove(&place);
                    self.far.insert(order, id);
                }
                continue;
            }
            cursor.group = Some((id, index + 1));
            if cursor.touched.last() != Some(&id) {
                cursor.touched.push(id);
            }
            return Some(slot);
        }
    }

    /// Lists the groups again that have come within reach, each at its place.
    fn bring_near(&mut self, horizon: u64, groups: &mut Groups) {
        while let Some(first) = self.far.first_entry().filter(|first| *first.key() < horizon) {
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

    fn mark(&mut self, order: u64, held: bool) {
        if self.held.is_empty() {
            self.base = order / 64 * 64;
        }
        let Some(offset) = order.checked_sub(self.base) else { return };
        let word = usize::try_from(offset / 64).expect("fewer than 2^38 messages");
        if self.held.len() <= word {
            self.held.resize(word + 1, 0);
        }
        let bit = 1 << (offset % 64);
        if held {
            self.held[word] |= bit;
        } else {
            self.held[word] &= !bit;
        }
        while self.held.front() == Some(&0) {
            self.held.pop_front();
            self.base += 64;
        }
    }

    /// The order of the first message that a receive does not look at any more.
    fn horizon(&self, held: u64) -> u64 {
        let (mut left, mut base) = (LOOKED_AT_MAX, self.base);
        if held <= left {
            return u64::MAX;
        }
        for word in &self.held {
            let here = u64::from(word.count_ones());
            if here > left {
                let mut word = *word;
                for _ in 0..left {
                    word &= word - 1;
                }
                return base + u64::from(word.trailing_zeros());
            }
            left -= here;
            base += 64;
        }
        u64::MAX
    }
}

/// The first visible message of a line from `index` on, up to the first hidden one, with its index.
fn next_visible(group: &Group, index: usize, slots: &Slots) -> Option<(u32, usize)> {
    let held = group.line.iter().enumerate().skip(index).find_map(|(index, (slot, generation))| {
        slots.get(*slot, *generation).map(|entry| (*slot, index, entry.state.is_visible()))
    });
    held.and_then(|(slot, index, is_visible)| is_visible.then_some((slot, index)))
}
