//! Playing until something happens that is looked for.

use super::run::Run;
use crate::engine::{Micros, Stepped, TraceRecord};
use crate::figure::Tone;
use crate::services::{Describe, Fact};

/// How far a search came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// The number of the fact that was looked for; the run stands where it happened.
    Found(u64),
    /// The end of the time to be searched, or of all that will happen.
    End,
    /// It has handled as much as it was to.
    UnderWay,
}

/// Whether a person would want to stop at a fact: a failure, a refusal, an expiry, a loss.
#[must_use]
pub fn matters(record: &TraceRecord<Fact>) -> bool {
    record.fact.tone() >= Tone::Warn
}

impl Run {
    /// Plays up to and including `until`, at most `entries` of the agenda, and no further than to a fact that is
    /// wanted.
    pub fn search(
        &mut self,
        until: Micros,
        entries: u64,
        wanted: impl Fn(&Self, &TraceRecord<Fact>) -> bool,
    ) -> Sought {
        for _ in 0..entries {
            let before = self.trace().total();
            if self.step(until) == Stepped::Idle {
                if self.halt().is_none() && until < Micros::MAX {
                    self.note_history(until);
                    self.world.settle(until);
                }
                return Sought::End;
            }
            if let Some(found) = self.trace().since(before).find(|record| wanted(self, record)) {
                return Sought::Found(found.seq);
            }
        }
        Sought::UnderWay
    }
}
