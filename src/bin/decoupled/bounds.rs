//! How far a run may go before the runner stops it: by facts, memory and time.
#![expect(clippy::disallowed_types, reason = "the bound on the machine's own time needs its clock; the core has none")]

use std::alloc::System;
use std::time::{Duration, Instant};

use cap::Cap;
use clap::Args;
use decoupled::engine::Micros;
use decoupled::lang::duration::parse_duration;
use decoupled::sim::Run;

/// Counts what is held, and holds as much as it is asked for: the bound is looked at between two entries.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

const MEGABYTE: usize = 1_048_576;

/// Each scene of the gallery plays a virtual day within these.
#[derive(Args, Clone)]
pub struct Bounds {
    /// Stop after this many facts.
    #[arg(long, value_name = "N", default_value_t = 500_000_000)]
    max_facts: u64,
    /// Stop when this much memory is held, in MB.
    #[arg(long, value_name = "MB", default_value_t = 4_096)]
    max_memory: usize,
    /// Stop after this much time of the machine's own, such as 30s or 10m.
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration, allow_hyphen_values = true)]
    max_time: Micros,
}

/// The bounds of a run that has begun.
pub struct Watch {
    bounds: Bounds,
    begun: Instant,
}

impl Bounds {
    pub fn watch(self) -> Watch {
        Watch { bounds: self, begun: Instant::now() }
    }
}

impl Watch {
    /// Which bound the run has reached, and what to do.
    pub fn reached(&self, run: &Run) -> Option<String> {
        let Bounds { max_facts, max_memory, max_time } = self.bounds;
        let what = if run.trace().total() > max_facts {
            format!("it has more than {max_facts} facts (--max-facts)")
        } else if MEMORY.allocated() / MEGABYTE > max_memory {
            format!("it holds more than {max_memory} MB (--max-memory)")
        } else if self.begun.elapsed() > Duration::from_micros(max_time) {
            format!("it has taken more than {} s (--max-time)", max_time as f64 / 1e6)
        } else {
            return None;
        };
        Some(format!(
            "The run was stopped at {} s of its time: {what}. Raise the bound, or let it do less.",
            run.now() as f64 / 1e6
        ))
    }
}
