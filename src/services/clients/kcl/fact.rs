//! What can be seen to happen in an application.

use crate::engine::{Micros, clock_text};
use crate::services::contract::fact::facts;
use crate::services::kinesis::api::shard_id;

facts! {
    LeaseCreated { shard: u32, from: &'static str } => Plain, "{} from {from}", shard_id(*shard);
    LeaseTaken { shard: u32, worker: String } => Good, "{worker} owns {}", shard_id(*shard);
    LeaseStolen { shard: u32, worker: String, from: String } => Plain, "{worker} takes {} from {from}, which has more", shard_id(*shard);
    LeaseExpired { shard: u32, owner: String } => Warn, "{}: {owner} has not renewed it within the failover time", shard_id(*shard);
    LeaseLost { shard: u32, worker: String } => Bad, "{worker} no longer owns {}", shard_id(*shard);
    LeaseAssigned { shard: u32, worker: String } => Plain, "the leader gives {} to {worker}", shard_id(*shard);
    LeaseMoved { shard: u32, from: String, to: String } => Plain, "{} from {from} to {to}, to balance their CPU", shard_id(*shard);
    LeaseHandedOver { shard: u32, worker: String } => Good, "{worker} has checkpointed {} and lets go", shard_id(*shard);
    LeaseDeleted { shard: u32 } => Quiet, "{} is done, and its children have begun", shard_id(*shard);
    LeaseGivenBack { shard: u32, worker: String } => Plain, "{worker} stops, {} is free", shard_id(*shard);
    LeaderElected { worker: String } => Plain, "{worker}";
    WaitingForParents { shard: u32 } => Plain, "{} waits until its parents are done", shard_id(*shard);
    ProcessingStarted { until: Micros } => Quiet, "until {}", clock_text(*until);
    RecordProcessed => Good, "done";
    DuplicateProcessed => Warn, "processed before: the same record was worked on twice";
    DuplicateSkipped => Plain, "seen before: skipped (idempotent)";
    ProcessingFailed { why: &'static str } => Bad, "{why}";
    BatchSkipped { records: u64 } => Bad, "processRecords threw: the library goes on behind {records} records that nobody has processed";
    Checkpointed { shard: u32 } => Quiet, "{}", shard_id(*shard);
    CheckpointRefused { shard: u32, worker: String } => Bad, "ShutdownException: {worker} no longer owns {}", shard_id(*shard);
    ShardEnded { shard: u32 } => Plain, "{} is processed to its end: SHARD_END", shard_id(*shard);
    WorkerCrashed { worker: String } => Bad, "{worker}: what it has not checkpointed is done again";
    WorkerPaused { worker: String, until: Micros } => Warn, "{worker} stands still until {}", clock_text(*until);
    WorkerResumed { worker: String } => Plain, "{worker} goes on as if nothing had been";
    WorkerStarted { worker: String } => Plain, "{worker}";
    WorkerStopped { worker: String } => Plain, "{worker}";
    TableFailed { code: &'static str } => Warn, "lease table: {code}";
    StreamFailed { code: &'static str } => Warn, "stream: {code}";
    NothingToRead => Warn, "draw a link from a stream to it";
    SendFailed { code: &'static str, reason: String } => Bad, "passing on failed: {code}: {reason}";
}
