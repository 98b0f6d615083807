//! One thread of a worker on a queue: poll, work, delete, again.

use std::collections::VecDeque;

use super::heartbeat::Heartbeat;
use crate::engine::{Key, Micros};
use crate::services::sqs::api::Received;
use crate::services::{Message, Route};

#[derive(Clone, Debug)]
pub enum Doing {
    /// Waits until then before it polls again; for ever when an outage's end is to wake it.
    Pausing(Micros),
    /// Its receive is under way, by call number.
    Polling(u64),
    Working {
        since: Micros,
        until: Micros,
        key: Key,
    },
    /// Its route is gone.
    Ended,
}

#[derive(Clone, Debug)]
pub struct Thread {
    pub route: Route,
    pub doing: Doing,
    /// What it received and has not finished; the first is worked on.
    pub batch: VecDeque<Received>,
    pub heartbeat: Option<Heartbeat>,
}

impl Thread {
    #[must_use]
    pub fn new(route: Route) -> Self {
        Self { route, doing: Doing::Pausing(Micros::MAX), batch: VecDeque::new(), heartbeat: None }
    }

    /// What it works on, and from when to when.
    #[must_use]
    pub fn work(&self) -> Option<(&Message, Micros, Micros)> {
        match (&self.doing, self.batch.front()) {
            (Doing::Working { since, until, .. }, Some(received)) => Some((&received.message, *since, *until)),
            _ => None,
        }
    }
}
