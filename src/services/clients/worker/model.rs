//! The worker's state machine.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fact::Fact;
use super::shards::Reader;
use super::thread::{Doing, Thread};
use crate::engine::{FaultKind, MICROS_PER_SECOND, Micros};
use crate::figure::Figure;
use crate::lang::event_pattern::{Dialect, Pattern};
use crate::services::clients::pass_on;
use crate::services::sqs::api as sqs;
use crate::services::{
    Answer, ApiError, Call, Cx, Distribution, Door, Draft, Kind, LinkKind, Message, Metric, Place, Request, Response,
    Service, Settings, Token,
};

/// Before a poll that found nothing, or failed, is repeated `[MODEL]`.
const PAUSE: Micros = MICROS_PER_SECOND;
/// Identities remembered for spotting duplicates; the oldest are forgotten first.
const REMEMBERED_MAX: usize = 200_000;

#[derive(Clone, Debug)]
pub enum Timer {
    Poll { thread: usize },
    Done { thread: usize },
    Read { reader: usize },
    RecordsDone { reader: usize },
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) threads: Vec<Thread>,
    pub(super) readers: Vec<Reader>,
    seen: BTreeSet<Token>,
    pub(super) processed: u64,
    pub(super) failed: u64,
    pub(super) duplicates: u64,
    poison_next: bool,
}

#[derive(Clone)]
pub(super) struct Config {
    pub(super) concurrency: usize,
    pub(super) processing: Distribution,
    failure_parts: u32,
    fail_when: Option<Pattern>,
    max: u64,
    wait_seconds: u64,
    visibility_timeout: Option<u64>,
    delete: bool,
    idempotent: bool,
}

impl Config {
    fn read(settings: &Settings) -> Self {
        let pattern = settings.get("FailWhen");
        Self {
            concurrency: usize::try_from(settings.integer("Concurrency")).unwrap_or(1).clamp(1, 1_000),
            processing: settings.distribution("ProcessingTime"),
            failure_parts: settings.parts_per_million("FailureRate"),
            fail_when: pattern.and_then(|pattern| Pattern::from_value(&pattern, Dialect::EventBridge).ok()),
            max: settings.integer("MaxNumberOfMessages").clamp(1, 10),
            wait_seconds: settings.integer("WaitTimeSeconds").min(20),
            visibility_timeout: settings.optional_integer("VisibilityTimeout"),
            delete: settings.boolean("DeleteMessages"),
            idempotent: settings.boolean("Idempotent"),
        }
    }
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            threads: Vec::new(),
            readers: Vec::new(),
            seen: BTreeSet::new(),
            processed: 0,
            failed: 0,
            duplicates: 0,
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
        let polling = |thread: &Thread| matches!(thread.doing, Doing::Polling(call) if call == answer.call);
        if let Some(index) = self.threads.iter().position(polling) {
            self.polled(index, answer.result, cx);
        } else if let Some(index) = self.readers.iter().position(|reader| reader.awaits(answer.call)) {
            self.read_answered(index, answer.result, cx);
        }
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
        }
    }

    fn struck(&mut self, fault: FaultKind, begins: bool, cx: &mut Cx<'_>) {
        match fault {
            FaultKind::Poison => self.poison_next |= begins,
            _ if fault.is_outage() && begins => self.crash(cx),
            _ if fault.is_outage() && !cx.is_down() => {
                for thread in 0..self.threads.len() {
                    if matches!(self.threads[thread].doing, Doing::Pausing(_)) {
                        self.poll(thread, cx);
                    }
                }
                (0..self.readers.len()).for_each(|reader| self.read(reader, cx));
            }
            _ => {}
        }
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        vec![
            ("Processed", Metric::Count(self.processed)),
            ("Failed", Metric::Count(self.failed)),
            ("Duplicates", Metric::Count(self.duplicates)),
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
    fn poll(&mut self, thread: usize, cx: &mut Cx<'_>) {
        if cx.is_down() {
            return;
        }
        let Config { max, wait_seconds, visibility_timeout, .. } = self.config;
        let request = sqs::Request::ReceiveMessage { max, wait_seconds: Some(wait_seconds), visibility_timeout };
        let route = self.threads[thread].route.clone();
        let call = cx.call(&route, request.into(), Vec::new());
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
                self.threads[thread].batch = received.into();
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
        let key = cx.wake_at(until, Timer::Done { thread });
        self.threads[thread].doing = Doing::Working { since, until, key };
    }

    fn finish(&mut self, thread: usize, cx: &mut Cx<'_>) {
        let Some(received) = self.threads[thread].batch.pop_front() else { return };
        if self.process(&received.message, cx) && self.config.delete {
            let route = self.threads[thread].route.clone();
            cx.call(&route, sqs::Request::DeleteMessage { receipt: received.receipt }.into(), Vec::new());
        }
        let link = self.threads[thread].route.link;
        let running = |other: &&Thread| other.route.link == link && !matches!(other.doing, Doing::Ended);
        let too_many = self.threads.iter().filter(running).count() > self.config.concurrency;
        if matches!(self.threads[thread].doing, Doing::Ended) {
            return;
        }
        if too_many && self.threads[thread].batch.is_empty() {
            self.threads[thread].doing = Doing::Ended;
        } else {
            self.work(thread, cx);
        }
    }

    /// The outcome of working on one message; true when it succeeded.
    pub(super) fn process(&mut self, message: &Message, cx: &mut Cx<'_>) -> bool {
        if let Some(why) = self.failure(message, cx) {
            self.failed += 1;
            cx.fact(Fact::ProcessingFailed { why }, Some(message.token));
            return false;
        }
        let duplicate = !self.seen.insert(message.token);
        if self.seen.len() > REMEMBERED_MAX {
            self.seen.pop_first();
        }
        if duplicate && self.config.idempotent {
            cx.fact(Fact::DuplicateSkipped, Some(message.token));
            return true;
        }
        self.processed += 1;
        if duplicate {
            self.duplicates += 1;
            cx.fact(Fact::DuplicateProcessed, Some(message.token));
        } else {
            cx.fact(Fact::MessageProcessed, Some(message.token));
        }
        pass_on(message, cx);
        true
    }

    fn failure(&self, message: &Message, cx: &mut Cx<'_>) -> Option<&'static str> {
        if message.poisoned {
            return Some("poisoned");
        }
        if let Some(pattern) = &self.config.fail_when
            && serde_json::from_str::<Value>(&message.body).is_ok_and(|body| pattern.matches(&body))
        {
            return Some("FailWhen matches");
        }
        cx.rng("failure").chance(self.config.failure_parts).then_some("failed")
    }

    /// Loses what it works on; what was received comes back when its visibility timeout ends.
    fn crash(&mut self, cx: &mut Cx<'_>) {
        for thread in &mut self.threads {
            if matches!(thread.doing, Doing::Ended) {
                continue;
            }
            if let Doing::Working { key, .. } = thread.doing {
                cx.cancel(key);
            }
            for received in thread.batch.drain(..) {
                cx.fact(Fact::WorkLost, Some(received.message.token));
            }
            thread.doing = Doing::Pausing(Micros::MAX);
        }
        for reader in &mut self.readers {
            reader.crash(cx);
        }
    }
}
