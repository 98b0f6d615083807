//! Messages that leave unread: retention (SQS-11, SQS-6) and purges (SQS-7).

use super::api::Response;
use super::fact::Fact;
use super::model::{Model, Timer};
use crate::engine::{Micros, seconds};
use crate::services::{ApiError, Cx, Place};

/// Between two purges (SQS-7).
const PURGE_INTERVAL: Micros = seconds(60);

impl Model {
    /// Keeps one timer at the moment the oldest message expires (SQS-11: in flight too).
    pub(super) fn watch_retention(&mut self, cx: &mut Cx<'_>) {
        let due = self.backlog.oldest_sent().map(|sent| sent.saturating_add(self.config.retention));
        self.retention_timer.set(due, Timer::RetentionEnds, cx);
    }

    pub(super) fn expire(&mut self, cx: &mut Cx<'_>) {
        self.retention_timer.rang();
        let limit = cx.now().checked_sub(self.config.retention);
        while let Some(slot) = limit.and_then(|limit| self.backlog.sent_by(limit)) {
            cx.fact(Fact::MessageExpired, Some(self.backlog.slots.entry(slot).message.token));
            self.take_out(slot, Place::Expired, cx);
        }
        self.watch_retention(cx);
        // In a FIFO queue the next of the group is free, where its first one expired in flight.
        self.serve_waiters(cx);
    }

    pub(super) fn purge(&mut self, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        if self.last_purge.is_some_and(|last| cx.now() < last + PURGE_INTERVAL) {
            let text = "Only one PurgeQueue operation is allowed every 60 seconds.";
            return Err(ApiError::client("AWS.SimpleQueueService.PurgeQueueInProgress", text));
        }
        self.last_purge = Some(cx.now());
        self.deduplication.clear();
        cx.fact(Fact::QueuePurged { messages: self.backlog.len() }, None);
        let slots: Vec<u32> = self.backlog.iter().collect();
        for slot in slots {
            self.take_out(slot, Place::Dropped("QueuePurged"), cx);
        }
        Ok(Response::Done)
    }
}
