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

/// Runs the scene and judges its `"checks"`, in the order of their times. `play` takes the run to a time; where it does not
/// get there, no more is judged.
#[must_use]
pub fn check(scene: &Scene, mut play: impl FnMut(&mut Run, Micros) -> bool) -> Vec<Verdict> {
    let mut run = Run::new(scene);
    let (checks, _) = scene.own_checks();
    checks.iter().map_while(|check| play(&mut run, check.at).then(|| judged(check, &run))).collect()
}

/// The verdict on a check, of a run that stands at its time.
#[must_use]
pub fn judged(check: &OwnCheck<'_>, run: &Run) -> Verdict {
    let report = report(run, &[]);
    let OwnCheck { index, at, path, relation, bound, say } = check;
    let found = path.split('.').try_fold(&report, |value, part| part_of(value, part));
    let passed = found.is_some_and(|found| stands(found, relation, bound));
    let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
    let said = if say.is_empty() { String::new() } else { format!("{say}: ") };
    Verdict { index: *index, at: *at, passed, sentence: format!("{said}{path} is {found}, wanted {relation} {bound}") }
}

/// A field of an object, or an entry of a list by its number.
fn part_of<'a>(value: &'a Value, part: &str) -> Option<&'a Value> {
    value.get(part).or_else(|| value.get(part.parse::<usize>().ok()?))
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
