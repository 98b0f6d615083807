//! Random machines: every type of state, retriers and catchers, flows within flows; each leads forward, so each ends.

use serde_json::{Map, Value, json};

use crate::lang::asl::chance::{Seeded, random_integer};

const DEPTH_MAX: usize = 2;

struct Maker {
    chance: Seeded,
    names: u64,
}

/// The machine of a seed.
pub fn random(seed: u64) -> Value {
    let mut maker = Maker { chance: Seeded(seed), names: 0 };
    let mut definition = maker.flow(0);
    if maker.roll(5) == 0 {
        definition["TimeoutSeconds"] = json!(5 + maker.roll(30));
    }
    definition
}

impl Maker {
    fn roll(&mut self, below: i64) -> i64 {
        random_integer(&mut self.chance, 0, below)
    }

    fn flow(&mut self, depth: usize) -> Value {
        let count = 1 + self.roll(5) as usize;
        let names: Vec<String> = (0..count)
            .map(|_| {
                self.names += 1;
                format!("S{}", self.names)
            })
            .collect();
        let mut states = Map::new();
        for place in 0..count {
            states.insert(names[place].clone(), self.state(&names[place + 1..], depth));
        }
        // A state that nothing leads to would be a mistake of the definition.
        json!({ "StartAt": names[0], "States": reached(&names[0], states) })
    }

    fn state(&mut self, later: &[String], depth: usize) -> Value {
        let Some(next) = later.first() else { return self.last() };
        let far = later[self.roll(later.len() as i64) as usize].clone();
        let mut state = match self.roll(8) {
            0 => json!({ "Type": "Pass", "Assign": { "x": 1 } }),
            1 => json!({ "Type": "Wait", "Seconds": self.roll(4) }),
            2 => {
                let rule = json!({ "Variable": "$.n", "NumericLessThan": self.roll(6), "Next": far });
                return json!({ "Type": "Choice", "Choices": [rule], "Default": next });
            }
            3 if depth < DEPTH_MAX => {
                let branches: Vec<Value> = (0..=self.roll(3)).map(|_| self.flow(depth + 1)).collect();
                json!({ "Type": "Parallel", "Branches": branches, "ResultPath": null })
            }
            4 if depth < DEPTH_MAX => {
                let processor = self.flow(depth + 1);
                json!({ "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": self.roll(4), "ResultPath": null,
                    "ItemSelector": { "n.$": "$$.Map.Item.Index", "items": [1, 2] }, "ItemProcessor": processor })
            }
            _ => {
                let mut task = json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                    "Parameters": { "FunctionName": "f" }, "ResultPath": null });
                if self.roll(3) == 0 {
                    task["TimeoutSeconds"] = json!(1 + self.roll(3));
                }
                task
            }
        };
        if matches!(state["Type"].as_str(), Some("Task" | "Map" | "Parallel")) {
            if self.roll(2) == 0 {
                state["Retry"] = json!([{ "ErrorEquals": ["A", "States.Timeout"], "IntervalSeconds": 1,
                    "MaxAttempts": self.roll(3), "JitterStrategy": "FULL" }]);
            }
            if self.roll(2) == 0 {
                let error = if self.roll(2) == 0 { "States.ALL" } else { "B" };
                state["Catch"] = json!([{ "ErrorEquals": [error], "ResultPath": "$.error", "Next": far }]);
            }
        }
        state["Next"] = json!(next);
        state
    }

    fn last(&mut self) -> Value {
        match self.roll(6) {
            0 => json!({ "Type": "Fail", "Error": "B", "Cause": "why" }),
            1 => json!({ "Type": "Succeed" }),
            _ => json!({ "Type": "Pass", "End": true }),
        }
    }
}

/// The states that can be reached from the first.
fn reached(start: &str, states: Map<String, Value>) -> Map<String, Value> {
    let (mut names, mut at) = (vec![start.to_owned()], 0);
    while at < names.len() {
        let state = &states[&names[at]];
        let of = |list: &str| -> Vec<Value> {
            state[list].as_array().into_iter().flatten().map(|one| one["Next"].clone()).collect()
        };
        let next =
            [state["Next"].clone(), state["Default"].clone()].into_iter().chain(of("Choices")).chain(of("Catch"));
        for name in next.filter_map(|name| name.as_str().map(str::to_owned)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        at += 1;
    }
    states.into_iter().filter(|(name, _)| names.contains(name)).collect()
}
