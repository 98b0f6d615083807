//! The consumer of one lease (KDS-22, KDS-23): it waits for its parents, reads its shard in order, and ends with it.

use super::fact::Fact;
use super::lease::{Checkpoint, Lease};
use super::model::{Ask, Asked, Model, Outcome, Scan, Timer};
use super::store::{is_done, stream_failed};
use super::worker::{Held, State, Step, Worker};
use crate::engine::Micros;
use crate::services::kinesis::api::{self as stream, IteratorKind};
use crate::services::parts::shard_reader::{Got, ShardReader};
use crate::services::{Answer, ConnectionId, Cx, Door, LinkKind, Push};

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
        let Some(route) = self.stream(cx) else { return };
        let (idle, limit, deadline) = (self.config.idle, self.config.records_max, self.config.deadline);
        let Some(held) = self.workers[worker].term(term) else { return };
        let next_read = held.next_read;
        let has_place = Self::reader(held).has_place();
        if has_place && now < next_read {
            return self.go_on_in(worker, term, next_read - now, cx);
        }
        held.step = Step::Asking;
        if has_place {
            held.next_read = now + Self::reader(held).pause(idle, cx);
        }
        let call = Self::reader(held).ask(&route, limit, deadline, cx);
        self.note_asked(worker, term, call);
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
        let Some(route) = self.stream(cx) else { return };
        let deadline = self.config.deadline;
        let Some(held) = self.workers[worker].term(term) else { return };
        held.step = Step::Listening;
        let reader = Self::reader(held);
        if reader.is_idle() {
            // The first event may be long in coming.
            let call = reader.subscribe(&route, Self::application(cx), deadline, cx);
            self.note_asked(worker, term, call);
        }
    }

    /// The stream has said whether the application is registered as a consumer. One that was before is as good.
    pub(super) fn registered(&mut self, worker: usize, term: u64, result: &Outcome, cx: &mut Cx<'_>) {
        let backoff = self.config.backoff;
        match result {
            Err(error) if error.code != "ResourceInUseException" => {
                stream_failed(error.code, cx);
                self.go_on_in(worker, term, backoff, cx);
            }
            _ => {
                self.workers[worker].is_consumer = true;
                self.go_on_in(worker, term, 0, cx);
            }
        }
    }

    /// The lease whose reader listens there: worker, life, term.
    pub(super) fn listener(&self, connection: ConnectionId) -> Option<(usize, u64, u64)> {
        let listens = |held: &&Held| held.reader.as_ref().is_some_and(|reader| reader.listens_on(connection));
        let of = |(index, worker): (usize, &Worker)| Some((index, worker.life, worker.held.iter().find(listens)?.term));
        self.workers.iter().enumerate().find_map(of)
    }

    /// The reader of its shard; a new one begins behind the last record done, else at the checkpoint.
    fn reader(held: &mut Held) -> &mut ShardReader {
        let (shard, last_done, checkpoint) = (held.lease.shard, held.last_done, held.lease.checkpoint);
        held.reader.get_or_insert_with(|| {
            let begin = last_done.map_or_else(|| Self::origin(checkpoint), IteratorKind::AfterSequenceNumber);
            ShardReader::new(shard, begin)
        })
    }

    fn note_asked(&mut self, worker: usize, term: u64, call: u64) {
        let life = self.workers[worker].life;
        self.asked.insert(call, Asked { worker, life, what: Ask::Read { term } });
    }

    pub(super) fn shard_answered(&mut self, worker: usize, term: u64, answer: Answer, cx: &mut Cx<'_>) {
        let backoff = self.config.backoff;
        let Some(held) = self.workers[worker].term(term) else { return };
        match Self::reader(held).answered(answer) {
            Got::Place => {
                held.step = Step::Waiting;
                self.go_on(worker, term, cx);
            }
            Got::Connection => {}
            Got::Records(records) => {
                held.at_end = Self::reader(held).is_at_end();
                held.batch = records.into();
                held.step = Step::Waiting;
                self.go_on(worker, term, cx);
            }
            Got::Error(code) => {
                stream_failed(code, cx);
                if code == "ResourceNotFoundException" {
                    // The shard has expired: all of it is gone, so it is done.
                    held.at_end = true;
                    held.step = Step::Waiting;
                }
                if !matches!(held.step, Step::Working { .. } | Step::Checkpointing) {
                    let wait = Self::reader(held).pause(backoff, cx);
                    self.go_on_in(worker, term, wait, cx);
                }
            }
        }
    }

    pub(super) fn records_pushed(&mut self, worker: usize, term: u64, push: Push, cx: &mut Cx<'_>) {
        let Some(held) = self.workers[worker].term(term) else { return };
        let records = Self::reader(held).pushed(push);
        held.at_end = Self::reader(held).is_at_end();
        held.batch.extend(records);
        self.look_up(worker, term, cx);
    }

    pub(super) fn connection_closed(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let Some(held) = self.workers[worker].term(term) else { return };
        Self::reader(held).closed();
        self.look_up(worker, term, cx);
    }

    /// It listened, and there is something to do.
    fn look_up(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let Some(held) = self.workers[worker].term(term) else { return };
        if matches!(held.step, Step::Listening) {
            held.step = Step::Waiting;
            self.go_on(worker, term, cx);
        }
    }
}
