//! What an execution's history brings into the trace: each event that a person follows is a fact of its message.

use std::sync::Arc;

use super::fact::Fact;
use super::model::Model;
use crate::engine::Micros;
use crate::lang::asl::execution::event::{Called, Event, EventKind, TaskEvent};
use crate::lang::asl::execution::failure::Error;
use crate::lang::asl::machine::{Machine, StateId};
use crate::services::Cx;

impl Model {
    /// Tells what has happened since it was told of last.
    pub(super) fn tell_news(&mut self, number: u64, cx: &mut Cx<'_>) {
        let message = self.root_message(number).map(|message| message.token);
        let Some(held) = self.executions.get_mut(number) else { return };
        let (from, item) = (held.told, held.parent.map(|(.., number)| number));
        let of_map = held.execution.of_map();
        let history = held.execution.history();
        if from >= history.len() {
            return;
        }
        let machine = Arc::clone(held.execution.machine());
        let name = held.execution.identity().name.clone();
        let mut lit: Vec<(StateId, Micros)> = Vec::new();
        let mut facts = Vec::new();
        for event in &history[from..] {
            if let EventKind::Entered { state, .. } = event.kind {
                lit.push((state, event.at));
            }
            facts.extend(fact_of(event, history, &machine, &name, of_map.zip(item)));
        }
        let transitions = held.execution.transitions();
        let new = transitions - held.billed;
        (held.told, held.billed) = (history.len(), transitions);
        self.metrics.transitions += new;
        for fact in facts {
            cx.fact(fact, message);
        }
        for (state, at) in lit {
            self.light(state, at);
        }
    }
}

/// The fact that an event is to those who watch.
fn fact_of(
    event: &Event,
    history: &[Event],
    machine: &Machine,
    name: &str,
    item: Option<(StateId, u64)>,
) -> Option<Fact> {
    let named = |state: &StateId| machine.states[*state].name.clone();
    let here = || state_of(event, history).map(|state| named(&state)).unwrap_or_default();
    let error_name = |error: &Error| error.name().to_owned();
    Some(match &event.kind {
        EventKind::Entered { state, .. } => Fact::StateEntered { state: named(state) },
        EventKind::Exited { state, .. } => match error_before(event, history) {
            Some(error) => Fact::ErrorCaught { state: named(state), error },
            None => Fact::StateExited { state: named(state) },
        },
        EventKind::ParallelStarted | EventKind::MapStarted { .. } if error_before(event, history).is_some() => {
            Fact::StateRetried { state: here() }
        }
        EventKind::Task { event: TaskEvent::Scheduled(scheduled), .. } => {
            Fact::TaskScheduled { state: here(), resource: resource_text(&scheduled.called) }
        }
        EventKind::Task { event: TaskEvent::Submitted { .. }, .. } => Fact::TaskSubmitted { state: here() },
        EventKind::Task { event: TaskEvent::Succeeded { .. }, .. } => Fact::TaskSucceeded { state: here() },
        EventKind::Task { event: TaskEvent::Failed(error), .. } => {
            Fact::TaskFailed { state: here(), error: error_name(error) }
        }
        EventKind::Task { event: TaskEvent::TimedOut(_), .. } => Fact::TaskTimedOut { state: here() },
        EventKind::EvaluationFailed { state, location, .. } => {
            Fact::EvaluationFailed { state: named(state), location: location.clone() }
        }
        EventKind::MapStarted { length } => Fact::MapStarted { state: here(), items: *length },
        EventKind::IterationFailed { state, index } => Fact::IterationFailed { state: named(state), index: *index },
        EventKind::MapRunFailed(error) => Fact::MapRunFailed { state: here(), error: error_name(error) },
        EventKind::ExecutionRedriven { count } => Fact::ExecutionRedriven { count: *count },
        // An item's end is told by the execution whose item it is.
        EventKind::ExecutionStarted { .. } | EventKind::ExecutionSucceeded { .. } if item.is_some() => return None,
        EventKind::ExecutionStarted { .. } => Fact::ExecutionStarted { name: name.to_owned() },
        EventKind::ExecutionSucceeded { .. } => Fact::ExecutionSucceeded,
        EventKind::ExecutionFailed(error) => match item {
            Some((map, index)) => Fact::IterationFailed { state: named(&map), index },
            None => Fact::ExecutionFailed { error: error_name(error) },
        },
        EventKind::ExecutionAborted(_) if item.is_some() => return None,
        EventKind::ExecutionTimedOut(_) => Fact::ExecutionTimedOut,
        EventKind::ExecutionAborted(_) => Fact::ExecutionAborted,
        _ => return None,
    })
}

/// The error that an event follows from.
fn error_before(event: &Event, history: &[Event]) -> Option<String> {
    let place = usize::try_from(event.previous.checked_sub(1)?).ok()?;
    let before = history.get(place)?;
    match &before.kind {
        EventKind::Task { event: TaskEvent::Failed(error) | TaskEvent::TimedOut(error), .. }
        | EventKind::EvaluationFailed { error, .. }
        | EventKind::MapRunFailed(error) => Some(error.name().to_owned()),
        // What a Map or Parallel fails with is the error of what failed in it.
        EventKind::MapFailed | EventKind::ParallelFailed => Some(error_before(before, history).unwrap_or_default()),
        _ => None,
    }
}

/// The state that was entered last before an event, in its own branch.
fn state_of(event: &Event, history: &[Event]) -> Option<StateId> {
    let mut id = event.previous;
    while id > 0 {
        let before = &history[usize::try_from(id - 1).ok()?];
        if let EventKind::Entered { state, .. } = before.kind {
            return Some(state);
        }
        id = before.previous;
    }
    None
}

fn resource_text(called: &Called) -> String {
    match called {
        Called::Function { arn } | Called::Activity { arn } => super::api::last_part(arn).to_owned(),
        Called::Service { resource_type, resource } => format!("{resource_type}:{resource}"),
    }
}
