//! One run of the function: it takes a slot, and ends well, with an error, or at its time-out.

use serde_json::Value;

use super::api::Response;
use super::fact::Fact;
use super::model::{Model, Timer};
use crate::engine::{FaultKind, Key, LinkId, Micros};
use crate::services::clients::pass_on;
use crate::services::sqs::api::Receipt;
use crate::services::{ApiError, Caller, Cx, Door, Message, Place, Token};

/// Who waits for the end of an invocation.
#[derive(Clone, Debug)]
pub enum Origin {
    Call(Caller),
    /// An event that failed so often before.
    Event {
        failures: u32,
    },
    Queue {
        link: LinkId,
        poller: usize,
        receipts: Vec<Receipt>,
    },
    Shard {
        link: LinkId,
        shard: u32,
    },
    /// The mapping it came by is gone.
    Nobody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Succeeds,
    Fails(&'static str),
    TimesOut,
}

#[derive(Clone, Debug)]
pub struct Invocation {
    pub origin: Origin,
    pub messages: Vec<Message>,
    pub since: Micros,
    pub until: Micros,
    outcome: Outcome,
    pub key: Key,
}

impl Origin {
    /// Whether the function holds the messages; otherwise their queue or stream does.
    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Call(_) | Self::Event { .. })
    }

    /// Whether it came by the mapping of this link.
    #[must_use]
    pub fn is_of(&self, mapping: LinkId) -> bool {
        matches!(self, Self::Queue { link, .. } | Self::Shard { link, .. } if *link == mapping)
    }
}

impl Model {
    /// Whether an invocation may start now.
    pub(super) fn has_slot(&self, cx: &Cx<'_>) -> bool {
        let refuses = |fault: FaultKind| fault.is_outage() || fault == FaultKind::Throttle;
        (self.running.len() as u64) < self.config.concurrency_max() && !cx.faults().any(refuses)
    }

    pub(super) fn note_throttle(&mut self, first: Token, cx: &mut Cx<'_>) {
        self.metrics.throttles += 1;
        cx.fact(Fact::InvocationThrottled { running: self.running.len() as u64 }, Some(first));
    }

    /// Starts an invocation; the caller has seen to it that there is a slot.
    pub(super) fn invoke(&mut self, origin: Origin, messages: Vec<Message>, cx: &mut Cx<'_>) {
        debug_assert!(!messages.is_empty(), "nothing to invoke with");
        let first = messages[0].token;
        if std::mem::take(&mut self.poison_next) {
            // By identity, for the message comes anew from its queue or stream each time.
            self.poisoned.insert(first);
            cx.fact(Fact::MessagePoisoned, Some(first));
        }
        self.metrics.invocations += 1;
        let since = cx.now();
        let sampled = self.config.processing.sample(cx.rng("processing"));
        let takes = cx.stretched(sampled);
        let (outcome, takes) = if takes > self.config.timeout {
            (Outcome::TimesOut, self.config.timeout)
        } else {
            (self.failure(&messages, cx).map_or(Outcome::Succeeds, Outcome::Fails), takes)
        };
        let until = since + takes;
        cx.fact(Fact::InvocationStarted { messages: messages.len() as u64, until }, Some(first));
        self.next_invocation += 1;
        let number = self.next_invocation;
        let key = cx.wake_at(until, Timer::InvocationEnds { number });
        self.running.insert(number, Invocation { origin, messages, since, until, outcome, key });
    }

    fn failure(&self, messages: &[Message], cx: &mut Cx<'_>) -> Option<&'static str> {
        if messages.iter().any(|message| message.poisoned || self.poisoned.contains(&message.token)) {
            return Some("poisoned");
        }
        let body = |message: &Message| serde_json::from_str::<Value>(&message.body).ok();
        if let Some(pattern) = &self.config.fail_when
            && messages.iter().filter_map(body).any(|body| pattern.matches(&body))
        {
            return Some("FailWhen matches");
        }
        cx.rng("failure").chance(self.config.failure_parts).then_some("failed")
    }

    pub(super) fn invocation_ended(&mut self, number: u64, cx: &mut Cx<'_>) {
        let Some(invocation) = self.running.remove(number) else { return };
        self.metrics.ended += 1;
        self.metrics.duration += invocation.until - invocation.since;
        let Invocation { origin, messages, outcome, .. } = invocation;
        let first = Some(messages[0].token);
        match outcome {
            Outcome::Succeeds => {
                cx.fact(Fact::InvocationSucceeded { messages: messages.len() as u64 }, first);
                messages.iter().for_each(|message| pass_on(message, cx));
            }
            Outcome::Fails(why) => cx.fact(Fact::InvocationFailed { why }, first),
            Outcome::TimesOut => {
                cx.fact(Fact::InvocationTimedOut { after: self.config.timeout / 1_000_000 }, first);
            }
        }
        self.start_events(cx);
        self.conclude(origin, messages, outcome, cx);
    }

    /// Tells who waits for it. A function that crashed fails all it was running.
    pub(super) fn conclude(&mut self, origin: Origin, messages: Vec<Message>, outcome: Outcome, cx: &mut Cx<'_>) {
        let succeeded = outcome == Outcome::Succeeds;
        self.metrics.errors += u64::from(!succeeded);
        match origin {
            Origin::Call(caller) => {
                let to = if succeeded { Place::Consumed } else { Place::Dropped("FunctionError") };
                cx.book(messages.len() as u64, Place::Stored, to);
                let function_error = match outcome {
                    Outcome::Succeeds => None,
                    Outcome::Fails(why) => Some(why.to_owned()),
                    Outcome::TimesOut => Some(format!("Task timed out after {} s", self.config.timeout / 1_000_000)),
                };
                cx.answer(caller, Ok(Response::Invoke { function_error }.into()), Vec::new());
            }
            Origin::Event { .. } if succeeded => cx.book(messages.len() as u64, Place::Stored, Place::Consumed),
            Origin::Event { failures } => {
                messages.into_iter().for_each(|message| self.event_failed(message, failures + 1, cx));
            }
            Origin::Queue { link, poller, receipts } => self.queue_batch_ended(link, poller, receipts, succeeded, cx),
            Origin::Shard { link, shard } => self.shard_batch_ended(link, shard, messages.len(), succeeded, cx),
            Origin::Nobody => {}
        }
    }

    /// A call that waits for the function's end; there is no queue for it.
    pub(super) fn invoke_now(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        if messages.is_empty() {
            let error = ApiError::client("InvalidRequestContentException", "The request must bring a payload.");
            return cx.answer(caller, Err(error), messages);
        }
        if !self.has_slot(cx) {
            self.note_throttle(messages[0].token, cx);
            return cx.answer(caller, Err(ApiError::server("TooManyRequestsException", "Rate Exceeded.")), messages);
        }
        cx.book(messages.len() as u64, Place::Travelling, Place::Stored);
        self.invoke(Origin::Call(caller), messages, cx);
    }
}
