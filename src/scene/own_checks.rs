//! A scene's own checks: what its author says must be true of its run.
//!
//! Each is `{"at": "60s", "path": "nodes.orders.NumberOfMessagesSent", "is": ">= 100", "say": "…"}`: at a
//! virtual time, the value at a path of the report stands in a relation (`=`, `!=`, `<`, `<=`, `>`, `>=`).

use serde_json::Value;

use super::document::Scene;
use super::limits;
use super::problem::Problem;
use crate::engine::Sort;
use crate::lang::duration::parse_duration;

const RELATIONS: [&str; 6] = ["=", "!=", "<", "<=", ">", ">="];

/// One of a scene's own checks.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnCheck<'a> {
    /// Its place in the scene's list.
    pub index: usize,
    /// Microseconds since the start.
    pub at: u64,
    /// Into the report, with dots.
    pub path: &'a str,
    /// One of `=`, `!=`, `<`, `<=`, `>`, `>=`.
    pub relation: &'a str,
    pub bound: Value,
    /// The author's words; may be empty.
    pub say: &'a str,
}

impl Scene {
    /// The scene's own checks in the order of their times, and a problem for each that cannot be read.
    #[must_use]
    pub fn own_checks(&self) -> (Vec<OwnCheck<'_>>, Vec<Problem>) {
        match self.unopened.iter().find(|(field, _)| field == "checks").map(|(_, value)| value) {
            None => (Vec::new(), Vec::new()),
            Some(Value::Array(list)) => read_all(list),
            Some(_) => (Vec::new(), vec![Problem::new("checks", "must be a list")]),
        }
    }

    #[inline(never)] // second part
    pub(super) fn check_own_checks(&self, problems: &mut Vec<Problem>) {
        problems.extend(self.own_checks().1);
    }
}

fn read_all(list: &[Value]) -> (Vec<OwnCheck<'_>>, Vec<Problem>) {
    let (mut checks, mut problems) = (Vec::new(), Vec::new());
    for (index, value) in list.iter().enumerate().take(limits::CHECKS_MAX) {
        match OwnCheck::read(index, value) {
            Ok(check) => checks.push(check),
            Err(message) => problems.push(Problem::new(format!("checks[{index}]"), message)),
        }
    }
    if list.len() > limits::CHECKS_MAX {
        let (most, count) = (limits::CHECKS_MAX, list.len());
        problems.push(Problem::new("checks", format!("has {count} checks; the first {most} are judged")));
    }
    checks.order_by_key(|check| check.at);
    (checks, problems)
}

impl<'a> OwnCheck<'a> {
    fn read(index: usize, value: &'a Value) -> Result<Self, String> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name} must be a text"));
        let (relation, bound) =
            text("is")?.split_once(' ').ok_or("is must be a relation and a value, such as \">= 100\"")?;
        if !RELATIONS.contains(&relation) {
            return Err(format!("\"{relation}\" is not a relation; allowed are {}", RELATIONS.join(" ")));
        }
        let bound = serde_json::from_str(bound).map_err(|_| format!("\"{bound}\" is not a JSON value"))?;
        let say = value.get("say").and_then(Value::as_str).unwrap_or_default();
        Ok(Self { index, at: parse_duration(text("at")?)?, path: text("path")?, relation, bound, say })
    }
}

#[cfg(test)]
mod tests {
    use crate::scene::read_scene;
    use serde_json::json;

    fn problems(checks: &serde_json::Value) -> Vec<String> {
        let scene = read_scene(&json!({ "version": 1, "checks": checks }).to_string()).0;
        scene.problems().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_cannot_be_read_is_a_problem_with_its_place() {
        let good = json!({ "at": "1s", "path": "facts", "is": "> 0" });
        assert_eq!(problems(&json!([good])), [""; 0]);
        let late = json!({ "at": "soon", "path": "facts", "is": "> 0" });
        let about = json!({ "at": "1s", "path": "facts", "is": "about 3" });
        let said = problems(&json!([good, late, about]));
        assert!(said[0].starts_with("checks[1]: ") && said[0].contains("soon"), "{said:?}");
        assert_eq!(said[1], "checks[2]: \"about\" is not a relation; allowed are = != < <= > >=");
        assert_eq!(problems(&json!("all is well")), ["checks: must be a list"]);
    }

    #[test]
    fn more_than_are_judged_is_a_problem() {
        let check = json!({ "at": "1s", "path": "facts", "is": "> 0" });
        assert_eq!(problems(&vec![check; 201].into()), ["checks: has 201 checks; the first 200 are judged"]);
    }

    #[test]
    fn they_stand_in_the_order_of_their_times() {
        let at = |time: &str| json!({ "at": time, "path": "facts", "is": "> 0" });
        let scene = read_scene(&json!({ "version": 1, "checks": [at("9s"), at("2s"), at("9s")] }).to_string()).0;
        let order: Vec<usize> = scene.own_checks().0.iter().map(|check| check.index).collect();
        assert_eq!(order, [1, 0, 2]);
    }
}
