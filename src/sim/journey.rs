//! The life of one message, with those of the copies it came from and those that came of it, read from the trace.
//!
//! A fact's cause is the fact that led to it. So the first fact of a copy is caused by one of the message it was made
//! from, and no node has to keep who descends from whom. What an archive delivers once more begins with its replay.

use std::collections::{BTreeMap, BTreeSet};

use super::run::Run;
use crate::engine::{Trace, TraceRecord};
use crate::services::{Fact, Token};

/// Messages of one journey; what came of a message that went round in a loop is cut off.
const LEGS_MAX: usize = 400;

/// A message and its kin, the eldest first, each before its copies.
#[derive(Clone, Debug)]
pub struct Journey<'a> {
    pub legs: Vec<Leg<'a>>,
    /// Whether its beginning is still in the trace.
    pub whole: bool,
}

/// The life of one copy.
#[derive(Clone, Debug)]
pub struct Leg<'a> {
    pub token: Token,
    /// The message it came from.
    pub parent: Option<Token>,
    /// How many came before it.
    pub depth: usize,
    /// In the order they happened; never empty.
    pub facts: Vec<&'a TraceRecord<Fact>>,
}

/// The journey of a message, as far as the trace still tells; `None` if it tells nothing of it.
#[must_use]
pub fn journey(run: &Run, token: Token) -> Option<Journey<'_>> {
    let trace = run.trace();
    let window = trace.window();
    let (root, begins) = eldest(trace, token)?;
    let mut legs: BTreeMap<Token, Leg<'_>> = BTreeMap::new();
    let mut children: BTreeMap<Token, Vec<Token>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for record in window.range(begins..) {
        let Some(token) = record.message.filter(|token| *token >= root) else { continue };
        if let Some(leg) = legs.get_mut(&token) {
            leg.facts.push(record);
        } else if seen.insert(token) && legs.len() < LEGS_MAX {
            let parent = parent_of(trace, record).filter(|parent| legs.contains_key(parent));
            if token == root || parent.is_some() {
                let depth = parent.map_or(0, |parent| legs[&parent].depth + 1);
                legs.insert(token, Leg { token, parent, depth, facts: vec![record] });
                children.entry(parent.unwrap_or(token)).or_default().extend((token != root).then_some(token));
            }
        }
    }
    let cause = window[begins].cause;
    let whole = cause == 0 || trace.get(cause).is_some();
    let mut ordered = Vec::with_capacity(legs.len());
    let mut open = vec![root];
    while let Some(token) = open.pop() {
        ordered.extend(legs.remove(&token));
        open.extend(children.remove(&token).into_iter().flatten().rev());
    }
    Some(Journey { legs: ordered, whole })
}

/// The message it all came from, and where in the window its first fact is.
fn eldest(trace: &Trace<Fact>, token: Token) -> Option<(Token, usize)> {
    let window = trace.window();
    let first = |token: Token| window.iter().position(|record| record.message == Some(token));
    let (mut token, mut begins) = (token, first(token)?);
    // Each is older than the one before, so this ends.
    while let Some(parent) = parent_of(trace, &window[begins]) {
        (token, begins) = (parent, first(parent)?);
    }
    Some((token, begins))
}

/// The message that the one of this first fact came from: the one whose fact led to it.
fn parent_of(trace: &Trace<Fact>, first: &TraceRecord<Fact>) -> Option<Token> {
    let cause = trace.get(first.cause)?;
    cause.message.filter(|parent| Some(*parent) < first.message)
}
