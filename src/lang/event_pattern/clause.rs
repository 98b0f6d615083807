//! What a pattern is made of once `$or` is multiplied out: clauses, and branches of them.

use super::operator::Test;
use super::scalar::Scalar;
use crate::engine::Sort;

/// One leaf array: the field's dotted path, and what it may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Clause {
    pub(crate) path: String,
    pub(crate) tests: Vec<Test>,
    /// Some test is `exists: false`.
    pub(crate) absent_allowed: bool,
}

impl Clause {
    pub(crate) fn new(path: String, tests: Vec<Test>) -> Clause {
        let absent_allowed = tests.contains(&Test::Absent);
        Clause { path, tests, absent_allowed }
    }

    /// Whether a scalar at its path satisfies it.
    pub(crate) fn accepts(&self, given: Scalar<'_>) -> bool {
        self.tests.iter().any(|test| test.accepts(given))
    }
}

/// Clauses that must hold together, as places in the pattern's clauses; in the order of their paths, which is the
/// order Ruler asks them in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Branch {
    pub(crate) order: Vec<usize>,
}

impl Branch {
    pub(crate) fn new(clauses: &[Clause], mut order: Vec<usize>) -> Branch {
        order.order_by_key(|clause| (&clauses[*clause].path, *clause));
        Branch { order }
    }
}
