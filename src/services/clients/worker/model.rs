//! The worker's state machine.

use serde_json::Value;

use super::config::{Config, Deletion};
use super::fact::Fact;
use super::shards::Reader;
use super::thread::{Doing, Thread};
use crate::engine::{FaultKind, MICROS_PER_SECOND, Micros};
use crate::figure::Figure;
use crate::services::pass_on;
use crate::services::sqs::api as sqs;
use crate::services::{
    Answer, ApiError, Call, ConnectionId, Cx, Door, Draft, Kind, LinkKind, Message, Metric, Pending, Place, Push,
    Request, Response, Service, Settings, Token,
};
use crate::services::{Effect, Effects};

/// Before a poll that found nothing, or failed, is repeated `[MODEL]`.
const PAUSE: Micros = MICROS_PER_SECOND;

#[derive(Clone, Debug)]
pub enum Timer {
    Poll { thread: usize },
    Done { thread: usize },
    Read { reader: usize },
    RecordsDone { reader: usize },
    Heartbeat { thread: usize },
    Crashes,
    Restarts,
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) threads: Vec<Thread>,
    pub(super) readers: Vec<Reader>,
    pub(super) effects: Effects,
    pub(super) processed: u64,
    pub(super) failed: u64,
    /// Deleted before the work, which then failed.
    pub(super) lost: u64,
    pub(super) heartbeats: u64,
    /// Heartbeats on their way, by call.
    pub(super) beating: Pending<Token>,
    pub(super) crashes: u64,
    /// Since when and until when it restarts.
    pub(super) restarting: Option<(Micros, Micros)>,
    poison_next: bool,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            threads: Vec::new(),
            readers: Vec::new(),
            effects: Effects::default(),
            processed: 0,
            failed: 0,
            lost: 0,
            heartbeats: 0,
            beating: Pending::default(),
            crashes: 0,
            restarting: None,
            poison_next: false,
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.rewired(cx);
        if self.threads.is_empty() && self.readers.is_empty() {
            cx.fact(Fact::NothingToPoll, None);
        }
    }

    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        self.config = Config::read(settings);
        self.rewired(cx);
    }

    /// Starts the threads that are missing and ends those that are too many or whose link is gone.
    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        let polls = |kind: Kind| {
            routes.iter().filter(move |route| route.kind == LinkKind::Poll && !route.outward && route.peer_kind == kind)
        };
        for thread in &mut self.threads {
            if !polls(Kind::Queue).any(|route| route.link == thread.route.link) {
                thread.doing = Doing::Ended;
            }
        }
        for route in polls(Kind::Queue) {
            let on_route =
                |thread: &&mut Thread| thread.route.link == route.link && !matches!(thread.doing, Doing::Ended);
            let mut running = 0;
            for thread in self.threads.iter_mut().filter(on_route) {
                running += 1;
                // A thread too many finishes what it has and stops.
                if running > self.config.concurrency && matches!(thread.doing, Doing::Pausing(_) | Doing::Polling(_)) {
                    thread.doing = Doing::Ended;
                }
            }
            for _ in running..self.config.concurrency {
                self.threads.push(Thread::new(route.clone()));
                self.poll(self.threads.len() - 1, cx);
            }
        }
        for reader in &mut self.readers {
            reader.ended |= !polls(Kind::Stream).any(|route| route.link == reader.route.link);
        }
        for route in polls(Kind::Stream) {
            if !self.readers.iter().any(|reader| reader.route.link == route.link && !reader.ended) {
                self.readers.push(Reader::new(route.clone()));
                self.read(self.readers.len() - 1, cx);
            }
        }
    }

    fn retire(&mut self, _cx: &mut Cx<'_>) {
        for thread in &mut self.threads {
            thread.doing = Doing::Ended;
        }
        for reader in &mut self.readers {
            reader.ended = true;
        }
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let error = ApiError::client("InvalidAction", "A worker takes no calls: it polls.");
        cx.answer(call.caller, Err(error), call.messages);
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        if let Err(error) = &answer.result {
            for message in &answer.messages {
                cx.fact(Fact::SendFailed { code: error.code, reason: error.message.clone() }, Some(message.token));
                cx.book(1, Place::Travelling, Place::Dropped(error.code));
            }
        } else if !answer.messages.is_empty() {
            cx.book(answer.messages.len() as u64, Place::Travelling, Place::Dropped("PartialFailure"));
        }
        if self.beat_answered(answer.call, &answer.result, cx) {
            return;
        }
        let polling = |thread: &Thread| matches!(thread.doing, Doing::Polling(call) if call == answer.call);
        if let Some(index) = self.threads.iter().position(polling) {
            self.polled(index, answer.result, cx);
        } else if let Some(index) = self.readers.iter().position(|reader| reader.awaits(answer.call)) {
            self.read_answered(index, answer, cx);
        }
    }

    fn pushed(&mut self, push: Push, cx: &mut Cx<'_>) {
        self.records_pushed(push, cx);
    }

    fn closed(&mut self, connection: ConnectionId, _why: &'static str, cx: &mut Cx<'_>) {
        self.connection_closed(connection, cx);
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            // A pause that a crash cut short leaves its timer behind.
            Timer::Poll { thread } => match self.threads[thread].doing {
                Doing::Pausing(until) if until <= cx.now() => self.poll(thread, cx),
                _ => {}
            },
            Timer::Done { thread } => self.finish(thread, cx),
            Timer::Read { reader } => self.read_on(reader, cx),
            Timer::RecordsDone { reader } => self.records_done(reader, cx),
            Timer::Heartbeat { thread } => self.beat(thread, cx),
            Timer::Crashes => self.crashes(cx),
            Timer::Restarts => self.restarts(cx),
        }
    }

    fn struck(&mut self, fault: FaultKind, begins: bool, cx: &mut Cx<'_>) {
        match fault {
            FaultKind::Poison => self.poison_next |= begins,
            _ if fault.is_outage() && begins => self.crash(cx),
            _ if fault.is_outage() => self.go_on(cx),
            _ => {}
        }
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        vec![
            ("Processed", Metric::Count(self.processed)),
            ("Failed", Metric::Count(self.failed)),
            ("Effects", Metric::Count(self.effects.made)),
            ("Duplicates", Metric::Count(self.effects.duplicates)),
            ("Skipped", Metric::Count(self.effects.skipped)),
            ("Lost", Metric::Count(self.lost)),
            ("Heartbeats", Metric::Count(self.heartbeats)),
            ("Crashes", Metric::Count(self.crashes)),
        ]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, _input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
        Err(ApiError::unknown_action(action, "A worker", &["none"]))
    }
}

impl Model {
    pub(super) fn poll(&mut self, thread: usize, cx: &mut Cx<'_>) {
        self.stop_heartbeat(thread, cx);
        if !self.is_up(cx) {
            return;
        }
        let Config { max, wait_seconds, visibility_timeout, .. } = self.config;
        let request = sqs::Request::ReceiveMessage { max, wait_seconds: Some(wait_seconds), visibility_timeout };
        let route = self.threads[thread].route.clone();
        let call = cx.call_within(&route, request.into(), Vec::new(), self.config.deadline);
        self.threads[thread].doing = Doing::Polling(call);
    }

    fn pause(&mut self, thread: usize, cx: &mut Cx<'_>) {
        let until = cx.now() + PAUSE;
        self.threads[thread].doing = Doing::Pausing(until);
        cx.wake_at(until, Timer::Poll { thread });
    }

    fn polled(&mut self, thread: usize, result: Result<Response, ApiError>, cx: &mut Cx<'_>) {
        match result {
            Ok(Response::Sqs(sqs::Response::ReceiveMessage { received, .. })) if !received.is_empty() => {
                if self.config.deletion == Deletion::Before {
                    for one in &received {
                        self.delete(thread, one.receipt, cx);
                    }
                }
                self.threads[thread].batch = received.into();
                self.expect_heartbeat(thread, cx);
                self.work(thread, cx);
            }
            Ok(_) if self.config.wait_seconds > 0 => self.poll(thread, cx),
            Ok(_) => self.pause(thread, cx),
            Err(error) => {
                cx.fact(Fact::PollFailed { code: error.code }, None);
                self.pause(thread, cx);
            }
        }
    }

    fn work(&mut self, thread: usize, cx: &mut Cx<'_>) {
        let Some(received) = self.threads[thread].batch.front_mut() else { return self.poll(thread, cx) };
        if std::mem::take(&mut self.poison_next) {
            received.message.poisoned = true;
        }
        let token = received.message.token;
        let since = cx.now();
        let sampled = self.config.processing.sample(cx.rng("processing"));
        let until = since + cx.stretched(sampled);
        cx.fact(Fact::ProcessingStarted { until }, Some(token));
        let key = self.wake_after_work(until - since, Timer::Done { thread }, cx);
        self.threads[thread].doing = Doing::Working { since, until, key };
    }

    fn delete(&self, thread: usize, receipt: sqs::Receipt, cx: &mut Cx<'_>) {
        let request = sqs::Request::DeleteMessage { receipt };
        cx.call_within(&self.threads[thread].route, request.into(), Vec::new(), self.config.deadline);
    }

    fn finish(&mut self, thread: usize, cx: &mut Cx<'_>) {
        let Some(received) = self.threads[thread].batch.pop_front() else { return };
        let is_gone = self.config.deletion == Deletion::Before;
        if self.process(&received.message, is_gone, cx) && self.config.deletion == Deletion::After {
            self.delete(thread, received.receipt, cx);
        }
        let link = self.threads[thread].route.link;
        let running = |other: &&Thread| other.route.link == link && !matches!(other.doing, Doing::Ended);
        let too_many = self.threads.iter().filter(running).count() > self.config.concurrency;
        if matches!(self.threads[thread].doing, Doing::Ended) {
            return;
        }
        if too_many && self.threads[thread].batch.is_empty() {
            self.stop_heartbeat(thread, cx);
            self.threads[thread].doing = Doing::Ended;
        } else {
            self.work(thread, cx);
        }
    }

    /// The outcome of working on one message, which may be gone from where it came; true when it succeeded.
    pub(super) fn process(&mut self, message: &Message, is_gone: bool, cx: &mut Cx<'_>) -> bool {
        if let Some(why) = self.failure(message, cx) {
            self.failed += 1;
            if self.config.effect_before_failure {
                self.take_effect(message, cx);
            }
            self.lost += u64::from(is_gone);
            let fact = if is_gone { Fact::MessageLost { why } } else { Fact::ProcessingFailed { why } };
            cx.tell(fact, Some(message));
            if let Some(token) = &self.config.task_token {
                token.tell(message, Some(("WorkFailed", why)), cx);
            }
            return false;
        }
        match self.take_effect(message, cx) {
            Effect::First => cx.tell(Fact::MessageProcessed, Some(message)),
            Effect::Again => {}
            Effect::Skipped => return true,
        }
        self.processed += 1;
        cx.worked_on(message);
        if let Some(token) = &self.config.task_token {
            token.tell(message, None, cx);
        }
        true
    }

    /// The effect of the work, which includes passing the message on; once only if it is idempotent.
    fn take_effect(&mut self, message: &Message, cx: &mut Cx<'_>) -> Effect {
        let effect = self.effects.make(message, &self.config.idempotency);
        match effect {
            Effect::First => {}
            Effect::Again => cx.tell(Fact::DuplicateProcessed, Some(message)),
            Effect::Skipped => {
                cx.tell(Fact::DuplicateSkipped, Some(message));
                return effect;
            }
        }
        pass_on(message, self.config.deadline, cx);
        effect
    }

    fn failure(&self, message: &Message, cx: &mut Cx<'_>) -> Option<&'static str> {
        let by_chance = || cx.rng("failure").chance(self.config.failure_parts).then_some("failed");
        message.sure_failure(self.config.fail_when.as_ref()).or_else(by_chance)
    }
}
