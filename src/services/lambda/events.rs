//! The function's own queue for invocations that nobody waits for: an event is accepted at once, tried three times,
//! and given up when that was not enough or it has become too old (SNS-19, EB-15).
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>

use super::api::Response;
use super::fact::Fact;
use super::invocation::Origin;
use super::model::{Model, Timer};
use super::outcomes::Condition;
use crate::engine::{Micros, seconds};
use crate::services::{Caller, Cx, Door, Message, Place};

/// Waits after the first and the second attempt that ended in an error of the function.
const RETRY_DELAYS: [Micros; 2] = [seconds(60), seconds(120)];
/// Wait after the first attempt that was throttled; it doubles each time, up to the longest.
const THROTTLE_DELAY: Micros = seconds(1);
const THROTTLE_DELAY_MAX: Micros = seconds(300);

/// What an event has been through.
#[derive(Clone, Copy, Debug)]
pub struct History {
    pub accepted: Micros,
    pub invocations: u32,
    /// In a row, just now.
    pub throttles: u32,
    /// Of the latest invocation.
    pub error: &'static str,
}

#[derive(Clone, Debug)]
pub struct Event {
    pub message: Message,
    pub history: History,
    pub since: Micros,
    /// The next attempt.
    pub until: Micros,
}

impl Model {
    pub(super) fn accept_events(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        cx.book(messages.len() as u64, Place::Travelling, Place::Stored);
        self.metrics.events_received += messages.len() as u64;
        for message in messages {
            cx.fact(Fact::EventQueued, Some(message.token));
            let history = History { accepted: cx.now(), invocations: 0, throttles: 0, error: "" };
            self.attempt(message, history, cx);
        }
        cx.answer(caller, Ok(Response::Accepted.into()), Vec::new());
    }

    /// Invokes the function with an event; one that finds no slot goes back into the queue. With no concurrency
    /// reserved at all there is no sense in trying.
    fn attempt(&mut self, message: Message, mut history: History, cx: &mut Cx<'_>) {
        if self.config.reserved == Some(0) {
            self.note_throttle(&message, cx);
            return self.give_up(message, history, Condition::ZeroReservedConcurrency, cx);
        }
        if self.has_slot(cx) {
            history.invocations += 1;
            history.throttles = 0;
            self.metrics.event_started(cx.now() - history.accepted);
            return self.invoke(Origin::Event(history), vec![message], cx);
        }
        self.note_throttle(&message, cx);
        let delay = (THROTTLE_DELAY << history.throttles.min(9)).min(THROTTLE_DELAY_MAX);
        history.throttles += 1;
        self.retry_in(delay, message, history, cx);
    }

    /// An event that would be too old by then is given up now.
    fn retry_in(&mut self, delay: Micros, message: Message, history: History, cx: &mut Cx<'_>) {
        let (since, until) = (cx.now(), cx.now() + delay);
        if until - history.accepted > self.config.events.age_max {
            return self.give_up(message, history, Condition::EventAgeExceeded, cx);
        }
        let fact = if history.throttles > 0 {
            Fact::EventDelayed { at: until }
        } else {
            Fact::EventRetryScheduled { failures: history.invocations, at: until }
        };
        cx.fact(fact, Some(message.token));
        self.next_retry += 1;
        let number = self.next_retry;
        let key = cx.wake_at(until, Timer::RetryDue { number });
        self.retrying.insert(number, (Event { message, history, since, until }, key));
    }

    pub(super) fn retry_due(&mut self, number: u64, cx: &mut Cx<'_>) {
        let Some((Event { message, history, .. }, _)) = self.retrying.remove(number) else { return };
        self.attempt(message, history, cx);
    }

    /// The function ended with an error, which is tried again twice unless less is set.
    pub(super) fn event_failed(&mut self, message: Message, history: History, cx: &mut Cx<'_>) {
        let retries = history.invocations - 1;
        match RETRY_DELAYS.get(retries as usize) {
            Some(delay) if retries < self.config.events.retries_max => self.retry_in(*delay, message, history, cx),
            _ => self.give_up(message, history, Condition::RetriesExhausted, cx),
        }
    }
}
