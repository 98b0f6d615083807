//! Where a run pauses by itself: at a node, at one of its facts, or when a condition comes true there.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::lang::event_pattern::{Dialect, Pattern};
use crate::scene::Scene;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breakpoint {
    pub node: String,
    /// The name of a fact; without one, whatever happens at the node.
    pub fact: Option<String>,
    /// Only when this holds, too.
    pub when: Option<Condition>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// A message arrives whose body contains this text.
    Contains(String),
    /// A message arrives whose body, as JSON, matches this event pattern.
    Matches(String),
    /// A metric gets past a number.
    Metric { name: String, is: Comparison, than: Thousandths },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    Above,
    Below,
}

impl Comparison {
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::Below => "<",
        }
    }
}

/// A number with three decimals, which can be put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Thousandths(pub i64);

impl Thousandths {
    /// The nearest to a number, if that is one.
    #[must_use]
    pub fn of(number: f64) -> Option<Self> {
        (number.is_finite() && number.abs() < 1e15).then(|| Self(libm::rint(number * 1_000.0) as i64))
    }

    #[must_use]
    pub fn number(self) -> f64 {
        self.0 as f64 / 1_000.0
    }
}

impl Condition {
    /// # Errors
    /// What is wrong with it and what is allowed.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Contains(text) if text.is_empty() => Err("Say which text: part of a message's body.".to_owned()),
            Self::Matches(text) => pattern(text).map(drop),
            Self::Contains(_) | Self::Metric { .. } => Ok(()),
        }
    }
}

/// The pattern a condition is written as.
pub fn pattern(text: &str) -> Result<Pattern, String> {
    let value: Value = serde_json::from_str(text)
        .map_err(|_| "A pattern is JSON such as {\"amount\":[{\"numeric\":[\">\",100]}]}.".to_owned())?;
    Pattern::from_value(&value, Dialect::EventBridge).map_err(|error| error.to_string())
}

impl Breakpoint {
    #[must_use]
    pub fn stops(&self, node: &str, fact: &str) -> bool {
        self.node == node && self.fact.as_deref().is_none_or(|wanted| wanted == fact)
    }

    /// `orders when ApproximateNumberOfMessagesVisible > 10`.
    #[must_use]
    pub fn text(&self) -> String {
        let node = &self.node;
        let at = self.fact.as_ref().map_or_else(|| node.clone(), |fact| format!("{fact} of {node}"));
        match &self.when {
            None => at,
            Some(Condition::Contains(text)) => format!("{at} when a message has \u{201c}{text}\u{201d}"),
            Some(Condition::Matches(text)) => format!("{at} when a message matches {text}"),
            Some(Condition::Metric { name, is, than }) => format!("{at} when {name} {} {}", is.sign(), than.number()),
        }
    }
}

/// Sets it, or takes it away again.
pub fn toggle(breakpoints: &mut BTreeSet<Breakpoint>, scene: &Scene, breakpoint: Breakpoint) {
    let fits = breakpoint.when.as_ref().is_none_or(|condition| condition.check().is_ok());
    if fits && scene.node(&breakpoint.node).is_some() && !breakpoints.remove(&breakpoint) {
        breakpoints.insert(breakpoint);
    }
}

/// A node goes by another name.
pub fn rename(breakpoints: &mut BTreeSet<Breakpoint>, from: &str, to: &str) {
    let renamed = |breakpoint: Breakpoint| match breakpoint.node == from {
        true => Breakpoint { node: to.to_owned(), ..breakpoint },
        false => breakpoint,
    };
    *breakpoints = std::mem::take(breakpoints).into_iter().map(renamed).collect();
}
