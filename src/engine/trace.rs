//! What happened: facts with their causes, a bounded window of them, and a digest over all.

use std::hash::Hash;

use super::actor::ActorId;
use super::digest::Digest;
use super::limits;
use super::log::Log;
use super::time::Micros;

/// One line of the trace. `seq` counts from 1; `cause` is the `seq` of the fact that led to it, 0 for none.
#[derive(Clone, Debug)]
pub struct TraceRecord<F> {
    pub seq: u64,
    pub at: Micros,
    pub actor: ActorId,
    pub fact: F,
    /// The message it is about.
    pub message: Option<u64>,
    pub cause: u64,
}

#[derive(Clone, Debug)]
pub struct Trace<F> {
    window: Log<TraceRecord<F>>,
    total: u64,
    digest: Digest,
}

impl<F> Default for Trace<F> {
    fn default() -> Self {
        Self { window: Log::default(), total: 0, digest: Digest::default() }
    }
}

impl<F: Hash> Trace<F> {
    pub(super) fn record(&mut self, at: Micros, actor: ActorId, fact: F, message: Option<u64>, cause: u64) -> u64 {
        self.total += 1;
        let record = TraceRecord { seq: self.total, at, actor, fact, message, cause };
        self.digest.add(&(record.at, record.actor, &record.fact, record.message, record.cause));
        if self.window.len() == limits::TRACE_RECORDS_MAX {
            self.window.trim(1);
        }
        self.window.push(record);
        self.total
    }
}

impl<F> Trace<F> {
    /// Facts since the start, those that left the window included.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The records still held, oldest first.
    #[must_use]
    pub fn window(&self) -> &Log<TraceRecord<F>> {
        &self.window
    }

    /// Lets go of the records and keeps count and digest: what is saved many times need not hold them many times.
    pub(super) fn drop_window(&mut self) {
        self.window = Log::default();
    }

    /// A record by its number, if it is still held.
    #[must_use]
    pub fn get(&self, seq: u64) -> Option<&TraceRecord<F>> {
        let oldest = self.window.first()?.seq;
        self.window.get(usize::try_from(seq.checked_sub(oldest)?).ok()?)
    }

    /// The records after `seq` that are still held, oldest first.
    pub fn since(&self, seq: u64) -> impl DoubleEndedIterator<Item = &TraceRecord<F>> {
        let held_from = self.total - self.window.len() as u64;
        let skip = usize::try_from(seq.saturating_sub(held_from)).unwrap_or(usize::MAX);
        self.window.range(skip..)
    }
}

impl<F: Clone> Trace<F> {
    /// Holds the records again that the same run holds at a later time.
    pub(super) fn fill_from(&mut self, later: &Self) {
        let past = usize::try_from(later.total - self.total).unwrap_or(usize::MAX);
        let held = later.window.len().saturating_sub(past);
        self.window = later.window.prefix(held);
    }
}
