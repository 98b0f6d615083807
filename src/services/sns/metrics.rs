//! CloudWatch's metrics of a topic (SNS-27), as exact totals; `PublishSize` is the sum of all sizes.

use super::filter::Cause;
use crate::services::Metric;

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub published: u64,
    /// Bytes.
    pub published_size: u64,
    /// Publish requests as they are billed.
    pub billed: u64,
    /// Notifications delivered, by protocol, and bytes of those of a FIFO topic.
    pub to_http: u64,
    pub to_mail: u64,
    pub to_apps: u64,
    pub to_firehose: u64,
    pub delivered_bytes: u64,
    pub delivered: u64,
    pub failed: u64,
    pub redriven: u64,
    pub failed_to_redrive: u64,
    pub replayed_delivered: u64,
    pub replayed_failed: u64,
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
        let counts = [
            ("NumberOfMessagesPublished", self.published),
            ("NumberOfNotificationsDelivered", self.delivered),
            ("NumberOfNotificationsFailed", self.failed),
            ("NumberOfNotificationsFilteredOut", self.filtered_out()),
            ("NumberOfNotificationsRedrivenToDlq", self.redriven),
            ("NumberOfNotificationsFailedToRedriveToDlq", self.failed_to_redrive),
            ("NumberOfReplayedNotificationsDelivered", self.replayed_delivered),
            ("NumberOfReplayedNotificationsFailed", self.replayed_failed),
            ("PublishSize", self.published_size),
        ];
        let by_cause = Cause::ALL.iter().map(|&cause| (cause.metric(), self.filtered[cause as usize]));
        counts.into_iter().chain(by_cause).map(|(name, count)| (name, Metric::Count(count))).collect()
    }
}
