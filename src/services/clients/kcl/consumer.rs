//! The consumer of one lease (KDS-22, KDS-23): it waits for its parents, reads its shard in order, and ends with it.

use super::fact::Fact;
use super::lease::{Checkpoint, Lease};
use super::model::{Ask, Model, Outcome, Scan, Timer};
use super::store::{is_done, stream_failed};
use super::worker::{State, Step};
use crate::engine::Micros;
use crate::services::kinesis::api::{self as stream, IteratorKind};
use crate::services::{Cx, Door, LinkKind, Response};

impl Model {
    pub(super) fn go_on_in(&mut self, worker: usize, term: u64, delay: Micros, cx: &mut Cx<'_>) {
        let life = self.workers[worker].life;
        if let Some(held) = self.workers[worker].term(term) {
            held.step = Step::Waiting;
            cx.wake_in(delay, Timer::GoOn { worker, life, term });
        }
    }

    /// Something changed for a lease; if its consumer only waits, it looks now.
    pub(super) fn nudge(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let Some(held) = self.workers[worker].term(term) else { return };
        match held.step {
            Step::Waiting | Step::Listening => self.go_on(worker, term, cx),
            // A lost one may wait for an answer that nobody needs.
            Step::Asking if held.is_lost && held.batch.is_empty() => self.drop_held(worker, term, cx),
            _ => {}
        }
    }

    /// The next thing to do for a lease with nothing under way.
    pub(super) fn go_on(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let (every, state, now) = (self.config.checkpoint_every, self.workers[worker].state, cx.now());
        let Some(held) = self.workers[worker].term(term) else { return };
        if !matches!(held.step, Step::Waiting | Step::Listening) {
            return;
        }
        let is_leaving = held.hands_over || state == State::Stopping;
        let is_due = match every {
            Some(every) => held.since_checkpoint >= every,
            None => held.since_checkpoint > 0 && held.batch.is_empty(),
        };
        if held.last_done.is_some() && (is_due || is_leaving && held.since_checkpoint > 0 && held.batch.is_empty()) {
            return self.checkpoint_done(worker, term, cx);
        }
        if !held.batch.is_empty() {
            return self.work(worker, term, cx);
        }
        if held.is_lost {
            return self.end_zombie(worker, term, cx);
        }
        if is_leaving {
            return self.leave(worker, term, cx);
        }
        if held.at_end {
            return self.checkpoint(worker, term, Checkpoint::ShardEnd, cx);
        }
        if !held.is_ready {
            held.step = Step::Asking;
            return self.scan(worker, Scan::Parents { term }, cx);
        }
        if self.config.fan_out {
            return self.listen(worker, term, cx);
        }
        let Some(held) = self.workers[worker].term(term) else { return };
        match held.iterator {
            None => self.locate(worker, term, cx),
            Some(_) if now < held.next_read => {
                let rest = held.next_read - now;
                self.go_on_in(worker, term, rest, cx);
            }
            Some(iterator) => {
                held.step = Step::Asking;
                held.next_read = now + self.config.idle;
                let request = stream::Request::GetRecords { iterator, limit: self.config.records_max };
                self.ask_stream(worker, Ask::Records { term }, request, cx);
            }
        }
    }

    /// Its parents must be done, and an old owner must have let go; and its checkpoint may be newer than was seen.
    pub(super) fn parents_known(&mut self, worker: usize, term: u64, leases: &[Lease], cx: &mut Cx<'_>) {
        let (now, poll, backoff) = (cx.now(), self.config.parent_poll, self.config.backoff);
        let id = self.workers[worker].id.to_string();
        let Some(held) = self.workers[worker].term(term) else { return };
        held.step = Step::Waiting;
        if held.is_lost {
            return self.go_on(worker, term, cx);
        }
        let shard = held.lease.shard;
        let own = leases.iter().find(|lease| lease.shard == shard);
        let is_open = |parent: &u32| leases.iter().any(|lease| lease.shard == *parent && !is_done(lease));
        if held.lease.parents.iter().any(is_open) {
            cx.fact(Fact::WaitingForParents { shard }, None);
            return self.go_on_in(worker, term, poll, cx);
        }
        let awaits = own.is_some_and(|own| own.checkpoint_owner.as_ref().is_some_and(|owner| *owner != id));
        if awaits && now < held.patience {
            return self.go_on_in(worker, term, backoff, cx);
        }
        if let Some(own) = own {
            held.lease.checkpoint = own.checkpoint;
        }
        held.is_ready = true;
        self.go_on(worker, term, cx);
    }

    fn origin(checkpoint: Checkpoint) -> IteratorKind {
        match checkpoint {
            Checkpoint::Latest => IteratorKind::Latest,
            Checkpoint::After(sequence) => IteratorKind::AfterSequenceNumber(sequence),
            Checkpoint::TrimHorizon | Checkpoint::ShardEnd => IteratorKind::TrimHorizon,
        }
    }

    /// Where to read on: behind the last record done, else at the checkpoint.
    fn start_of(&mut self, worker: usize, term: u64) -> Option<(u32, IteratorKind)> {
        let held = self.workers[worker].term(term)?;
        let kind =
            held.last_done.map_or_else(|| Self::origin(held.lease.checkpoint), IteratorKind::AfterSequenceNumber);
        Some((held.lease.shard, kind))
    }

    fn locate(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let Some((shard, kind)) = self.start_of(worker, term) else { return };
        self.asking(worker, term);
        self.ask_stream(worker, Ask::Iterator { term }, stream::Request::GetShardIterator { shard, kind }, cx);
    }

    fn asking(&mut self, worker: usize, term: u64) {
        if let Some(held) = self.workers[worker].term(term) {
            held.step = Step::Asking;
        }
    }

    /// The consumer's name for enhanced fan-out: one for the whole application, which its table names.
    fn application(cx: &Cx<'_>) -> String {
        let routes = cx.routes();
        let table = routes.iter().find(|route| route.kind == LinkKind::LeaseTable && route.outward);
        table.map_or_else(|| cx.name().to_string(), |route| route.peer_name.to_string())
    }

    fn listen(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        if !self.workers[worker].is_consumer {
            self.asking(worker, term);
            let name = Self::application(cx);
            self.ask_stream(worker, Ask::Register { term }, stream::Request::RegisterStreamConsumer { name }, cx);
            return;
        }
        let Some(held) = self.workers[worker].term(term) else { return };
        if held.subscription.is_some() {
            held.step = Step::Listening;
            return;
        }
        let Some((shard, kind)) = self.start_of(worker, term) else { return };
        let request = stream::Request::SubscribeToShard { consumer: Self::application(cx), shard, kind };
        // The first event may be long in coming.
        let call = self.ask_stream(worker, Ask::Subscribe { term }, request, cx);
        if let Some(held) = self.workers[worker].term(term) {
            (held.subscription, held.step) = (call, Step::Listening);
        }
    }

    pub(super) fn stream_told(&mut self, worker: usize, term: u64, result: Outcome, cx: &mut Cx<'_>) {
        let backoff = self.config.backoff;
        if let Err(error) = &result
            && error.code == "ResourceInUseException"
            && !self.workers[worker].is_consumer
        {
            self.workers[worker].is_consumer = true;
            return self.go_on_in(worker, term, 0, cx);
        }
        let Some(held) = self.workers[worker].term(term) else { return };
        match result {
            Ok(Response::Kinesis(stream::Response::Described(_))) => {
                self.workers[worker].is_consumer = true;
                self.go_on_in(worker, term, 0, cx);
            }
            Ok(Response::Kinesis(stream::Response::Iterator(iterator))) => {
                held.iterator = Some(iterator);
                // "Latest" stays what it was then.
                held.step = Step::Waiting;
                self.go_on(worker, term, cx);
            }
            Ok(Response::Kinesis(stream::Response::Records { records, next, .. })) => {
                held.iterator = next;
                held.at_end = next.is_none();
                held.batch = records.into();
                held.step = Step::Waiting;
                self.go_on(worker, term, cx);
            }
            Ok(Response::Kinesis(stream::Response::Event(event))) => {
                held.at_end = event.from.is_none();
                held.batch.extend(event.records);
                if event.is_last {
                    held.subscription = None;
                }
                if matches!(held.step, Step::Listening) {
                    held.step = Step::Waiting;
                    self.go_on(worker, term, cx);
                }
            }
            Err(error) if error.code == "ResourceNotFoundException" => {
                // The shard has expired: all of it is gone, so it is done.
                stream_failed(&Err(error), cx);
                held.at_end = true;
                held.step = Step::Waiting;
                self.go_on_in(worker, term, backoff, cx);
            }
            result => {
                stream_failed(&result, cx);
                (held.iterator, held.subscription) = (None, None);
                if !matches!(held.step, Step::Working { .. } | Step::Checkpointing) {
                    self.go_on_in(worker, term, backoff, cx);
                }
            }
        }
    }
}
