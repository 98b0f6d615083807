//! Every bound of the kernel, in one place: reaching one is a fact or a halt, never a frozen tab.

/// Trace records kept; older ones leave the window but stay in the digest and the count.
pub const TRACE_RECORDS_MAX: usize = 50_000;
/// Agenda entries handled at one instant before the run halts as a livelock.
pub const ENTRIES_PER_INSTANT_MAX: u64 = 2_000_000;
/// Agenda entries handled in search of the next fact.
pub const ENTRIES_PER_FACT_MAX: u64 = 100_000;
/// Entries waiting in the agenda before the run halts.
pub const AGENDA_ENTRIES_MAX: usize = 20_000_000;
/// Dead agenda entries tolerated beyond the live ones before they are swept out.
pub const DEAD_ENTRIES_SLACK: usize = 4_096;
/// Bytes of all messages that a run holds, before it halts: a browser gives a page's program 4 GiB, and the moments saved
/// for going back hold most of it again.
pub const HELD_BYTES_MAX: u64 = 1 << 30;
/// Links a message's lineage may pass before it is held to be an endless loop.
pub const LINEAGE_HOPS_MAX: u16 = 100;
/// Messages that one may bring about by being passed on: a loop that branches doubles them with each round.
pub const LINEAGE_MESSAGES_MAX: u64 = 100_000;
