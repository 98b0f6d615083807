//! CloudWatch's metrics of a queue (SQS-42), as exact totals.

use super::model::Model;
use crate::engine::Micros;
use crate::services::Metric;

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub sent: u64,
    /// Bytes of what was sent: `SentMessageSize`, summed.
    pub sent_bytes: u64,
    pub received: u64,
    pub deleted: u64,
    pub empty_receives: u64,
    pub deduplicated: u64,
    /// Requests as they are billed.
    pub billed: u64,
}

impl Model {
    pub(super) fn all_metrics(&self, now: Micros) -> Vec<(&'static str, Metric)> {
        let backlog = &self.backlog;
        let age = |since: Option<Micros>| Metric::Seconds(since.map_or(0, |since| now.saturating_sub(since)));
        let mut metrics = vec![
            ("NumberOfMessagesSent", Metric::Count(self.metrics.sent)),
            ("NumberOfMessagesReceived", Metric::Count(self.metrics.received)),
            ("NumberOfMessagesDeleted", Metric::Count(self.metrics.deleted)),
            ("NumberOfEmptyReceives", Metric::Count(self.metrics.empty_receives)),
            ("ApproximateNumberOfMessagesVisible", Metric::Level(backlog.visible())),
            ("ApproximateNumberOfMessagesNotVisible", Metric::Level(backlog.in_flight())),
            ("ApproximateNumberOfMessagesDelayed", Metric::Level(backlog.delayed())),
            ("ApproximateAgeOfOldestMessage", age(backlog.oldest_counted())),
            ("SentMessageSize", Metric::Count(self.metrics.sent_bytes)),
        ];
        if self.config.fifo {
            metrics.push(("NumberOfDeduplicatedSentMessages", Metric::Count(self.metrics.deduplicated)));
            let busy = Metric::Level(backlog.groups.with_in_flight());
            metrics.push(("ApproximateNumberOfGroupsWithInflightMessages", busy));
        } else if backlog.fairness.is_on {
            self.add_fair_metrics(now, &mut metrics, age(backlog.oldest_quiet()));
        }
        metrics
    }

    /// SQS-36.
    fn add_fair_metrics(&self, now: Micros, metrics: &mut Vec<(&'static str, Metric)>, age: Metric) {
        let backlog = &self.backlog;
        let quiet_again = backlog.fairness.grown_quiet(now, &backlog.groups);
        let noisy = backlog.fairness.noisy.iter().filter(|id| !quiet_again.contains(id));
        let (mut groups, mut visible, mut in_flight, mut delayed) = (0, 0, 0, 0);
        for group in noisy.filter_map(|id| backlog.groups.get(*id)) {
            groups += 1;
            visible += group.visible;
            in_flight += group.in_flight;
            delayed += group.delayed;
        }
        let quiet = |all: u64, noisy: u64| Metric::Level(all - noisy);
        metrics.extend([
            ("ApproximateNumberOfNoisyGroups", Metric::Level(groups)),
            ("ApproximateNumberOfMessagesVisibleInQuietGroups", quiet(backlog.visible(), visible)),
            ("ApproximateNumberOfMessagesNotVisibleInQuietGroups", quiet(backlog.in_flight(), in_flight)),
            ("ApproximateNumberOfMessagesDelayedInQuietGroups", quiet(backlog.delayed(), delayed)),
            ("ApproximateAgeOfOldestMessageInQuietGroups", age),
        ]);
    }
}
