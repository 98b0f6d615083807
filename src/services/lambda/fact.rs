//! What can be seen to happen to a function.

use crate::engine::{Micros, clock_text};
use crate::services::contract::fact::facts;

facts! {
    EventQueued => Plain, "accepted in the function's own queue";
    InvocationStarted { messages: u64, until: Micros } => Plain, "{messages} in the batch · until {}", clock_text(*until);
    InvocationSucceeded { messages: u64 } => Good, "{messages} done";
    BatchFailedInPart { failed: u64, messages: u64 } => Warn, "{failed} of {messages} in the batch failed";
    InvocationFailed { why: &'static str } => Bad, "{why}";
    InvocationTimedOut { after: u64 } => Bad, "stopped after {after} s";
    InvocationThrottled { running: u64 } => Warn, "no room: {running} invocations are running";
    MessagePoisoned => Warn, "this message can never be processed";
    DuplicateProcessed => Warn, "processed before: the same effect once more";
    DuplicateSkipped => Plain, "seen before: skipped (idempotent)";
    EventDelayed { at: Micros } => Warn, "no room: tried again at {}", clock_text(*at);
    EventRetryScheduled { failures: u32, at: Micros } => Warn, "failed {failures} of 3 times · again at {}", clock_text(*at);
    EventDropped { why: &'static str, invocations: u32 } => Bad, "given up after {invocations} invocations: {why}";
    BatchReturned { messages: u64 } => Warn, "{messages} not deleted: they come back when their visibility timeout ends";
    BatchDeleted { messages: u64 } => Good, "{messages} deleted from the queue";
    FailureNotReported => Bad, "failed, and deleted all the same: the response did not name it";
    ResponseNotUnderstood { why: &'static str } => Bad, "{why}: the whole batch counts as failed";
    BatchLetGo => Warn, "no room until the visibility timeout ended";
    RecordFilteredOut => Plain, "no filter matches: deleted from the queue";
    MappingScaled { batches: u64 } => Plain, "up to {batches} batches at a time";
    DeleteFailed { code: &'static str } => Bad, "{code}: the messages will come back";
    ShardBlocked { shard: u32 } => Warn, "the batch of shard {shard} is tried again; later records wait";
    ShardFinished { shard: u32 } => Plain, "closed shard {shard} is processed to its end";
    RecordsLost { shard: u32, records: u64 } => Bad, "{records} records of shard {shard} expired before they were processed";
    PollFailed { code: &'static str } => Warn, "{code}";
    SendFailed { code: &'static str, reason: String } => Bad, "{code}: {reason}";
    RecordSkipped => Plain, "no filter matches: skipped, and counted as done";
    BatchBisected { shard: u32, records: u64 } => Warn, "{records} records of shard {shard} are cut in two: the failure is searched for";
    RecordsGivenUp { shard: u32, records: u64, why: &'static str } => Bad, "{records} of shard {shard}: {why}; the shard goes on";
    WindowClosing { shard: u32, records: u64, early: bool } => Plain, "shard {shard}: final invocation after {records} records{}", if *early { ", early: the state is too large" } else { "" };
    ResultReturned => Plain, "the answer of the function";
}
