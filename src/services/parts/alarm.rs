//! One timer for the earliest of many moments, such as the end of the oldest message's retention.

use crate::engine::{Key, Micros};
use crate::services::{Cx, Timer};

#[derive(Clone, Copy, Debug, Default)]
pub struct Alarm(Option<(Micros, Key)>);

impl Alarm {
    /// Sees to it that `timer` wakes the node when `due`, or before: one that is too early costs one wake, moving it
    /// for every delete would cost more.
    pub fn set(&mut self, due: Option<Micros>, timer: impl Into<Timer>, cx: &mut Cx<'_>) {
        if let (Some(due), Some((at, _))) = (due, self.0)
            && at <= due
        {
            return;
        }
        self.stop(cx);
        self.0 = due.map(|at| (at, cx.wake_at(at, timer)));
    }

    /// The timer woke the node.
    pub fn rang(&mut self) {
        self.0 = None;
    }

    pub fn stop(&mut self, cx: &mut Cx<'_>) {
        if let Some((_, key)) = self.0.take() {
            cx.cancel(key);
        }
    }

    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.is_some()
    }
}
