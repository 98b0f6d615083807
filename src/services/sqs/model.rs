//! The queue's state machine: sending, waiting, dead-lettering, expiring.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use super::api::{self, Request, Response};
use super::backlog::{Backlog, Entry, SERVERS, State};
use super::config::Config;
use super::fact::Fact;
use super::metrics::Metrics;
use super::visibility::IN_FLIGHT_MAX;
use crate::engine::{Key, Micros, seconds};
use crate::figure::Figure;
use crate::services::{
    self, Answer, ApiError, Call, Caller, Cx, Door, Draft, EntryIds, LinkKind, Message, Metric, Pending, Place,
    Service, Settings, gone,
};

/// Bytes of all entries of one batch, whatever the queue's own limit (SQS-3).
const BATCH_SIZE_MAX: usize = 1_048_576;
/// Between two purges (SQS-7).
const PURGE_INTERVAL: Micros = seconds(60);

#[derive(Clone, Debug)]
pub enum Timer {
    VisibilityEnds { slot: u32, generation: u32 },
    DelayEnds { slot: u32, generation: u32 },
    WaitEnds { waiter: u64 },
    RetentionEnds,
}

/// A long poll that found nothing yet.
#[derive(Clone, Debug)]
struct Waiter {
    number: u64,
    caller: Caller,
    max: u64,
    hide: Micros,
    since: Micros,
    key: Key,
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) backlog: Backlog,
    pub(super) metrics: Metrics,
    waiters: VecDeque<Waiter>,
    next_waiter: u64,
    retention_timer: Option<(Micros, Key)>,
    is_dead_letter_queue: bool,
    /// Messages on their way to the dead-letter queue, by call: when they were sent and how often received.
    moving: Pending<(Micros, u32)>,
    last_purge: Option<Micros>,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;
    const GONE: &'static str = "AWS.SimpleQueueService.NonExistentQueue";

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            backlog: Backlog::default(),
            metrics: Metrics::default(),
            waiters: VecDeque::new(),
            next_waiter: 0,
            retention_timer: None,
            is_dead_letter_queue: false,
            moving: Pending::default(),
            last_purge: None,
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.rewired(cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        self.is_dead_letter_queue = cx.routes().iter().any(|route| route.kind == LinkKind::Redrive && !route.outward);
    }

    /// A new delay is not retroactive (SQS-13); a new retention is (SQS-6, at once here).
    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        self.config = Config::read(settings);
        self.watch_retention(cx);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        cx.book(self.backlog.len(), Place::Stored, Place::Dropped("ResourceDeleted"));
        self.backlog = Backlog::default();
        for waiter in std::mem::take(&mut self.waiters) {
            cx.cancel(waiter.key);
            cx.answer(waiter.caller, Err(gone::<Self>()), Vec::new());
        }
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        let services::Request::Sqs(request) = request else {
            let error = ApiError::client("InvalidAction", "A queue takes SQS's own API alone.");
            return cx.answer(caller, Err(error), messages);
        };
        match request {
            Request::SendMessage => self.send(caller, messages, cx),
            Request::SendMessageBatch { ids } => self.send_batch(caller, ids, messages, cx),
            Request::Redrive { sent, receives } => self.take_in_dead_letters(caller, messages, sent, receives, cx),
            Request::ReceiveMessage { max, wait_seconds, visibility_timeout } => {
                let hide = visibility_timeout.map_or(self.config.visibility_timeout, seconds);
                let wait = wait_seconds.map_or(self.config.receive_wait, seconds);
                self.receive(caller, max, hide, wait, cx);
            }
            Request::DeleteMessage { receipt } => {
                self.delete(receipt, cx);
                cx.answer(caller, Ok(Response::Done.into()), Vec::new());
            }
            Request::DeleteMessageBatch { ids, receipts } => {
                let deleted = receipts.into_iter().map(|receipt| receipt.map(|receipt| self.delete(receipt, cx)));
                let deleted = deleted.collect();
                cx.answer(caller, Ok(Response::DeleteMessageBatch { ids, deleted }.into()), Vec::new());
            }
            Request::ChangeMessageVisibility { receipt, visibility_timeout } => {
                let changed = self.change_visibility(receipt, visibility_timeout, cx);
                cx.answer(caller, changed.map(|()| Response::Done.into()), Vec::new());
            }
            Request::PurgeQueue => self.purge(caller, cx),
            Request::GetQueueAttributes => {
                cx.answer(caller, Ok(Response::Attributes(self.attributes()).into()), Vec::new());
            }
        }
    }

    /// Answers to redrives: what the dead-letter queue did not take comes back to this queue as it left. It waits
    /// for the next receive; one that waits already must not move it again at once, or it would go to and fro.
    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let (sent, receives) = self.moving.remove(answer.call).unwrap_or((cx.now(), 0));
        for message in answer.messages {
            if cx.is_deleted() {
                cx.book(1, Place::Travelling, Place::Dropped("ResourceDeleted"));
                continue;
            }
            cx.fact(Fact::DeadLetterTargetMissing, Some(message.token));
            cx.book(1, Place::Travelling, Place::Stored);
            self.store(message, sent, receives, cx);
        }
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::VisibilityEnds { slot, generation } => self.visibility_ended(slot, generation, cx),
            Timer::DelayEnds { slot, generation } => {
                let Some(entry) = self.backlog.get_mut(slot, generation) else { return };
                entry.state = State::Visible;
                cx.fact(Fact::MessageDelayExpired, Some(entry.message.token));
                self.backlog.delayed -= 1;
                self.backlog.show(slot);
                self.serve_waiters(cx);
            }
            Timer::WaitEnds { waiter } => {
                let Some(place) = self.waiters.iter().position(|other| other.number == waiter) else { return };
                let waiter = self.waiters.remove(place).expect("the position was just found");
                self.answer_empty(waiter.caller, cx.now() - waiter.since, cx);
            }
            Timer::RetentionEnds => self.expire(cx),
        }
    }

    fn stored(&self) -> u64 {
        self.backlog.len()
    }

    fn metrics(&self, now: Micros) -> Vec<(&'static str, Metric)> {
        // A message received three times or more is left out of the age (SQS-42).
        let oldest = self.backlog.oldest_where(|entry| self.is_dead_letter_queue || entry.received < 3);
        vec![
            ("NumberOfMessagesSent", Metric::Count(self.metrics.sent)),
            ("NumberOfMessagesReceived", Metric::Count(self.metrics.received)),
            ("NumberOfMessagesDeleted", Metric::Count(self.metrics.deleted)),
            ("NumberOfEmptyReceives", Metric::Count(self.metrics.empty_receives)),
            ("ApproximateNumberOfMessagesVisible", Metric::Count(self.backlog.visible())),
            ("ApproximateNumberOfMessagesNotVisible", Metric::Count(self.backlog.in_flight)),
            ("ApproximateNumberOfMessagesDelayed", Metric::Count(self.backlog.delayed)),
            ("ApproximateAgeOfOldestMessage", Metric::Seconds(oldest.map_or(0, |sent| now.saturating_sub(sent)))),
        ]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse(action, input).map(|(request, drafts)| (request.into(), drafts))
    }
}

impl Model {
    #[must_use]
    pub fn is_dead_letter_queue(&self) -> bool {
        self.is_dead_letter_queue
    }

    fn send(&mut self, caller: Caller, mut messages: Vec<Message>, cx: &mut Cx<'_>) {
        let message = messages.pop().expect("SendMessage carries one message");
        if let Err(error) = self.check(&message) {
            cx.fact(Fact::RequestRefused { code: error.code }, Some(message.token));
            return cx.answer(caller, Err(error), vec![message]);
        }
        let message_id = api::message_id(&message);
        let body_md5 = if caller.actor == crate::engine::ActorId::OUTSIDE {
            api::md5_hex(message.body.as_bytes())
        } else {
            String::new()
        };
        self.accept(message, cx);
        cx.answer(caller, Ok(Response::SendMessage { message_id, body_md5 }.into()), Vec::new());
        self.serve_waiters(cx);
    }

    fn send_batch(&mut self, caller: Caller, ids: EntryIds, messages: Vec<Message>, cx: &mut Cx<'_>) {
        if messages.iter().map(Message::size).sum::<usize>() > BATCH_SIZE_MAX {
            let code = "AWS.SimpleQueueService.BatchRequestTooLong";
            cx.fact(Fact::RequestRefused { code }, None);
            let text = format!("Batch requests cannot be longer than {BATCH_SIZE_MAX} bytes.");
            return cx.answer(caller, Err(ApiError::client(code, text)), messages);
        }
        let (mut message_ids, mut refused) = (Vec::new(), Vec::new());
        for message in messages {
            match self.check(&message) {
                Ok(()) => {
                    message_ids.push(Ok(api::message_id(&message)));
                    self.accept(message, cx);
                }
                Err(error) => {
                    cx.fact(Fact::RequestRefused { code: error.code }, Some(message.token));
                    message_ids.push(Err(error));
                    refused.push(message);
                }
            }
        }
        cx.answer(caller, Ok(Response::SendMessageBatch { ids, message_ids }.into()), refused);
        self.serve_waiters(cx);
    }

    /// SQS-3 and SQS-5.
    fn check(&self, message: &Message) -> Result<(), ApiError> {
        if message.body.is_empty() {
            return Err(ApiError::client("MissingParameter", "The request must contain the parameter MessageBody."));
        }
        if message.size() > self.config.message_size_max {
            let most = self.config.message_size_max;
            let text =
                format!("One or more parameters are invalid. Reason: Message must be shorter than {most} bytes.");
            return Err(ApiError::client("InvalidParameterValue", text));
        }
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        if message.body.chars().all(allowed) {
            Ok(())
        } else {
            Err(ApiError::client("InvalidMessageContents", "Invalid characters found in the message."))
        }
    }

    fn accept(&mut self, message: Message, cx: &mut Cx<'_>) {
        self.metrics.sent += 1;
        cx.book(1, Place::Travelling, Place::Stored);
        let own = message.meta.as_deref().and_then(|meta| meta.delay_seconds);
        let delay = own.map_or(self.config.delay, |delay| seconds(delay.into()));
        let now = cx.now();
        cx.fact(Fact::MessageSent, Some(message.token));
        if delay == 0 {
            self.store(message, now, 0, cx);
            return;
        }
        let (token, until) = (message.token, now + delay);
        cx.fact(Fact::MessageDelayed { until }, Some(token));
        let (slot, generation) = self.backlog.insert(new_entry(message, now, 0));
        let key = cx.wake_at(until, Timer::DelayEnds { slot, generation });
        self.backlog.entry_mut(slot).state = State::Delayed { since: now, until, key };
        self.backlog.delayed += 1;
        self.watch_retention(cx);
    }

    /// Puts a message in, visible at the back.
    fn store(&mut self, message: Message, sent: Micros, received: u32, cx: &mut Cx<'_>) {
        let (slot, _) = self.backlog.insert(new_entry(message, sent, received));
        self.backlog.show(slot);
        self.watch_retention(cx);
    }

    fn receive(&mut self, caller: Caller, max: u64, hide: Micros, wait: Micros, cx: &mut Cx<'_>) {
        if self.backlog.in_flight >= IN_FLIGHT_MAX && wait == 0 {
            let text = format!("The queue has {IN_FLIGHT_MAX} messages in flight: delete some first.");
            return cx.answer(caller, Err(ApiError::client("OverLimit", text)), Vec::new());
        }
        let asked = if wait > 0 { [true; SERVERS] } else { sample(cx) };
        let received = self.take(max, hide, asked, cx);
        if !received.is_empty() {
            answer_received(caller, received, cx);
        } else if wait == 0 {
            self.answer_empty(caller, 0, cx);
        } else {
            self.next_waiter += 1;
            let number = self.next_waiter;
            let key = cx.wake_in(wait, Timer::WaitEnds { waiter: number });
            self.waiters.push_back(Waiter { number, caller, max, hide, since: cx.now(), key });
        }
    }

    fn answer_empty(&mut self, caller: Caller, waited: Micros, cx: &mut Cx<'_>) {
        self.metrics.empty_receives += 1;
        cx.fact(Fact::EmptyReceive { waited }, None);
        answer_received(caller, Vec::new(), cx);
    }

    /// Gives what is visible to the long polls that wait, first come first served.
    pub(super) fn serve_waiters(&mut self, cx: &mut Cx<'_>) {
        while self.backlog.visible() > 0 && self.backlog.in_flight < IN_FLIGHT_MAX {
            let Some(waiter) = self.waiters.pop_front() else { return };
            let received = self.take(waiter.max, waiter.hide, [true; SERVERS], cx);
            if received.is_empty() {
                self.waiters.push_front(waiter);
                return;
            }
            cx.cancel(waiter.key);
            answer_received(waiter.caller, received, cx);
        }
    }

    /// Moves a message that was received too often (SQS-37); false when there is nowhere to move it.
    pub(super) fn dead_letter(&mut self, slot: u32, cx: &mut Cx<'_>) -> bool {
        let routes = cx.routes();
        let Some(route) = routes.iter().find(|route| route.kind == LinkKind::Redrive && route.outward) else {
            cx.fact(Fact::DeadLetterTargetMissing, Some(self.backlog.entry(slot).message.token));
            return false;
        };
        let entry = self.backlog.entry(slot);
        let (token, count, sent) = (entry.message.token, entry.received, entry.sent);
        cx.fact(Fact::MessageDeadLettered { count }, Some(token));
        let entry = self.backlog.remove(slot);
        cx.book(1, Place::Stored, Place::Travelling);
        let call = cx.call(route, Request::Redrive { sent, receives: count }.into(), vec![entry.message]);
        self.moving.insert(call, (sent, count));
        true
    }

    /// Dead letters keep their send time and receive count, and do not count as sent (SQS-39, SQS-42).
    fn take_in_dead_letters(
        &mut self,
        caller: Caller,
        messages: Vec<Message>,
        sent: u64,
        receives: u32,
        cx: &mut Cx<'_>,
    ) {
        for message in messages {
            cx.fact(Fact::MessageArrivedFromSource, Some(message.token));
            cx.book(1, Place::Travelling, Place::Stored);
            self.store(message, sent, receives, cx);
        }
        cx.answer(caller, Ok(Response::Done.into()), Vec::new());
        self.serve_waiters(cx);
    }

    /// Takes a message out for good and stops its timer.
    pub(super) fn take_out(&mut self, slot: u32, to: Place, cx: &mut Cx<'_>) {
        match self.backlog.entry(slot).state {
            State::Delayed { key, .. } | State::InFlight { key, .. } => cx.cancel(key),
            State::Visible | State::VisibleAgain => self.backlog.forget_visible(),
        }
        self.backlog.remove(slot);
        cx.book(1, Place::Stored, to);
    }

    fn purge(&mut self, caller: Caller, cx: &mut Cx<'_>) {
        if self.last_purge.is_some_and(|last| cx.now() < last + PURGE_INTERVAL) {
            let text = "Only one PurgeQueue operation is allowed every 60 seconds.";
            let error = ApiError::client("AWS.SimpleQueueService.PurgeQueueInProgress", text);
            return cx.answer(caller, Err(error), Vec::new());
        }
        self.last_purge = Some(cx.now());
        let messages = self.backlog.len();
        cx.fact(Fact::QueuePurged { messages }, None);
        while let Some((_, slot)) = self.backlog.oldest() {
            self.take_out(slot, Place::Dropped("QueuePurged"), cx);
        }
        cx.answer(caller, Ok(Response::Done.into()), Vec::new());
    }

    /// Keeps one timer at the moment the oldest message expires (SQS-11: in flight too).
    fn watch_retention(&mut self, cx: &mut Cx<'_>) {
        let due = self.backlog.oldest().map(|(sent, _)| sent.saturating_add(self.config.retention));
        if due == self.retention_timer.map(|(at, _)| at) {
            return;
        }
        // A timer that is too early costs one wake; moving it for every delete would cost more.
        if let (Some(due), Some((at, _))) = (due, self.retention_timer)
            && at <= due
        {
            return;
        }
        if let Some((_, key)) = self.retention_timer.take() {
            cx.cancel(key);
        }
        self.retention_timer = due.map(|at| (at, cx.wake_at(at, Timer::RetentionEnds)));
    }

    fn expire(&mut self, cx: &mut Cx<'_>) {
        self.retention_timer = None;
        while let Some((sent, slot)) = self.backlog.oldest() {
            if sent.saturating_add(self.config.retention) > cx.now() {
                break;
            }
            cx.fact(Fact::MessageExpired, Some(self.backlog.entry(slot).message.token));
            self.take_out(slot, Place::Expired, cx);
        }
        self.watch_retention(cx);
    }

    fn attributes(&self) -> Map<String, Value> {
        let counts = [
            ("ApproximateNumberOfMessages", self.backlog.visible()),
            ("ApproximateNumberOfMessagesNotVisible", self.backlog.in_flight),
            ("ApproximateNumberOfMessagesDelayed", self.backlog.delayed),
            ("VisibilityTimeout", self.config.visibility_timeout / 1_000_000),
            ("DelaySeconds", self.config.delay / 1_000_000),
            ("MessageRetentionPeriod", self.config.retention / 1_000_000),
            ("ReceiveMessageWaitTimeSeconds", self.config.receive_wait / 1_000_000),
            ("MaximumMessageSize", self.config.message_size_max as u64),
        ];
        counts.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value.to_string()))).collect()
    }
}

fn new_entry(message: Message, sent: Micros, received: u32) -> Entry {
    Entry { message, state: State::Visible, sent, received, first_received: 0, last_received: 0 }
}

fn answer_received(caller: Caller, received: Vec<api::Received>, cx: &mut Cx<'_>) {
    let shown = received.iter().map(|one| one.message.clone()).collect();
    cx.answer(caller, Ok(Response::ReceiveMessage { received, shown }.into()), Vec::new());
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
