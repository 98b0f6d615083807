//! What all streams of the account share in its Region: the quota of shards (KDS-12), and the commitment that makes
//! on-demand streams the newer form, On-demand Advantage (KDS-17).
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html>

use std::collections::BTreeMap;

use crate::engine::{ActorId, Micros, seconds};

/// Shards of the account in a large Region.
pub const SHARD_QUOTA_DEFAULT: u64 = 20_000;
/// On-demand streams of the account.
pub const ON_DEMAND_STREAMS_MAX: u64 = 50;
/// A commitment lasts so long at least.
const COMMITMENT_MIN: Micros = seconds(86_400);

/// One stream's part in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Share {
    pub open_shards: u64,
    pub on_demand: bool,
    pub quota: Option<u64>,
    /// Whether the scene says that the account has committed itself.
    pub commits: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Account {
    streams: BTreeMap<ActorId, Share>,
    /// Made by a call, and when.
    commitment: Option<(bool, Micros)>,
}

impl Account {
    pub fn set(&mut self, stream: ActorId, share: Share) {
        self.streams.insert(stream, share);
    }

    pub fn forget(&mut self, stream: ActorId) {
        self.streams.remove(&stream);
    }

    /// The lowest quota set counts.
    #[must_use]
    pub fn shard_quota(&self) -> u64 {
        self.streams.values().filter_map(|share| share.quota).min().unwrap_or(SHARD_QUOTA_DEFAULT)
    }

    /// Open shards of provisioned streams: those of on-demand streams do not count.
    #[must_use]
    pub fn open_shards(&self) -> u64 {
        self.streams.values().filter(|share| !share.on_demand).map(|share| share.open_shards).sum()
    }

    #[must_use]
    pub fn on_demand_streams(&self) -> u64 {
        self.streams.values().filter(|share| share.on_demand).count() as u64
    }

    #[must_use]
    pub fn is_committed(&self) -> bool {
        self.commitment.map_or_else(|| self.streams.values().any(|share| share.commits), |(committed, _)| committed)
    }

    /// Begins or ends the commitment; false when it may not end yet.
    pub fn commit(&mut self, committed: bool, now: Micros) -> bool {
        let since = self.commitment.filter(|(was, _)| *was).map(|(_, since)| since);
        if !committed && since.is_some_and(|since| now < since + COMMITMENT_MIN) {
            return false;
        }
        if committed != self.is_committed() || self.commitment.is_none() {
            self.commitment = Some((committed, now));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// KDS-17.
    #[test]
    fn a_commitment_lasts_a_day_at_least() {
        let mut account = Account::default();
        assert!(!account.is_committed());
        assert!(account.commit(true, seconds(10)) && account.is_committed());
        assert!(account.commit(true, seconds(80_000)), "it is not begun anew");
        assert!(!account.commit(false, seconds(86_409)));
        assert!(account.commit(false, seconds(86_410)) && !account.is_committed());
    }

    /// KDS-12.
    #[test]
    fn on_demand_streams_take_nothing_from_the_quota() {
        let mut account = Account::default();
        let share = |open_shards, on_demand| Share { open_shards, on_demand, quota: Some(9), commits: false };
        account.set(ActorId(0), share(5, false));
        account.set(ActorId(1), share(4, true));
        assert_eq!((account.open_shards(), account.on_demand_streams(), account.shard_quota()), (5, 1, 9));
    }
}
