//! Bounds that hold for services as modelled here; a scene that asks for more gets a problem.

/// Messages one producer may emit in a second.
pub const PRODUCER_RATE_MAX: u64 = 100_000;
/// Targets of one rule (EB-12).
pub const TARGETS_PER_RULE_MAX: usize = 5;
