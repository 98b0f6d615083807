//! KCL 3: the leader gives free and expired leases to the workers that are there, and every third time moves leases so
//! that their CPU comes out even (KDS-21).

use super::balance::{Load, moves};
use super::fact::Fact;
use super::leader::worker_row;
use super::lease::{CHECKPOINT_OWNER, COUNTER, Lease, OWNER, number, text};
use super::life::METRICS_INTERVAL;
use super::model::{Ask, Model, Scan, Tick};
use super::store::{Changed, is_done};
use super::taking::claim;
use super::worker::{Peer, Sight};
use crate::services::Cx;
use crate::services::dynamodb::api::{Condition, Item, Request};

/// A worker that has not said anything for so many intervals is gone.
const SILENT: u64 = 2;
/// It balances in each so-many-th round.
const ROUNDS: u64 = 3;

impl Model {
    pub(super) fn assign(&mut self, worker: usize, cx: &mut Cx<'_>) {
        if self.workers[worker].leads.is_none() {
            return;
        }
        // A round that came by the way does not multiply the rounds.
        let (now, interval) = (cx.now(), 2 * self.config.failover);
        if now >= self.workers[worker].next_round {
            self.workers[worker].next_round = now + interval;
            self.workers[worker].rounds += 1;
            self.tick_in(worker, interval, Tick::Assign, cx);
        }
        self.scan(worker, Scan::Assign, cx);
    }

    pub(super) fn assign_leases(&mut self, worker: usize, leases: &[Lease], items: &[Item], cx: &mut Cx<'_>) {
        if self.workers[worker].leads.is_none() {
            return;
        }
        self.note_peers(worker, items, cx);
        let seen = self.see(worker, leases, cx);
        let peers: Vec<(String, u64)> =
            self.workers[worker].peers.iter().map(|(peer, known)| (peer.clone(), known.cpu)).collect();
        let mut counts: Vec<usize> = peers
            .iter()
            .map(|(peer, _)| seen.iter().filter(|lease| lease.owner.as_deref() == Some(&**peer)).count())
            .collect();
        let is_there = |owner: &str| peers.iter().any(|(peer, _)| peer == owner);
        let mut has_assigned = false;
        for lease in seen.iter().filter(|lease| !lease.owner.as_deref().is_some_and(is_there)) {
            let fewest = (0..peers.len()).filter(|peer| counts[*peer] < self.config.leases_max);
            let Some(to) = fewest.min_by_key(|peer| counts[*peer]) else { break };
            let Some(row) = leases.iter().find(|row| row.shard == lease.shard) else { continue };
            counts[to] += 1;
            has_assigned = true;
            let (request, _) = claim(row, &peers[to].0);
            let what = Ask::Assign { shard: lease.shard, to: peers[to].0.clone(), from: None };
            self.ask_table(worker, what, request, cx);
        }
        if !has_assigned && self.workers[worker].rounds.is_multiple_of(ROUNDS) {
            self.rebalance(worker, leases, &peers, cx);
        }
    }

    fn note_peers(&mut self, worker: usize, items: &[Item], cx: &Cx<'_>) {
        let now = cx.now();
        let peers = &mut self.workers[worker].peers;
        for (peer, counter, cpu) in items.iter().filter_map(worker_row) {
            let fresh = Sight { counter, since: now };
            let known = peers.entry(peer.to_owned()).or_insert(Peer { sight: fresh, cpu });
            if known.sight.counter != counter {
                *known = Peer { sight: fresh, cpu };
            }
        }
        peers.retain(|_, known| now < known.sight.since + SILENT * METRICS_INTERVAL);
    }

    fn rebalance(&mut self, worker: usize, leases: &[Lease], peers: &[(String, u64)], cx: &mut Cx<'_>) {
        let load = |(peer, cpu): &(String, u64)| {
            let own = leases.iter().filter(|lease| lease.owner.as_ref() == Some(peer) && !is_done(lease));
            Load { worker: peer.clone(), cpu: *cpu, leases: own.map(|lease| (lease.shard, lease.throughput)).collect() }
        };
        let loads: Vec<Load> = peers.iter().map(load).collect();
        for one in moves(&loads, self.config.rebalance_percent, self.config.dampening_percent) {
            let Some(row) = leases.iter().find(|row| row.shard == one.shard) else { continue };
            let (mut request, _) = claim(row, &one.to);
            if let Request::UpdateItem { changes, conditions, .. } = &mut request {
                // The owner goes on counting meanwhile, so the counter is not what it was.
                *conditions = vec![
                    Condition::Equals(OWNER.to_owned(), text(&one.from)),
                    Condition::Absent(CHECKPOINT_OWNER.to_owned()),
                ];
                changes.retain(|(name, _)| name != COUNTER);
                changes.push((COUNTER.to_owned(), Some(number(row.counter + 1_000))));
                if self.config.handoff {
                    changes.push((CHECKPOINT_OWNER.to_owned(), Some(text(&one.from))));
                }
            }
            self.ask_table(worker, Ask::Assign { shard: one.shard, to: one.to, from: Some(one.from) }, request, cx);
        }
    }

    pub(super) fn lease_assigned(
        &mut self,
        (shard, to, from): (u32, String, Option<String>),
        changed: Changed,
        cx: &mut Cx<'_>,
    ) {
        if changed != Changed::Yes {
            return;
        }
        match from {
            None => cx.fact(Fact::LeaseAssigned { shard, worker: to }, None),
            Some(from) => {
                self.counts.moved += 1;
                cx.fact(Fact::LeaseMoved { shard, from, to }, None);
            }
        }
    }
}
