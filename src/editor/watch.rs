//! Breakpoints at work: what a run that plays is held against, fact by fact.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::breakpoint::{Breakpoint, Comparison, Condition, Thousandths, pattern};
use crate::engine::TraceRecord;
use crate::lang::event_pattern::Pattern;
use crate::services::{Describe, Fact, Metric};
use crate::sim::Run;

/// Made anew whenever the run goes on: what is true then is no news.
pub struct Watch<'a> {
    stops: Vec<Stop<'a>>,
}

struct Stop<'a> {
    breakpoint: &'a Breakpoint,
    pattern: Option<Pattern>,
    /// The metric was past its number when it was looked at last.
    past: Cell<bool>,
}

impl<'a> Watch<'a> {
    #[must_use]
    pub fn of(breakpoints: &'a BTreeSet<Breakpoint>, run: &Run) -> Self {
        let stop = |breakpoint: &'a Breakpoint| {
            let pattern = match &breakpoint.when {
                Some(Condition::Matches(text)) => pattern(text).ok(),
                _ => None,
            };
            let past = Cell::new(is_past(breakpoint, run));
            Stop { breakpoint, pattern, past }
        };
        Self { stops: breakpoints.iter().map(stop).collect() }
    }

    /// Whether the messages that arrive have to be looked at.
    #[must_use]
    pub fn reads(&self) -> bool {
        let reads =
            |stop: &Stop<'_>| matches!(stop.breakpoint.when, Some(Condition::Contains(_) | Condition::Matches(_)));
        self.stops.iter().any(reads)
    }

    /// Whether the run is to pause at what just happened.
    #[must_use]
    pub fn stops(&self, run: &Run, record: &TraceRecord<Fact>) -> bool {
        let (node, fact) = (run.node_of(record), record.fact.name());
        let at = self.stops.iter().filter(|stop| stop.breakpoint.stops(node, fact));
        // Each looks, so that each knows what was true.
        at.filter(|stop| stop.holds(run, record)).count() > 0
    }
}

impl Stop<'_> {
    fn holds(&self, run: &Run, record: &TraceRecord<Fact>) -> bool {
        let arrived = |fits: &dyn Fn(&str) -> bool| run.arrived(record.actor).any(|message| fits(&message.body));
        match &self.breakpoint.when {
            None => true,
            Some(Condition::Contains(text)) => arrived(&|body| body.contains(&**text)),
            Some(Condition::Matches(_)) => arrived(&|body| match (&self.pattern, serde_json::from_str(body)) {
                (Some(pattern), Ok(body)) => pattern.matches(&body),
                _ => false,
            }),
            Some(Condition::Metric { .. }) => {
                let now = is_past(self.breakpoint, run);
                !self.past.replace(now) && now
            }
        }
    }
}

fn is_past(breakpoint: &Breakpoint, run: &Run) -> bool {
    let Some(Condition::Metric { name, is, than: Thousandths(than) }) = &breakpoint.when else { return false };
    let metrics = run.node(&breakpoint.node).map(|node| node.metrics(run.now())).unwrap_or_default();
    let found = metrics.into_iter().find(|(known, _)| known == name);
    let value = found.and_then(|(_, metric)| match metric {
        Metric::Count(count) | Metric::Level(count) => i64::try_from(count).ok()?.checked_mul(1_000),
        Metric::Seconds(time) => i64::try_from(time / 1_000).ok(),
        Metric::Milliseconds(time) => i64::try_from(time).ok(),
    });
    value.is_some_and(|value| match is {
        Comparison::Above => value > *than,
        Comparison::Below => value < *than,
    })
}
