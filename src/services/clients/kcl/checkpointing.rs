//! Checkpoints (KDS-23): how far a shard is processed, written by its owner alone; and how a lease ends.

use super::fact::Fact;
use super::lease::{CHECKPOINT, CHECKPOINT_OWNER, Checkpoint, OWNER, SWITCHES, number, text};
use super::model::{Ask, Model, Scan};
use super::store::Changed;
use super::worker::Step;
use crate::services::Cx;
use crate::services::dynamodb::api::{Condition, Request};

impl Model {
    /// Up to the last record done.
    pub(super) fn checkpoint_done(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let last = self.workers[worker].term(term).and_then(|held| held.last_done);
        if let Some(last) = last {
            self.checkpoint(worker, term, Checkpoint::After(last), cx);
        }
    }

    pub(super) fn checkpoint(&mut self, worker: usize, term: u64, to: Checkpoint, cx: &mut Cx<'_>) {
        let id = self.workers[worker].id.to_string();
        let Some(held) = self.workers[worker].term(term) else { return };
        if held.is_lost {
            // It knows by now, and does not even ask.
            return self.refuse_checkpoint(worker, term, cx);
        }
        held.step = Step::Checkpointing;
        let owner = if held.hands_over { CHECKPOINT_OWNER } else { OWNER };
        let conditions = vec![Condition::Equals(owner.to_owned(), text(&id))];
        let mut changes =
            vec![(CHECKPOINT.to_owned(), Some(text(&to.to_text()))), (SWITCHES.to_owned(), Some(number(0)))];
        if to == Checkpoint::ShardEnd {
            changes.push((OWNER.to_owned(), None));
        }
        let request = Request::UpdateItem { key: held.lease.key(), changes, conditions };
        self.ask_table(worker, Ask::Checkpoint { term, to }, request, cx);
    }

    pub(super) fn checkpointed(&mut self, worker: usize, term: u64, to: Checkpoint, changed: Changed, cx: &mut Cx<'_>) {
        let backoff = self.config.backoff;
        let Some(held) = self.workers[worker].term(term) else { return };
        let shard = held.lease.shard;
        match changed {
            Changed::Yes => {
                self.counts.checkpoints += 1;
                held.step = Step::Waiting;
                held.lease.checkpoint = to;
                held.since_checkpoint = 0;
                cx.fact(Fact::Checkpointed { shard }, None);
                if to == Checkpoint::ShardEnd {
                    cx.fact(Fact::ShardEnded { shard }, None);
                    self.drop_held(worker, term, cx);
                    // Its children may begin.
                    return self.begin_sync(worker, cx);
                }
                self.go_on(worker, term, cx);
            }
            // The leader may have given the lease away a moment ago, and this checkpoint is waited for.
            Changed::Refused if self.config.assigns && !held.hands_over && !held.is_lost => {
                self.go_on_in(worker, term, backoff, cx);
                self.scan(worker, Scan::Discover, cx);
            }
            Changed::Refused => {
                if !held.is_lost {
                    held.is_lost = true;
                    self.counts.leases_lost += 1;
                    let id = self.workers[worker].id.to_string();
                    cx.fact(Fact::LeaseLost { shard, worker: id }, None);
                }
                self.refuse_checkpoint(worker, term, cx);
            }
            Changed::Failed => self.go_on_in(worker, term, backoff, cx),
        }
    }

    /// `ShutdownException`: the record processor ends.
    fn refuse_checkpoint(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let id = self.workers[worker].id.to_string();
        let Some(held) = self.workers[worker].term(term) else { return };
        let shard = held.lease.shard;
        self.counts.refused += 1;
        cx.fact(Fact::CheckpointRefused { shard, worker: id }, None);
        self.drop_held(worker, term, cx);
    }

    /// A lost lease with nothing in hand; what was done since the last checkpoint another does again.
    pub(super) fn end_zombie(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let has_work = self.workers[worker].term(term).is_some_and(|held| held.since_checkpoint > 0);
        if has_work { self.refuse_checkpoint(worker, term, cx) } else { self.drop_held(worker, term, cx) }
    }

    /// Everything is checkpointed: the lease is given back, or handed to who waits for it.
    pub(super) fn leave(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let id = self.workers[worker].id.to_string();
        let Some(held) = self.workers[worker].term(term) else { return };
        held.step = Step::Checkpointing;
        let (owner, what) =
            if held.hands_over { (CHECKPOINT_OWNER, Ask::HandOver { term }) } else { (OWNER, Ask::GiveBack { term }) };
        let conditions = vec![Condition::Equals(owner.to_owned(), text(&id))];
        let request =
            Request::UpdateItem { key: held.lease.key(), changes: vec![(owner.to_owned(), None)], conditions };
        self.ask_table(worker, what, request, cx);
    }

    pub(super) fn let_go(&mut self, worker: usize, term: u64, changed: Changed, cx: &mut Cx<'_>) {
        let backoff = self.config.backoff;
        let id = self.workers[worker].id.to_string();
        let Some(held) = self.workers[worker].term(term) else { return };
        let (shard, hands_over) = (held.lease.shard, held.hands_over);
        match changed {
            Changed::Failed => return self.go_on_in(worker, term, backoff, cx),
            Changed::Yes if hands_over => cx.fact(Fact::LeaseHandedOver { shard, worker: id }, None),
            Changed::Yes => cx.fact(Fact::LeaseGivenBack { shard, worker: id }, None),
            Changed::Refused => {}
        }
        self.drop_held(worker, term, cx);
    }
}
