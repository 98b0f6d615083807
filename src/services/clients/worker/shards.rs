//! A worker on a stream: one reader a shard, each working through its shard in order. A record that fails is
//! read again, and its shard waits for it.

use std::collections::VecDeque;

use super::fact::Fact;
use super::fan_out::FanOut;
use super::model::{Model, Timer};
use crate::engine::{Key, MICROS_PER_SECOND, Micros};
use crate::services::kinesis::api::{self, IteratorKind, ListQuery, Record, Request, ShardInfo};
use crate::services::parts::shard_reader::{Got, ShardReader};
use crate::services::{Answer, ConnectionId, Cx, Door, Message, Response, Route};

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
    /// A call that is no shard's own: for the list of shards, or to register.
    Awaiting(u64),
    /// Its shard's reader asks.
    Reading,
    /// Records will be pushed.
    Listening,
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
    pub(super) shard: Option<ShardReader>,
    pub(super) step: Step,
    /// Until when it rests.
    due: Micros,
    pub(super) batch: VecDeque<Record>,
}

impl Reader {
    #[must_use]
    pub fn new(route: Route) -> Self {
        let (step, batch) = (Step::Resting, VecDeque::new());
        let fan_out = FanOut::new(&route);
        Self { route, ended: false, fan_out, shard: None, step, due: 0, batch }
    }

    #[must_use]
    pub fn awaits(&self, call: u64) -> bool {
        matches!(self.step, Step::Awaiting(awaited) if awaited == call)
            || self.shard.as_ref().is_some_and(|shard| shard.awaits(call))
    }

    #[must_use]
    pub fn listens_on(&self, connection: ConnectionId) -> bool {
        self.shard.as_ref().is_some_and(|shard| shard.listens_on(connection))
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
        if let Some(shard) = &mut self.shard {
            match self.batch.front() {
                Some(record) => shard.rewind(IteratorKind::AtSequenceNumber(record.sequence), cx),
                None if !shard.is_at_end() => shard.stop(cx),
                None => {}
            }
        }
        for record in self.batch.drain(..) {
            cx.tell(Fact::WorkLost, Some(&record.message));
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
        let (name, deadline) = (cx.name().to_string(), self.config.deadline);
        let reader = &mut self.readers[index];
        let route = reader.route.clone();
        match &mut reader.shard {
            Some(shard) => {
                reader.step = Step::Reading;
                if reader.fan_out.is_on {
                    shard.subscribe(&route, name, deadline, cx);
                } else {
                    shard.ask(&route, LIMIT, deadline, cx);
                }
            }
            None => {
                let request = if reader.fan_out.must_register() {
                    Request::RegisterStreamConsumer { name }
                } else {
                    Request::ListShards(ListQuery::default())
                };
                reader.step = Step::Awaiting(cx.call_within(&route, request.into(), Vec::new(), deadline));
            }
        }
    }

    pub(super) fn rest(&mut self, index: usize, delay: Micros, cx: &mut Cx<'_>) {
        let shard = self.readers[index].shard.as_ref().filter(|_| delay == IDLE);
        let due = cx.now() + shard.map_or(delay, |shard| shard.pause(delay, cx));
        (self.readers[index].step, self.readers[index].due) = (Step::Resting, due);
        cx.wake_at(due, Timer::Read { reader: index });
    }

    pub(super) fn read_answered(&mut self, index: usize, answer: Answer, cx: &mut Cx<'_>) {
        let reader = &mut self.readers[index];
        if reader.ended {
            return;
        }
        let Some(shard) = &mut reader.shard else { return self.list_answered(index, answer, cx) };
        match shard.answered(answer) {
            Got::Place => {
                reader.step = Step::Resting;
                self.read(index, cx);
            }
            Got::Connection => self.await_push(index, cx),
            Got::Records(records) => {
                let at_end = shard.is_at_end();
                reader.batch = records.into();
                if !reader.batch.is_empty() {
                    self.work_record(index, cx);
                } else if !at_end {
                    self.rest(index, IDLE, cx);
                } else {
                    reader.step = Step::Done;
                    self.relist(index, cx);
                }
            }
            Got::Error(code) => self.read_failed(index, code, cx),
        }
    }

    fn list_answered(&mut self, index: usize, answer: Answer, cx: &mut Cx<'_>) {
        if self.readers[index].fan_out.must_register() {
            return self.registration_answered(index, &answer.result, cx);
        }
        match answer.result {
            Ok(Response::Kinesis(api::Response::Shards { shards, .. })) => {
                self.readers[index].step = Step::Resting;
                self.adopt(index, &shards, cx);
                self.rest(index, RELIST, cx);
            }
            Ok(_) => self.rest(index, IDLE, cx),
            Err(error) => self.read_failed(index, error.code, cx),
        }
    }

    pub(super) fn read_failed(&mut self, index: usize, code: &'static str, cx: &mut Cx<'_>) {
        cx.fact(Fact::PollFailed { code }, None);
        self.rest(index, IDLE, cx);
    }

    /// Opens a reader for each shard that has none and whose parents are read to their end (KDS-15).
    fn adopt(&mut self, lister: usize, shards: &[ShardInfo], cx: &mut Cx<'_>) {
        let route = self.readers[lister].route.clone();
        for info in shards {
            let on = |shard: u32, reader: &Reader| {
                reader.route.link == route.link && reader.shard.as_ref().is_some_and(|own| own.shard == shard)
            };
            let known = self.readers.iter().any(|reader| on(info.shard, reader) && !reader.ended);
            let exists = |parent: &&u32| shards.iter().any(|other| other.shard == **parent);
            let finished = |parent: &u32| {
                self.readers.iter().any(|reader| on(*parent, reader) && matches!(reader.step, Step::Done))
            };
            if known || !info.parents.iter().filter(exists).all(finished) {
                continue;
            }
            let latest = route.settings.text("StartingPosition").as_deref() == Some("LATEST");
            // What follows a parent is read from its oldest record.
            let is_latest = latest && info.parents.is_empty();
            let begin = if is_latest { IteratorKind::Latest } else { IteratorKind::TrimHorizon };
            let shard = Some(ShardReader::new(info.shard, begin));
            self.readers.push(Reader { shard, ..Reader::new(route.clone()) });
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
            if self.readers[index].shard.as_ref().is_some_and(ShardReader::is_at_end) {
                self.readers[index].step = Step::Done;
                return self.relist(index, cx);
            }
            return self.rest(index, BUSY, cx);
        };
        let message = record.message.clone();
        let since = cx.now();
        let sampled = self.config.processing.sample(cx.rng("processing"));
        let until = since + cx.stretched(sampled);
        cx.tell_first(Fact::ProcessingStarted { until }, Some(&message));
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
        cx.tell(Fact::BatchRetried { records: reader.batch.len() as u64 }, Some(&record.message));
        if reader.fan_out.is_on {
            // What was pushed is here: it is tried again from here.
            return self.rest(index, IDLE, cx);
        }
        reader.batch.clear();
        if let Some(shard) = &mut reader.shard {
            shard.rewind(IteratorKind::AtSequenceNumber(record.sequence), cx);
        }
        self.rest(index, IDLE, cx);
    }
}
