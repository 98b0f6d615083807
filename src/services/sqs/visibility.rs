//! Hiding, coming back, deleting: the visibility timeout (SQS-14 … SQS-20).

use super::api::{Receipt, Received, Request, Response};
use super::fact::Fact;
use super::groups::GroupId;
use super::model::{Model, Timer};
use super::slots::{Entry, State};
use super::throughput::{Action, partition_of};
use crate::engine::{Micros, Sort, seconds};
use crate::services::{ApiError, Caller, Cx, Door, Place};

/// The longest a message may stay hidden after one receive (SQS-17).
const HIDDEN_MAX: Micros = seconds(43_200);
/// From this receive on a message that comes back goes to the back of a standard queue (SQS-42).
const RECEIVES_BEFORE_BACK: u32 = 3;

impl Model {
    pub(super) fn act_on_receipts(&mut self, caller: Caller, request: Request, cx: &mut Cx<'_>) {
        let action = match request {
            Request::DeleteMessage { .. } | Request::DeleteMessageBatch { .. } => Action::Delete,
            _ => Action::ChangeVisibility,
        };
        if let Err(error) = self.admit_receipts(action, &request, cx.now()) {
            cx.fact(Fact::RequestRefused { code: error.code }, None);
            return cx.answer(caller, Err(error), Vec::new());
        }
        let result = match request {
            Request::DeleteMessage { receipt } => self.delete(receipt, cx).map(|()| Response::Done),
            Request::DeleteMessageBatch { ids, receipts } => {
                let deleted = receipts.into_iter().map(|receipt| receipt.and_then(|receipt| self.delete(receipt, cx)));
                Ok(Response::DeleteMessageBatch { ids, deleted: deleted.collect() })
            }
            Request::ChangeMessageVisibility { receipt, visibility_timeout } => {
                self.change_visibility(receipt, visibility_timeout, cx).map(|()| Response::Done)
            }
            Request::ChangeMessageVisibilityBatch { ids, entries } => {
                let change = |entry: Result<(Receipt, u64), ApiError>| {
                    entry.and_then(|(receipt, timeout)| self.change_visibility(receipt, timeout, cx))
                };
                Ok(Response::ChangeMessageVisibilityBatch { ids, changed: entries.into_iter().map(change).collect() })
            }
            _ => unreachable!("only calls with receipts come here"),
        };
        cx.answer(caller, result.map(Into::into), Vec::new());
    }

    /// SQS-33: one call of the queue, or of the partition of each message's group.
    fn admit_receipts(&mut self, action: Action, request: &Request, now: Micros) -> Result<(), ApiError> {
        if !self.config.fifo {
            return Ok(());
        }
        let Some(ceiling) = self.config.high_throughput else { return self.throughput.call(action, None, now) };
        let receipts: Vec<Receipt> = match request {
            Request::DeleteMessage { receipt } | Request::ChangeMessageVisibility { receipt, .. } => vec![*receipt],
            Request::DeleteMessageBatch { receipts, .. } => receipts.iter().flatten().copied().collect(),
            Request::ChangeMessageVisibilityBatch { entries, .. } => {
                entries.iter().flatten().map(|(receipt, _)| *receipt).collect()
            }
            _ => Vec::new(),
        };
        let partition = |receipt: Receipt| {
            let entry = self.backlog.slots.get(receipt.slot, receipt.generation)?;
            Some(partition_of(entry.message.message_group_id()?, ceiling))
        };
        let mut partitions: Vec<u64> = receipts.into_iter().filter_map(partition).collect();
        partitions.order_by(Ord::cmp);
        partitions.dedup();
        self.throughput.call(action, Some(ceiling), now)?;
        partitions.into_iter().try_for_each(|partition| self.throughput.partition(action, partition, now))
    }

    /// Counts one more receive of a message that was taken, and hides it; without a timeout it stays visible, and
    /// the caller lists it again (SQS-16).
    pub(super) fn hide(&mut self, slot: u32, hide: Micros, cx: &mut Cx<'_>) -> Received {
        let now = cx.now();
        let until = now + hide;
        let entry = self.backlog.slots.entry_mut(slot);
        entry.received += 1;
        let (token, count, group) = (entry.message.token, entry.received, entry.group);
        let story = entry.story_mut();
        if count == 1 {
            story.first_received = now;
        }
        story.last_received = now;
        cx.fact(Fact::MessageReceived { count, until }, Some(token));
        if hide > 0 {
            self.hide_until(slot, until, cx);
            self.judge(group, cx);
        } else {
            self.backlog.stay_visible(slot);
        }
        self.received(slot)
    }

    /// What a receive returns of a message.
    pub(super) fn received(&self, slot: u32) -> Received {
        let entry = self.backlog.slots.entry(slot);
        let story = entry.story.as_deref();
        Received {
            message: entry.message.clone(),
            receipt: self.backlog.slots.receipt(slot),
            receive_count: entry.received,
            sent: entry.sent,
            first_received: story.map_or(0, |story| story.first_received),
            order: self.config.fifo.then_some(entry.order),
            source: story.and_then(|story| story.source.as_ref()).map(|(_, name)| name.clone()),
        }
    }

    /// Hides a message that stands in no list until a time.
    pub(super) fn hide_until(&mut self, slot: u32, until: Micros, cx: &mut Cx<'_>) {
        let timer = Timer::VisibilityEnds { slot, generation: self.backlog.slots.generation(slot) };
        let key = cx.wake_at(until, timer);
        self.backlog.hide(slot, State::InFlight, (cx.now(), until), key);
    }

    pub(super) fn stop_timer(&mut self, slot: u32, cx: &mut Cx<'_>) {
        let entry = self.backlog.slots.entry_mut(slot);
        if let Some(key) = entry.story.as_deref_mut().and_then(|story| story.key.take()) {
            cx.cancel(key);
        }
    }

    /// Where a message that comes back stands.
    fn stands_in_front(&self, slot: u32) -> bool {
        self.backlog.slots.entry(slot).received < RECEIVES_BEFORE_BACK
    }

    /// Lists a message that was received and not hidden.
    pub(super) fn list_again(&mut self, slot: u32) {
        let front = self.stands_in_front(slot);
        self.backlog.list(slot, front);
    }

    fn come_back(&mut self, slot: u32, cx: &mut Cx<'_>) {
        let front = self.stands_in_front(slot);
        self.backlog.show(slot, State::VisibleAgain, front);
        self.count_time(slot, cx.now());
        let group = self.backlog.slots.entry(slot).group;
        self.judge(group, cx);
    }

    /// A fair queue counts the time that consumers spend on each group (SQS-36).
    fn count_time(&mut self, slot: u32, now: Micros) {
        let entry = self.backlog.slots.entry(slot);
        let spent = entry.story.as_deref().map_or(0, |story| now - story.last_received);
        self.backlog.fairness.spent(entry.group, spent, now, &mut self.backlog.groups);
    }

    /// Judges a group anew, and says so when it turned noisy or quiet.
    pub(super) fn judge(&mut self, group: GroupId, cx: &mut Cx<'_>) {
        let Some(noisy) = self.backlog.judge(group, cx.now()) else { return };
        let name = self.backlog.groups.get(group).map_or_else(String::new, |group| group.name.to_string());
        let fact =
            if noisy { Fact::TenantTurnedNoisy { group: name } } else { Fact::TenantTurnedQuiet { group: name } };
        cx.fact(fact, None);
    }

    /// Groups that have had nothing in flight for five minutes are quiet again.
    pub(super) fn quieten(&mut self, cx: &mut Cx<'_>) {
        if self.backlog.fairness.noisy.is_empty() {
            return;
        }
        let groups = self.backlog.fairness.grown_quiet(cx.now(), &self.backlog.groups);
        groups.into_iter().for_each(|group| self.judge(group, cx));
    }

    pub(super) fn visibility_ended(&mut self, slot: u32, generation: u32, cx: &mut Cx<'_>) {
        let Some(entry) = self.backlog.slots.get(slot, generation) else { return };
        let Some((since, _)) = entry.hidden() else { return };
        let after = (cx.now() - since) / 1_000_000;
        let fact = Fact::VisibilityTimeoutExpired { after, count: entry.received };
        cx.fact(fact, Some(entry.message.token));
        self.come_back(slot, cx);
        self.serve_waiters(cx);
    }

    /// Deletes by the latest receipt. In a standard queue the timeout may have passed, and a stale receipt does
    /// nothing and says so only in the trace (SQS-19); a FIFO queue refuses both (SQS-20).
    fn delete(&mut self, receipt: Receipt, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        let Some(entry) = self.backlog.slots.get(receipt.slot, receipt.generation) else {
            self.metrics.deleted += 1;
            return Ok(());
        };
        let (token, count) = (entry.message.token, entry.received);
        let is_stale = count != receipt.receive;
        if self.config.fifo && (is_stale || entry.state != State::InFlight) {
            cx.fact(Fact::ReceiptExpired, Some(token));
            return Err(expired(receipt));
        }
        self.metrics.deleted += 1;
        if is_stale && !self.config.knobs.deletes_by_stale_handle {
            cx.fact(Fact::StaleReceiptIgnored, Some(token));
            return Ok(());
        }
        if !self.config.fifo && cx.rng("missed delete").chance(self.config.knobs.duplicate_parts) {
            cx.fact(Fact::DeleteMissedByServer, Some(token));
            return Ok(());
        }
        cx.fact(Fact::MessageDeleted { count }, Some(token));
        self.attempts.forget(receipt);
        self.take_out(receipt.slot, Place::Consumed, cx);
        // Its group may be free now, or there is room where as many were in flight as may be.
        self.serve_waiters(cx);
        Ok(())
    }

    /// Takes a message out for good and stops its timer.
    pub(super) fn take_out(&mut self, slot: u32, to: Place, cx: &mut Cx<'_>) -> Entry {
        self.stop_timer(slot, cx);
        let was_in_flight = self.backlog.slots.entry(slot).state == State::InFlight;
        if was_in_flight {
            self.count_time(slot, cx.now());
        }
        cx.book(1, Place::Stored, to);
        let entry = self.backlog.remove(slot);
        // It was the group's last in flight only now.
        self.backlog.fairness.spent(entry.group, 0, cx.now(), &mut self.backlog.groups);
        self.judge(entry.group, cx);
        entry
    }

    /// Sets the deadline anew, counted from now (SQS-17). A handle whose timeout ran out changes nothing in a
    /// standard queue (SQS-18, observed); a FIFO queue says what the documentation says.
    #[inline(never)] // second part
    fn change_visibility(&mut self, receipt: Receipt, timeout: u64, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        let gone = || {
            let text = format!(
                "Value {} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not \
                 available for visibility timeout change.",
                receipt.to_text()
            );
            ApiError::client("InvalidParameterValue", text)
        };
        let entry = self.backlog.slots.get(receipt.slot, receipt.generation).ok_or_else(gone)?;
        if entry.state != State::InFlight || entry.received != receipt.receive {
            let text = "The message referred to isn't in flight.";
            let refused = Err(ApiError::client("AWS.SimpleQueueService.MessageNotInflight", text));
            return if self.config.fifo { refused } else { Ok(()) };
        }
        let (token, until) = (entry.message.token, cx.now() + seconds(timeout));
        if until - entry.story.as_deref().map_or(0, |story| story.last_received) > HIDDEN_MAX {
            let text = format!(
                "Value {timeout} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for \
                 the message is beyond the limit [43200 seconds]."
            );
            return Err(ApiError::client("InvalidParameterValue", text));
        }
        cx.fact(Fact::VisibilityTimeoutChanged { until }, Some(token));
        self.attempts.forget(receipt);
        self.stop_timer(receipt.slot, cx);
        if timeout == 0 {
            self.come_back(receipt.slot, cx);
        } else {
            self.hide_until(receipt.slot, until, cx);
        }
        self.serve_waiters(cx);
        Ok(())
    }
}

fn expired(receipt: Receipt) -> ApiError {
    let text = format!(
        "Value {} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.",
        receipt.to_text()
    );
    ApiError::client("InvalidParameterValue", text)
}
