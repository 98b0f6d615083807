//! The function's own queue for invocations that nobody waits for: accepted at once, tried three times
//! (SNS-19, EB-15; <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html>).

use super::api::Response;
use super::fact::Fact;
use super::invocation::Origin;
use super::model::{Model, Timer};
use crate::engine::{Micros, seconds};
use crate::services::{Caller, Cx, Door, Message, Place};

/// Waits before the second and the third attempt.
const RETRY_DELAYS: [Micros; 2] = [seconds(60), seconds(120)];

#[derive(Clone, Debug)]
pub struct Event {
    pub message: Message,
    pub failures: u32,
}

impl Model {
    pub(super) fn accept_events(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        cx.book(messages.len() as u64, Place::Travelling, Place::Stored);
        self.metrics.events_received += messages.len() as u64;
        for message in messages {
            cx.fact(Fact::EventQueued, Some(message.token));
            self.enqueue(Event { message, failures: 0 }, cx);
        }
        cx.answer(caller, Ok(Response::Accepted.into()), Vec::new());
    }

    /// An event that finds no slot waits in the queue until there is one.
    fn enqueue(&mut self, event: Event, cx: &mut Cx<'_>) {
        let waiting = self.events.len();
        self.events.push_back(event);
        self.start_events(cx);
        if self.events.len() > waiting {
            let token = self.events[waiting].message.token;
            self.note_throttle(token, cx);
        }
    }

    pub(super) fn start_events(&mut self, cx: &mut Cx<'_>) {
        while self.has_slot(cx) {
            let Some(Event { message, failures }) = self.events.pop_front() else { return };
            self.invoke(Origin::Event { failures }, vec![message], cx);
        }
    }

    pub(super) fn event_failed(&mut self, message: Message, failures: u32, cx: &mut Cx<'_>) {
        let token = Some(message.token);
        let Some(delay) = RETRY_DELAYS.get(failures as usize - 1) else {
            self.metrics.events_dropped += 1;
            cx.fact(Fact::EventDropped { failures }, token);
            cx.book(1, Place::Stored, Place::Dropped("RetriesExhausted"));
            return;
        };
        let at = cx.now() + delay;
        cx.fact(Fact::EventRetryScheduled { failures, at }, token);
        self.next_retry += 1;
        let number = self.next_retry;
        let key = cx.wake_at(at, Timer::RetryDue { number });
        self.retrying.insert(number, (Event { message, failures }, key));
    }

    pub(super) fn retry_due(&mut self, number: u64, cx: &mut Cx<'_>) {
        let Some((event, _)) = self.retrying.remove(number) else { return };
        self.enqueue(event, cx);
    }
}
