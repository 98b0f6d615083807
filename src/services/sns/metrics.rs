//! CloudWatch's metrics of a topic (SNS-27), as exact totals.

use super::filter::Cause;
use crate::services::Metric;

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub published: u64,
    pub delivered: u64,
    pub failed: u64,
    filtered: [u64; Cause::ALL.len()],
}

impl Metrics {
    pub fn filter_out(&mut self, cause: Cause) {
        self.filtered[cause as usize] += 1;
    }

    #[must_use]
    pub fn filtered_out(&self) -> u64 {
        self.filtered.iter().sum()
    }

    #[must_use]
    pub fn list(&self) -> Vec<(&'static str, Metric)> {
        let mut list = vec![
            ("NumberOfMessagesPublished", Metric::Count(self.published)),
            ("NumberOfNotificationsDelivered", Metric::Count(self.delivered)),
            ("NumberOfNotificationsFailed", Metric::Count(self.failed)),
            ("NumberOfNotificationsFilteredOut", Metric::Count(self.filtered_out())),
        ];
        let by_cause = Cause::ALL.iter().map(|&cause| (cause.metric(), Metric::Count(self.filtered[cause as usize])));
        list.extend(by_cause);
        list
    }
}
