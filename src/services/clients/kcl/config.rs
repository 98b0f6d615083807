//! The application's properties, read.

use crate::engine::{MICROS_PER_MILLI, Micros};
use crate::lang::event_pattern::Pattern;
use crate::services::{Deadline, Distribution, Idempotency, Settings};

pub const WORKERS_MAX: usize = 32;

#[derive(Clone)]
pub struct Config {
    pub workers: usize,
    /// KCL 3: a leader assigns leases. KCL 2: each worker takes them.
    pub assigns: bool,
    pub failover: Micros,
    pub leases_max: usize,
    pub steals_max: usize,
    pub shard_sync: Micros,
    pub parent_poll: Micros,
    pub backoff: Micros,
    pub idle: Micros,
    pub records_max: u64,
    /// Whether a new application begins after the newest record.
    pub latest: bool,
    pub fan_out: bool,
    /// Records after which it checkpoints; after each batch unless set.
    pub checkpoint_every: Option<u64>,
    pub rebalance_percent: u64,
    pub dampening_percent: u64,
    pub handoff: bool,
    pub handoff_timeout: Micros,
    pub processing: Distribution,
    pub failure_parts: u32,
    pub fail_when: Option<Pattern>,
    /// The record processor tries a record again until it succeeds; otherwise the library skips the batch.
    pub retries: bool,
    pub cores: u64,
    /// Of a million records, those in whose work the worker crashes.
    pub crash_parts: u32,
    pub restart: Distribution,
    pub idempotency: Idempotency,
    pub deadline: Deadline,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let millis = |name: &str| settings.integer(name) * MICROS_PER_MILLI;
        let count = |name: &str| usize::try_from(settings.integer(name)).unwrap_or(usize::MAX);
        let is = |name: &str, text: &str| settings.text(name).as_deref() == Some(text);
        Self {
            workers: count("Workers").clamp(1, WORKERS_MAX),
            assigns: is("KclVersion", "3"),
            failover: millis("failoverTimeMillis").max(300 * MICROS_PER_MILLI),
            leases_max: settings
                .optional_integer("maxLeasesForWorker")
                .map_or(usize::MAX, |_| count("maxLeasesForWorker")),
            steals_max: count("maxLeasesToStealAtOneTime").max(1),
            shard_sync: millis("shardSyncIntervalMillis").max(1_000 * MICROS_PER_MILLI),
            parent_poll: millis("parentShardPollIntervalMillis").max(100 * MICROS_PER_MILLI),
            backoff: millis("taskBackoffTimeMillis").max(10 * MICROS_PER_MILLI),
            idle: millis("idleTimeBetweenReadsInMillis").max(200 * MICROS_PER_MILLI),
            records_max: settings.integer("maxRecords").clamp(1, 10_000),
            latest: is("InitialPositionInStream", "LATEST"),
            fan_out: is("RetrievalSpecificConfig", "FanOutConfig"),
            checkpoint_every: settings.optional_integer("CheckpointEvery").filter(|every| *every > 0),
            rebalance_percent: settings.integer("reBalanceThresholdPercentage"),
            dampening_percent: settings.integer("dampeningPercentage"),
            handoff: settings.boolean("isGracefulLeaseHandoffEnabled"),
            handoff_timeout: millis("gracefulLeaseHandoffTimeoutMillis"),
            processing: settings.distribution("ProcessingTime"),
            failure_parts: settings.parts_per_million("FailureRate"),
            fail_when: settings.pattern("FailWhen"),
            retries: is("OnException", "Retry"),
            cores: settings.integer("Cores").max(1),
            crash_parts: settings.parts_per_million("CrashRate"),
            restart: settings.distribution("RestartTime"),
            idempotency: Idempotency::read(settings),
            deadline: Deadline::of_client(settings),
        }
    }
}
