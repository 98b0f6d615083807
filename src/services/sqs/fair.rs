//! Fair queues: which tenants of a standard queue are noisy (SQS-35, SQS-36).
//!
//! A tenant is a message group; a message without a group is a tenant of its own, and never noisy.

use super::groups::{Group, GroupId, Groups};
use crate::engine::{Micros, seconds};

/// A tenant with that many in flight, and more than a tenth of all, is noisy.
const IN_FLIGHT_LEAST: u64 = 30;
/// One part in so many is the share above which a tenant is noisy.
const SHARE: u64 = 10;
/// Over which consumers' time is counted `[MODEL]`, and after which a tenant with nothing in flight is quiet again.
const RECENT: Micros = seconds(300);
const PARTS: usize = 10;
const PART: Micros = RECENT / PARTS as Micros;
/// From so many groups on those are looked for that can be forgotten.
const GROUPS_BEFORE_TIDYING: usize = 1_000;

/// Time spent in the last five minutes, in ten parts.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    parts: [Micros; PARTS],
    epoch: u64,
}

impl Recent {
    pub fn add(&mut self, now: Micros, spent: Micros) {
        self.turn(now);
        self.parts[(self.epoch % PARTS as u64) as usize] += spent;
    }

    #[must_use]
    pub fn sum(&mut self, now: Micros) -> Micros {
        self.turn(now);
        self.parts.iter().sum()
    }

    /// Empties the parts whose time has come again.
    fn turn(&mut self, now: Micros) {
        let epoch = now / PART;
        for passed in self.epoch + 1..=epoch.min(self.epoch + PARTS as u64) {
            self.parts[(passed % PARTS as u64) as usize] = 0;
        }
        self.epoch = epoch;
    }
}

#[derive(Clone, Debug, Default)]
pub struct Tenant {
    /// Consumers' time it took.
    busy: Recent,
    /// Since when it has had nothing in flight.
    idle_since: Micros,
}

/// What a queue knows of its tenants; empty until a message with a group comes (SQS-35).
#[derive(Clone, Debug, Default)]
pub struct Fairness {
    busy: Recent,
    pub is_on: bool,
    pub noisy: Vec<GroupId>,
    /// Groups that were left when they were last tidied.
    left: usize,
}

impl Fairness {
    /// A message came back or left that was in flight for so long.
    pub fn spent(&mut self, id: GroupId, spent: Micros, now: Micros, groups: &mut Groups) {
        if !self.is_on {
            return;
        }
        self.busy.add(now, spent);
        if let Some(group) = groups.get_mut(id) {
            let tenant = group.tenant.get_or_insert_default();
            tenant.busy.add(now, spent);
            if group.in_flight == 0 {
                tenant.idle_since = now;
            }
        }
    }

    /// Judges a group anew; true when it turned noisy or quiet.
    pub fn judge(&mut self, id: GroupId, in_flight: u64, now: Micros, groups: &mut Groups) -> bool {
        let total = self.busy.sum(now);
        let Some(group) = groups.get_mut(id) else { return false };
        let share = group.in_flight >= IN_FLIGHT_LEAST && group.in_flight * SHARE > in_flight;
        let time = group.tenant.as_deref_mut().is_some_and(|tenant| tenant.busy.sum(now) * SHARE > total);
        // A backlog that is consumed makes it quiet, and without one nobody is held up.
        let noisy = group.visible > 0 && !is_idle(group, now) && (group.noisy || share || time);
        if noisy == group.noisy {
            return false;
        }
        group.noisy = noisy;
        self.noisy.retain(|other| *other != id);
        if noisy {
            self.noisy.push(id);
        }
        true
    }

    /// Noisy groups that have had nothing in flight for long enough.
    #[must_use]
    pub fn grown_quiet(&self, now: Micros, groups: &Groups) -> Vec<GroupId> {
        let is_quiet = |id: &&GroupId| groups.get(**id).is_none_or(|group| is_idle(group, now));
        self.noisy.iter().filter(is_quiet).copied().collect()
    }

    /// Forgets groups that have had no messages for long, once there are twice as many as were left the last time.
    pub fn tidy(&mut self, now: Micros, groups: &mut Groups) {
        if groups.len() < GROUPS_BEFORE_TIDYING.max(2 * self.left) {
            return;
        }
        let is_past = |group: &Group| group.len() == 0 && now.saturating_sub(idle_since(group)) >= RECENT;
        let past: Vec<GroupId> = groups.iter().filter(|(_, group)| is_past(group)).map(|(id, _)| id).collect();
        past.into_iter().for_each(|id| groups.forget(id));
        self.left = groups.len();
    }
}

fn is_idle(group: &Group, now: Micros) -> bool {
    group.in_flight == 0 && group.noisy && now.saturating_sub(idle_since(group)) >= RECENT
}

fn idle_since(group: &Group) -> Micros {
    group.tenant.as_deref().map_or(0, |tenant| tenant.idle_since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_spent_is_forgotten_after_five_minutes() {
        let mut recent = Recent::default();
        recent.add(seconds(10), seconds(3));
        recent.add(seconds(200), seconds(4));
        assert_eq!(recent.sum(seconds(299)), seconds(7));
        assert_eq!(recent.sum(seconds(300)), seconds(4));
        assert_eq!(recent.sum(seconds(480)), 0);
    }
}
