//! Bounds that hold for services as modelled here; a scene that asks for more gets a problem.

/// Messages one producer may emit in a second.
pub const PRODUCER_RATE_MAX: u64 = 100_000;
/// Targets of one rule (EB-12).
pub const TARGETS_PER_RULE_MAX: usize = 5;
/// Messages in one batch of a queue's event source mapping, without a batching window (SQS-44).
pub const QUEUE_BATCH_SIZE_MAX: u64 = 10;
