//! Receiving: short and long polls (SQS-23), the quota in flight (SQS-22), and who waits.

use std::sync::Arc;

use super::api::{Asked, Received, Response};
use super::backlog::{Receiving, SERVERS};
use super::fact::Fact;
use super::fifo::Cursor;
use super::model::{Model, Timer};
use super::throughput::Action;
use crate::engine::{Key, Micros};
use crate::services::{ApiError, Caller, Cx, Door, chunks};

/// In flight at once (SQS-22).
pub(super) const IN_FLIGHT_MAX: u64 = 120_000;

/// What a receive asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub caller: Caller,
    pub max: u64,
    pub hide: Micros,
    /// FIFO: names this receive, should its answer be lost (SQS-32).
    pub attempt_id: Option<String>,
    pub asked: Option<Arc<Asked>>,
}

/// A long poll that found nothing yet.
#[derive(Clone, Debug)]
pub struct Waiter {
    pub number: u64,
    pub ask: Ask,
    pub since: Micros,
    pub key: Key,
}

impl Model {
    pub(super) fn receive(&mut self, ask: Ask, wait: Micros, cx: &mut Cx<'_>) {
        if self.config.fifo {
            let ceiling = self.config.high_throughput;
            if let Err(error) = self.throughput.call(Action::Receive, ceiling, cx.now()) {
                cx.fact(Fact::RequestRefused { code: error.code }, None);
                return cx.answer(ask.caller, Err(error), Vec::new());
            }
            if let Some(id) = &ask.attempt_id
                && let Some(received) = self.repeat_attempt(id, ask.hide, cx)
            {
                return answer_received(&ask, received, cx);
            }
        } else if self.backlog.in_flight() >= IN_FLIGHT_MAX && wait == 0 {
            cx.fact(Fact::RequestRefused { code: "OverLimit" }, None);
            let text = format!("The queue has {IN_FLIGHT_MAX} messages in flight: delete some first.");
            return cx.answer(ask.caller, Err(ApiError::client("OverLimit", text)), Vec::new());
        }
        // Others wait, and are served at this instant: it comes after them.
        if self.serves && wait > 0 {
            return self.await_messages(ask, wait, cx);
        }
        // A FIFO queue is asked as a whole.
        let asked = if wait > 0 || self.config.fifo { [true; SERVERS] } else { sample(cx) };
        let received = self.take(&ask, asked, cx);
        if !received.is_empty() {
            answer_received(&ask, received, cx);
        } else if wait == 0 {
            self.answer_empty(&ask, 0, cx);
        } else {
            self.await_messages(ask, wait, cx);
        }
    }

    fn await_messages(&mut self, ask: Ask, wait: Micros, cx: &mut Cx<'_>) {
        self.next_waiter += 1;
        let number = self.next_waiter;
        let key = cx.wake_in(wait, Timer::WaitEnds { waiter: number });
        self.waiters.push_back(Waiter { number, ask, since: cx.now(), key });
    }

    fn answer_empty(&mut self, ask: &Ask, waited: Micros, cx: &mut Cx<'_>) {
        self.metrics.empty_receives += 1;
        cx.fact(Fact::EmptyReceive { waited }, None);
        answer_received(ask, Vec::new(), cx);
    }

    pub(super) fn wait_ended(&mut self, waiter: u64, cx: &mut Cx<'_>) {
        let Some(place) = self.waiters.iter().position(|other| other.number == waiter) else { return };
        let waiter = self.waiters.remove(place).expect("the position was just found");
        self.answer_empty(&waiter.ask, cx.now() - waiter.since, cx);
    }

    /// Gives what is visible to the long polls that wait, once all has come that becomes visible at this instant: a
    /// long poll returns what is there when it answers (SQS-23).
    pub(super) fn serve_waiters(&mut self, cx: &mut Cx<'_>) {
        let may_serve = !self.serves && !self.waiters.is_empty();
        if may_serve && self.backlog.visible() > 0 && self.backlog.in_flight() < IN_FLIGHT_MAX {
            self.serves = true;
            cx.wake_late(Timer::Serve);
        }
    }

    /// First come, first served.
    pub(super) fn serve_next(&mut self, cx: &mut Cx<'_>) {
        self.serves = false;
        let Some(waiter) = self.waiters.pop_front() else { return };
        let received = self.take(&waiter.ask, [true; SERVERS], cx);
        if received.is_empty() {
            self.waiters.push_front(waiter);
            return;
        }
        cx.cancel(waiter.key);
        answer_received(&waiter.ask, received, cx);
        self.serve_waiters(cx);
    }

    /// Takes up to `max` visible messages from the servers asked (SQS-23), and no more than may be in
    /// flight (SQS-22).
    fn take(&mut self, ask: &Ask, asked: [bool; SERVERS], cx: &mut Cx<'_>) -> Vec<Received> {
        let (mut taken, mut bare) = (Vec::new(), Vec::new());
        self.quieten(cx);
        let mut receiving = Receiving { asked, cursor: Cursor::default() };
        while (taken.len() as u64) < ask.max && self.backlog.in_flight() < IN_FLIGHT_MAX {
            let passed_over = self.passed_over(cx);
            let Some(slot) = self.backlog.take(&mut receiving, passed_over) else { break };
            if self.exhausted(slot) && self.dead_letter(slot, cx) {
                continue;
            }
            let is_missed = !self.config.fifo && cx.rng("missed receive").chance(self.config.knobs.duplicate_parts);
            let hide = if is_missed { 0 } else { ask.hide };
            taken.push(self.hide(slot, hide, cx));
            if is_missed && ask.hide > 0 {
                cx.fact(Fact::ReceiveMissedByServer, taken.last().map(|received: &Received| received.message.token));
            }
            if hide == 0 {
                bare.push(slot);
            }
        }
        // What is not hidden becomes visible only now: one receive never returns a message twice (SQS-16).
        bare.into_iter().rev().for_each(|slot| self.list_again(slot));
        self.backlog.taken(receiving);
        self.metrics.received += taken.len() as u64;
        // The request is billed already: what its answer holds may make it several.
        self.metrics.billed += chunks(taken.iter().map(|received| received.message.size()).sum()) - 1;
        if let Some(id) = ask.attempt_id.clone().filter(|_| self.config.fifo && !taken.is_empty()) {
            self.attempts.remember(id, taken.iter().map(|received| received.receipt).collect(), cx.now());
        }
        taken
    }

    /// How many messages the next one overtakes (SQS-21).
    fn passed_over(&self, cx: &mut Cx<'_>) -> u64 {
        match self.config.knobs.reorder_window {
            0 => 0,
            _ if self.config.fifo => 0,
            window => cx.rng("reorder").below(window + 1),
        }
    }
}

fn answer_received(ask: &Ask, received: Vec<Received>, cx: &mut Cx<'_>) {
    let shown = received.iter().map(|one| one.message.clone()).collect();
    let asked = ask.asked.clone();
    cx.answer(ask.caller, Ok(Response::ReceiveMessage { received, shown, asked }.into()), Vec::new());
}

/// The half of the servers that a short poll asks (SQS-23, SQS-24).
fn sample(cx: &mut Cx<'_>) -> [bool; SERVERS] {
    let mut asked = [false; SERVERS];
    let stream = cx.rng("short poll");
    for picked in 0..SERVERS / 2 {
        let mut left = stream.below((SERVERS - picked) as u64);
        for server in asked.iter_mut().filter(|server| !**server) {
            if left == 0 {
                *server = true;
                break;
            }
            left -= 1;
        }
    }
    asked
}
