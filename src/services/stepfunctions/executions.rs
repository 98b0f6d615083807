//! The executions of a state machine: those under way, and the last of those that have ended.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::lang::asl::execution::Execution;
use crate::lang::asl::execution::thread::ThreadId;
use crate::services::{Caller, Message};

/// Executions that have ended and are still known, and events of theirs; AWS keeps them for 90 days.
const ENDED_MAX: usize = 2_000;
const ENDED_EVENTS_MAX: u64 = 200_000;

/// An execution and what it is to others.
#[derive(Clone, Debug)]
pub struct Held {
    pub execution: Execution,
    /// Its input as it came; an item of a distributed map has none.
    pub message: Option<Message>,
    /// `StartSyncExecution` is answered at its end.
    pub caller: Option<Caller>,
    /// The `.sync` task of another execution that waits for its end.
    pub watcher: Option<Arc<str>>,
    /// Whose distributed map it is an item of: the execution, its thread and the item's number.
    pub parent: Option<(u64, ThreadId, u64)>,
    /// The version that it runs, and the alias that led there.
    pub published: Option<(u64, Option<String>)>,
    /// Events of its history that have been told of.
    pub told: usize,
    /// What AWS's bill counts of it already.
    pub billed: u64,
    /// `StopExecution` came from a Map that has ended otherwise.
    pub is_forgotten: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Executions {
    all: BTreeMap<u64, Arc<Held>>,
    /// By the names that callers gave.
    names: BTreeMap<String, u64>,
    ended: VecDeque<(u64, u64)>,
    ended_events: u64,
    next: u64,
    pub running: u64,
}

impl Executions {
    /// The number that the next one gets.
    pub fn next_number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub fn insert(&mut self, number: u64, held: Held, name: Option<String>) {
        self.running += 1;
        if let Some(name) = name {
            self.names.insert(name, number);
        }
        self.all.insert(number, Arc::new(held));
    }

    #[must_use]
    pub fn get(&self, number: u64) -> Option<&Held> {
        self.all.get(&number).map(|held| &**held)
    }

    pub fn get_mut(&mut self, number: u64) -> Option<&mut Held> {
        self.all.get_mut(&number).map(Arc::make_mut)
    }

    /// By its name, as a caller gave it.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<u64> {
        self.names.get(name).copied()
    }

    /// By its ARN or its name.
    #[must_use]
    pub fn find(&self, execution: &str) -> Option<u64> {
        let is_it =
            |held: &Held| held.execution.identity().id == execution || held.execution.identity().name == execution;
        self.all.iter().rev().find(|(_, held)| is_it(held)).map(|(number, _)| *number)
    }

    /// From the oldest.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Held)> {
        self.all.iter().map(|(number, held)| (*number, &**held))
    }

    /// One has ended; the oldest of those that have are forgotten in the end.
    pub fn note_end(&mut self, number: u64) {
        self.running -= 1;
        let events = self.get(number).map_or(0, |held| held.execution.history().len() as u64);
        self.ended.push_back((number, events));
        self.ended_events += events;
        while self.ended.len() > ENDED_MAX || self.ended_events > ENDED_EVENTS_MAX {
            let Some((oldest, events)) = self.ended.pop_front() else { return };
            self.ended_events -= events;
            self.all.remove(&oldest);
        }
    }

    /// One that has ended goes on.
    pub fn note_redrive(&mut self, number: u64) {
        self.running += 1;
        if let Some(place) = self.ended.iter().position(|(ended, _)| *ended == number) {
            let (_, events) = self.ended.remove(place).expect("it was just found");
            self.ended_events -= events;
        }
    }

    /// Takes everything.
    pub fn take(&mut self) -> impl Iterator<Item = Arc<Held>> + use<> {
        self.running = 0;
        self.ended.clear();
        self.names.clear();
        std::mem::take(&mut self.all).into_values()
    }
}
