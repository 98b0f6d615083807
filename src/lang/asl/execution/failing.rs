//! What becomes of a failure: it is tried again, caught, or fails the flow around it (SFN-16…18).

use std::sync::Arc;

use super::event::{EventId, EventKind};
use super::failure::{Error, Failure};
use super::fields;
use super::forking::{ChildOutcome, Fork};
use super::numbers;
use super::scope::World;
use super::thread::{Phase, ThreadId};
use super::{Effect, Execution, Status};
use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::lang::asl::machine::{Given, Retrier, State, StateKind};

impl Execution {
    /// The work of a thread's state has failed.
    pub(super) fn fail(&mut self, id: ThreadId, mut failure: Failure, world: &mut dyn World) {
        if self.status != Status::Running {
            return;
        }
        self.stop_work(id);
        let machine = Arc::clone(&self.machine);
        let state = &machine.states[self.thread(id).state];
        if !failure.is_told {
            let entered = self.thread(id).entered;
            failure.error.cause = failure.error.cause.map(|cause| told_of(state, entered, &cause));
            failure.is_told = true;
        }
        if let Some(location) = failure.location.take() {
            let thread = self.thread(id);
            thread.last = thread.before_entry;
            let error = failure.error.clone();
            self.tell(id, EventKind::EvaluationFailed { state: thread_state(self, id), location, error }, world);
        }
        if !failure.is_final && self.retry(id, state, &failure.error, world) {
            return;
        }
        let is_of_itself = matches!(self.thread(id).phase, Phase::Forked(_)) || !failure.is_final;
        let failed = match state.kind {
            StateKind::Parallel { .. } => Some(EventKind::ParallelFailed),
            StateKind::Map(_) => Some(EventKind::MapFailed),
            _ => None,
        };
        if let Some(failed) = failed.filter(|_| is_of_itself) {
            self.tell(id, failed, world);
        }
        if self.status == Status::Running {
            self.catch(id, state, failure, world);
        }
    }

    /// Whether a retrier has the state begin again. Each keeps its own count of attempts.
    fn retry(&mut self, id: ThreadId, state: &State, error: &Error, world: &mut dyn World) -> bool {
        let Some(place) = state.retry.iter().position(|retrier| error.is_named_by(&retrier.error_equals)) else {
            return false;
        };
        let retrier = &state.retry[place];
        let thread = self.thread(id);
        thread.attempts.resize(state.retry.len(), 0);
        if thread.attempts[place] >= retrier.max_attempts {
            return false;
        }
        thread.attempts[place] += 1;
        thread.retries += 1;
        let mut wait = retry_delay(retrier, thread.attempts[place]);
        if retrier.jitter {
            wait = (u128::from(wait + 1) * u128::from(world.random_u64()) >> 64) as Micros;
        }
        let now = world.now();
        let wake = self.wake_at(id, now + wait);
        self.thread(id).phase = Phase::BackingOff { since: now, until: now + wait, wake };
        true
    }

    /// The wait before another attempt is over. It counts as a state transition.
    pub(super) fn try_again(&mut self, id: ThreadId, world: &mut dyn World) {
        self.transitions += 1;
        self.thread(id).phase = Phase::Beginning;
        self.begin(id, world);
    }

    fn catch(&mut self, id: ThreadId, state: &State, failure: Failure, world: &mut dyn World) {
        let catchers = state.catch.iter().enumerate();
        let found = catchers
            .filter(|_| !failure.is_final)
            .find(|(_, catcher)| failure.error.is_named_by(&catcher.error_equals));
        let Some(found) = found else { return self.give_up(id, failure, world) };
        let outcome =
            self.in_scope(id, world, |scope, world| fields::caught(state, found, scope, &failure.error, world));
        match outcome {
            Ok(outcome) => self.exit(id, outcome, Some(found.1.next), world),
            Err(mut failure) => {
                let entered = self.thread(id).entered;
                failure.error.cause = failure.error.cause.map(|cause| told_of(state, entered, &cause));
                if let Some(location) = failure.location.take() {
                    let error = failure.error.clone();
                    let event = EventKind::EvaluationFailed { state: thread_state(self, id), location, error };
                    self.tell(id, event, world);
                }
                self.give_up(id, Failure { is_told: true, ..failure }, world);
            }
        }
    }

    /// Nobody caught it: the flow has failed, and so has what is around it.
    fn give_up(&mut self, id: ThreadId, failure: Failure, world: &mut dyn World) {
        let thread = self.thread(id);
        let (parent, place, last) = (thread.parent, thread.place, thread.last);
        thread.phase = Phase::Stopped;
        // What nothing can catch ends the execution at once, however deep it happens.
        let Some(parent) = parent.filter(|_| !failure.is_final) else {
            self.stop_all();
            self.error = failure.error.clone();
            self.record(last, EventKind::ExecutionFailed(failure.error), world);
            return self.end(Status::Failed, world);
        };
        let state = self.thread(parent).state;
        match &self.machine.states[state].kind {
            StateKind::Map(_) => {
                let number = place as u64;
                self.item_done(parent, number, ChildOutcome::Failed { failure, last, thread: Some(id) }, world);
            }
            _ => {
                self.abort_children(parent, Some(id), last, world);
                self.abort_state(id, last, world);
                self.thread(parent).last = last;
                self.fail(parent, failure, world);
            }
        }
    }

    /// Stops whatever else is under way, without a word.
    pub(super) fn stop_all(&mut self) {
        let ids: Vec<ThreadId> = self.threads.keys().copied().collect();
        for id in ids {
            self.stop_work(id);
            let thread = self.thread(id);
            if !matches!(thread.phase, Phase::Over | Phase::Forked(_)) {
                thread.phase = Phase::Stopped;
            }
        }
    }

    /// Stops the other children of a forked state, each of which tells of it; what they did follows from the event `cause`.
    pub(super) fn abort_children(
        &mut self,
        parent: ThreadId,
        but: Option<ThreadId>,
        cause: u64,
        world: &mut dyn World,
    ) {
        let map = self.threads[&parent].state;
        let of_map = matches!(self.machine.states[map].kind, StateKind::Map(_));
        let children: Vec<ThreadId> = self.threads.range(parent + 1..).map(|(id, _)| *id).collect();
        for child in children {
            let Some(thread) = self.threads.get(&child) else { continue };
            let is_live = !matches!(thread.phase, Phase::Over | Phase::Stopped);
            if thread.parent != Some(parent) || Some(child) == but || !is_live {
                continue;
            }
            let place = thread.place as u64;
            self.abort_children(child, None, cause, world);
            self.stop_work(child);
            self.abort_state(child, cause, world);
            if of_map {
                self.record(cause, EventKind::IterationAborted { state: map, index: place }, world);
            }
            self.thread(child).phase = Phase::Stopped;
        }
    }

    /// Tells that a state was left without an end; only states that take time have such an event.
    pub(super) fn abort_state(&mut self, id: ThreadId, cause: u64, world: &mut dyn World) {
        let thread = &self.threads[&id];
        let state = thread.state;
        let has_event = matches!(
            self.machine.states[state].kind,
            StateKind::Task(_) | StateKind::Wait(_) | StateKind::Parallel { .. } | StateKind::Map(_)
        );
        if has_event && thread.is_inside() {
            self.record(cause, EventKind::Aborted { state }, world);
        }
    }

    /// Stops what a thread has under way, without a word.
    pub(super) fn stop_work(&mut self, id: ThreadId) {
        let thread = &self.threads[&id];
        let wakes: Vec<_> = thread.wakes().collect();
        self.effects.extend(wakes.into_iter().map(Effect::CancelWake));
        match &self.threads[&id].phase {
            Phase::Task(run) => {
                let task = run.id;
                self.effects.push(Effect::Drop(task));
            }
            Phase::Forked(fork) if matches!(**fork, Fork { is_distributed: true, .. }) => {
                self.effects.push(Effect::StopChildren { thread: id });
            }
            _ => {}
        }
    }

    pub(super) fn fail_state(
        &mut self,
        id: ThreadId,
        (error, cause): (Option<&Given<String>>, Option<&Given<String>>),
        world: &mut dyn World,
    ) {
        let failed = self.in_scope(id, world, |scope, world| {
            let mut text = |given: Option<&Given<String>>, field: &str| {
                given.map(|given| numbers::text(given, field, scope, world)).transpose()
            };
            Ok::<_, Failure>(Error { error: text(error, "Error")?, cause: text(cause, "Cause")? })
        });
        match failed {
            Ok(error) => self.fail(id, Failure::of(error), world),
            Err(failure) => self.fail(id, failure, world),
        }
    }
}

fn thread_state(execution: &Execution, id: ThreadId) -> usize {
    execution.threads[&id].state
}

/// The wait before the n-th attempt after the first, without jitter (SFN-18).
#[must_use]
pub fn retry_delay(retrier: &Retrier, attempt: u64) -> Micros {
    let longest = retrier.max_delay_seconds.unwrap_or(31_622_400) as f64;
    let factor = libm::pow(retrier.backoff_rate, attempt.saturating_sub(1) as f64);
    let seconds = (retrier.interval_seconds as f64 * factor).min(longest);
    libm::rint(seconds * MICROS_PER_SECOND as f64) as Micros
}

/// A state's name and number in the sentence that stands before most causes.
fn told_of(state: &State, entered: EventId, cause: &str) -> String {
    format!(
        "An error occurred while executing the state '{}' (entered at the event id #{entered}). {cause}",
        state.name
    )
}
