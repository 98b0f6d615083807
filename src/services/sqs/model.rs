//! The queue's state machine: what it holds, and which file handles which call.

use std::collections::VecDeque;

use serde_json::Value;

use super::api::{Request, Response};
use super::attempts::Attempts;
use super::backlog::Backlog;
use super::config::Config;
use super::dead_letter::Moving;
use super::fact::Fact;
use super::metrics::Metrics;
use super::move_task::MoveTasks;
use super::parsing;
use super::prices;
use super::receiving::{Ask, Waiter};
use super::sending::Original;
use super::throughput::Throughput;
use crate::engine::{Micros, seconds};
use crate::figure::Figure;
use crate::services::contract::inside::Inside;
use crate::services::{
    self, Alarm, Answer, ApiError, Call, Caller, Change, Cx, Door, Draft, LinkKind, Message, Metric, Pending, Place,
    RecentIds, Service, Settings, Usage, chunks, gone,
};

#[derive(Clone, Debug)]
pub enum Timer {
    VisibilityEnds { slot: u32, generation: u32 },
    DelayEnds { slot: u32, generation: u32 },
    WaitEnds { waiter: u64 },
    RetentionEnds,
    NextMove,
    Serve,
}

#[derive(Clone)]
pub struct Model {
    pub(super) settings: Settings,
    pub(super) config: Config,
    pub(super) backlog: Backlog,
    pub(super) metrics: Metrics,
    pub(super) waiters: VecDeque<Waiter>,
    pub(super) next_waiter: u64,
    /// Whether those that wait are served at this instant.
    pub(super) serves: bool,
    pub(super) retention_timer: Alarm,
    pub(super) is_dead_letter_queue: bool,
    /// Messages on their way to another queue, by call.
    pub(super) moving: Pending<Moving>,
    pub(super) last_purge: Option<Micros>,
    /// What was sent in the last five minutes (SQS-27).
    pub(super) deduplication: RecentIds<Original>,
    /// As the queue was created: a change of the attribute changes nothing (SQS-27, observed).
    pub(super) deduplicates_by_group: bool,
    pub(super) attempts: Attempts,
    pub(super) throughput: Throughput,
    pub(super) tasks: MoveTasks,
    pub(super) created: Micros,
    pub(super) modified: Micros,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;
    const GONE: &'static str = "AWS.SimpleQueueService.NonExistentQueue";

    fn new(settings: &Settings) -> Self {
        let config = Config::read(settings);
        Self {
            settings: settings.clone(),
            backlog: Backlog::new(config.fifo),
            metrics: Metrics::default(),
            waiters: VecDeque::new(),
            next_waiter: 0,
            serves: false,
            retention_timer: Alarm::default(),
            is_dead_letter_queue: false,
            moving: Pending::default(),
            last_purge: None,
            deduplication: RecentIds::default(),
            deduplicates_by_group: config.deduplicates_by_group,
            attempts: Attempts::default(),
            throughput: Throughput::default(),
            tasks: MoveTasks::default(),
            created: 0,
            modified: 0,
            config,
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        (self.created, self.modified) = (cx.now(), cx.now());
        self.rewired(cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        self.is_dead_letter_queue = cx.routes().iter().any(|route| route.kind == LinkKind::Redrive && !route.outward);
        self.backlog.set_dead_letter_queue(self.is_dead_letter_queue);
    }

    /// A new delay is retroactive for a FIFO queue alone (SQS-13), a new retention for all (SQS-6, at once here); the
    /// type is fixed (SQS-1).
    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        let before = std::mem::replace(&mut self.config, Config::read(settings));
        self.settings = settings.clone();
        if self.config.fifo != before.fifo {
            self.config.fifo = before.fifo;
            cx.fact(Fact::QueueTypeIsFixed, None);
        }
        if self.config.fifo && self.config.delay != before.delay {
            self.delay_anew(cx);
        }
        self.watch_retention(cx);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        cx.book(self.backlog.len(), Place::Stored, Place::Dropped("ResourceDeleted"));
        self.backlog = Backlog::new(self.config.fifo);
        for waiter in std::mem::take(&mut self.waiters) {
            cx.cancel(waiter.key);
            cx.answer(waiter.ask.caller, Err(gone::<Self>()), Vec::new());
        }
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        let services::Request::Sqs(request) = request else {
            let error = ApiError::client("InvalidAction", "A queue takes SQS's own API alone.");
            return cx.answer(caller, Err(error), messages);
        };
        // What services of its own hand over is no request.
        if !matches!(request, Request::Redrive { .. } | Request::Move) {
            self.metrics.billed += chunks(messages.iter().map(Message::size).sum());
        }
        match request {
            Request::SendMessage | Request::SendMessageBatch { .. } | Request::Redrive { .. } | Request::Move => {
                self.take_in(caller, request, messages, cx);
            }
            Request::ReceiveMessage { max, wait_seconds, visibility_timeout } => {
                let (hide, wait) = self.times(visibility_timeout, wait_seconds);
                let ask = Ask { caller, max, hide, attempt_id: None, asked: None };
                self.receive(ask, wait, cx);
            }
            Request::ReceiveMessageInFull { max, wait_seconds, visibility_timeout, attempt_id, asked } => {
                let (hide, wait) = self.times(visibility_timeout, wait_seconds);
                self.receive(Ask { caller, max, hide, attempt_id, asked }, wait, cx);
            }
            Request::DeleteMessage { .. }
            | Request::DeleteMessageBatch { .. }
            | Request::ChangeMessageVisibility { .. }
            | Request::ChangeMessageVisibilityBatch { .. } => self.act_on_receipts(caller, request, cx),
            other => {
                let result = self.administer(other, cx);
                cx.answer(caller, result.map(Into::into), Vec::new());
            }
        }
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        self.moved(answer, cx);
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::VisibilityEnds { slot, generation } => self.visibility_ended(slot, generation, cx),
            Timer::DelayEnds { slot, generation } => self.delay_ended(slot, generation, cx),
            Timer::WaitEnds { waiter } => self.wait_ended(waiter, cx),
            Timer::RetentionEnds => self.expire(cx),
            Timer::NextMove => self.move_next(cx),
            Timer::Serve => self.serve_next(cx),
        }
    }

    fn stored(&self) -> u64 {
        self.backlog.len()
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.backlog.iter().for_each(|slot| see(&self.backlog.slots.entry(slot).message));
    }

    fn metrics(&self, now: Micros) -> Vec<(&'static str, Metric)> {
        self.all_metrics(now)
    }

    fn usage(&self, _now: Micros) -> Usage {
        let billed = if self.config.fifo { prices::FIFO_REQUEST } else { prices::REQUEST };
        vec![(billed, self.metrics.billed)]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn inside(&self, now: Micros) -> Option<Inside> {
        Some(self.look_inside(now))
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        parsing::parse(action, input, self.config.fifo).map(|(request, drafts)| (request.into(), drafts))
    }
}

impl Model {
    #[must_use]
    pub fn is_dead_letter_queue(&self) -> bool {
        self.is_dead_letter_queue
    }

    /// Message groups that it keeps in mind.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.backlog.groups.len()
    }

    /// How long a receive hides what it returns, and how long it waits.
    fn times(&self, visibility_timeout: Option<u64>, wait_seconds: Option<u64>) -> (Micros, Micros) {
        let hide = visibility_timeout.map_or(self.config.visibility_timeout, seconds);
        (hide, wait_seconds.map_or(self.config.receive_wait, seconds))
    }

    fn take_in(&mut self, caller: Caller, request: Request, messages: Vec<Message>, cx: &mut Cx<'_>) {
        match request {
            Request::SendMessageBatch { ids, wrong } => self.send_batch(caller, (ids, wrong), messages, cx),
            Request::Redrive { sent, receives, first_received } => {
                self.take_in_dead_letters(caller, messages, (sent, receives, first_received), cx);
            }
            Request::Move => self.take_in_moved(caller, messages, cx),
            _ => self.send(caller, messages, cx),
        }
    }

    /// Calls about the queue as a whole.
    #[inline(never)] // second part
    fn administer(&mut self, request: Request, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        match request {
            Request::PurgeQueue => self.purge(cx),
            // What leads here stays, and finds it gone (SNS-E8).
            Request::DeleteQueue => {
                cx.change(Change::RemoveNode { node: cx.name() });
                Ok(Response::Done)
            }
            Request::GetSomeQueueAttributes { names } => self.attributes(Some(&names), cx).map(Response::Attributes),
            Request::SetQueueAttributes { attributes } => self.set_attributes(attributes, cx).map(|()| Response::Done),
            Request::GetQueueUrl { name } => Self::queue_url(&name, cx),
            Request::ListDeadLetterSourceQueues { page } => Ok(self.list_source_queues(page, cx)),
            Request::StartMessageMoveTask { source, destination, per_second } => {
                self.start_move_task(source.as_deref(), destination.as_deref(), per_second, cx)
            }
            Request::ListMessageMoveTasks { max } => Ok(self.list_move_tasks(max, cx)),
            Request::CancelMessageMoveTask { handle } => self.cancel_move_task(&handle, cx),
            _ => self.attributes(None, cx).map(Response::Attributes),
        }
    }
}
