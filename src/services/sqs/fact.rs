//! What can be seen to happen in a queue. New facts stand last: a digest holds the place of each.

use crate::engine::{Micros, clock_text};
use crate::services::contract::fact::facts;
use crate::services::token_text;

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
    MessageDeduplicated { original: u64 } => Warn, "sent before as {}: accepted, not stored again", token_text(*original);
    ReceiveMissedByServer => Warn, "a server missed the receive: the message stays visible as well";
    AttemptRepeated { messages: u64 } => Plain, "the same attempt: the same {messages} messages and handles again";
    DeleteMissedByServer => Warn, "a server missed the delete: the message comes back when its timeout ends";
    ReceiptExpired => Bad, "the receipt handle has expired: not deleted";
    MessageMoved { successor: u64 } => Plain, "moved on as a new message, {}", token_text(*successor);
    MessageArrivedByMove => Plain, "moved here from a dead-letter queue";
    MoveTaskStarted { messages: u64 } => Plain, "about {messages} messages to move";
    MoveTaskEnded { moved: u64, status: &'static str } => Plain, "{status} after {moved} messages";
    MoveTaskFailed { moved: u64, reason: &'static str } => Bad, "{reason} after {moved} messages";
    TenantTurnedNoisy { group: String } => Warn, "group {group} holds more than its share: others go first";
    TenantTurnedQuiet { group: String } => Plain, "group {group} is one among others again";
    QueueTypeIsFixed => Warn, "a queue's type is fixed at creation: restart the run";
    EndlessLoop { hops: u16 } => Bad, "dead-lettered {hops} times: the run stops";
}
