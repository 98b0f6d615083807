//! How many batches of a queue a mapping has under way at a time (SQS-47), and how it backs off (SQS-45).
//!
//! `[MODEL]` While messages are waiting in the queue, five more a second: 300 a minute. Every invocation that failed
//! or was throttled takes one away, and none is added before one has succeeded and a second has passed without
//! another failure. A long poll that came back empty takes one away, down to the five it began with.

use super::mapping_config::MappingConfig;
use crate::engine::{Key, MICROS_PER_MILLI, MICROS_PER_SECOND, Micros};

/// Batches at a time a mapping starts with, unless fewer are allowed.
const START: u64 = 5;
/// Batches at a time of one mapping.
const CONCURRENCY_MAX: u64 = 1_250;
/// What is left when everything fails.
const LEAST: u64 = 2;
/// Concurrent invocations of one event poller of the provisioned mode.
const PER_POLLER: u64 = 10;
/// Between two polls of one of those: ten a second.
const POLL_INTERVAL: Micros = 100 * MICROS_PER_MILLI;

#[derive(Clone, Debug)]
pub struct Scaling {
    /// Batches it may have under way at a time.
    pub allowed: u64,
    least: u64,
    start: u64,
    most: u64,
    /// Added after each interval in which messages kept waiting.
    step: u64,
    pub interval: Micros,
    /// The end of the present interval, while there is something to do.
    pub key: Option<Key>,
    /// What the present interval has seen.
    pub has_worked: bool,
    has_failed: bool,
    /// Whether no invocation has succeeded since the latest that failed.
    is_failing: bool,
    /// Whether messages were waiting in the queue when it was last asked.
    pub is_waiting: bool,
    /// When each event poller of the provisioned mode may poll again.
    next_polls: Option<Vec<Micros>>,
}

impl Scaling {
    #[must_use]
    pub fn new(config: &MappingConfig) -> Self {
        let mut scaling = Self {
            allowed: 0,
            least: 0,
            start: 0,
            most: 0,
            step: 0,
            interval: MICROS_PER_SECOND,
            key: None,
            has_worked: false,
            has_failed: false,
            is_failing: false,
            is_waiting: false,
            next_polls: None,
        };
        scaling.configure(config);
        scaling.allowed = scaling.start;
        scaling
    }

    /// New limits, while it works.
    pub fn configure(&mut self, config: &MappingConfig) {
        if let Some((least, most)) = config.provisioned {
            // 1,000 a minute are ten every 600 ms.
            (self.least, self.start, self.most) = (least * PER_POLLER, least * PER_POLLER, most * PER_POLLER);
            (self.step, self.interval) = (PER_POLLER, 600 * MICROS_PER_MILLI);
            self.next_polls.get_or_insert_default();
        } else {
            self.most = config.maximum_concurrency.unwrap_or(CONCURRENCY_MAX);
            (self.least, self.start) = (LEAST.min(self.most), START.min(self.most));
            (self.step, self.interval) = (START, MICROS_PER_SECOND);
            self.next_polls = None;
        }
        self.allowed = self.allowed.clamp(self.least, self.most);
    }

    /// An interval is over: a backlog and no failure let it grow. Whether there is reason for another interval.
    pub fn end_interval(&mut self) -> bool {
        if self.is_waiting && !self.has_failed && !self.is_failing {
            self.allowed = (self.allowed + self.step).min(self.most);
        }
        self.has_failed = false;
        std::mem::take(&mut self.has_worked) || self.is_waiting
    }

    /// An invocation failed or was throttled.
    pub fn back_off(&mut self) {
        (self.has_failed, self.is_failing) = (true, true);
        self.allowed = (self.allowed.saturating_sub(1)).max(self.least);
    }

    pub fn succeeded(&mut self) {
        self.is_failing = false;
    }

    /// A long poll of one of `open` pollers found nothing; whether that poller ends.
    pub fn rest(&mut self, open: u64) -> bool {
        let ends = open > self.start;
        if ends {
            self.allowed = self.allowed.min((open - 1).max(self.start));
        }
        ends
    }

    /// When the lane may poll: in the provisioned mode a poller, which is ten lanes, polls ten times a second.
    pub fn next_poll(&mut self, lane: usize, now: Micros) -> Micros {
        let Some(next) = self.next_poll_of(lane) else { return now };
        let at = now.max(*next);
        *next = at + POLL_INTERVAL;
        at
    }

    /// A lane has read so many bytes: a poller reads a megabyte a second, which is a byte a microsecond.
    pub fn read(&mut self, lane: usize, bytes: usize, now: Micros) {
        if let Some(next) = self.next_poll_of(lane) {
            *next = now.max(*next) + bytes as Micros;
        }
    }

    fn next_poll_of(&mut self, lane: usize) -> Option<&mut Micros> {
        let polls = self.next_polls.as_mut()?;
        let poller = lane / PER_POLLER as usize;
        polls.resize(polls.len().max(poller + 1), 0);
        polls.get_mut(poller)
    }

    /// Event pollers, as the provisioned mode counts them.
    #[must_use]
    pub fn pollers(&self, open: u64) -> Option<u64> {
        self.next_polls.as_ref().map(|_| open.div_ceil(PER_POLLER))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::{LinkKind, Settings};
    use serde_json::{Value, json};

    fn scaling(properties: Value) -> Scaling {
        let Value::Object(map) = properties else { panic!("properties are an object") };
        Scaling::new(&MappingConfig::read(&Settings::new(map, LinkKind::EventSourceMapping.spec().properties)))
    }

    fn wait(scaling: &mut Scaling, intervals: u64) {
        for _ in 0..intervals {
            scaling.is_waiting = true;
            scaling.end_interval();
        }
    }

    #[test]
    fn a_backlog_adds_three_hundred_a_minute_up_to_the_most() {
        let mut plain = scaling(json!({}));
        wait(&mut plain, 60);
        assert_eq!(plain.allowed, 305);
        wait(&mut plain, 600);
        assert_eq!(plain.allowed, 1_250);
        let mut capped = scaling(json!({ "ScalingConfig": { "MaximumConcurrency": 3 } }));
        wait(&mut capped, 1);
        assert_eq!(capped.allowed, 3);
    }

    #[test]
    fn provisioned_pollers_add_a_thousand_a_minute() {
        let mut scaling = scaling(json!({ "ProvisionedPollerConfig": { "MinimumPollers": 3 } }));
        assert_eq!((scaling.allowed, scaling.pollers(30)), (30, Some(3)));
        let intervals = 60_000_000 / scaling.interval;
        wait(&mut scaling, intervals);
        assert_eq!(scaling.allowed, 1_030);
        assert_eq!([0, 9, 10].map(|lane| scaling.next_poll(lane, 0)), [0, 100_000, 0]);
        scaling.read(10, 1_000_000, 0);
        assert_eq!(scaling.next_poll(19, 0), 1_100_000);
    }

    #[test]
    fn failures_take_away_and_only_success_adds_again() {
        let mut scaling = scaling(json!({}));
        (0..9).for_each(|_| scaling.back_off());
        assert_eq!(scaling.allowed, 2);
        wait(&mut scaling, 2);
        assert_eq!(scaling.allowed, 2);
        scaling.succeeded();
        wait(&mut scaling, 1);
        assert_eq!(scaling.allowed, 7);
        assert!(scaling.rest(7) && scaling.rest(6) && !scaling.rest(5));
        assert_eq!(scaling.allowed, 5);
    }
}
