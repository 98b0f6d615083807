//! Sending: what is refused, what is a duplicate, what is stored, and how long it is hidden at first.

use super::api::{Response, Sent};
use super::backlog::Arrival;
use super::fact::Fact;
use super::model::{Model, Timer};
use super::parsing::missing;
use super::slots::State;
use super::throughput::{Action, partition_of};
use crate::engine::{Micros, seconds};
use crate::services::{ApiError, Caller, Cx, Door, EntryIds, Message, Place, Token, deduplication_key};

/// Bytes of all entries of one batch, whatever the queue's own limit (SQS-3).
const BATCH_SIZE_MAX: usize = 1_048_576;
/// Entries of one batch (SQS-9).
pub(super) const BATCH_ENTRIES_MAX: usize = 10;

/// The message that was stored, for those that are sent again (SQS-27).
#[derive(Clone, Debug)]
pub struct Original {
    pub token: Token,
    pub order: u64,
    pub hue: u8,
}

impl Model {
    pub(super) fn send(&mut self, caller: Caller, mut messages: Vec<Message>, cx: &mut Cx<'_>) {
        let message = messages.pop().expect("SendMessage carries one message");
        let admitted = self.admit_call(cx.now()).and_then(|()| self.admit(&message, &mut Vec::new(), cx.now()));
        let result = admitted.and_then(|()| self.check(&message));
        if let Err(error) = result {
            cx.fact(Fact::RequestRefused { code: error.code }, Some(message.token));
            return cx.answer(caller, Err(error), vec![message]);
        }
        let sent = self.accept(message, cx);
        cx.answer(caller, Ok(Response::SendMessage(sent).into()), Vec::new());
        self.serve_waiters(cx);
    }

    #[inline(never)] // second part
    pub(super) fn send_batch(
        &mut self,
        caller: Caller,
        (ids, wrong): (EntryIds, Vec<(usize, ApiError)>),
        messages: Vec<Message>,
        cx: &mut Cx<'_>,
    ) {
        let checked = check_batch(&messages).and_then(|()| self.check_batch_ids(&messages));
        if let Err(error) = checked.and_then(|()| self.admit_call(cx.now())) {
            cx.fact(Fact::RequestRefused { code: error.code }, None);
            return cx.answer(caller, Err(error), messages);
        }
        let (mut results, mut refused, mut partitions) = (Vec::new(), Vec::new(), Vec::new());
        for message in messages {
            let admitted = self.admit(&message, &mut partitions, cx.now());
            match admitted.and_then(|()| self.check(&message)) {
                Ok(()) => results.push(Ok(self.accept(message, cx))),
                Err(error) => {
                    cx.fact(Fact::RequestRefused { code: error.code }, Some(message.token));
                    results.push(Err(error));
                    refused.push(message);
                }
            }
        }
        for (place, error) in wrong {
            cx.fact(Fact::RequestRefused { code: error.code }, None);
            results.insert(place, Err(error));
        }
        cx.answer(caller, Ok(Response::SendMessageBatch { ids, sent: results }.into()), refused);
        self.serve_waiters(cx);
    }

    /// One call of a FIFO queue without high throughput (SQS-33); a batch is one call.
    fn admit_call(&mut self, now: Micros) -> Result<(), ApiError> {
        let is_limited = self.config.fifo && self.config.high_throughput.is_none();
        if is_limited { self.throughput.call(Action::Send, None, now) } else { Ok(()) }
    }

    /// A message's part of a call with high throughput: each partition that a batch touches counts it once.
    fn admit(&mut self, message: &Message, partitions: &mut Vec<u64>, now: Micros) -> Result<(), ApiError> {
        let Some(ceiling) = self.config.high_throughput.filter(|_| self.config.fifo) else { return Ok(()) };
        let partition = partition_of(message.message_group_id().unwrap_or_default(), ceiling);
        if partitions.contains(&partition) {
            return Ok(());
        }
        if partitions.is_empty() {
            self.throughput.call(Action::Send, Some(ceiling), now)?;
        }
        self.throughput.partition(Action::Send, partition, now)?;
        partitions.push(partition);
        Ok(())
    }

    /// A batch for a FIFO queue is refused as a whole when one of its messages lacks an id (recorded).
    fn check_batch_ids(&self, messages: &[Message]) -> Result<(), ApiError> {
        if !self.config.fifo {
            return Ok(());
        }
        let refuse = |error: ApiError| Err(ApiError::client("InvalidParameterValue", error.message));
        if messages.iter().any(|message| message.message_group_id().is_none()) {
            return refuse(missing("MessageGroupId"));
        }
        messages.iter().try_for_each(|message| self.check_deduplication(message)).or_else(refuse)
    }

    fn check_deduplication(&self, message: &Message) -> Result<(), ApiError> {
        let own = message.meta.as_deref().and_then(|meta| meta.deduplication_id.as_ref());
        if own.is_some() || self.config.content_based {
            return Ok(());
        }
        let text = "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided \
                    explicitly";
        Err(ApiError::client("InvalidParameterValue", text))
    }

    /// SQS-3 and SQS-5; SQS-13 and SQS-26 for a FIFO queue.
    fn check(&self, message: &Message) -> Result<(), ApiError> {
        if message.body.is_empty() {
            return Err(missing("MessageBody"));
        }
        let invalid = |text: String| Err(ApiError::client("InvalidParameterValue", text));
        if message.size() > self.config.message_size_max {
            let most = self.config.message_size_max;
            return invalid(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than {most} bytes."
            ));
        }
        if !is_allowed(&message.body) {
            return Err(ApiError::client("InvalidMessageContents", "Invalid characters found in the message."));
        }
        if !self.config.fifo {
            return Ok(());
        }
        let meta = message.meta.as_deref();
        if message.message_group_id().is_none() {
            return Err(missing("MessageGroupId"));
        }
        self.check_deduplication(message)?;
        match meta.and_then(|meta| meta.delay_seconds) {
            Some(delay) if delay > 0 => invalid(format!(
                "Value {delay} for parameter DelaySeconds is invalid. Reason: The request include parameter that is \
                 not valid for this queue type."
            )),
            _ => Ok(()),
        }
    }

    /// Stores a message, or finds that it was sent before (SQS-27).
    fn accept(&mut self, message: Message, cx: &mut Cx<'_>) -> Sent {
        let now = cx.now();
        let Message { token, body, meta, .. } = message.clone();
        let mut sent = Sent { token, body, meta, order: None };
        if self.config.fifo {
            let group = message.message_group_id().unwrap_or_default();
            let key = deduplication_key(self.deduplicates_by_group, group, message.deduplication_id());
            if let Some(original) = self.deduplication.find(&key, now) {
                (sent.token, sent.order) = (original.token, Some(original.order));
                let original = original.token;
                self.metrics.deduplicated += 1;
                cx.fact(Fact::MessageDeduplicated { original }, Some(message.token));
                cx.book(1, Place::Travelling, Place::Dropped("Deduplicated"));
                return sent;
            }
            let order = self.backlog.next_order();
            sent.order = Some(order);
            let original = Original { token, order, hue: message.hue };
            self.deduplication.remember(key, original, now);
        }
        self.metrics.sent += 1;
        self.metrics.sent_bytes += message.size() as u64;
        cx.book(1, Place::Travelling, Place::Stored);
        cx.fact(Fact::MessageSent, Some(message.token));
        let own = message.meta.as_deref().and_then(|meta| meta.delay_seconds).filter(|_| !self.config.fifo);
        let delay = own.map_or(self.config.delay, |delay| seconds(delay.into()));
        let (received, first_received, source, returns) = (0, 0, None, false);
        self.store(Arrival { message, sent: now, received, first_received, source, returns }, delay, cx);
        sent
    }

    /// Puts a message in, visible at the back or hidden for its delay.
    pub(super) fn store(&mut self, arrival: Arrival, delay: Micros, cx: &mut Cx<'_>) {
        let (now, token) = (cx.now(), arrival.message.token);
        let slot = self.backlog.insert(arrival, now);
        if delay == 0 {
            self.backlog.list(slot, false);
        } else {
            let until = now + delay;
            cx.fact(Fact::MessageDelayed { until }, Some(token));
            self.delay(slot, (now, until), cx);
        }
        self.watch_retention(cx);
    }

    fn delay(&mut self, slot: u32, window: (Micros, Micros), cx: &mut Cx<'_>) {
        let timer = Timer::DelayEnds { slot, generation: self.backlog.slots.generation(slot) };
        let key = cx.wake_at(window.1, timer);
        self.backlog.hide(slot, State::Delayed, window, key);
    }

    pub(super) fn delay_ended(&mut self, slot: u32, generation: u32, cx: &mut Cx<'_>) {
        let Some(entry) = self.backlog.slots.get(slot, generation) else { return };
        cx.fact(Fact::MessageDelayExpired, Some(entry.message.token));
        self.backlog.show(slot, State::Visible, false);
        self.serve_waiters(cx);
    }

    /// A FIFO queue's new delay holds for what was sent before and never received (SQS-13).
    #[inline(never)] // second part
    pub(super) fn delay_anew(&mut self, cx: &mut Cx<'_>) {
        let slots: Vec<u32> = self.backlog.iter().collect();
        for slot in slots {
            let entry = self.backlog.slots.entry(slot);
            if entry.received > 0 || entry.state == State::InFlight {
                continue;
            }
            let (token, sent, was) = (entry.message.token, entry.sent, entry.state);
            if let (State::Delayed, Some(key)) = (was, entry.story.as_deref().and_then(|story| story.key)) {
                cx.cancel(key);
            }
            let until = sent + self.config.delay;
            if until > cx.now() {
                cx.fact(Fact::MessageDelayed { until }, Some(token));
                self.delay(slot, (sent, until), cx);
            } else if was == State::Delayed {
                cx.fact(Fact::MessageDelayExpired, Some(token));
                self.backlog.show(slot, State::Visible, false);
            }
        }
        self.serve_waiters(cx);
    }
}

/// Whether a text has none but the characters that SQS takes, in bodies and in attributes (SQS-5).
#[must_use]
pub fn is_allowed(text: &str) -> bool {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~');
    text.bytes().all(is_plain) || text.chars().all(allowed)
}

/// What holds for a batch as a whole.
fn check_batch(messages: &[Message]) -> Result<(), ApiError> {
    let entries = messages.len();
    if entries > BATCH_ENTRIES_MAX {
        let text = format!("Maximum number of entries per request are 10. You have sent {entries}.");
        return Err(ApiError::client("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", text));
    }
    if messages.iter().map(Message::size).sum::<usize>() > BATCH_SIZE_MAX {
        let text = format!("Batch requests cannot be longer than {BATCH_SIZE_MAX} bytes.");
        return Err(ApiError::client("AWS.SimpleQueueService.BatchRequestTooLong", text));
    }
    Ok(())
}
