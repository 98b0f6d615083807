//! What can be seen to happen at a worker.

use crate::engine::{Micros, clock_text};
use crate::services::contract::fact::facts;

facts! {
    ProcessingStarted { until: Micros } => Quiet, "until {}", clock_text(*until);
    MessageProcessed => Good, "done";
    DuplicateProcessed => Warn, "processed before: the same message was worked on twice";
    DuplicateSkipped => Plain, "seen before: skipped (idempotent)";
    ProcessingFailed { why: &'static str } => Bad, "{why}: not deleted, comes back";
    MessageLost { why: &'static str } => Bad, "{why}, and it was deleted before the work: lost";
    HeartbeatSent { seconds: u64 } => Quiet, "still at work: hidden for {seconds} s more";
    HeartbeatFailed { code: &'static str } => Warn, "heartbeat: {code}";
    Crashed { until: Micros } => Bad, "crashed: back at {}", clock_text(*until);
    Restarted => Plain, "works again";
    BatchRetried { records: u64 } => Bad, "{records} records are read again: the shard waits";
    WorkLost => Bad, "crashed while working on it";
    SendFailed { code: &'static str, reason: String } => Bad, "passing on failed: {code}: {reason}";
    PollFailed { code: &'static str } => Warn, "{code}: polls again in 1 s";
    NothingToPoll => Warn, "draw a link from a queue or stream to it";
}
