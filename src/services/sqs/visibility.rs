//! Receiving, hiding and coming back: the visibility timeout (SQS-14 … SQS-19, SQS-37).

use super::api::{Receipt, Received};
use super::backlog::{SERVERS, State};
use super::fact::Fact;
use super::model::{Model, Timer};
use crate::engine::{Micros, seconds};
use crate::services::{ApiError, Cx};

/// The longest a message may stay hidden after one receive (SQS-17).
const HIDDEN_MAX: Micros = seconds(43_200);
/// In flight at once in a standard queue (SQS-22).
pub(super) const IN_FLIGHT_MAX: u64 = 120_000;
/// From this receive on a message that comes back goes to the back of the queue (SQS-42).
const RECEIVES_BEFORE_BACK: u32 = 3;

impl Model {
    /// Takes up to `max` visible messages from the servers asked (§10.1 of the semantics), and no more than may be in
    /// flight (SQS-22).
    pub(super) fn take(&mut self, max: u64, hide: Micros, asked: [bool; SERVERS], cx: &mut Cx<'_>) -> Vec<Received> {
        let (mut taken, mut slots) = (Vec::new(), Vec::new());
        while (taken.len() as u64) < max && self.backlog.in_flight < IN_FLIGHT_MAX {
            let Some(slot) = self.backlog.take_visible(asked) else { break };
            if self.exhausted(slot) && self.dead_letter(slot, cx) {
                continue;
            }
            taken.push(self.hide(slot, hide, cx));
            slots.push(slot);
        }
        // What is not hidden becomes visible only now: one receive never returns a message twice (SQS-16).
        if hide == 0 {
            slots.into_iter().rev().for_each(|slot| self.come_back(slot));
        }
        self.metrics.received += taken.len() as u64;
        taken
    }

    /// Whether the next receive would exceed `maxReceiveCount` (SQS-37).
    fn exhausted(&self, slot: u32) -> bool {
        let max = self.config.redrive.as_ref().map(|redrive| redrive.max_receive_count);
        max.is_some_and(|max| self.backlog.entry(slot).received >= max)
    }

    fn hide(&mut self, slot: u32, hide: Micros, cx: &mut Cx<'_>) -> Received {
        let now = cx.now();
        let until = now + hide;
        let entry = self.backlog.entry_mut(slot);
        entry.received += 1;
        if entry.received == 1 {
            entry.first_received = now;
        }
        entry.last_received = now;
        let (token, count) = (entry.message.token, entry.received);
        cx.fact(Fact::MessageReceived { count, until }, Some(token));
        if hide > 0 {
            self.set_hidden(slot, until, cx);
        }
        let receipt = self.backlog.receipt(slot);
        let entry = self.backlog.entry(slot);
        let (message, sent, first_received) = (entry.message.clone(), entry.sent, entry.first_received);
        Received { message, receipt, receive_count: count, sent, first_received }
    }

    /// Hides a slot that stands in no list until a time; at once means it stays visible (SQS-16).
    fn set_hidden(&mut self, slot: u32, until: Micros, cx: &mut Cx<'_>) {
        if until <= cx.now() {
            self.come_back(slot);
            return;
        }
        let timer = Timer::VisibilityEnds { slot, generation: self.backlog.generation(slot) };
        let key = cx.wake_at(until, timer);
        self.backlog.entry_mut(slot).state = State::InFlight { since: cx.now(), until, key };
        self.backlog.in_flight += 1;
    }

    fn come_back(&mut self, slot: u32) {
        let entry = self.backlog.entry_mut(slot);
        entry.state = State::VisibleAgain;
        if entry.received >= RECEIVES_BEFORE_BACK { self.backlog.show(slot) } else { self.backlog.show_again(slot) }
    }

    pub(super) fn visibility_ended(&mut self, slot: u32, generation: u32, cx: &mut Cx<'_>) {
        let Some(entry) = self.backlog.get(slot, generation) else { return };
        let State::InFlight { since, .. } = entry.state else { return };
        let after = (cx.now() - since) / 1_000_000;
        let fact = Fact::VisibilityTimeoutExpired { after, count: entry.received };
        cx.fact(fact, Some(entry.message.token));
        self.backlog.in_flight -= 1;
        self.come_back(slot);
        self.serve_waiters(cx);
    }

    /// Deletes by the latest receipt, whether or not the timeout has passed; a stale one does nothing and
    /// says so only in the trace (SQS-19).
    pub(super) fn delete(&mut self, receipt: Receipt, cx: &mut Cx<'_>) {
        self.metrics.deleted += 1;
        let Some(entry) = self.backlog.get(receipt.slot, receipt.generation) else { return };
        let (token, count) = (entry.message.token, entry.received);
        if count != receipt.receive {
            cx.fact(Fact::StaleReceiptIgnored, Some(token));
            return;
        }
        cx.fact(Fact::MessageDeleted { count }, Some(token));
        self.take_out(receipt.slot, crate::services::Place::Consumed, cx);
        // Where as many were in flight as may be, that makes room.
        self.serve_waiters(cx);
    }

    /// Sets the deadline anew, counted from now (SQS-17). A handle whose timeout ran out changes nothing
    /// (SQS-18, observed).
    pub(super) fn change_visibility(
        &mut self,
        receipt: Receipt,
        timeout: u64,
        cx: &mut Cx<'_>,
    ) -> Result<(), ApiError> {
        let gone = || {
            let text = format!(
                "Value {} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not \
                 available for visibility timeout change.",
                receipt.to_text()
            );
            ApiError::client("InvalidParameterValue", text)
        };
        let entry = self.backlog.get(receipt.slot, receipt.generation).ok_or_else(gone)?;
        let State::InFlight { key, .. } = entry.state else { return Ok(()) };
        if entry.received != receipt.receive {
            return Ok(());
        }
        let until = cx.now() + seconds(timeout);
        if until - entry.last_received > HIDDEN_MAX {
            let text = format!(
                "Value {timeout} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for \
                 the message is beyond the limit [43200 seconds]."
            );
            return Err(ApiError::client("InvalidParameterValue", text));
        }
        cx.fact(Fact::VisibilityTimeoutChanged { until }, Some(entry.message.token));
        cx.cancel(key);
        self.backlog.in_flight -= 1;
        self.set_hidden(receipt.slot, until, cx);
        self.serve_waiters(cx);
        Ok(())
    }
}
