//! Judging a scene's own checks over its run.

use serde_json::{Value, json};

use super::report::report;
use super::run::Run;
use crate::engine::Micros;
use crate::scene::{OwnCheck, Scene};

/// What became of one of a scene's own checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its place in the scene's list.
    pub index: usize,
    pub at: Micros,
    pub passed: bool,
    pub sentence: String,
}

impl Verdict {
    /// `{"index": 0, "at": 60000000, "passed": true, "sentence": "…"}`
    #[must_use]
    pub fn json(&self) -> Value {
        json!({ "index": self.index, "at": self.at, "passed": self.passed, "sentence": self.sentence })
    }
}

/// Runs the scene and judges its `"checks"`, in the order of their times.
#[must_use]
pub fn check(scene: &Scene) -> Vec<Verdict> {
    let mut run = Run::new(scene);
    let judge = |check: &OwnCheck<'_>| {
        run.advance_to(check.at);
        judged(check, &run)
    };
    scene.own_checks().0.iter().map(judge).collect()
}

/// The verdict on a check, of a run that stands at its time.
#[must_use]
pub fn judged(check: &OwnCheck<'_>, run: &Run) -> Verdict {
    let report = report(run, &[]);
    let OwnCheck { index, at, path, relation, bound, say } = check;
    let found = path.split('.').try_fold(&report, |value, part| value.get(part));
    let passed = found.is_some_and(|found| stands(found, relation, bound));
    let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
    let said = if say.is_empty() { String::new() } else { format!("{say}: ") };
    Verdict { index: *index, at: *at, passed, sentence: format!("{said}{path} is {found}, wanted {relation} {bound}") }
}

/// Whether a value stands in one of the relations `=`, `!=`, `<`, `<=`, `>`, `>=` to another. Only numbers have an order.
#[must_use]
pub fn stands(found: &Value, relation: &str, bound: &Value) -> bool {
    match (relation, found.as_f64().zip(bound.as_f64())) {
        ("=", Some((a, b))) => (a - b).abs() < 1e-9,
        ("!=", Some((a, b))) => (a - b).abs() >= 1e-9,
        ("<", Some((a, b))) => a < b,
        ("<=", Some((a, b))) => a <= b,
        (">", Some((a, b))) => a > b,
        (">=", Some((a, b))) => a >= b,
        ("=", None) => found == bound,
        ("!=", None) => found != bound,
        _ => false,
    }
}
