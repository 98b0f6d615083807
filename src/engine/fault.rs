//! Faults as verdicts: what happens to a signal on its way, with a name for every loss.

use super::actor::{ActorId, LinkId};
use super::time::Micros;

/// How an actor that is down looks to those who call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outage {
    /// It takes calls, and fails at once each that it gets: a managed service in trouble.
    ServerError,
    /// Its machine refuses each call at once: the process is gone.
    Refusal,
    /// Nothing answers: the machine, or the way to it, is gone.
    Silence,
}

impl Outage {
    pub const ALL: [Self; 3] = [Self::ServerError, Self::Refusal, Self::Silence];

    /// The script's name of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ServerError => "ServerError",
            Self::Refusal => "Refusal",
            Self::Silence => "Silence",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outage| outage.name() == name)
    }
}

/// How something breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The actor is down, and loses what it was working on.
    Crash(Outage),
    /// Everything takes `percent` of its normal time.
    Slow { percent: u32 },
    /// The actor refuses requests as throttled.
    Throttle,
    /// Signals vanish with this probability.
    Drop { parts_per_million: u32 },
    /// Signals arrive twice with this probability.
    Duplicate { parts_per_million: u32 },
    /// Nothing passes.
    Partition,
    /// The Availability Zone is lost: a crash in silence, for all inside.
    AzOutage,
    /// The next message a consumer takes can never be processed.
    Poison,
}

impl FaultKind {
    /// The contract's name of it, which is also the drop reason it gives.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Crash(_) => "Crash",
            Self::Slow { .. } => "Slow",
            Self::Throttle => "Throttle",
            Self::Drop { .. } => "Drop",
            Self::Duplicate { .. } => "Duplicate",
            Self::Partition => "Partition",
            Self::AzOutage => "AzOutage",
            Self::Poison => "Poison",
        }
    }

    /// How the actor it strikes is down, if it is.
    #[must_use]
    pub fn outage(self) -> Option<Outage> {
        match self {
            Self::Crash(outage) => Some(outage),
            Self::AzOutage => Some(Outage::Silence),
            _ => None,
        }
    }

    #[must_use]
    pub fn is_outage(self) -> bool {
        self.outage().is_some()
    }
}

/// What a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultScope {
    Actor(ActorId),
    Link(LinkId),
}

/// A fault and the half-open window `[from, until)` in which it holds.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub kind: FaultKind,
    pub scope: FaultScope,
    pub from: Micros,
    pub until: Micros,
}

/// What becomes of one signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Deliver { delay_percent: u32 },
    Duplicate { delay_percent: u32 },
    Lose(FaultKind),
}

#[derive(Clone, Debug, Default)]
pub struct Faults {
    windows: Vec<Fault>,
}

impl Faults {
    pub fn add(&mut self, fault: Fault) {
        self.windows.push(fault);
    }

    pub(super) fn forget_ended(&mut self, now: Micros) {
        self.windows.retain(|fault| fault.until > now);
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// The faults that strike an actor now.
    pub fn on_actor(&self, actor: ActorId, now: Micros) -> impl Iterator<Item = FaultKind> + '_ {
        self.active(now).filter(move |fault| fault.scope == FaultScope::Actor(actor)).map(|fault| fault.kind)
    }

    pub(super) fn active(&self, now: Micros) -> impl Iterator<Item = &Fault> + '_ {
        self.windows.iter().filter(move |fault| fault.from <= now && now < fault.until)
    }

    /// Judges a signal that leaves now. `chance(parts_per_million)` draws.
    pub fn judge(&self, ends: [ActorId; 2], link: LinkId, now: Micros, mut chance: impl FnMut(u32) -> bool) -> Verdict {
        let (mut delay_percent, mut twice) = (100, false);
        for fault in self.active(now) {
            let touches = match fault.scope {
                FaultScope::Actor(actor) => ends.contains(&actor),
                FaultScope::Link(struck) => struck == link,
            };
            match fault.kind {
                _ if !touches => {}
                FaultKind::Partition => return Verdict::Lose(fault.kind),
                FaultKind::Drop { parts_per_million } if chance(parts_per_million) => {
                    return Verdict::Lose(fault.kind);
                }
                FaultKind::Duplicate { parts_per_million } => twice |= chance(parts_per_million),
                FaultKind::Slow { percent } => delay_percent = delay_percent.max(percent),
                _ => {}
            }
        }
        if twice { Verdict::Duplicate { delay_percent } } else { Verdict::Deliver { delay_percent } }
    }
}
