//! CloudWatch's metrics of a queue (SQS-42), as exact totals.

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub sent: u64,
    pub received: u64,
    pub deleted: u64,
    pub empty_receives: u64,
}
