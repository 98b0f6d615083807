//! `ReceiveRequestAttemptId`: a receive from a FIFO queue whose answer was lost is repeated, and returns the same
//! messages with the same handles, hidden anew (SQS-32).

use super::api::{Receipt, Received};
use super::fact::Fact;
use super::model::Model;
use super::slots::State;
use crate::engine::Micros;
use crate::services::{Cx, RecentIds};

/// What receives returned, by their attempts' ids.
#[derive(Clone, Debug, Default)]
pub struct Attempts(RecentIds<Vec<Receipt>>);

impl Attempts {
    pub fn remember(&mut self, id: String, receipts: Vec<Receipt>, now: Micros) {
        self.0.remember(id, receipts, now);
    }

    /// A message of an attempt was deleted or had its visibility changed: the attempt is no longer available.
    pub fn forget(&mut self, receipt: Receipt) {
        for receipts in self.0.iter_mut().filter(|receipts| receipts.contains(&receipt)) {
            receipts.clear();
        }
    }
}

impl Model {
    /// What the attempt returned before, if all of it is still hidden by that very receive.
    pub(super) fn repeat_attempt(&mut self, id: &str, hide: Micros, cx: &mut Cx<'_>) -> Option<Vec<Received>> {
        let receipts = self.attempts.0.find(id, cx.now()).cloned().filter(|receipts| !receipts.is_empty())?;
        let is_ours = |receipt: &Receipt| {
            let entry = self.backlog.slots.get(receipt.slot, receipt.generation);
            entry.is_some_and(|entry| entry.state == State::InFlight && entry.received == receipt.receive)
        };
        if hide == 0 || !receipts.iter().all(is_ours) {
            return None;
        }
        let until = cx.now() + hide;
        for receipt in &receipts {
            self.stop_timer(receipt.slot, cx);
            self.hide_until(receipt.slot, until, cx);
            let token = self.backlog.slots.entry(receipt.slot).message.token;
            cx.fact(Fact::VisibilityTimeoutChanged { until }, Some(token));
        }
        cx.fact(Fact::AttemptRepeated { messages: receipts.len() as u64 }, None);
        Some(receipts.iter().map(|receipt| self.received(receipt.slot)).collect())
    }
}
