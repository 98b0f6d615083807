//! What lies inside a state machine: its executions, the latest first; in one of them its history; and in that each visit of
//! a state, stage by stage.

use std::sync::Arc;

use serde_json::json;

use super::executions::Held;
use super::model::Model;
use super::prices;
use super::visit::{Visit, latest_of, visit_of};
use crate::engine::{Micros, clock_text};
use crate::lang::asl::execution::Status;
use crate::lang::asl::execution::event::{Event, EventKind, TaskEvent};
use crate::lang::asl::execution::failure::Error;
use crate::lang::asl::machine::StateId;
use crate::lang::duration::format_duration;
use crate::services::contract::inside::{Inside, ROWS_MAX, Row, SuggestedCall};

const EXECUTIONS: [&str; 7] = ["Execution", "Status", "State", "Started", "Duration", "Transitions", "Cost"];
const HISTORY: [&str; 6] = ["Event", "Type", "State", "At", "Follows", "What"];

impl Model {
    pub(super) fn look_inside(&self, now: Micros) -> Inside {
        let all = || self.executions.iter().rev().filter(|(_, held)| held.parent.is_none());
        Inside {
            columns: Inside::named(&EXECUTIONS),
            rows: all().take(ROWS_MAX).map(|(_, held)| self.row(held, now)).collect(),
            total: all().count() as u64,
            calls: vec![SuggestedCall { action: "StartExecution", input: json!({ "input": "{}" }) }],
        }
    }

    /// `[execution]` is its history, `[execution, "#5 Charge"]` the visit that begins with its fifth event.
    pub(super) fn look_deeper(&self, way: &[String]) -> Option<Inside> {
        let held = self.executions.get(self.executions.find(way.first()?)?)?;
        let Some(visit) = way.get(1) else { return Some(history(held)) };
        let number = visit.trim_start_matches('#').split(' ').next()?.parse().ok()?;
        let visit = Visit::new(&held.execution, number)?;
        let row = |(what, value): (String, String)| Row { cells: vec![what, value], ..Row::default() };
        let rows: Vec<Row> = visit.stages().into_iter().map(row).collect();
        let name = held.execution.machine().states[visit.state].name.clone();
        let total = rows.len() as u64;
        Some(Inside { columns: vec![name.into(), "Value".into()], rows, total, calls: Vec::new() })
    }

    /// What one looks at who points at a place of the card: the latest visit of the state there, of the execution that one
    /// looks at already, else of the latest that has been there.
    pub(super) fn way_at(&self, at: (f32, f32), size: (f32, f32), way: &[String]) -> Option<Vec<String>> {
        let drawing = self.config.drawing()?;
        let fit = drawing.fit(size);
        let state = drawing.graph.state_at((at.0 - fit.x) / fit.scale, (at.1 - fit.y) / fit.scale)?;
        let chosen =
            way.first().and_then(|name| self.executions.find(name)).and_then(|number| self.executions.get(number));
        let machine = self.config.machine.as_ref()?;
        let others = self.executions.iter().rev().map(|(_, held)| held);
        let mut candidates = chosen.into_iter().chain(others);
        candidates.find_map(|held| {
            let execution = &held.execution;
            let is_of_this = Arc::ptr_eq(execution.machine(), machine) || **execution.machine() == **machine;
            let visit = latest_of(execution, state).filter(|_| is_of_this)?;
            let name = &machine.states[state].name;
            Some(vec![execution.identity().name.clone(), format!("#{visit} {name}")])
        })
    }

    fn row(&self, held: &Held, now: Micros) -> Row {
        let execution = &held.execution;
        let identity = execution.identity();
        let arn = json!({ "executionArn": identity.id });
        let call = |action| SuggestedCall { action, input: arn.clone() };
        let mut calls = vec![call("DescribeExecution")];
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
                identity.name.clone(),
                execution.status().name().to_owned(),
                state.unwrap_or_else(|| execution.error().name().to_owned()),
                clock_text(execution.started()),
                format_duration(time),
                execution.transitions().to_string(),
                cost(identity.is_express, execution.transitions(), time),
            ],
            calls,
            opens: Some(identity.name.clone()),
        }
    }
}

/// What AWS asks for one execution, in millionths of a dollar.
fn cost(is_express: bool, transitions: u64, time: Micros) -> String {
    let price = |price: &crate::services::Price, count: f64| price.usd * count / price.per;
    let usd = if is_express {
        // Each 100 ms begun.
        let time = time.div_ceil(100_000) as f64 * 100.0 * prices::MEGABYTES as f64;
        price(prices::REQUEST, 1.0) + price(prices::TIME, time)
    } else {
        price(prices::TRANSITION, transitions as f64)
    };
    format!("{:.1} µ$", usd * 1e6)
}

fn history(held: &Held) -> Inside {
    let execution = &held.execution;
    let (history, machine) = (execution.history(), execution.machine());
    let name = |state: StateId| machine.states[state].name.clone();
    let row = |event: &Event| {
        let visit = visit_of(history, event.id);
        let state = match &event.kind {
            EventKind::Exited { state, .. } | EventKind::Aborted { state } => Some(*state),
            _ => visit.map(|(_, state)| state),
        };
        let state = state.map(name).unwrap_or_default();
        let opens = visit.map(|(visit, of)| format!("#{visit} {}", name(of)));
        let cells = vec![
            event.id.to_string(),
            event.type_name(&**machine),
            state,
            clock_text(event.at),
            event.previous.to_string(),
            what(&event.kind),
        ];
        Row { cells, opens, ..Row::default() }
    };
    let arn = json!({ "executionArn": execution.identity().id });
    Inside {
        columns: Inside::named(&HISTORY),
        rows: history.iter().take(ROWS_MAX).map(row).collect(),
        total: history.len() as u64,
        calls: vec![SuggestedCall { action: "GetExecutionHistory", input: arn }],
    }
}

/// What an event brings.
fn what(kind: &EventKind) -> String {
    let failed = |error: &Error| format!("{}: {}", error.name(), error.cause.as_deref().unwrap_or_default());
    match kind {
        EventKind::ExecutionStarted { input, .. } | EventKind::Entered { input, .. } => input.to_string(),
        EventKind::ExecutionSucceeded { output } | EventKind::Exited { output, .. } => output.to_string(),
        EventKind::ExecutionFailed(error)
        | EventKind::ExecutionTimedOut(error)
        | EventKind::ExecutionAborted(error)
        | EventKind::EvaluationFailed { error, .. }
        | EventKind::MapRunFailed(error)
        | EventKind::Task { event: TaskEvent::Failed(error) | TaskEvent::TimedOut(error), .. } => failed(error),
        EventKind::Task { event: TaskEvent::Scheduled(scheduled), .. } => scheduled.parameters.to_string(),
        EventKind::Task { event: TaskEvent::Submitted { output } | TaskEvent::Succeeded { output }, .. } => {
            output.to_string()
        }
        EventKind::MapStarted { length } => format!("{length} items"),
        EventKind::IterationStarted { index, .. }
        | EventKind::IterationSucceeded { index, .. }
        | EventKind::IterationFailed { index, .. }
        | EventKind::IterationAborted { index, .. } => format!("item {index}"),
        _ => String::new(),
    }
}
