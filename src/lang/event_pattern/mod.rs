//! EventBridge event patterns and SNS filter policies: one matcher, two dialects.
//!
//! A pattern is compiled once and asked for every event. It mirrors the event: fields are ANDed, the values of one
//! array are ORed, fields that it does not name are ignored (EB-7, SNS-20). Both services run the same engine,
//! aws/event-ruler, so both see an event as Ruler does: a flat list of `path → scalar`, each scalar remembering which
//! element of which array it came from (EB-8).
//!
//! Absent on purpose:
//! - `exactly`, which Ruler knows but AWS's list of operators (EB-9) does not;
//! - equal spellings of one IP address under a plain string: only `cidr` reads addresses;
//! - Ruler's own estimate of a wildcard's cost, which AWS does not publish (see `limits`).

mod anchors;
mod attributes;
mod cidr;
mod clause;
mod consistency;
mod culprits;
mod error;
mod explanation;
mod json_text;
mod limits;
mod matcher;
mod number;
mod operator;
mod operator_syntax;
mod path_tree;
mod phrase;
mod reading;
mod rule_set;
mod scalar;
mod syntax;
mod trial;
mod wildcard;

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod generator;
#[cfg(test)]
mod oracle;

pub use attributes::attributes_value;
pub use error::PatternError;
pub use explanation::{Explanation, Refusal};
pub use limits::{
    EVENT_PATTERN_CHARS_MAX, FILTER_POLICY_BYTES_MAX, FILTER_POLICY_COMBINATIONS_MAX, FILTER_POLICY_KEYS_MAX,
    OR_COMBINATIONS_MAX,
};
pub use rule_set::RuleSet;
pub use trial::{Change, Trial, Verdict};

use clause::{Branch, Clause};
use serde_json::Value;

/// Who reads the pattern. The grammar is one; the limits, the refusals and a few operators differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A rule's `EventPattern`, matched against the whole event.
    EventBridge,
    /// A `FilterPolicy` with `FilterPolicyScope` `MessageAttributes`, matched against [`attributes_value`].
    SnsMessageAttributes,
    /// A `FilterPolicy` with `FilterPolicyScope` `MessageBody`, matched against the body's JSON object.
    SnsMessageBody,
}

impl Dialect {
    /// True for both scopes of a filter policy.
    pub(crate) fn is_sns(self) -> bool {
        self != Dialect::EventBridge
    }
}

/// A compiled pattern: numbers, addresses and wildcards are parsed, `$or` is multiplied out.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// Every leaf array of the pattern, in the order it was written.
    clauses: Vec<Clause>,
    /// The pattern as an OR of ANDs; one branch unless it uses `$or`.
    branches: Vec<Branch>,
}

impl Pattern {
    /// Compiles a pattern from its JSON text, whose length is limited as the service limits it.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Pattern, PatternError> {
        limits::check_length(text, dialect)?;
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            return Err(PatternError::new(dialect, "", error::invalid_json(dialect)));
        };
        syntax::compile(&value, dialect)
    }

    /// Compiles a pattern that is already JSON; its length is that of its compact text.
    pub fn from_value(value: &Value, dialect: Dialect) -> Result<Pattern, PatternError> {
        limits::check_length(&value.to_string(), dialect)?;
        syntax::compile(value, dialect)
    }

    /// Whether the event passes. Anything but a JSON object passes only an empty filter policy.
    pub fn matches(&self, event: &Value) -> bool {
        self.branches.iter().any(|branch| matcher::branch_matches(&self.clauses, branch, event))
    }

    /// Why the event passes or not; `matched` is always what [`Pattern::matches`] says.
    pub fn explain(&self, event: &Value) -> Explanation {
        explanation::explain(self, event)
    }

    /// Clause by clause whether the event passes, and the smallest change that would make it pass.
    pub fn try_on(&self, event: &Value) -> Trial {
        trial::try_on(self, event)
    }
}
