//! CloudWatch's metrics of a stream (KDS-25), as exact totals.

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub incoming_records: u64,
    pub incoming_bytes: u64,
    pub records_read: u64,
    pub writes_throttled: u64,
    pub reads_throttled: u64,
}
