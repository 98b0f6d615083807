//! One lane of a queue's mapping: one batch at a time, from the poll to its deletion.

use super::batch::Batch;
use crate::engine::{Key, Micros};

#[derive(Clone, Debug)]
pub enum Doing {
    /// To be set off.
    Idle,
    /// Polls, or offers its batch, when the time has come.
    Pausing(Key),
    /// Its event poller has polled often enough.
    Spacing(Key),
    Receiving {
        call: u64,
        since: Micros,
    },
    /// It has a batch and no slot.
    Throttled(Key),
    Running,
    /// Calls not yet answered.
    Deleting(Vec<u64>),
    /// Not needed while less is allowed.
    Closed,
}

#[derive(Clone, Debug)]
pub struct Lane {
    pub doing: Doing,
    /// Received and not yet handed to the function.
    pub batch: Batch,
}

impl Lane {
    #[must_use]
    pub fn new() -> Self {
        Self { doing: Doing::Idle, batch: Batch::default() }
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.doing, Doing::Closed)
    }

    #[must_use]
    pub fn awaits(&self, number: u64) -> bool {
        match &self.doing {
            Doing::Receiving { call, .. } => *call == number,
            Doing::Deleting(calls) => calls.contains(&number),
            _ => false,
        }
    }

    /// Stops what it does; its timer, if it has set one.
    pub fn stop(&mut self) -> Option<Key> {
        self.batch.clear();
        let is_open = self.is_open();
        let was = std::mem::replace(&mut self.doing, if is_open { Doing::Idle } else { Doing::Closed });
        match was {
            Doing::Pausing(key) | Doing::Spacing(key) | Doing::Throttled(key) => Some(key),
            _ => None,
        }
    }
}
