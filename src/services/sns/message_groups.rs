//! Order within a message group: one message at a time for each subscription, the next when it has ended (SNS-25).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::delivery::Note;
use crate::engine::LinkId;
use crate::services::Delivery;
use crate::services::{Cx, Door, Message, Place};

/// A subscription's link and a group.
pub type Lane = (LinkId, Arc<str>);

#[derive(Clone, Debug, Default)]
pub struct MessageGroups {
    /// A lane is here while one of its messages is under way; those behind it wait, and are stored.
    busy: BTreeMap<Lane, VecDeque<Delivery<Note>>>,
    waiting: u64,
}

impl MessageGroups {
    #[must_use]
    pub fn stored(&self) -> u64 {
        self.waiting
    }

    /// Lets a delivery go, or keeps it until its lane is free.
    pub fn enter(&mut self, lane: &Lane, delivery: Delivery<Note>, cx: &mut Cx<'_>) -> Option<Delivery<Note>> {
        if let Some(behind) = self.busy.get_mut(lane) {
            cx.book(1, Place::Travelling, Place::Stored);
            behind.push_back(delivery);
            self.waiting += 1;
            return None;
        }
        self.busy.insert(lane.clone(), VecDeque::new());
        Some(delivery)
    }

    /// The lane's message has ended: the next one travels.
    pub fn leave(&mut self, lane: &Lane, cx: &mut Cx<'_>) -> Option<Delivery<Note>> {
        let next = self.busy.get_mut(lane)?.pop_front();
        match next {
            Some(_) => {
                cx.book(1, Place::Stored, Place::Travelling);
                self.waiting -= 1;
            }
            None => drop(self.busy.remove(lane)),
        }
        next
    }

    /// Drops what waits for links that are gone.
    pub fn keep_links(&mut self, exists: impl Fn(LinkId) -> bool, reason: &'static str, cx: &mut Cx<'_>) {
        let waiting = &mut self.waiting;
        self.busy.retain(|(link, _), behind| {
            let stays = exists(*link);
            if !stays {
                cx.book(behind.len() as u64, Place::Stored, Place::Dropped(reason));
                *waiting -= behind.len() as u64;
            }
            stays
        });
    }

    pub fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.busy.values().flatten().for_each(|delivery| see(&delivery.message));
    }

    /// The lanes in which something waits, with the first that does and how many there are.
    pub fn held(&self) -> impl Iterator<Item = (&Lane, &Message, usize)> {
        self.busy.iter().filter_map(|(lane, behind)| behind.front().map(|first| (lane, &first.message, behind.len())))
    }
}
