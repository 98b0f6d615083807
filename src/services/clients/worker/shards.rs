//! A worker on a stream: one reader a shard, each working through its shard in order. A record that fails is
//! read again, and its shard waits for it.

use std::collections::VecDeque;

use super::fact::Fact;
use super::fan_out::FanOut;
use super::model::{Model, Timer};
use crate::engine::{Key, MICROS_PER_SECOND, Micros};
use crate::services::kinesis::api::{self, IteratorKind, ListQuery, Record, Request, ShardInfo, ShardIterator};
use crate::services::{ApiError, Cx, Door, Message, Response, Route};

/// Between reads of a shard that had nothing new, and after a failure.
pub(super) const IDLE: Micros = MICROS_PER_SECOND;
/// Between reads of a shard that had something: five reads a second are allowed (KDS-7).
const BUSY: Micros = MICROS_PER_SECOND / 5;
/// How often the list of shards is asked for, so that a reshard is seen.
const RELIST: Micros = 10 * MICROS_PER_SECOND;
/// Records asked for at once.
const LIMIT: u64 = 100;

#[derive(Clone, Debug)]
pub(super) enum Step {
    Resting,
    Awaiting(u64),
    Working {
        since: Micros,
        until: Micros,
        key: Key,
    },
    /// The shard is closed and read to its end.
    Done,
}

/// Reads one shard, or (without a shard) lists them.
#[derive(Clone, Debug)]
pub struct Reader {
    pub route: Route,
    pub ended: bool,
    pub(super) fan_out: FanOut,
    pub(super) shard: Option<u32>,
    /// Whether it follows a parent, and so begins at the oldest record.
    child: bool,
    pub(super) step: Step,
    /// Until when it rests.
    due: Micros,
    iterator: Option<ShardIterator>,
    /// Where to begin when the iterator is gone.
    pub(super) resume: Option<u128>,
    pub(super) batch: VecDeque<Record>,
}

impl Reader {
    #[must_use]
    pub fn new(route: Route) -> Self {
        let (step, batch) = (Step::Resting, VecDeque::new());
        let fan_out = FanOut::new(&route);
        Self {
            route,
            ended: false,
            fan_out,
            shard: None,
            child: false,
            step,
            due: 0,
            iterator: None,
            resume: None,
            batch,
        }
    }

    #[must_use]
    pub fn awaits(&self, call: u64) -> bool {
        matches!(self.step, Step::Awaiting(awaited) if awaited == call) || self.fan_out.subscription == Some(call)
    }

    /// Whether it has a shard that is not yet read to its end.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.shard.is_some() && !self.ended && !matches!(self.step, Step::Done)
    }

    /// What it works on, and from when to when.
    #[must_use]
    pub fn work(&self) -> Option<(&Message, Micros, Micros)> {
        match (&self.step, self.batch.front()) {
            (Step::Working { since, until, .. }, Some(record)) => Some((&record.message, *since, *until)),
            _ => None,
        }
    }

    pub fn crash(&mut self, cx: &mut Cx<'_>) {
        if let Step::Working { key, .. } = self.step {
            cx.cancel(key);
        }
        if let Some(record) = self.batch.front() {
            self.resume = Some(record.sequence);
            self.iterator = None;
        }
        self.fan_out.crash(&mut self.resume);
        for record in self.batch.drain(..) {
            cx.fact(Fact::WorkLost, Some(record.message.token));
        }
        if !matches!(self.step, Step::Done) {
            self.step = Step::Resting;
        }
    }
}

impl Model {
    /// A rest is over, unless something cut it short: then its timer was left behind.
    pub(super) fn read_on(&mut self, index: usize, cx: &mut Cx<'_>) {
        if self.readers[index].due <= cx.now() {
            self.read(index, cx);
        }
    }

    /// The reader's next call: list, ask for an iterator, or read.
    pub(super) fn read(&mut self, index: usize, cx: &mut Cx<'_>) {
        let is_up = self.is_up(cx);
        let reader = &mut self.readers[index];
        if reader.ended || !is_up || !matches!(reader.step, Step::Resting) {
            return;
        }
        if reader.fan_out.is_on && reader.shard.is_some() && !reader.batch.is_empty() {
            return self.work_record(index, cx);
        }
        let name = &cx.name();
        let reader = &mut self.readers[index];
        let request = match (reader.shard, reader.iterator) {
            (None, _) if reader.fan_out.must_register() => Request::RegisterStreamConsumer { name: name.to_string() },
            (None, _) => Request::ListShards(ListQuery::default()),
            (Some(_), Some(iterator)) => Request::GetRecords { iterator, limit: LIMIT },
            (Some(shard), None) => {
                let latest = reader.route.settings.text("StartingPosition").as_deref() == Some("LATEST");
                let kind = match reader.resume {
                    Some(sequence) => IteratorKind::AtSequenceNumber(sequence),
                    None if latest && !reader.child => IteratorKind::Latest,
                    None => IteratorKind::TrimHorizon,
                };
                if reader.fan_out.is_on {
                    Request::SubscribeToShard { consumer: name.to_string(), shard, kind }
                } else {
                    Request::GetShardIterator { shard, kind }
                }
            }
        };
        let route = reader.route.clone();
        let is_subscription = matches!(request, Request::SubscribeToShard { .. });
        let call = cx.call(&route, request.into(), Vec::new());
        self.readers[index].step = Step::Awaiting(call);
        self.readers[index].fan_out.subscription = is_subscription.then_some(call);
    }

    pub(super) fn rest(&mut self, index: usize, delay: Micros, cx: &mut Cx<'_>) {
        let due = cx.now() + delay;
        (self.readers[index].step, self.readers[index].due) = (Step::Resting, due);
        cx.wake_at(due, Timer::Read { reader: index });
    }

    pub(super) fn read_answered(&mut self, index: usize, result: Result<Response, ApiError>, cx: &mut Cx<'_>) {
        if self.readers[index].ended {
            return;
        }
        if self.readers[index].fan_out.is_on && self.pushed(index, &result, cx) {
            return;
        }
        let response = match result {
            Ok(Response::Kinesis(response)) => response,
            Ok(_) => return self.rest(index, IDLE, cx),
            Err(error) => {
                cx.fact(Fact::PollFailed { code: error.code }, None);
                let reader = &mut self.readers[index];
                if error.code == "ExpiredIteratorException"
                    && let Some(iterator) = reader.iterator.take()
                {
                    reader.resume = Some(iterator.from);
                }
                return self.rest(index, IDLE, cx);
            }
        };
        match response {
            api::Response::Shards { shards, .. } => {
                self.readers[index].step = Step::Resting;
                self.adopt(index, &shards, cx);
                self.rest(index, RELIST, cx);
            }
            api::Response::Iterator(iterator) => {
                self.readers[index].step = Step::Resting;
                self.readers[index].iterator = Some(iterator);
                self.read(index, cx);
            }
            api::Response::Records { records, next, .. } => {
                let reader = &mut self.readers[index];
                reader.iterator = next;
                reader.batch = records.into();
                if !reader.batch.is_empty() {
                    self.work_record(index, cx);
                } else if next.is_some() {
                    self.rest(index, IDLE, cx);
                } else {
                    reader.step = Step::Done;
                    self.relist(index, cx);
                }
            }
            _ => self.rest(index, IDLE, cx),
        }
    }

    /// Opens a reader for each shard that has none and whose parents are read to their end (KDS-15).
    fn adopt(&mut self, lister: usize, shards: &[ShardInfo], cx: &mut Cx<'_>) {
        let route = self.readers[lister].route.clone();
        for info in shards {
            let on = |shard: u32, reader: &Reader| reader.route.link == route.link && reader.shard == Some(shard);
            let known = self.readers.iter().any(|reader| on(info.shard, reader) && !reader.ended);
            let exists = |parent: &&u32| shards.iter().any(|other| other.shard == **parent);
            let finished = |parent: &u32| {
                self.readers.iter().any(|reader| on(*parent, reader) && matches!(reader.step, Step::Done))
            };
            if known || !info.parents.iter().filter(exists).all(finished) {
                continue;
            }
            let child = !info.parents.is_empty();
            self.readers.push(Reader { shard: Some(info.shard), child, ..Reader::new(route.clone()) });
            self.read(self.readers.len() - 1, cx);
        }
    }

    /// A shard was read to its end: its children may be waiting.
    pub(super) fn relist(&mut self, index: usize, cx: &mut Cx<'_>) {
        let link = self.readers[index].route.link;
        let lister = |reader: &Reader| reader.route.link == link && reader.shard.is_none() && !reader.ended;
        if let Some(lister) = self.readers.iter().position(lister) {
            self.read(lister, cx);
        }
    }

    pub(super) fn work_record(&mut self, index: usize, cx: &mut Cx<'_>) {
        let Some(record) = self.readers[index].batch.front() else {
            if self.readers[index].fan_out.is_on {
                return self.await_push(index, cx);
            }
            self.readers[index].resume = None;
            if self.readers[index].iterator.is_none() {
                self.readers[index].step = Step::Done;
                return self.relist(index, cx);
            }
            return self.rest(index, BUSY, cx);
        };
        let token = record.message.token;
        let since = cx.now();
        let sampled = self.config.processing.sample(cx.rng("processing"));
        let until = since + cx.stretched(sampled);
        cx.fact(Fact::ProcessingStarted { until }, Some(token));
        let key = self.wake_after_work(until - since, Timer::RecordsDone { reader: index }, cx);
        self.readers[index].step = Step::Working { since, until, key };
    }

    pub(super) fn records_done(&mut self, index: usize, cx: &mut Cx<'_>) {
        if self.readers[index].ended {
            return;
        }
        let Some(record) = self.readers[index].batch.front().cloned() else { return };
        if self.process(&record.message, false, cx) {
            self.readers[index].batch.pop_front();
            return self.work_record(index, cx);
        }
        let reader = &mut self.readers[index];
        cx.fact(Fact::BatchRetried { records: reader.batch.len() as u64 }, Some(record.message.token));
        if reader.fan_out.is_on {
            // What was pushed is here: it is tried again from here.
            return self.rest(index, IDLE, cx);
        }
        reader.batch.clear();
        reader.iterator = None;
        reader.resume = Some(record.sequence);
        self.rest(index, IDLE, cx);
    }
}
