//! Concurrent executions of the account in its Region: 1,000 unless raised or lowered, shared by all functions.
//! What one function reserves is taken from what the others share.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html>

use std::collections::BTreeMap;

use crate::engine::ActorId;

/// The account's quota unless a function says otherwise.
pub const CONCURRENCY_DEFAULT: u64 = 1_000;
/// What reservations must leave to the functions without one.
pub const UNRESERVED_MIN: u64 = 100;

/// One function's part in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Share {
    pub limit: Option<u64>,
    pub reserved: Option<u64>,
    pub running: u64,
}

#[derive(Clone, Debug, Default)]
pub struct Account(BTreeMap<ActorId, Share>);

impl Account {
    pub fn set(&mut self, function: ActorId, share: Share) {
        self.0.insert(function, share);
    }

    pub fn forget(&mut self, function: ActorId) {
        self.0.remove(&function);
    }

    /// Executions that functions without a reservation may have at a time, together.
    #[must_use]
    pub fn unreserved(&self) -> u64 {
        let limit = self.0.values().filter_map(|share| share.limit).min().unwrap_or(CONCURRENCY_DEFAULT);
        limit.saturating_sub(self.0.values().filter_map(|share| share.reserved).sum())
    }

    /// Whether a function may start one more.
    #[must_use]
    pub fn has_room(&self, function: ActorId) -> bool {
        let share = self.0.get(&function).copied().unwrap_or_default();
        match share.reserved {
            Some(reserved) => share.running < reserved,
            None => {
                let sharing = self.0.values().filter(|share| share.reserved.is_none());
                sharing.map(|share| share.running).sum::<u64>() < self.unreserved()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reservation_is_taken_from_what_the_others_share() {
        let mut account = Account::default();
        let share = |reserved, running| Share { limit: Some(10), reserved, running };
        let [a, b, c] = [0, 1, 2].map(ActorId);
        account.set(a, share(Some(4), 3));
        account.set(b, share(None, 5));
        account.set(c, share(None, 0));
        assert_eq!(account.unreserved(), 6);
        assert!(account.has_room(a) && account.has_room(b));
        account.set(c, share(None, 1));
        assert!(account.has_room(a) && !account.has_room(b) && !account.has_room(c));
        account.forget(a);
        assert!(account.has_room(b));
    }
}
