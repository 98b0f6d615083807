//! Heartbeats (KDS-20): an owner counts its lease up three times in the failover time. Where it cannot, or another owns
//! the lease by now, the lease is lost.

use super::fact::Fact;
use super::lease::{COUNTER, Lease, OWNER, THROUGHPUT, number, text, thousandths};
use super::model::{Ask, Model, Scan, Tick};
use super::store::Changed;
use super::taking::EPSILON;
use super::worker::{Held, State};
use crate::services::Cx;
use crate::services::dynamodb::api::{Condition, Request};

impl Model {
    pub(super) fn renew(&mut self, worker: usize, cx: &mut Cx<'_>) {
        self.tick_in(worker, (self.config.failover / 3).saturating_sub(EPSILON), Tick::Renew, cx);
        let (now, failover) = (cx.now(), self.config.failover);
        let terms: Vec<u64> = self.workers[worker].owned().map(|held| held.term).collect();
        for term in terms {
            let id = self.workers[worker].id.to_string();
            let Some(held) = self.workers[worker].term(term) else { continue };
            if now >= held.renewed + failover {
                // By its own clock: nobody needs to tell it.
                self.lose(worker, term, cx);
            } else if !held.is_renewing && !held.hands_over {
                held.is_renewing = true;
                let lease = &held.lease;
                let conditions = vec![
                    Condition::Equals(OWNER.to_owned(), text(&id)),
                    Condition::Equals(COUNTER.to_owned(), number(lease.counter)),
                ];
                let mut changes = vec![(COUNTER.to_owned(), Some(number(lease.counter + 1)))];
                if self.config.assigns {
                    changes.push((THROUGHPUT.to_owned(), Some(thousandths(lease.throughput))));
                }
                let request = Request::UpdateItem { key: lease.key(), changes, conditions };
                self.ask_table(worker, Ask::Renew { term }, request, cx);
            }
        }
        if self.config.assigns && self.workers[worker].state == State::Up {
            self.scan(worker, Scan::Discover, cx);
        }
    }

    pub(super) fn renewed(&mut self, worker: usize, term: u64, changed: Changed, cx: &mut Cx<'_>) {
        let (assigns, now) = (self.config.assigns, cx.now());
        let Some(held) = self.workers[worker].term(term) else { return };
        held.is_renewing = false;
        match changed {
            Changed::Yes => {
                held.lease.counter += 1;
                held.renewed = now;
            }
            // The leader may have given it to another who waits for a checkpoint.
            Changed::Refused if assigns => self.scan(worker, Scan::Discover, cx),
            Changed::Refused => self.lose(worker, term, cx),
            Changed::Failed => {}
        }
    }

    /// KCL 3: finds what the leader gave it, and what it took away.
    pub(super) fn discover(&mut self, worker: usize, leases: &[Lease], cx: &mut Cx<'_>) {
        let (id, now) = (self.workers[worker].id.to_string(), cx.now());
        let terms: Vec<u64> = self.workers[worker].owned().map(|held| held.term).collect();
        for term in terms {
            let Some(held) = self.workers[worker].term(term) else { continue };
            let row = leases.iter().find(|lease| lease.shard == held.lease.shard);
            let is_mine = row.is_some_and(|row| row.owner.as_deref() == Some(&*id));
            let may_finish = row.is_some_and(|row| row.checkpoint_owner.as_deref() == Some(&*id));
            if is_mine {
                // A renewal whose answer was lost has counted all the same.
                if let Some(row) = row.filter(|_| !held.is_renewing) {
                    held.lease.counter = row.counter;
                }
            } else if may_finish {
                if !held.hands_over {
                    held.hands_over = true;
                    self.nudge(worker, term, cx);
                }
            } else {
                self.lose(worker, term, cx);
            }
        }
        if self.workers[worker].state != State::Up {
            return;
        }
        for lease in leases.iter().filter(|lease| lease.owner.as_deref() == Some(&*id)) {
            let is_new =
                !self.workers[worker].holds(lease.shard) && lease.checkpoint != super::lease::Checkpoint::ShardEnd;
            if is_new {
                let waits = lease.checkpoint_owner.as_ref().is_some_and(|owner| *owner != id);
                let patience = if waits { now + self.config.handoff_timeout } else { 0 };
                self.adopt(worker, lease.clone(), patience, cx);
            }
        }
    }

    /// It owns a lease, and begins to consume the shard.
    pub(super) fn adopt(&mut self, worker: usize, lease: Lease, patience: u64, cx: &mut Cx<'_>) {
        self.next_term += 1;
        let term = self.next_term;
        let (shard, id) = (lease.shard, self.workers[worker].id.to_string());
        cx.fact(Fact::LeaseTaken { shard, worker: id }, None);
        self.workers[worker].held.push(Held::new(term, lease, cx.now(), patience));
        self.go_on(worker, term, cx);
    }

    /// The lease is another's. What is in hand is worked through to the next checkpoint (KDS-23: a zombie).
    pub(super) fn lose(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let id = self.workers[worker].id.to_string();
        let Some(held) = self.workers[worker].term(term).filter(|held| !held.is_lost) else { return };
        held.is_lost = true;
        self.counts.leases_lost += 1;
        cx.fact(Fact::LeaseLost { shard: held.lease.shard, worker: id }, None);
        self.nudge(worker, term, cx);
    }

    pub(super) fn drop_held(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        if let Some(reader) = self.workers[worker].term(term).and_then(|held| held.reader.as_mut()) {
            reader.stop(cx);
        }
        self.workers[worker].held.retain(|held| held.term != term);
        self.stop_if_done(worker, cx);
    }
}
