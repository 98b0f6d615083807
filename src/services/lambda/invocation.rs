//! One run of the function: it takes a slot, and ends well, with an error, or at its time-out.

use std::sync::Arc;

use serde_json::{Value, json};

use super::account::Share;
use super::api::Response;
use super::batch_response::{BatchResponse, named_failures};
use super::events::History;
use super::fact::Fact;
use super::model::{Model, Timer};
use crate::engine::{FaultKind, Key, LinkId, MICROS_PER_SECOND, Micros};
use crate::services::Effect;
use crate::services::pass_on;
use crate::services::sqs::api::{Receipt, message_id};
use crate::services::{ApiError, Caller, Cx, Deadline, Door, Message, Place, json_or_text};

/// How an invocation fails that is no error of the code.
pub const TIMED_OUT: &str = "Task timed out";
pub const CRASHED: &str = "crashed";

/// Who waits for the end of an invocation.
#[derive(Clone, Debug)]
pub enum Origin {
    Call {
        caller: Caller,
        is_list: bool,
    },
    Event(History),
    Queue {
        link: LinkId,
        lane: usize,
        receipts: Vec<Receipt>,
    },
    Shard {
        link: LinkId,
        shard: u32,
        lane: usize,
    },
    /// The last of a tumbling window.
    Window {
        link: LinkId,
        shard: u32,
    },
    /// The mapping it came by is gone.
    Nobody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Succeeds,
    /// It answers that some of its batch failed (SQS-46).
    Reports,
    Fails(&'static str),
    TimesOut,
}

#[derive(Clone, Debug)]
pub struct Invocation {
    pub origin: Origin,
    pub messages: Vec<Message>,
    /// Places of those that fail each by itself.
    pub failed: Vec<usize>,
    pub since: Micros,
    pub until: Micros,
    outcome: Outcome,
    pub key: Key,
}

impl Origin {
    /// Whether the function holds the messages; otherwise their queue or stream does.
    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Call { .. } | Self::Event(_))
    }

    /// Whether it came by the mapping of this link.
    #[must_use]
    pub fn is_of(&self, mapping: LinkId) -> bool {
        matches!(self, Self::Queue { link, .. } | Self::Shard { link, .. } | Self::Window { link, .. }
            if *link == mapping)
    }
}

impl Model {
    /// Whether an invocation may start now.
    pub(super) fn has_slot(&self, cx: &Cx<'_>) -> bool {
        let refuses = |fault: FaultKind| fault.is_outage() || fault == FaultKind::Throttle;
        cx.shared_ref().accounts.lambda.has_room(cx.me()) && !cx.faults().any(refuses)
    }

    /// Tells the account what runs here and what is reserved.
    pub(super) fn share(&self, cx: &mut Cx<'_>) {
        let (limit, reserved) = (self.config.account, self.config.reserved);
        let (me, share) = (cx.me(), Share { limit, reserved, running: self.running.len() as u64 });
        cx.shared().accounts.lambda.set(me, share);
    }

    pub(super) fn note_throttle(&mut self, first: &Message, cx: &mut Cx<'_>) {
        self.metrics.throttles += 1;
        cx.tell_first(Fact::InvocationThrottled { running: self.running.len() as u64 }, Some(first));
    }

    /// Starts an invocation; the caller has seen to it that there is a slot.
    pub(super) fn invoke(&mut self, origin: Origin, messages: Vec<Message>, cx: &mut Cx<'_>) {
        // The final invocation of a tumbling window brings no messages.
        let first = messages.first();
        if let Some(first) = first.filter(|_| std::mem::take(&mut self.poison_next)) {
            // By identity, for the message comes anew from its queue or stream each time.
            self.poisoned.insert(first.token);
            cx.tell_first(Fact::MessagePoisoned, Some(first));
        }
        self.metrics.invocations += 1;
        let since = cx.now();
        let sampled = self.config.processing.sample(cx.rng("processing"));
        let takes = cx.stretched(sampled);
        let (mut failed, mut outcome, mut until) = (Vec::new(), Outcome::TimesOut, since + self.config.timeout);
        if takes <= self.config.timeout {
            until = since + takes;
            (failed, outcome) = self.fate(&origin, &messages, cx);
        }
        cx.tell_first(Fact::InvocationStarted { messages: messages.len() as u64, until }, messages.first());
        self.next_invocation += 1;
        let number = self.next_invocation;
        let key = cx.wake_at(until, Timer::InvocationEnds { number });
        self.running.insert(number, Invocation { origin, messages, failed, since, until, outcome, key });
        self.share(cx);
    }

    /// Which messages fail, and how the invocation ends. In a batch of a FIFO queue the first failure stops the work:
    /// all that follows counts as failed (SQS-46).
    fn fate(&self, origin: &Origin, messages: &[Message], cx: &mut Cx<'_>) -> (Vec<usize>, Outcome) {
        let mapping = match origin {
            Origin::Queue { link, .. } => self.queues.iter().find(|mapping| mapping.route.link == *link),
            _ => None,
        };
        let of_stream = |link: &LinkId| {
            self.streams.iter().any(|mapping| mapping.route.link == *link && mapping.config.reports_failures)
        };
        let reports = mapping.is_some_and(|mapping| mapping.config.reports_failures)
            || matches!(origin, Origin::Shard { link, .. } if of_stream(link));
        let mut why = None;
        let mut failed = Vec::new();
        for (place, message) in messages.iter().enumerate() {
            if let Some(reason) = self.failure_of(message, cx) {
                why.get_or_insert(reason);
                failed.push(place);
            }
        }
        if reports
            && mapping.is_some_and(|mapping| mapping.is_fifo)
            && let Some(first) = failed.first().copied()
        {
            failed = (first..messages.len()).collect();
        }
        let outcome = match why {
            _ if self.config.raises.as_ref().is_some_and(|raises| raises.always) => Outcome::Fails("failed"),
            Some(why) if !reports || self.config.response == BatchResponse::Exception => Outcome::Fails(why),
            _ if cx.rng("failure").chance(self.config.failure_parts) => Outcome::Fails("failed"),
            Some(_) => Outcome::Reports,
            None => Outcome::Succeeds,
        };
        (failed, outcome)
    }

    fn failure_of(&self, message: &Message, cx: &mut Cx<'_>) -> Option<&'static str> {
        if self.poisoned.contains(&message.token) {
            return Some("poisoned");
        }
        let parts = self.config.message_failure_parts;
        let by_chance = || cx.rng("message failure").chance(parts).then_some("a message failed");
        message.sure_failure(self.config.fail_when.as_ref()).or_else(by_chance)
    }

    pub(super) fn invocation_ended(&mut self, number: u64, cx: &mut Cx<'_>) {
        let Some(invocation) = self.running.remove(number) else { return };
        self.share(cx);
        self.metrics.ended += 1;
        self.metrics.duration += invocation.until - invocation.since;
        self.metrics.billed_ms += (invocation.until - invocation.since).div_ceil(1_000);
        let Invocation { origin, messages, failed, outcome, .. } = invocation;
        let (first, count) = (messages.first(), messages.len() as u64);
        match outcome {
            Outcome::Succeeds => cx.tell(Fact::InvocationSucceeded { messages: count }, first),
            Outcome::Reports => {
                cx.tell(Fact::BatchFailedInPart { failed: failed.len() as u64, messages: count }, first)
            }
            Outcome::Fails(why) => cx.tell(Fact::InvocationFailed { why }, first),
            Outcome::TimesOut => {
                cx.tell(Fact::InvocationTimedOut { after: self.config.timeout / 1_000_000 }, first);
            }
        }
        for (place, message) in messages.iter().enumerate() {
            let had_effect = match outcome {
                Outcome::Succeeds => true,
                Outcome::Reports => !failed.contains(&place) || self.config.effect_before_failure,
                Outcome::Fails(_) => self.config.effect_before_failure,
                Outcome::TimesOut => false,
            };
            let succeeded = match outcome {
                Outcome::Succeeds => true,
                Outcome::Reports => !failed.contains(&place),
                Outcome::Fails(_) | Outcome::TimesOut => false,
            };
            if had_effect && self.take_effect(message, cx) && succeeded {
                cx.worked_on(message);
            }
            if let Some(token) = &self.config.task_token {
                let failure = match (succeeded, &self.config.raises) {
                    (true, _) => None,
                    (false, Some(raises)) => Some((&*raises.error_type, &*raises.error_message)),
                    (false, None) => Some(("Error", "the function failed")),
                };
                token.tell(message, failure, cx);
            }
        }
        self.conclude(origin, messages, &failed, outcome, cx);
    }

    /// The effect of the work on one message, which includes passing it on; false when it was skipped.
    fn take_effect(&mut self, message: &Message, cx: &mut Cx<'_>) -> bool {
        match self.effects.make(message, &self.config.idempotency) {
            Effect::Skipped => {
                cx.tell(Fact::DuplicateSkipped, Some(message));
                return false;
            }
            Effect::Again => cx.tell(Fact::DuplicateProcessed, Some(message)),
            Effect::First => {}
        }
        pass_on(message, Deadline::SDK, cx);
        true
    }

    /// Tells who waits for it. A function that crashed fails all it was running.
    pub(super) fn conclude(
        &mut self,
        origin: Origin,
        messages: Vec<Message>,
        failed: &[usize],
        outcome: Outcome,
        cx: &mut Cx<'_>,
    ) {
        let error = match outcome {
            Outcome::Succeeds | Outcome::Reports => None,
            Outcome::Fails(why) => Some(why),
            Outcome::TimesOut => Some(TIMED_OUT),
        };
        self.metrics.errors += u64::from(error.is_some());
        match origin {
            Origin::Call { caller, is_list } => {
                let to = if error.is_none() { Place::Consumed } else { Place::Dropped("FunctionError") };
                cx.book(messages.len() as u64, Place::Stored, to);
                let payload = match error {
                    Some(why) => self.error_of(why),
                    None => self.config.returns.of(&event_of(&messages, is_list)),
                };
                let payload: Arc<str> = payload.to_string().into();
                let reply = cx.produce(Arc::clone(&payload), None, messages.first().map_or(0, |message| message.hue));
                cx.fact(Fact::ResultReturned, Some(reply.token));
                let response = Response::Invoke { payload, is_error: error.is_some() };
                cx.reply(caller, Ok(response.into()), Vec::new(), reply);
            }
            Origin::Event(history) => {
                for message in messages {
                    match error {
                        None => self.event_succeeded(&message, history, cx),
                        Some(error) => self.event_failed(message, History { error, ..history }, cx),
                    }
                }
            }
            Origin::Queue { link, lane, receipts } => {
                let done = self.done(&messages, failed, outcome, cx);
                let returned = messages.len() - done.len();
                let receipts: Vec<Receipt> = done.into_iter().map(|place| receipts[place]).collect();
                self.queue_batch_ended(link, lane, &receipts, returned, cx);
            }
            Origin::Shard { link, shard, lane } => {
                self.shard_batch_ended((link, shard, lane), failed, outcome, cx);
            }
            Origin::Window { link, shard } => self.window_ended(link, shard, error.is_none(), cx),
            Origin::Nobody => {}
        }
    }

    /// Places of the messages that the queue's mapping may delete, as it reads the function's response (SQS-46).
    fn done(&self, messages: &[Message], failed: &[usize], outcome: Outcome, cx: &mut Cx<'_>) -> Vec<usize> {
        match outcome {
            Outcome::Succeeds => (0..messages.len()).collect(),
            Outcome::Fails(_) | Outcome::TimesOut => Vec::new(),
            Outcome::Reports => {
                let ids: Vec<String> = messages.iter().map(message_id).collect();
                let failed_ids: Vec<String> = failed.iter().map(|place| ids[*place].clone()).collect();
                match named_failures(&self.config.response.payload(&failed_ids), &ids) {
                    Ok(named) => {
                        for place in failed.iter().filter(|place| !named.contains(place)) {
                            cx.fact(Fact::FailureNotReported, Some(messages[*place].token));
                        }
                        (0..messages.len()).filter(|place| !named.contains(place)).collect()
                    }
                    Err(why) => {
                        cx.fact(Fact::ResponseNotUnderstood { why }, Some(messages[0].token));
                        Vec::new()
                    }
                }
            }
        }
    }

    /// A call that waits for the function's end; there is no queue for it.
    pub(super) fn invoke_now(&mut self, (caller, is_list): (Caller, bool), messages: Vec<Message>, cx: &mut Cx<'_>) {
        if messages.is_empty() {
            let error = ApiError::client("InvalidRequestContentException", "The request must bring a payload.");
            return cx.answer(caller, Err(error), messages);
        }
        if !self.has_slot(cx) {
            self.note_throttle(&messages[0], cx);
            return cx.answer(caller, Err(ApiError::server("TooManyRequestsException", "Rate Exceeded.")), messages);
        }
        cx.book(messages.len() as u64, Place::Travelling, Place::Stored);
        self.invoke(Origin::Call { caller, is_list }, messages, cx);
    }

    /// What a failed invocation answers, in Lambda's shape.
    pub(super) fn error_of(&self, why: &str) -> Value {
        let raises = self.config.raises.as_ref().filter(|_| !matches!(why, TIMED_OUT | CRASHED));
        match raises {
            Some(raises) => json!({ "errorType": raises.error_type, "errorMessage": raises.error_message }),
            None if why == TIMED_OUT => {
                let text = format!("{TIMED_OUT} after {}.00 seconds", self.config.timeout / MICROS_PER_SECOND);
                json!({ "errorType": "Sandbox.Timedout", "errorMessage": text })
            }
            None => json!({ "errorType": "Error", "errorMessage": why }),
        }
    }
}

/// What the function is called with: a payload, or a list of them.
pub fn event_of(messages: &[Message], is_list: bool) -> Value {
    let mut events = messages.iter().map(|message| json_or_text(&message.body));
    if is_list { events.collect() } else { events.next().unwrap_or_default() }
}
