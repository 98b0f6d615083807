//! Shard sync (KDS-22): the leader makes leases for shards that have none, and takes away those of shards that are done
//! and whose children have begun.

use super::fact::Fact;
use super::lease::KEY;
use super::lease::{Checkpoint, Lease};
use super::model::{Ask, Model, Tick};
use super::store::{Changed, is_done};
use crate::services::Cx;
use crate::services::dynamodb::api::{Condition, Request};
use crate::services::kinesis::api::{self as stream, ListQuery, ShardInfo};

/// A lease to be made, and what its beginning is called.
type Fresh = (Lease, &'static str);

/// Leases that are missing. The first ones begin where the application is to begin; later ones follow their parents.
#[must_use]
pub fn missing(shards: &[ShardInfo], leases: &[Lease], latest: bool) -> Vec<Fresh> {
    let lease_of = |shard: u32| leases.iter().find(|lease| lease.shard == shard);
    let is_listed = |shard: &&u32| shards.iter().any(|info| info.shard == **shard);
    let free = |info: &ShardInfo, checkpoint| Lease::free(info.shard, checkpoint, info.parents.clone());
    if leases.is_empty() {
        let open = shards.iter().filter(|info| info.last_sequence.is_none());
        let roots = shards.iter().filter(|info| !info.parents.iter().any(|parent| is_listed(&parent)));
        return if latest {
            open.map(|info| (free(info, Checkpoint::Latest), "LATEST")).collect()
        } else {
            roots.map(|info| (free(info, Checkpoint::TrimHorizon), "TRIM_HORIZON")).collect()
        };
    }
    let follows = |info: &&ShardInfo| {
        let mut parents = info.parents.iter().filter(is_listed).peekable();
        lease_of(info.shard).is_none()
            && parents.peek().is_some()
            && parents.all(|parent| lease_of(*parent).is_some_and(is_done))
    };
    let children = shards.iter().filter(follows);
    children.map(|info| (free(info, Checkpoint::TrimHorizon), "TRIM_HORIZON")).collect()
}

/// Leases that nobody needs any more: done, with all children begun, or of shards that are gone.
#[must_use]
pub fn needless(shards: &[ShardInfo], leases: &[Lease]) -> Vec<u32> {
    let has_begun =
        |shard: u32| leases.iter().any(|lease| lease.shard == shard && lease.checkpoint != Checkpoint::TrimHorizon);
    let is_needless = |lease: &&Lease| {
        let is_gone = !shards.iter().any(|info| info.shard == lease.shard);
        let mut children = shards.iter().filter(|info| info.parents.contains(&lease.shard)).peekable();
        let is_over = is_done(lease) && children.peek().is_some() && children.all(|child| has_begun(child.shard));
        is_gone || is_over
    };
    leases.iter().filter(is_needless).map(|lease| lease.shard).collect()
}

impl Model {
    /// Each worker's clock; only the leader acts.
    pub(super) fn sync_by_turn(&mut self, worker: usize, cx: &mut Cx<'_>) {
        self.tick_in(worker, self.config.shard_sync, Tick::Sync, cx);
        if self.is_leader(worker) {
            self.begin_sync(worker, cx);
        }
    }

    pub(super) fn begin_sync(&mut self, worker: usize, cx: &mut Cx<'_>) {
        self.ask_stream(worker, Ask::ListShards, stream::Request::ListShards(ListQuery::default()), cx);
    }

    /// KCL 3 has an elected leader; of KCL 2's workers the first by name of those that renew leases.
    fn is_leader(&self, worker: usize) -> bool {
        let one = &self.workers[worker];
        if self.config.assigns {
            return one.leads.is_some();
        }
        match one.owners.first() {
            Some(first) => **first == *one.id,
            None => self.workers.iter().position(|other| other.is_alive()) == Some(worker),
        }
    }

    pub(super) fn sync(&mut self, worker: usize, shards: &[ShardInfo], leases: &[Lease], cx: &mut Cx<'_>) {
        let fresh = missing(shards, leases, self.config.latest);
        self.workers[worker].creating = fresh.len();
        for (lease, from) in fresh {
            let conditions = vec![Condition::Absent(KEY.to_owned())];
            let request = Request::PutItem { key: lease.key(), item: lease.item(), conditions };
            self.ask_table(worker, Ask::Create { shard: lease.shard, from }, request, cx);
        }
        for shard in needless(shards, leases) {
            let held = self.workers[worker].holds(shard);
            let request = Request::DeleteItem { key: stream::shard_id(shard), conditions: Vec::new() };
            if !held {
                self.ask_table(worker, Ask::Delete { shard }, request, cx);
            }
        }
    }

    /// When the last one is there, leases are taken or assigned at once.
    pub(super) fn lease_created(
        &mut self,
        worker: usize,
        (shard, from): (u32, &'static str),
        changed: Changed,
        cx: &mut Cx<'_>,
    ) {
        if changed == Changed::Yes {
            cx.fact(Fact::LeaseCreated { shard, from }, None);
        }
        let one = &mut self.workers[worker];
        one.creating = one.creating.saturating_sub(1);
        if one.creating == 0 {
            let tick = if self.config.assigns { Tick::Assign } else { Tick::Rescan };
            self.tick_in(worker, 0, tick, cx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(shard: u32, parents: &[u32], is_closed: bool) -> ShardInfo {
        let last_sequence = is_closed.then_some(1);
        ShardInfo { shard, range: (0, 1), parents: parents.to_vec(), first_sequence: 0, last_sequence }
    }

    fn lease(shard: u32, checkpoint: Checkpoint) -> Lease {
        Lease::free(shard, checkpoint, Vec::new())
    }

    /// KDS-22: children only when all parents are done, from the horizon.
    #[test]
    fn children_follow_parents_that_are_done() {
        let shards = [info(0, &[], true), info(1, &[], true), info(2, &[0, 1], false)];
        let of = |leases: &[Lease], latest| -> Vec<(u32, Checkpoint)> {
            missing(&shards, leases, latest).iter().map(|(lease, _)| (lease.shard, lease.checkpoint)).collect()
        };
        assert_eq!(of(&[], true), [(2, Checkpoint::Latest)]);
        assert_eq!(of(&[], false), [(0, Checkpoint::TrimHorizon), (1, Checkpoint::TrimHorizon)]);
        let (done, open) = (lease(0, Checkpoint::ShardEnd), lease(1, Checkpoint::After(7)));
        assert_eq!(of(&[done.clone(), open], false), []);
        let both = [done, lease(1, Checkpoint::ShardEnd)];
        assert_eq!(of(&both, false), [(2, Checkpoint::TrimHorizon)]);
    }

    #[test]
    fn a_lease_goes_when_its_children_have_begun_or_its_shard_is_gone() {
        let shards = [info(0, &[], true), info(1, &[0], false), info(2, &[0], false)];
        let with = |second| {
            let done = lease(0, Checkpoint::ShardEnd);
            needless(&shards, &[done, lease(1, Checkpoint::After(5)), lease(2, second), lease(9, Checkpoint::Latest)])
        };
        assert_eq!(with(Checkpoint::TrimHorizon), [9]);
        assert_eq!(with(Checkpoint::After(6)), [0, 9]);
    }
}
