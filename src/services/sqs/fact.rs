//! What can be seen to happen in a queue.

use crate::engine::{Micros, clock_text};
use crate::services::fact::facts;

facts! {
    MessageSent => Plain, "stored";
    MessageDelayed { until: Micros } => Plain, "hidden until {}", clock_text(*until);
    MessageDelayExpired => Plain, "visible now";
    MessageReceived { count: u32, until: Micros } => Plain, "receive {count} · hidden until {}", clock_text(*until);
    EmptyReceive { waited: Micros } => Quiet, "nothing visible after {}", clock_text(*waited);
    VisibilityTimeoutChanged { until: Micros } => Plain, "hidden until {}", clock_text(*until);
    VisibilityTimeoutExpired { after: u64, count: u32 } => Warn, "not deleted in {after} s: visible again after receive {count}";
    MessageDeleted { count: u32 } => Good, "deleted after receive {count}";
    StaleReceiptIgnored => Warn, "this receipt handle is not the latest: not deleted";
    MessageExpired => Bad, "older than the retention period";
    MessageDeadLettered { count: u32 } => Bad, "after {count} receives (maxReceiveCount {count})";
    DeadLetterTargetMissing => Bad, "the dead-letter queue does not exist: the message stays";
    MessageArrivedFromSource => Warn, "dead-lettered here";
    RequestRefused { code: &'static str } => Bad, "{code}";
    QueuePurged { messages: u64 } => Warn, "{messages} messages removed";
}
