//! The function's state machine: calls, faults, and what it holds.

use std::collections::BTreeSet;

use serde_json::Value;

use super::api::{self, Request};
use super::config::Config;
use super::events::Event;
use super::invocation::{Invocation, Origin, Outcome};
use super::metrics::Metrics;
use super::prices;
use super::queue_mapping::QueueMapping;
use super::stream_mapping::StreamMapping;
use crate::engine::{FaultKind, Key, LinkId, Micros};
use crate::figure::Figure;
use crate::services::Effects;
use crate::services::{
    self, Answer, ApiError, Call, ConnectionId, Cx, Door, Draft, LinkKind, Message, Metric, Pending, Place, Push,
    Service, Settings, Token, Usage, gone,
};

/// Lambda's default, with which its bill is reckoned: memory is not modelled.
const MEMORY_MB: u64 = 128;

#[derive(Clone, Debug)]
pub enum Timer {
    InvocationEnds { number: u64 },
    RetryDue { number: u64 },
    LaneResumes { link: LinkId, lane: usize },
    MappingScales { link: LinkId },
    ShardsListed { link: LinkId },
    ShardResumes { link: LinkId, shard: u32 },
    ShardLaneResumes { link: LinkId, shard: u32, lane: usize },
    WindowEnds { link: LinkId, shard: u32 },
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) metrics: Metrics,
    pub(super) running: Pending<Invocation>,
    /// Events that wait for their next attempt.
    pub(super) retrying: Pending<(Event, Key)>,
    /// Calls under way to destinations and dead-letter queues, each by what it is drawn as.
    pub(super) delivering: Pending<LinkKind>,
    pub(super) effects: Effects,
    pub(super) queues: Vec<QueueMapping>,
    pub(super) streams: Vec<StreamMapping>,
    pub(super) next_invocation: u64,
    pub(super) next_retry: u64,
    pub(super) poison_next: bool,
    pub(super) poisoned: BTreeSet<Token>,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = super::Fact;

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            metrics: Metrics::default(),
            running: Pending::default(),
            retrying: Pending::default(),
            delivering: Pending::default(),
            effects: Effects::default(),
            queues: Vec::new(),
            streams: Vec::new(),
            next_invocation: 0,
            next_retry: 0,
            poison_next: false,
            poisoned: BTreeSet::new(),
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.share(cx);
        self.rewired(cx);
    }

    /// What runs goes on as it began; what waits for room is tried when its time comes.
    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        self.config = Config::read(settings);
        self.share(cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        self.connect(cx);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        cx.book(self.stored(), Place::Stored, Place::Dropped("ResourceDeleted"));
        self.disconnect(cx);
        let me = cx.me();
        cx.shared().accounts.lambda.forget(me);
        for (_, key) in self.retrying.take() {
            cx.cancel(key);
        }
        for invocation in self.running.take() {
            cx.cancel(invocation.key);
            if let Origin::Call { caller, .. } = invocation.origin {
                cx.answer(caller, Err(gone::<Self>()), Vec::new());
            }
        }
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        let services::Request::Lambda(request) = request else {
            let error = ApiError::client("InvalidAction", "A function takes Lambda's own API alone.");
            return cx.answer(caller, Err(error), messages);
        };
        match request {
            Request::Invoke { is_list } => self.invoke_now((caller, is_list), messages, cx),
            Request::InvokeEvent => self.accept_events(caller, messages, cx),
        }
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        self.answered(answer, cx);
    }

    fn pushed(&mut self, push: Push, cx: &mut Cx<'_>) {
        self.records_pushed(push, cx);
    }

    fn closed(&mut self, connection: ConnectionId, _why: &'static str, cx: &mut Cx<'_>) {
        self.connection_closed(connection, cx);
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::InvocationEnds { number } => self.invocation_ended(number, cx),
            Timer::RetryDue { number } => self.retry_due(number, cx),
            Timer::LaneResumes { link, lane } => self.lane_resumes(link, lane, cx),
            Timer::MappingScales { link } => self.mapping_scales(link, cx),
            Timer::ShardsListed { link } => self.list_shards(link, cx),
            Timer::ShardResumes { link, shard } => self.advance(link, shard, cx),
            Timer::ShardLaneResumes { link, shard, lane } => self.lane_due(link, shard, lane, cx),
            Timer::WindowEnds { link, shard } => self.window_due(link, shard, cx),
        }
    }

    fn struck(&mut self, fault: FaultKind, begins: bool, cx: &mut Cx<'_>) {
        match fault {
            FaultKind::Poison => self.poison_next |= begins,
            _ if fault.is_outage() && begins => self.crash(cx),
            _ if fault.is_outage() && !cx.is_down() => self.resume(cx),
            _ => {}
        }
    }

    /// Batches of queues and streams stay where they came from.
    fn stored(&self) -> u64 {
        let own = self.running.iter().filter(|invocation| invocation.origin.is_own());
        let running: usize = own.map(|invocation| invocation.messages.len()).sum();
        (running + self.retrying.len()) as u64
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.running.iter().flat_map(|invocation| &invocation.messages).for_each(&mut *see);
        self.retrying.iter().for_each(|(event, _)| see(&event.message));
    }

    fn metrics(&self, now: Micros) -> Vec<(&'static str, Metric)> {
        vec![
            ("Invocations", Metric::Count(self.metrics.invocations)),
            ("Errors", Metric::Count(self.metrics.errors)),
            ("Throttles", Metric::Count(self.metrics.throttles)),
            ("ConcurrentExecutions", Metric::Level(self.running.len() as u64)),
            ("Duration", Metric::Milliseconds(self.metrics.average_duration())),
            ("AsyncEventsReceived", Metric::Count(self.metrics.events_received)),
            ("AsyncEventsDropped", Metric::Count(self.metrics.events_dropped)),
            ("AsyncEventAge", Metric::Milliseconds(self.metrics.average_event_age())),
            ("DeadLetterErrors", Metric::Count(self.metrics.dead_letter_errors)),
            ("DestinationDeliveryFailures", Metric::Count(self.metrics.destination_failures)),
            ("PolledEventCount", Metric::Count(self.metrics.polled)),
            ("FilteredOutEventCount", Metric::Count(self.metrics.filtered_out)),
            ("InvokedEventCount", Metric::Count(self.metrics.invoked)),
            ("FailedInvokeEventCount", Metric::Count(self.metrics.failed_invoke)),
            ("DeletedEventCount", Metric::Count(self.metrics.deleted)),
            ("GivenUpEventCount", Metric::Count(self.metrics.events_given_up)),
            ("Effects", Metric::Count(self.effects.made)),
            ("Duplicates", Metric::Count(self.effects.duplicates)),
            ("IteratorAge", Metric::Milliseconds(self.iterator_age(now))),
        ]
    }

    fn usage(&self, _now: Micros) -> Usage {
        let time = self.metrics.billed_ms * MEMORY_MB;
        vec![(prices::REQUEST, self.metrics.invocations), (prices::TIME, time)]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse(action, input).map(|(request, drafts)| (request.into(), drafts))
    }
}

impl Model {
    /// Every running invocation fails; the pollers forget what they asked and what they hold.
    fn crash(&mut self, cx: &mut Cx<'_>) {
        self.pause_mappings(cx);
        for invocation in self.running.take() {
            cx.cancel(invocation.key);
            self.metrics.billed_ms += (cx.now() - invocation.since).div_ceil(1_000);
            let why = super::invocation::CRASHED;
            cx.tell(super::Fact::InvocationFailed { why }, invocation.messages.first());
            self.conclude(invocation.origin, invocation.messages, &[], Outcome::Fails(why), cx);
        }
        self.share(cx);
    }
}
