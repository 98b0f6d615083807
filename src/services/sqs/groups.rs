//! Message groups: of a FIFO queue each a line of its own (SQS-28), of a standard queue a tenant (SQS-35).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::fair::Tenant;
use super::slots::State;

/// Which group a message is of; [`GroupId::NONE`] without a `MessageGroupId`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(u32);

impl GroupId {
    pub const NONE: Self = Self(u32::MAX);
}

#[derive(Clone, Debug, Default)]
pub struct Group {
    pub name: Arc<str>,
    pub visible: u64,
    pub in_flight: u64,
    pub delayed: u64,
    /// FIFO: its messages in order; those that are gone are skipped.
    pub line: VecDeque<(u32, u32)>,
    /// FIFO: its place among the groups that can be received from.
    pub listed: Option<u64>,
    /// FIFO: the order of its first message, when that lies too far back to be looked at.
    pub far: Option<u64>,
    /// Standard: whether its messages go after those of others (SQS-36).
    pub noisy: bool,
    /// Standard: what it had of the consumers lately.
    pub tenant: Option<Box<Tenant>>,
}

impl Group {
    #[must_use]
    pub fn len(&self) -> u64 {
        self.visible + self.in_flight + self.delayed
    }

    fn count_mut(&mut self, state: State) -> &mut u64 {
        match state {
            State::Visible | State::VisibleAgain => &mut self.visible,
            State::Delayed => &mut self.delayed,
            State::InFlight => &mut self.in_flight,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Groups {
    list: Vec<Option<Box<Group>>>,
    free: Vec<u32>,
    by_name: BTreeMap<Arc<str>, GroupId>,
    with_in_flight: u64,
}

impl Groups {
    pub fn of(&mut self, name: &str) -> GroupId {
        if let Some(id) = self.by_name.get(name) {
            return *id;
        }
        let group = Box::new(Group { name: Arc::from(name), ..Group::default() });
        let id = self.free.pop().unwrap_or_else(|| {
            self.list.push(None);
            u32::try_from(self.list.len() - 1).expect("fewer than 2^32 groups")
        });
        self.by_name.insert(Arc::clone(&group.name), GroupId(id));
        self.list[id as usize] = Some(group);
        GroupId(id)
    }

    #[must_use]
    pub fn get(&self, id: GroupId) -> Option<&Group> {
        self.list.get(id.0 as usize)?.as_deref()
    }

    pub fn get_mut(&mut self, id: GroupId) -> Option<&mut Group> {
        self.list.get_mut(id.0 as usize)?.as_deref_mut()
    }

    /// Counts a message of a group out of one state and into another.
    pub fn count(&mut self, id: GroupId, from: Option<State>, to: Option<State>) {
        let Some(group) = self.list.get_mut(id.0 as usize).and_then(|group| group.as_deref_mut()) else { return };
        let was_busy = group.in_flight > 0;
        if let Some(state) = from {
            *group.count_mut(state) -= 1;
        }
        if let Some(state) = to {
            *group.count_mut(state) += 1;
        }
        match (was_busy, group.in_flight > 0) {
            (false, true) => self.with_in_flight += 1,
            (true, false) => self.with_in_flight -= 1,
            _ => {}
        }
    }

    /// Forgets a group without messages.
    pub fn forget(&mut self, id: GroupId) {
        if let Some(group) = self.list[id.0 as usize].take() {
            debug_assert_eq!(group.len(), 0, "a group with messages is kept");
            self.by_name.remove(&group.name);
            self.free.push(id.0);
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Groups with a message in flight (SQS-42).
    #[must_use]
    pub fn with_in_flight(&self) -> u64 {
        self.with_in_flight
    }

    /// In the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (GroupId, &Group)> {
        self.by_name.values().filter_map(|id| Some((*id, self.get(*id)?)))
    }
}
