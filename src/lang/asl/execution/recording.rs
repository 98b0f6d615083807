//! The history as it grows, and its bound (SFN-1, SFN-4).

use std::sync::Arc;

use super::event::{Event, EventId, EventKind};
use super::failure::{Error, RUNTIME};
use super::scope::World;
use super::thread::ThreadId;
use super::{Execution, HISTORY_EVENTS_MAX, Status};

const HISTORY_FULL: &str = "The execution reached the maximum number of history events (25000).";

impl Execution {
    /// Records an event of a thread, which the thread's next one follows from.
    pub(super) fn tell(&mut self, id: ThreadId, kind: EventKind, world: &mut dyn World) -> EventId {
        let next = self.events + 1;
        let before = std::mem::replace(&mut self.thread(id).last, next);
        self.record(before, kind, world)
    }

    /// Records an event; the last one that a history can hold is the failure of its execution (SFN-1).
    pub(super) fn record(&mut self, previous: EventId, kind: EventKind, world: &mut dyn World) -> EventId {
        if self.status != Status::Running {
            return self.events;
        }
        self.events += 1;
        let is_end = matches!(
            kind,
            EventKind::ExecutionFailed(_)
                | EventKind::ExecutionSucceeded { .. }
                | EventKind::ExecutionAborted(_)
                | EventKind::ExecutionTimedOut(_)
        );
        let is_full = self.events == HISTORY_EVENTS_MAX && !self.identity.is_express && !is_end;
        if self.events > HISTORY_EVENTS_MAX && !is_end {
            return self.events;
        }
        let kind = if is_full {
            self.error = Error::new(RUNTIME, HISTORY_FULL);
            EventKind::ExecutionFailed(self.error.clone())
        } else {
            kind
        };
        Arc::make_mut(&mut self.history).push(Event { id: self.events, previous, at: world.now(), kind });
        if is_full {
            self.stop_all();
            self.end(Status::Failed, world);
        }
        self.events
    }
}
