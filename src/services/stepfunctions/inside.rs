//! What lies inside a state machine: its executions, the latest first.

use serde_json::json;

use super::executions::Held;
use super::model::Model;
use crate::engine::{Micros, clock_text};
use crate::lang::asl::execution::Status;
use crate::lang::duration::format_duration;
use crate::services::contract::inside::{Inside, ROWS_MAX, Row, SuggestedCall};

impl Model {
    pub(super) fn look_inside(&self, now: Micros) -> Inside {
        let all = || self.executions.iter().rev().filter(|(_, held)| held.parent.is_none());
        Inside {
            columns: Inside::named(&["Execution", "Status", "State", "Started", "Duration", "Transitions"]),
            rows: all().take(ROWS_MAX).map(|(_, held)| row(held, now)).collect(),
            total: all().count() as u64,
            calls: vec![SuggestedCall { action: "StartExecution", input: json!({ "input": "{}" }) }],
        }
    }
}

fn row(held: &Held, now: Micros) -> Row {
    let execution = &held.execution;
    let arn = json!({ "executionArn": execution.identity().id });
    let call = |action| SuggestedCall { action, input: arn.clone() };
    let mut calls = vec![call("DescribeExecution"), call("GetExecutionHistory")];
    match execution.status() {
        Status::Running => calls.push(call("StopExecution")),
        Status::Succeeded => {}
        _ => calls.push(call("RedriveExecution")),
    }
    let time = execution.ended().unwrap_or(now).saturating_sub(execution.started());
    let state = execution.threads().last().filter(|_| execution.ended().is_none());
    let state = state.map(|(_, thread)| execution.machine().states[thread.state].name.clone());
    Row {
        token: held.message.as_ref().map(|message| message.token),
        hue: held.message.as_ref().map_or(0, |message| message.hue),
        cells: vec![
            execution.identity().name.clone(),
            execution.status().name().to_owned(),
            state.unwrap_or_else(|| execution.error().name().to_owned()),
            clock_text(execution.started()),
            format_duration(time),
            execution.transitions().to_string(),
        ],
        calls,
    }
}
