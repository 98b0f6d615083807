//! KCL 2: every worker looks at the table now and then, and takes what it is short of (KDS-20).

use super::balance::{Seen, taken};
use super::fact::Fact;
use super::lease::{COUNTER, Lease, OWNER, SWITCHES, number, text};
use super::model::{Ask, Model, Scan, Tick};
use super::store::{Changed, PAUSE, is_done};
use super::worker::{Sight, State};
use crate::engine::{MICROS_PER_MILLI, Micros, Sort};
use crate::services::Cx;
use crate::services::dynamodb::api::Request;

/// By so much a renewal comes before a third of the failover time, and a look for leases after all of it (the KCL's
/// `epsilonMillis`).
pub(super) const EPSILON: Micros = 25 * MICROS_PER_MILLI;

impl Model {
    pub(super) fn look_for_leases(&mut self, worker: usize, cx: &mut Cx<'_>) {
        self.tick_in(worker, 2 * (self.config.failover + EPSILON), Tick::Take, cx);
        self.scan(worker, Scan::Take, cx);
    }

    /// Notes how each counter stands; which leases have no owner that renews them.
    pub(super) fn see(&mut self, worker: usize, leases: &[Lease], cx: &mut Cx<'_>) -> Vec<Seen> {
        let (now, failover) = (cx.now(), self.config.failover);
        let mut seen = Vec::new();
        let one = &mut self.workers[worker];
        one.seen.retain(|shard, _| leases.iter().any(|lease| lease.shard == *shard));
        for lease in leases.iter().filter(|lease| !is_done(lease)) {
            let fresh = Sight { counter: lease.counter, since: now };
            let sight = one.seen.entry(lease.shard).or_insert(fresh);
            if sight.counter != lease.counter {
                *sight = fresh;
            }
            let is_expired = now >= sight.since + failover;
            if let (true, Some(owner)) = (is_expired, &lease.owner) {
                cx.fact(Fact::LeaseExpired { shard: lease.shard, owner: owner.clone() }, None);
            }
            seen.push(Seen { shard: lease.shard, owner: lease.owner.clone().filter(|_| !is_expired) });
        }
        one.owners = seen.iter().filter_map(|lease| lease.owner.clone()).collect();
        one.owners.order_by(Ord::cmp);
        one.owners.dedup();
        seen
    }

    pub(super) fn take_leases(&mut self, worker: usize, leases: &[Lease], cx: &mut Cx<'_>) {
        let seen = self.see(worker, leases, cx);
        if seen.is_empty() && self.workers[worker].state == State::Up {
            // The leases are only being made.
            return self.tick_in(worker, PAUSE, Tick::Rescan, cx);
        }
        let (id, limits) = (self.workers[worker].id.to_string(), (self.config.leases_max, self.config.steals_max));
        let pick = |most: usize| usize::try_from(cx.rng("lease").below(most as u64)).unwrap_or(0);
        for choice in taken(&seen, &id, limits, pick) {
            let Some(lease) = leases.iter().find(|lease| lease.shard == choice.shard) else { continue };
            if self.workers[worker].holds(lease.shard) {
                continue;
            }
            let (request, lease) = claim(lease, &id);
            self.ask_table(worker, Ask::Take { lease, from: choice.from }, request, cx);
        }
    }

    pub(super) fn lease_taken(
        &mut self,
        worker: usize,
        lease: Lease,
        from: Option<String>,
        changed: Changed,
        cx: &mut Cx<'_>,
    ) {
        let one = &self.workers[worker];
        if changed != Changed::Yes || one.state != State::Up || one.holds(lease.shard) {
            return;
        }
        if let Some(from) = from {
            let (shard, worker) = (lease.shard, one.id.to_string());
            cx.fact(Fact::LeaseStolen { shard, worker, from }, None);
        }
        self.adopt(worker, lease, 0, cx);
    }
}

/// The change that makes a lease another's, and the lease as it is then.
#[must_use]
pub fn claim(lease: &Lease, owner: &str) -> (Request, Lease) {
    let switches = lease.switches + u64::from(lease.owner.as_deref().is_some_and(|before| before != owner));
    let claimed = Lease { owner: Some(owner.to_owned()), counter: lease.counter + 1, switches, ..lease.clone() };
    let changes = vec![
        (OWNER.to_owned(), Some(text(owner))),
        (COUNTER.to_owned(), Some(number(claimed.counter))),
        (SWITCHES.to_owned(), Some(number(switches))),
    ];
    (Request::UpdateItem { key: lease.key(), changes, conditions: lease.unchanged() }, claimed)
}
