//! What must hold of every history, whatever the machine (SFN-1, SFN-4).

use super::super::event::{Event, EventKind, TaskEvent};
use super::super::{Execution, Status, flow_of};
use crate::lang::asl::machine::{Machine, StateId, StateKind};

/// The law that a history breaks, if there is one.
pub fn check(execution: &Execution) -> Result<(), String> {
    let history = execution.history();
    for (place, event) in (1..).zip(history) {
        if event.id != place {
            return Err(format!("ids are not dense: {} stands at {place}", event.id));
        }
        if event.previous >= event.id {
            return Err(format!("{} follows from {}", event.id, event.previous));
        }
    }
    let ends = history.iter().filter(|event| end_of(&event.kind).is_some()).count();
    let last = history.last().and_then(|event| end_of(&event.kind));
    if ends != 1 || last != Some(execution.status()) {
        return Err(format!("it has {ends} ends, the last of them {last:?}, and is {:?}", execution.status()));
    }
    history.iter().try_for_each(|event| step(execution, history, event))
}

fn end_of(kind: &EventKind) -> Option<Status> {
    Some(match kind {
        EventKind::ExecutionSucceeded { .. } => Status::Succeeded,
        EventKind::ExecutionFailed(_) => Status::Failed,
        EventKind::ExecutionTimedOut(_) => Status::TimedOut,
        EventKind::ExecutionAborted(_) => Status::Aborted,
        _ => return None,
    })
}

/// Whether an event may follow from the one that it names.
fn step(execution: &Execution, history: &[Event], event: &Event) -> Result<(), String> {
    let machine = execution.machine();
    let before = (event.previous > 0).then(|| &history[event.previous as usize - 1].kind);
    let name = |state: StateId| &machine.states[state].name;
    match (&event.kind, before) {
        (EventKind::Entered { state, .. }, None) if *state != flow_of(machine, execution.of_map()).start => {
            Err(format!("it begins with {}", name(*state)))
        }
        (EventKind::Entered { state, .. }, Some(EventKind::Exited { state: from, .. }))
            if !successors(machine, *from).contains(state) =>
        {
            Err(format!("{} begins after {}", name(*state), name(*from)))
        }
        (EventKind::Entered { state, .. }, Some(EventKind::ParallelStarted)) => {
            let starts = |kind: &StateKind| match kind {
                StateKind::Parallel { branches } => branches.iter().any(|branch| branch.start == *state),
                _ => false,
            };
            let is_start = machine.states.iter().any(|other| starts(&other.kind));
            is_start.then_some(()).ok_or_else(|| format!("a branch begins with {}", name(*state)))
        }
        (EventKind::Entered { state, .. }, Some(EventKind::IterationStarted { state: map, .. })) => {
            let is_start = flow_of(machine, Some(*map)).start == *state;
            is_start.then_some(()).ok_or_else(|| format!("an item begins with {}", name(*state)))
        }
        // A task runs again only where its attempt before has failed.
        (EventKind::Task { event: TaskEvent::Scheduled(_), .. }, before) => match before {
            Some(
                EventKind::Entered { .. }
                | EventKind::EvaluationFailed { .. }
                | EventKind::Task { event: TaskEvent::Failed(_) | TaskEvent::TimedOut(_), .. },
            ) => Ok(()),
            other => Err(format!("a task is scheduled after {other:?}")),
        },
        _ => Ok(()),
    }
}

/// The states that one may lead to.
fn successors(machine: &Machine, state: StateId) -> Vec<StateId> {
    let state = &machine.states[state];
    let mut next: Vec<StateId> = state.next.into_iter().chain(state.catch.iter().map(|catcher| catcher.next)).collect();
    if let StateKind::Choice { rules, default } = &state.kind {
        next.extend(rules.iter().map(|rule| rule.next).chain(*default));
    }
    next
}
