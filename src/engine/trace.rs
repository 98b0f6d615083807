//! What happened: facts with their causes, a bounded window of them, and a digest over all.

use std::hash::Hash;

use super::actor::ActorId;
use super::by_message::ByMessage;
use super::digest::Digest;
use super::limits;
use super::log::Log;
use super::time::Micros;

/// One line of the trace. `seq` counts from 1; `cause` is the `seq` of the fact it follows from, 0 for none: the latest
/// of its message's own life, for the first of a copy the latest of the message it was made from, else what led its
/// actor to act.
#[derive(Clone, Debug)]
pub struct TraceRecord<F> {
    pub seq: u64,
    pub at: Micros,
    pub actor: ActorId,
    pub fact: F,
    /// The message it is about.
    pub message: Option<u64>,
    pub cause: u64,
    /// The fact that led its actor to act at this moment, where that is another one; else 0.
    pub wake: u64,
}

#[derive(Clone, Debug)]
pub struct Trace<F> {
    window: Log<TraceRecord<F>>,
    latest: ByMessage,
    total: u64,
    digest: Digest,
}

impl<F> Default for Trace<F> {
    fn default() -> Self {
        Self { window: Log::default(), latest: ByMessage::default(), total: 0, digest: Digest::default() }
    }
}

impl<F: Hash> Trace<F> {
    /// `led` is what led the actor to this fact, `wake` what led it to act at this moment.
    pub(super) fn record(
        &mut self,
        place: (Micros, ActorId),
        fact: F,
        message: Option<u64>,
        (led, wake): (u64, u64),
    ) -> u64 {
        let own = message.map_or(0, |message| self.latest.of(message));
        let cause = if own == 0 { led } else { own };
        let seq = self.report(place, fact, message, (cause, wake));
        if let Some(message) = message {
            self.latest.set(message, seq);
        }
        seq
    }

    /// The same, where it is no step of the message's own life.
    pub(super) fn report(
        &mut self,
        (at, actor): (Micros, ActorId),
        fact: F,
        message: Option<u64>,
        (cause, wake): (u64, u64),
    ) -> u64 {
        self.total += 1;
        let wake = if wake == cause { 0 } else { wake };
        let record = TraceRecord { seq: self.total, at, actor, fact, message, cause, wake };
        self.digest.add(&(record.at, record.actor, &record.fact, record.message, record.cause, record.wake));
        if self.window.len() == limits::TRACE_RECORDS_MAX {
            self.window.trim(1);
        }
        self.window.push(record);
        self.total
    }
}

impl<F> Trace<F> {
    /// The number of the latest fact of a message's own life; 0 for none.
    pub(super) fn latest(&self, message: u64) -> u64 {
        self.latest.of(message)
    }

    /// What becomes of a copy follows from what became of the message that it is made from.
    pub(super) fn descend(&mut self, copy: u64, from: u64) {
        let latest = self.latest.of(from);
        if latest != 0 {
            self.latest.set(copy, latest);
        }
    }

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
