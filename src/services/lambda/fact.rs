//! What can be seen to happen to a function.

use crate::engine::{Micros, clock_text};
use crate::services::fact::facts;

facts! {
    EventQueued => Plain, "accepted in the function's own queue";
    InvocationStarted { messages: u64, until: Micros } => Plain, "{messages} in the batch · until {}", clock_text(*until);
    InvocationSucceeded { messages: u64 } => Good, "{messages} done";
    InvocationFailed { why: &'static str } => Bad, "{why}";
    InvocationTimedOut { after: u64 } => Bad, "stopped after {after} s";
    InvocationThrottled { running: u64 } => Warn, "no room: {running} invocations are running";
    MessagePoisoned => Warn, "this message can never be processed";
    EventRetryScheduled { failures: u32, at: Micros } => Warn, "failed {failures} of 3 times · again at {}", clock_text(*at);
    EventDropped { failures: u32 } => Bad, "failed {failures} times: RetriesExhausted";
    BatchReturned => Warn, "not deleted: the messages come back when their visibility timeout ends";
    BatchDeleted { messages: u64 } => Good, "{messages} deleted from the queue";
    BatchLetGo => Warn, "no room until the visibility timeout ended";
    DeleteFailed { code: &'static str } => Bad, "{code}: the messages will come back";
    ShardBlocked { shard: u32 } => Warn, "the batch of shard {shard} is tried again; later records wait";
    ShardFinished { shard: u32 } => Plain, "closed shard {shard} is processed to its end";
    RecordsLost { shard: u32, records: u64 } => Bad, "{records} records of shard {shard} expired before they were processed";
    PollFailed { code: &'static str } => Warn, "{code}";
    SendFailed { code: &'static str, reason: String } => Bad, "{code}: {reason}";
}
