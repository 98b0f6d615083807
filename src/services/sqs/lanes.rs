//! Which visible message of a standard queue comes next: eight servers, best-effort order, quiet tenants first.
//!
//! A message lies on a server chosen by its token (SQS-24, our model). A short poll asks a sample of the
//! servers, a long poll all; either takes the oldest visible message of those asked. Messages of a noisy group
//! step aside when they come to the front, and are taken when no quiet one is there (SQS-36).

use std::collections::{BTreeMap, VecDeque};

use super::groups::{GroupId, Groups};
use super::slots::Slots;
use crate::services::Message;

pub const SERVERS: usize = 8;

/// A slot with its place in the order and its generation. What came back stands before everything, at 0.
type Place = (u64, u32, u32);

#[derive(Clone, Debug, Default)]
pub struct Lanes {
    servers: [VecDeque<Place>; SERVERS],
    /// What stepped aside, by group and server.
    aside: BTreeMap<GroupId, Box<[VecDeque<Place>; SERVERS]>>,
    next_order: u64,
}

/// A lane: the group it stepped aside with, if any, and the server.
type Lane = (Option<GroupId>, usize);

impl Lanes {
    pub fn push_back(&mut self, slot: u32, slots: &Slots) {
        self.next_order += 1;
        let place = (self.next_order, slot, slots.generation(slot));
        self.servers[server_of(&slots.entry(slot).message)].push_back(place);
    }

    /// At the front, where a message that came back stands.
    pub fn push_front(&mut self, slot: u32, slots: &Slots) {
        let entry = slots.entry(slot);
        let server = server_of(&entry.message);
        let lane = match self.aside.get_mut(&entry.group) {
            Some(aside) => &mut aside[server],
            None => &mut self.servers[server],
        };
        lane.push_front((0, slot, slots.generation(slot)));
    }

    /// Takes the next message of the servers asked, after passing over up to `passed_over` others (SQS-21).
    pub fn take(
        &mut self,
        asked: [bool; SERVERS],
        passed_over: u64,
        slots: &Slots,
        groups: &Groups,
        is_noisy: &dyn Fn(GroupId) -> bool,
    ) -> Option<u32> {
        let mut taken: Vec<(Lane, Place)> = Vec::new();
        while taken.len() as u64 <= passed_over {
            let Some(lane) = self.next(asked, slots, groups, is_noisy) else { break };
            let place = self.lane_mut(lane).pop_front().expect("the next lane has a front");
            taken.push((lane, place));
        }
        let (_, (_, slot, _)) = taken.pop()?;
        for (lane, place) in taken.into_iter().rev() {
            self.lane_mut(lane).push_front(place);
        }
        self.aside.retain(|_, lanes| lanes.iter().any(|lane| !lane.is_empty()));
        Some(slot)
    }

    fn lane_mut(&mut self, (group, server): Lane) -> &mut VecDeque<Place> {
        match group {
            None => &mut self.servers[server],
            Some(group) => &mut self.aside.get_mut(&group).expect("only lanes that are there are next")[server],
        }
    }

    /// The lane whose front is next: the oldest of the quiet ones, else of the noisy group with fewest in flight.
    fn next(
        &mut self,
        asked: [bool; SERVERS],
        slots: &Slots,
        groups: &Groups,
        is_noisy: &dyn Fn(GroupId) -> bool,
    ) -> Option<Lane> {
        for server in (0..SERVERS).filter(|server| asked[*server]) {
            self.step_aside(server, slots, is_noisy);
        }
        for lanes in self.aside.values_mut() {
            lanes.iter_mut().for_each(|lane| drop_gone(lane, slots));
        }
        let is_asked = |server: &usize| asked[*server];
        let front = |lane: &VecDeque<Place>| lane.front().map(|place| place.0);
        let main = (0..SERVERS)
            .filter(is_asked)
            .filter_map(|server| Some(((0, front(&self.servers[server])?), (None, server))));
        // Quiet ones rank 0; a noisy group ranks behind them by what it has in flight.
        let aside = self.aside.iter().flat_map(|(group, lanes)| {
            let in_flight = groups.get(*group).map_or(0, |group| group.in_flight);
            let rank = if is_noisy(*group) { 1 + in_flight } else { 0 };
            (0..SERVERS)
                .filter(is_asked)
                .filter_map(move |server| Some(((rank, front(&lanes[server])?), (Some(*group), server))))
        });
        main.chain(aside).min_by_key(|(rank, _)| *rank).map(|(_, lane)| lane)
    }

    /// Clears a lane's front of what is gone and of what is noisy.
    fn step_aside(&mut self, server: usize, slots: &Slots, is_noisy: &dyn Fn(GroupId) -> bool) {
        let lane = &mut self.servers[server];
        drop_gone(lane, slots);
        while let Some(place) = lane.front() {
            let group = slots.entry(place.1).group;
            if group == GroupId::NONE || !is_noisy(group) {
                return;
            }
            let place = lane.pop_front().expect("the front was just seen");
            self.aside.entry(group).or_default()[server].push_back(place);
            drop_gone(lane, slots);
        }
    }
}

fn drop_gone(lane: &mut VecDeque<Place>, slots: &Slots) {
    while lane.front().is_some_and(|(_, slot, generation)| !slots.is_held(*slot, *generation)) {
        lane.pop_front();
    }
}

fn server_of(message: &Message) -> usize {
    (message.token.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61) as usize
}
