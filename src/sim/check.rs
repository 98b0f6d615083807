//! A scene's own checks: what its author says must be true of its run.
//!
//! Each is `{"at": "60s", "path": "nodes.orders.NumberOfMessagesSent", "is": ">= 100", "say": "…"}`: at a
//! virtual time, the value at a path of the report stands in a relation (`=`, `!=`, `<`, `<=`, `>`, `>=`).

use serde_json::Value;

use super::report::report;
use super::run::Run;
use crate::lang::duration::parse_duration;
use crate::scene::Scene;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub passed: bool,
    pub sentence: String,
}

/// Runs the scene and judges its `"checks"`.
///
/// # Errors
/// A sentence that names the check that cannot be read.
pub fn check(scene: &Scene) -> Result<Vec<Verdict>, String> {
    let checks = scene.unopened.iter().find(|(field, _)| field == "checks").map(|(_, value)| value);
    let checks = match checks {
        None => return Ok(Vec::new()),
        Some(Value::Array(checks)) => checks,
        Some(_) => return Err("checks: must be a list".to_owned()),
    };
    let mut parsed = Vec::new();
    for (index, check) in checks.iter().enumerate() {
        parsed.push(Check::read(check).map_err(|message| format!("checks[{index}]: {message}"))?);
    }
    parsed.sort_by_key(|check| check.at);
    let mut run = Run::new(scene);
    let judge = |check: Check<'_>| {
        run.advance_to(check.at);
        check.judge(&report(&run, &[]))
    };
    Ok(parsed.into_iter().map(judge).collect())
}

struct Check<'a> {
    at: u64,
    path: &'a str,
    relation: &'a str,
    bound: Value,
    say: &'a str,
}

impl<'a> Check<'a> {
    fn read(value: &'a Value) -> Result<Self, String> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name} must be a text"));
        let (relation, bound) =
            text("is")?.split_once(' ').ok_or("is must be a relation and a value, such as \">= 100\"")?;
        if !["=", "!=", "<", "<=", ">", ">="].contains(&relation) {
            return Err(format!("\"{relation}\" is not a relation; allowed are = != < <= > >="));
        }
        let bound = serde_json::from_str(bound).map_err(|_| format!("\"{bound}\" is not a JSON value"))?;
        let say = value.get("say").and_then(Value::as_str).unwrap_or_default();
        Ok(Self { at: parse_duration(text("at")?)?, path: text("path")?, relation, bound, say })
    }

    fn judge(&self, report: &Value) -> Verdict {
        let found = self.path.split('.').try_fold(report, |value, part| value.get(part));
        let numbers = found.and_then(Value::as_f64).zip(self.bound.as_f64());
        let passed = match (self.relation, numbers) {
            ("=", Some((a, b))) => (a - b).abs() < 1e-9,
            ("!=", Some((a, b))) => (a - b).abs() >= 1e-9,
            ("<", Some((a, b))) => a < b,
            ("<=", Some((a, b))) => a <= b,
            (">", Some((a, b))) => a > b,
            (">=", Some((a, b))) => a >= b,
            ("=", None) => found == Some(&self.bound),
            ("!=", None) => found.is_some_and(|found| *found != self.bound),
            _ => false,
        };
        let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
        let (path, relation, bound) = (self.path, self.relation, &self.bound);
        let said = if self.say.is_empty() { String::new() } else { format!("{}: ", self.say) };
        Verdict { passed, sentence: format!("{said}{path} is {found}, wanted {relation} {bound}") }
    }
}
