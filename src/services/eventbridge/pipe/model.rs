//! The pipe's state machine: its ends, its readers, its batches.

use serde_json::Value;

use super::super::prices;
use super::batch::Batch;
use super::config::Config;
use super::event::looked_into;
use super::fact::Fact;
use super::metrics::Metrics;
use super::queue_source::CONCURRENCY_MIN;
use super::source_shard::SourceShard;
use crate::engine::{Key, MICROS_PER_SECOND, Micros};
use crate::figure::Figure;
use crate::services::sqs::api::{Receipt, Received};
use crate::services::{
    self, Answer, ApiError, Call, Cx, Door, Draft, Kind, LinkKind, Metric, Pending, Place, Route, Service, Settings,
    Usage,
};

/// After a poll or a batch that failed.
pub const PAUSE: Micros = MICROS_PER_SECOND;

#[derive(Clone, Copy, Debug)]
pub enum Timer {
    PollAgain,
    WindowEnds,
    /// Readers of an earlier source are told apart by their generation.
    ListShards {
        generation: u64,
    },
    ReadShard {
        reader: usize,
        generation: u64,
    },
    LaneResumes {
        reader: usize,
        lane: usize,
        generation: u64,
    },
}

/// Where a batch came from.
#[derive(Clone, Debug)]
pub enum Origin {
    Queue { receipts: Vec<Receipt> },
    Shard { reader: usize, lane: usize },
}

#[derive(Clone, Copy, Debug)]
pub enum Polling {
    Idle,
    Awaiting(u64),
    Pausing(Key),
    /// As many batches are at work as may be.
    Full(Key),
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) source: Option<Route>,
    pub(super) enrichment: Option<Route>,
    pub(super) target: Option<Route>,
    pub(super) polling: Polling,
    /// Batches of a queue that may be at work, and when that last grew.
    pub(super) allowed: usize,
    pub(super) grown: Micros,
    /// Received, and not yet a batch.
    pub(super) gathered: Vec<Received>,
    pub(super) window: Option<Key>,
    pub(super) listing: Option<u64>,
    pub(super) next_listing: Option<Key>,
    /// The stream's.
    pub(super) retention: Micros,
    pub(super) readers: Vec<SourceShard>,
    pub(super) generation: u64,
    pub(super) batches: Pending<Batch>,
    pub(super) next_batch: u64,
    pub(super) metrics: Metrics,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            source: None,
            enrichment: None,
            target: None,
            polling: Polling::Idle,
            allowed: CONCURRENCY_MIN,
            grown: 0,
            gathered: Vec::new(),
            window: None,
            listing: None,
            next_listing: None,
            retention: Micros::MAX,
            readers: Vec::new(),
            generation: 0,
            batches: Pending::default(),
            next_batch: 0,
            metrics: Metrics::default(),
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.rewired(cx);
        if self.source.is_none() || self.target.is_none() {
            cx.fact(Fact::NothingConnected, None);
        }
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        let find = |kind: LinkKind, outward: bool| {
            routes.iter().find(|route| route.kind == kind && route.outward == outward).cloned()
        };
        let (before, had_target) = (self.source.as_ref().map(|route| route.link), self.target.is_some());
        self.source = find(LinkKind::Poll, false);
        self.enrichment = find(LinkKind::Enrichment, true);
        self.target = find(LinkKind::Target, true);
        if self.source.as_ref().map(|route| route.link) != before {
            self.forget(cx);
            self.begin(cx);
        } else if !had_target && self.target.is_some() {
            self.begin(cx);
        }
    }

    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        let was_at_work = self.is_at_work();
        self.config = Config::read(settings);
        if self.is_at_work() && !was_at_work {
            self.begin(cx);
        }
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.forget(cx);
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let error = ApiError::client("InvalidAction", "A pipe takes no calls: it polls its source.");
        cx.answer(call.caller, Err(error), call.messages);
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let call = answer.call;
        if matches!(self.polling, Polling::Awaiting(awaited) if awaited == call) {
            return self.queue_answered(answer.result, cx);
        }
        if self.listing == Some(call) {
            return self.shards_listed(answer.result, cx);
        }
        if let Some(reader) = self.readers.iter().position(|shard| shard.reader.awaits(call)) {
            return self.shard_answered(reader, answer, cx);
        }
        let number = self.batches.find(|batch| batch.awaits(call));
        if let Some(number) = number {
            return self.batch_answered(number, answer, cx);
        }
        // Deletes, a dead letter, and answers to what was forgotten.
        let code = answer.result.err().map_or("AnswerNotAwaited", |error| error.code);
        cx.book(answer.messages.len() as u64, Place::Travelling, Place::Dropped(code));
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::PollAgain => {
                self.polling = Polling::Idle;
                self.poll_queue(cx);
            }
            Timer::WindowEnds => {
                self.window = None;
                self.flush(cx);
            }
            Timer::ListShards { generation } if generation == self.generation => self.list_shards(cx),
            Timer::ReadShard { reader, generation } if generation == self.generation => self.read_shard(reader, cx),
            Timer::LaneResumes { reader, lane, generation } if generation == self.generation => {
                self.lane_due(reader, lane, cx);
            }
            Timer::ListShards { .. } | Timer::ReadShard { .. } | Timer::LaneResumes { .. } => {}
        }
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        self.metrics.list(self.batches.len() as u64)
    }

    fn usage(&self, _now: Micros) -> Usage {
        vec![(prices::PIPE_REQUEST, self.metrics.billed)]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, _input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        Err(ApiError::unknown_action(action, "A pipe", &["none"]))
    }
}

impl Model {
    /// A pipe without a target takes nothing from its source.
    pub(super) fn is_at_work(&self) -> bool {
        self.config.running && !self.config.is_refused && self.target.is_some()
    }

    /// Whether an item passes the filter: any pattern, or there is none.
    pub(super) fn passes(&self, item: &Value) -> bool {
        let filters = &self.config.filters;
        filters.is_empty() || {
            let (seen, _) = looked_into(item);
            filters.iter().any(|filter| filter.matches(&seen))
        }
    }

    fn begin(&mut self, cx: &mut Cx<'_>) {
        match self.source.as_ref().map(|route| route.peer_kind) {
            Some(Kind::Queue) => self.poll_queue(cx),
            Some(_) => self.read_stream(cx),
            None => {}
        }
    }

    /// Forgets all that is under way: it stays in, or comes back to, its source.
    fn forget(&mut self, cx: &mut Cx<'_>) {
        if let Polling::Pausing(key) | Polling::Full(key) = self.polling {
            cx.cancel(key);
        }
        if let Some(key) = self.window.take() {
            cx.cancel(key);
        }
        (self.polling, self.listing) = (Polling::Idle, None);
        self.gathered.clear();
        self.readers.clear();
        self.batches.take().for_each(drop);
        self.generation += 1;
    }
}
