//! The world: actors, what is going to happen to them, and the step that makes it happen.

use std::collections::BTreeSet;

use super::actor::{Actor, ActorId, LinkId};
use super::agenda::{Agenda, Lane};
use super::cx::Cx;
use super::fault::{Fault, FaultKind, FaultScope, Faults, Outage};
use super::limits;
use super::rng::Streams;
use super::time::Micros;
use super::trace::Trace;

/// A signal on its way: the view computes where it is from these times.
#[derive(Clone, Debug)]
pub struct Transfer<S> {
    pub from: ActorId,
    pub to: ActorId,
    pub link: LinkId,
    pub departs: Micros,
    pub arrives: Micros,
    pub signal: S,
    /// The fault that keeps it from arriving.
    pub lost: Option<FaultKind>,
    pub(super) cause: u64,
}

/// Transfers under way, by index; freed indices are used again.
#[derive(Clone, Debug)]
pub(super) struct Transfers<S> {
    slots: Vec<Option<Transfer<S>>>,
    free: Vec<u32>,
}

impl<S> Transfers<S> {
    pub(super) fn insert(&mut self, transfer: Transfer<S>) -> u32 {
        if let Some(index) = self.free.pop() {
            self.slots[index as usize] = Some(transfer);
            return index;
        }
        self.slots.push(Some(transfer));
        u32::try_from(self.slots.len() - 1).expect("the agenda's bound is far below 2^32 entries")
    }

    fn take(&mut self, index: u32) -> Transfer<S> {
        self.free.push(index);
        self.slots[index as usize].take().expect("a scheduled arrival has its transfer")
    }
}

#[derive(Clone, Debug)]
pub(super) enum Entry<T> {
    Wake { actor: ActorId, timer: T, cause: u64 },
    Arrive(u32),
    Script(u32),
    Strike { actor: ActorId, kind: FaultKind, begins: bool },
}

/// Why a run stopped by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt {
    pub at: Micros,
    pub why: String,
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stepped {
    /// An entry was handled.
    Handled,
    /// A script entry fell due: the caller acts, at the world's present instant.
    Script(u32),
    /// Nothing is due up to the bound, or the run halted.
    Idle,
}

/// Everything of a world but its actors, so that an actor can be borrowed beside it.
#[derive(Clone)]
pub(super) struct Core<A: Actor> {
    pub(super) now: Micros,
    pub(super) seed: u64,
    pub(super) agenda: Agenda<Entry<A::Timer>>,
    pub(super) transfers: Transfers<A::Signal>,
    pub(super) streams: Vec<Streams>,
    pub(super) trace: Trace<A::Fact>,
    pub(super) shared: A::Shared,
    pub(super) faults: Faults,
    pub(super) outbox: Vec<(Micros, A::Signal)>,
    halt: Option<Halt>,
    handled_at_now: u64,
    handled: u64,
    /// Whether what arrives is kept for who watches, until the next entry is handled.
    watched: bool,
    arrived: Option<(ActorId, A::Signal)>,
}

impl<A: Actor> Core<A> {
    pub(super) fn stop(&mut self, why: String) {
        if self.halt.is_none() {
            self.halt = Some(Halt { at: self.now, why });
        }
    }
}

/// A simulation. `Clone` is a checkpoint: a clone goes on exactly as the original would.
#[derive(Clone)]
pub struct World<A: Actor> {
    actors: Vec<A>,
    core: Core<A>,
}

impl<A: Actor> World<A> {
    #[must_use]
    pub fn new(seed: u64, shared: A::Shared) -> Self {
        let core = Core {
            now: 0,
            seed,
            agenda: Agenda::default(),
            transfers: Transfers { slots: Vec::new(), free: Vec::new() },
            streams: Vec::new(),
            trace: Trace::default(),
            shared,
            faults: Faults::default(),
            outbox: Vec::new(),
            halt: None,
            handled_at_now: 0,
            handled: 0,
            watched: false,
            arrived: None,
        };
        Self { actors: Vec::new(), core }
    }

    /// Adds an actor; its random streams depend on its name, not on its index.
    ///
    /// # Panics
    /// At 2³² actors.
    pub fn add(&mut self, name: &str, actor: A) -> ActorId {
        let id = ActorId(u32::try_from(self.actors.len()).expect("fewer than 2^32 actors"));
        self.actors.push(actor);
        self.core.streams.push(Streams::new(self.core.seed, name));
        id
    }

    #[must_use]
    pub fn now(&self) -> Micros {
        self.core.now
    }

    #[must_use]
    pub fn actor(&self, id: ActorId) -> &A {
        &self.actors[id.index()]
    }

    #[must_use]
    pub fn actors(&self) -> &[A] {
        &self.actors
    }

    #[must_use]
    pub fn trace(&self) -> &Trace<A::Fact> {
        &self.core.trace
    }

    #[must_use]
    pub fn shared(&self) -> &A::Shared {
        &self.core.shared
    }

    pub fn shared_mut(&mut self) -> &mut A::Shared {
        &mut self.core.shared
    }

    #[must_use]
    pub fn halt(&self) -> Option<&Halt> {
        self.core.halt.as_ref()
    }

    /// Lets a halted run go on: what halted it may have been mended.
    pub fn resume(&mut self) {
        self.core.halt = None;
        self.core.handled_at_now = 0;
    }

    /// Entries handled since the start.
    #[must_use]
    pub fn handled(&self) -> u64 {
        self.core.handled
    }

    /// Entries still to happen.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.core.agenda.len()
    }

    #[must_use]
    pub fn next_time(&self) -> Option<Micros> {
        self.core.agenda.peek_time()
    }

    pub fn transfers(&self) -> impl Iterator<Item = &Transfer<A::Signal>> {
        self.core.transfers.slots.iter().flatten()
    }

    /// What was sent outside since the last call, with its time.
    pub fn drain_outbox(&mut self) -> Vec<(Micros, A::Signal)> {
        std::mem::take(&mut self.core.outbox)
    }

    /// Lets `act` act on an actor at the present instant, through the same door as the kernel does.
    pub fn with<R>(&mut self, id: ActorId, act: impl FnOnce(&mut A, &mut Cx<'_, A>) -> R) -> R {
        let mut cx = Cx { core: &mut self.core, me: id, cause: 0, wake: 0 };
        act(&mut self.actors[id.index()], &mut cx)
    }

    /// Puts a mark into the script's lane: [`Stepped::Script`] reports it when it falls due.
    pub fn schedule_script(&mut self, at: Micros, mark: u32) {
        self.core.agenda.schedule(at.max(self.core.now), Lane::Script, Entry::Script(mark));
    }

    /// Takes the marks off the script's lane that have not fallen due.
    pub fn withdraw_script(&mut self) -> BTreeSet<u32> {
        let withdrawn = self.core.agenda.withdraw(|entry| matches!(entry, Entry::Script(_)));
        let mut marks = BTreeSet::new();
        for entry in withdrawn {
            if let Entry::Script(mark) = entry {
                marks.insert(mark);
            }
        }
        marks
    }

    /// Keeps what arrives until the next entry is handled, for [`Self::arrived`]. It changes nothing of how a run goes.
    pub fn watch_arrivals(&mut self, watched: bool) {
        self.core.watched = watched;
        self.core.arrived = None;
    }

    /// What the entry handled last brought to an actor, while arrivals are watched.
    #[must_use]
    pub fn arrived(&self, actor: ActorId) -> Option<&A::Signal> {
        self.core.arrived.as_ref().filter(|(to, _)| *to == actor).map(|(_, signal)| signal)
    }

    /// The faults that hold at `at`.
    pub fn faults_at(&self, at: Micros) -> impl Iterator<Item = &Fault> {
        self.core.faults.active(at)
    }

    /// Adds a fault; actors it strikes learn when it begins and ends. One without an end is never over.
    pub fn add_fault(&mut self, fault: Fault) {
        self.core.faults.add(fault);
        if let FaultScope::Actor(actor) = fault.scope {
            let turns = [(fault.from, true), (fault.until, false)];
            for (at, begins) in turns.into_iter().filter(|(at, _)| *at < Micros::MAX) {
                let entry = Entry::Strike { actor, kind: fault.kind, begins };
                self.core.agenda.schedule(at.max(self.core.now), Lane::Fault, entry);
            }
        }
    }

    /// Handles the next entry due at or before `until`.
    pub fn step(&mut self, until: Micros) -> Stepped {
        if self.core.halt.is_some() {
            return Stepped::Idle;
        }
        let Some((time, entry)) = self.core.agenda.pop_until(until) else { return Stepped::Idle };
        debug_assert!(time >= self.core.now, "virtual time ran backwards");
        if time > self.core.now {
            self.core.now = time;
            self.core.handled_at_now = 0;
        }
        self.guard();
        self.core.arrived = None;
        match entry {
            Entry::Wake { actor, timer, cause } => {
                let mut cx = Cx { core: &mut self.core, me: actor, cause, wake: cause };
                self.actors[actor.index()].wake(timer, &mut cx);
            }
            Entry::Arrive(index) => self.arrive(index),
            Entry::Script(mark) => return Stepped::Script(mark),
            Entry::Strike { actor, kind, begins } => {
                if !begins {
                    self.core.faults.forget_ended(time);
                }
                let mut cx = Cx { core: &mut self.core, me: actor, cause: 0, wake: 0 };
                self.actors[actor.index()].struck(kind, begins, &mut cx);
            }
        }
        Stepped::Handled
    }

    fn arrive(&mut self, index: u32) {
        let Transfer { from, to, link, signal, lost, cause, .. } = self.core.transfers.take(index);
        // Whoever is down and still says so answers by itself.
        let is_silent = |kind: &FaultKind| kind.outage() == Some(Outage::Silence);
        let outage = || self.core.faults.on_actor(to, self.core.now).find(is_silent);
        let safe = self.core.faults.is_empty() || link == LinkId::NONE;
        let lost = if safe { lost } else { lost.or_else(outage) };
        let me = if lost.is_some() { from } else { to };
        if self.core.watched && lost.is_none() {
            self.core.arrived = Some((to, signal.clone()));
        }
        let mut cx = Cx { core: &mut self.core, me, cause, wake: cause };
        match lost {
            None => self.actors[to.index()].receive(from, signal, &mut cx),
            Some(why) => self.actors[from.index()].lost(to, link, signal, why, &mut cx),
        }
    }

    /// Stops a run that no longer moves in time, or that grows without bound.
    fn guard(&mut self) {
        self.core.handled += 1;
        self.core.handled_at_now += 1;
        if self.core.handled_at_now > limits::ENTRIES_PER_INSTANT_MAX {
            let most = limits::ENTRIES_PER_INSTANT_MAX;
            self.core.stop(format!(
                "More than {most} things happened at one instant: something loops without taking any time. \
                 Give a link a latency, or break the loop."
            ));
        }
        if self.core.agenda.len() > limits::AGENDA_ENTRIES_MAX {
            let most = limits::AGENDA_ENTRIES_MAX;
            self.core.stop(format!("More than {most} things are waiting to happen. Lower a producer's Rate."));
        }
    }

    /// Handles everything due at or before `until`, then moves the clock there. Stops early at a script mark
    /// (which the caller acts on before calling again) or a halt.
    pub fn step_until(&mut self, until: Micros) -> Stepped {
        loop {
            match self.step(until) {
                Stepped::Handled => {}
                Stepped::Idle if self.core.halt.is_none() => {
                    self.settle(until);
                    return Stepped::Idle;
                }
                other => return other,
            }
        }
    }

    /// Lets go of the trace's records; [`Self::take_records_of`] brings them back.
    pub fn drop_records(&mut self) {
        self.core.trace.drop_window();
    }

    /// Holds the records again that `later`, the same run at a later time, still holds of its past.
    pub fn take_records_of(&mut self, later: &Self) {
        self.core.trace.fill_from(&later.core.trace);
    }

    /// Moves the clock to `at` when nothing is due before it.
    pub fn settle(&mut self, at: Micros) {
        if at > self.core.now {
            self.core.now = at;
            self.core.handled_at_now = 0;
        }
    }
}
