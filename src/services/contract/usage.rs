//! What AWS's bill counts of a node: whole numbers, exact. What each costs stands in `sim::prices`.

/// One kind of line of a bill. Times are microseconds, memory-times megabytes × milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Billed {
    SqsRequest,
    SqsFifoRequest,
    SnsRequest,
    SnsHttp,
    SnsEmail,
    SnsPush,
    SnsFirehose,
    SnsFifoRequest,
    SnsFifoBytes,
    SnsFifoDelivery,
    SnsFifoDeliveredBytes,
    KinesisShardTime,
    KinesisPutUnit,
    KinesisConsumerShardTime,
    KinesisFanOutBytes,
    KinesisStreamTime,
    KinesisBytesIn,
    KinesisBytesOut,
    KinesisOnDemandFanOutBytes,
    Event,
    ReplayedEvent,
    ArchivedBytes,
    ApiDestinationCall,
    PipeRequest,
    ScheduledInvocation,
    LambdaRequest,
    LambdaTime,
    DynamoDbReadUnit,
    DynamoDbWriteUnit,
    DynamoDbReadCapacityTime,
    DynamoDbWriteCapacityTime,
}

pub type Usage = Vec<(Billed, u64)>;

/// SQS, SNS, EventBridge and Pipes bill each 64 KB of a payload as one.
const CHUNK: u64 = 64 * 1_024;

/// How often a call with so large a payload is billed: once at least.
#[must_use]
pub fn chunks(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(CHUNK).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_64_kb_is_one() {
        assert_eq!([0, 1, 65_536, 65_537, 262_144].map(chunks), [1, 1, 1, 2, 4]);
    }
}
