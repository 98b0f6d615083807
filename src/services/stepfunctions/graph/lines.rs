//! The lines of a flow: who leads to whom, and why. Several of one kind between the same two states are one line.

use super::words::{of_catcher, of_rule};
use super::{End, Why};
use crate::lang::asl::Machine;
use crate::lang::asl::machine::{Flow, StateId, StateKind};

#[derive(Clone, Debug, PartialEq)]
pub struct FlowLine {
    pub from: End,
    pub to: End,
    pub why: Why,
    pub label: String,
}

/// All lines of a flow. Those of the outermost begin at its start, and lead to its finish.
#[must_use]
pub fn lines_of(machine: &Machine, flow: &Flow, is_outermost: bool) -> Vec<FlowLine> {
    let mut lines: Vec<FlowLine> = Vec::new();
    let mut add = |from: End, to: End, why: Why, label: String| {
        // A state has few lines: those of it are the last ones.
        let same =
            lines.iter_mut().rev().take_while(|line| line.from == from).find(|line| line.to == to && line.why == why);
        match same {
            Some(line) if line.label.is_empty() || label.is_empty() => {}
            Some(line) => line.label += &format!(" or {label}"),
            None => lines.push(FlowLine { from, to, why, label }),
        }
    };
    if is_outermost {
        add(End::Start, End::State(flow.start), Why::Next, String::new());
    }
    for id in &flow.states {
        let (state, from) = (&machine.states[*id], End::State(*id));
        let to = |state: StateId| End::State(state);
        if let StateKind::Choice { rules, default } = &state.kind {
            for rule in rules {
                add(from, to(rule.next), Why::Rule, of_rule(rule));
            }
            if let Some(default) = default {
                add(from, to(*default), Why::Default, "default".to_owned());
            }
        } else {
            match state.next {
                Some(next) => add(from, to(next), Why::Next, String::new()),
                None if is_outermost => add(from, End::Finish, Why::Next, String::new()),
                None => {}
            }
        }
        for catcher in &state.catch {
            add(from, to(catcher.next), Why::Catch, of_catcher(catcher));
        }
    }
    lines
}
