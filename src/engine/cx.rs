//! The only door out of an actor.

use super::actor::{Actor, ActorId, LinkId};
use super::agenda::{Key, Lane};
use super::fault::{FaultKind, Verdict};
use super::rng::{Purpose, Stream};
use super::time::Micros;
use super::world::{Core, Entry, Transfer};

/// What an actor may do while it handles one agenda entry.
pub struct Cx<'a, A: Actor> {
    pub(super) core: &'a mut Core<A>,
    pub(super) me: ActorId,
    pub(super) cause: u64,
    /// What led this actor to act at this moment.
    pub(super) wake: u64,
}

impl<A: Actor> Cx<'_, A> {
    #[must_use]
    pub fn now(&self) -> Micros {
        self.core.now
    }

    #[must_use]
    pub fn me(&self) -> ActorId {
        self.me
    }

    /// This actor's stream of random numbers for one purpose.
    pub fn rng(&mut self, purpose: Purpose) -> &mut Stream {
        self.core.streams[self.me.index()].of(purpose)
    }

    pub fn shared(&mut self) -> &mut A::Shared {
        &mut self.core.shared
    }

    #[must_use]
    pub fn shared_ref(&self) -> &A::Shared {
        &self.core.shared
    }

    /// Records what happened, to `message` if it is about one. Everything scheduled afterwards in this turn
    /// has it as its cause.
    pub fn fact(&mut self, fact: impl Into<A::Fact>, message: Option<u64>) {
        let led = (self.cause, self.wake);
        self.cause = self.core.trace.record((self.core.now, self.me), fact.into(), message, led);
    }

    /// Records what a source made: it follows from nothing, whatever was made before.
    pub fn originate(&mut self, fact: impl Into<A::Fact>, message: u64) {
        self.resume_from(0);
        self.fact(fact, Some(message));
    }

    /// Records what this actor hears of a message that is with somebody else by now: no step of the message's own life.
    pub fn report(&mut self, fact: impl Into<A::Fact>, message: Option<u64>) {
        let led = (self.cause, self.wake);
        self.cause = self.core.trace.report((self.core.now, self.me), fact.into(), message, led);
    }

    /// What this actor does next in this turn follows from the latest step of a message's own life.
    pub fn follow(&mut self, message: u64) {
        let latest = self.core.trace.latest(message);
        if latest != 0 {
            self.cause = latest;
        }
    }

    /// What becomes of a copy follows from what became of the message that it is made from.
    pub fn descend(&mut self, copy: u64, from: u64) {
        self.core.trace.descend(copy, from);
    }

    /// Wakes this actor after `delay`; the key cancels it.
    pub fn wake_in(&mut self, delay: Micros, timer: impl Into<A::Timer>) -> Key {
        self.wake_at(self.core.now.saturating_add(delay), timer)
    }

    /// Wakes this actor at `at`, at once if that lies in the past.
    pub fn wake_at(&mut self, at: Micros, timer: impl Into<A::Timer>) -> Key {
        self.wake_in_lane(at.max(self.core.now), Lane::Timer, timer)
    }

    /// Wakes this actor at this instant, when all timers have rung and all has arrived that does so now.
    pub fn wake_late(&mut self, timer: impl Into<A::Timer>) -> Key {
        self.wake_in_lane(self.core.now, Lane::Late, timer)
    }

    fn wake_in_lane(&mut self, at: Micros, lane: Lane, timer: impl Into<A::Timer>) -> Key {
        let entry = Entry::Wake { actor: self.me, timer: timer.into(), cause: self.cause };
        self.core.agenda.schedule(at, lane, entry)
    }

    pub fn cancel(&mut self, key: Key) {
        self.core.agenda.cancel(key);
    }

    /// Sends a signal over `link`; it arrives after `delay` unless a fault decides otherwise. On no link nothing
    /// can befall it.
    pub fn send(&mut self, to: ActorId, link: LinkId, delay: Micros, signal: A::Signal) {
        self.send_behind(0, to, link, delay, signal);
    }

    /// The same, and it arrives no sooner than `earliest`: it follows another signal. Gives back when it arrives.
    pub fn send_behind(
        &mut self,
        earliest: Micros,
        to: ActorId,
        link: LinkId,
        delay: Micros,
        signal: A::Signal,
    ) -> Micros {
        if to == ActorId::OUTSIDE {
            self.core.outbox.push((self.core.now, signal));
            return self.core.now;
        }
        let (delay_percent, lost) = if self.core.faults.is_empty() || link == LinkId::NONE {
            (100, None)
        } else {
            let Core { faults, streams, now, .. } = &mut *self.core;
            let stream = streams[self.me.index()].of("fault");
            match faults.judge([self.me, to], link, *now, |parts| stream.chance(parts)) {
                Verdict::Deliver { delay_percent } => (delay_percent, None),
                Verdict::Lose(kind) => (100, Some(kind)),
                Verdict::Duplicate { delay_percent } => {
                    if let Some(copy) = A::duplicate(&signal, &mut self.core.shared) {
                        self.launch((to, link), earliest, stretch(delay, delay_percent), copy, None);
                    }
                    (delay_percent, None)
                }
            }
        };
        self.launch((to, link), earliest, stretch(delay, delay_percent), signal, lost)
    }

    fn launch(
        &mut self,
        (to, link): (ActorId, LinkId),
        earliest: Micros,
        delay: Micros,
        signal: A::Signal,
        lost: Option<FaultKind>,
    ) -> Micros {
        let now = self.core.now;
        let arrives = now.saturating_add(delay).max(earliest);
        let transfer = Transfer { from: self.me, to, link, departs: now, arrives, signal, lost, cause: self.cause };
        let index = self.core.transfers.insert(transfer);
        self.core.agenda.schedule(arrives, Lane::Arrival, Entry::Arrive(index));
        arrives
    }

    /// The faults that strike this actor now.
    pub fn faults(&self) -> impl Iterator<Item = FaultKind> + '_ {
        self.core.faults.on_actor(self.me, self.core.now)
    }

    /// Whether this actor is down now.
    #[must_use]
    pub fn is_down(&self) -> bool {
        self.outage().is_some()
    }

    /// The outage of this actor, the most silent one where there are several.
    #[must_use]
    pub fn outage(&self) -> Option<FaultKind> {
        self.faults().filter(|fault| fault.is_outage()).max_by_key(|fault| fault.outage())
    }

    /// The fact that what this actor does now follows from.
    #[must_use]
    pub fn cause(&self) -> u64 {
        self.cause
    }

    /// What this actor does next in this turn follows from an earlier fact.
    pub fn resume_from(&mut self, cause: u64) {
        (self.cause, self.wake) = (cause, cause);
    }

    /// `duration` as the faults on this actor stretch it.
    #[must_use]
    pub fn stretched(&self, duration: Micros) -> Micros {
        let slow = self.faults().filter_map(|kind| match kind {
            FaultKind::Slow { percent } => Some(percent),
            _ => None,
        });
        stretch(duration, slow.max().unwrap_or(100))
    }

    /// Stops the run with an explanation the user sees.
    pub fn halt(&mut self, why: String) {
        self.core.stop(why);
    }
}

fn stretch(duration: Micros, percent: u32) -> Micros {
    duration.saturating_mul(u64::from(percent)) / 100
}
