//! How long a hop takes: the four presets, and links with a latency of their own.

use std::collections::BTreeMap;

use crate::engine::{LinkId, MICROS_PER_MILLI, Micros};
use crate::services::{Distribution, Kind};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Preset {
    /// Every hop takes no time.
    Instant,
    /// Milliseconds by service.
    Realistic,
    /// Every hop takes 500 ms, so that eyes can follow.
    Teaching,
    Hop(Distribution),
}

#[derive(Clone, Debug)]
pub struct Network {
    pub preset: Preset,
    /// Links with a latency of their own.
    pub links: BTreeMap<LinkId, Distribution>,
}

/// How long until a record put into a stream can be read (KDS-11) `[MODEL]`.
const RECORD_READABLE: Micros = 20 * MICROS_PER_MILLI;
/// And until it is pushed to a consumer with enhanced fan-out.
const RECORD_PUSHED: Micros = RECORD_READABLE + 50 * MICROS_PER_MILLI;

impl Network {
    #[must_use]
    pub fn new(preset: Preset) -> Self {
        Self { preset, links: BTreeMap::new() }
    }

    #[must_use]
    pub fn hop(&self, from: Kind, link: LinkId) -> Distribution {
        if let Some(own) = self.links.get(&link) {
            return *own;
        }
        match self.preset {
            Preset::Instant => Distribution::ZERO,
            Preset::Teaching => Distribution::Constant(500 * MICROS_PER_MILLI),
            Preset::Hop(distribution) => distribution,
            Preset::Realistic => Distribution::Constant(from.spec().hop),
        }
    }

    /// How long a record waits in its shard before it can be read.
    #[must_use]
    pub fn record_readable(&self) -> Micros {
        if self.preset == Preset::Instant { 0 } else { RECORD_READABLE }
    }

    /// How long until it is pushed.
    #[must_use]
    pub fn record_pushed(&self) -> Micros {
        if self.preset == Preset::Instant { 0 } else { RECORD_PUSHED }
    }
}
