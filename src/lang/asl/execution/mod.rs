//! One execution of a state machine: what its states do, in which order, and the history of it (SFN-4…19).
//!
//! It acts by [`Effect`]s that its owner carries out: calls of tasks, wakes, children of distributed maps; and is told what
//! came of them. Time and chance come from a [`World`]. Nothing in it waits: it works until all its threads do.

pub mod choice;
mod context;
pub mod event;
pub mod failing;
pub mod failure;
pub mod fields;
pub mod forking;
pub mod items;
pub mod numbers;
mod payload;
pub mod query;
mod recording;
pub mod scope;
mod tasks;
#[cfg(test)]
mod tests;
pub mod thread;
pub mod waiting;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::{Map, Value};

use self::event::{Event, EventKind, Names};
use self::failure::{Error, TIMEOUT};
use self::fields::Outcome;
use self::forking::ChildOutcome;
pub use self::payload::PAYLOAD_BYTES_MAX;
use self::payload::{is_within, too_large};
use self::scope::{Scope, World, unwatched};
use self::thread::{Phase, TaskId, Thread, ThreadId, Wake};
use super::machine::{Flow, Machine, StateId, StateKind};
use super::resource::Resource;
use crate::engine::{MICROS_PER_SECOND, Micros};

/// Events of a Standard execution's history; the last of them is its failure (SFN-1).
pub const HISTORY_EVENTS_MAX: u64 = 25_000;
/// Room for the events of a short execution.
const EVENTS_USUAL: usize = 32;
/// States that one turn passes through; more go on in another turn of the same instant, so that no machine that never
/// waits holds up the world.
const STEPS_MAX: usize = 1_000;

/// Who an execution is: its context object says so (SFN-15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub id: String,
    pub name: String,
    pub role: String,
    pub machine_id: String,
    pub machine_name: String,
    pub is_express: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}

impl Status {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
        }
    }
}

/// What its owner is to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Call(TaskCall),
    /// Nobody waits for a task any more.
    Drop(TaskId),
    WakeAt(Micros, Wake),
    CancelWake(Wake),
    /// A child of a distributed Map is to run.
    StartChild {
        thread: ThreadId,
        map: StateId,
        number: u64,
        input: Value,
    },
    /// The children of a Map that has ended otherwise are to be stopped.
    StopChildren {
        thread: ThreadId,
    },
    Ended,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TaskCall {
    pub task: TaskId,
    pub state: StateId,
    pub resource: Resource,
    pub parameters: Value,
    pub token: Option<Arc<str>>,
}

#[derive(Clone, Debug)]
pub struct Execution {
    machine: Arc<Machine>,
    /// The Map whose item processor it runs; the machine's own flow without one.
    of_map: Option<StateId>,
    identity: Arc<Identity>,
    input: Arc<Value>,
    started: Micros,
    ended: Option<Micros>,
    status: Status,
    output: Option<Arc<Value>>,
    error: Error,
    redrives: u64,
    threads: BTreeMap<ThreadId, Thread>,
    ready: VecDeque<ThreadId>,
    history: Arc<Vec<Event>>,
    /// How many events there were; an Express execution does not keep more than a Standard one may have.
    events: u64,
    transitions: u64,
    timeout: Option<Wake>,
    effects: Vec<Effect>,
    numbers: u64,
    /// Objects that item readers read: `bucket/key` and their content.
    objects: Arc<Map<String, Value>>,
}

impl Names for Machine {
    fn name_and_type(&self, state: StateId) -> (&str, &'static str) {
        let state = &self.states[state];
        (&state.name, state.kind.name())
    }
}

/// The thread that began with the execution.
const MAIN: ThreadId = 0;

impl Execution {
    /// Begins; what is to be done is in [`Execution::effects`].
    #[must_use]
    pub fn start(
        machine: Arc<Machine>,
        of_map: Option<StateId>,
        identity: Arc<Identity>,
        input: Value,
        objects: Arc<Map<String, Value>>,
        world: &mut dyn World,
    ) -> Self {
        let input = Arc::new(input);
        let start = flow_of(&machine, of_map).start;
        let thread = Thread::new(start, Arc::clone(&input), Arc::default(), 0);
        let mut execution = Self {
            machine,
            of_map,
            identity,
            input,
            started: world.now(),
            ended: None,
            status: Status::Running,
            output: None,
            error: Error::default(),
            redrives: 0,
            threads: BTreeMap::from([(MAIN, thread)]),
            ready: VecDeque::from([MAIN]),
            history: Arc::new(Vec::with_capacity(EVENTS_USUAL)),
            events: 0,
            transitions: 0,
            timeout: None,
            effects: Vec::new(),
            numbers: 0,
            objects,
        };
        let (input, role) = (Arc::clone(&execution.input), execution.identity.role.clone());
        execution.record(0, EventKind::ExecutionStarted { input, role: role.into() }, world);
        execution.arm_timeout(world);
        execution.drive(world);
        execution
    }

    fn arm_timeout(&mut self, world: &mut dyn World) {
        let seconds = self.machine.timeout_seconds.filter(|_| self.of_map.is_none());
        let express = self.identity.is_express.then_some(300);
        if let Some(seconds) = seconds.into_iter().chain(express).min() {
            let wake = self.wake_at(MAIN, world.now() + seconds * MICROS_PER_SECOND);
            self.timeout = Some(wake);
        }
    }

    #[must_use]
    pub fn machine(&self) -> &Arc<Machine> {
        &self.machine
    }
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }
    #[must_use]
    pub fn of_map(&self) -> Option<StateId> {
        self.of_map
    }
    #[must_use]
    pub fn input(&self) -> &Arc<Value> {
        &self.input
    }
    #[must_use]
    pub fn started(&self) -> Micros {
        self.started
    }
    #[must_use]
    pub fn ended(&self) -> Option<Micros> {
        self.ended
    }
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }
    #[must_use]
    pub fn output(&self) -> Option<&Arc<Value>> {
        self.output.as_ref()
    }
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }
    #[must_use]
    pub fn redrives(&self) -> u64 {
        self.redrives
    }
    #[must_use]
    pub fn history(&self) -> &[Event] {
        &self.history
    }
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }
    /// State transitions, of which AWS bills a Standard execution's.
    #[must_use]
    pub fn transitions(&self) -> u64 {
        self.transitions
    }
    /// What is under way.
    pub fn threads(&self) -> impl Iterator<Item = (ThreadId, &Thread)> {
        self.threads.iter().map(|(id, thread)| (*id, thread))
    }
    /// What is to be done, in this order.
    #[must_use]
    pub fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Works until every thread waits for something.
    fn drive(&mut self, world: &mut dyn World) {
        for _ in 0..STEPS_MAX {
            let Some(id) = self.ready.pop_front().filter(|_| self.status == Status::Running) else { return };
            self.step(id, world);
        }
        if let Some(id) = self.ready.front().copied() {
            // Nobody waits for it: it only makes another turn.
            self.wake_at(id, world.now());
        }
    }

    fn step(&mut self, id: ThreadId, world: &mut dyn World) {
        let Some(thread) = self.threads.get_mut(&id) else { return };
        match thread.phase {
            Phase::Entering => {
                let wait = world.next_transition();
                if wait == 0 {
                    return self.enter(id, world);
                }
                let wake = self.wake_at(id, world.now() + wait);
                self.thread(id).phase = Phase::Gated(wake);
            }
            Phase::Beginning => self.begin(id, world),
            Phase::Task(ref run) if !run.is_started => self.start_task(id, world),
            _ => {}
        }
    }

    fn enter(&mut self, id: ThreadId, world: &mut dyn World) {
        self.transitions += 1;
        let event = self.events + 1;
        let thread = self.thread(id);
        (thread.attempts, thread.retries, thread.before_entry) = (Vec::new(), 0, thread.last);
        (thread.entered, thread.entered_at, thread.last) = (event, world.now(), event);
        let (before, state, input) = (thread.before_entry, thread.state, Arc::clone(&thread.input));
        self.record(before, EventKind::Entered { state, input }, world);
        self.begin(id, world);
    }

    /// Does the work of a state, or begins it.
    fn begin(&mut self, id: ThreadId, world: &mut dyn World) {
        if self.status != Status::Running {
            return;
        }
        let machine = Arc::clone(&self.machine);
        let thread = &self.threads[&id];
        let state = &machine.states[thread.state];
        let done = match &state.kind {
            // Nothing is made of the input: it is handed on, not copied.
            StateKind::Pass { result: None } | StateKind::Succeed if state.fields.is_plain() => {
                let output = Arc::clone(&thread.input);
                return self.exit_with(id, output, None, state.next, world);
            }
            StateKind::Pass { result: Some(result) } if state.fields.is_plain() => {
                return self.exit_with(id, Arc::new(result.clone()), None, state.next, world);
            }
            StateKind::Pass { .. } => self.in_scope(id, world, |scope, world| {
                let input = fields::effective_input(state, scope, world, &mut unwatched)?;
                fields::outcome(state, scope, Some(fields::pass_result(state, input)), world, &mut unwatched)
            }),
            StateKind::Succeed => {
                self.in_scope(id, world, |scope, world| fields::outcome(state, scope, None, world, &mut unwatched))
            }
            StateKind::Choice { .. } => return self.choose(id, state, world),
            StateKind::Wait(until) => return self.begin_wait(id, state, until, world),
            StateKind::Fail { error, cause } => return self.fail_state(id, (error.as_ref(), cause.as_ref()), world),
            StateKind::Task(task) => return self.schedule_task(id, state, task, world),
            StateKind::Parallel { branches } => return self.fork_branches(id, state, branches, world),
            StateKind::Map(map) => return self.fork_items(id, state, map, world),
        };
        match done {
            Ok(outcome) => self.exit(id, outcome, state.next, world),
            Err(failure) => self.fail(id, failure, world),
        }
    }

    fn exit(&mut self, id: ThreadId, outcome: Outcome, next: Option<StateId>, world: &mut dyn World) {
        let Outcome { output, assigned } = outcome;
        self.exit_with(id, Arc::new(output), assigned, next, world);
    }

    /// Leaves a state with what it hands on; where its flow ends, so does the thread.
    fn exit_with(
        &mut self,
        id: ThreadId,
        output: Arc<Value>,
        assigned: Option<Map<String, Value>>,
        next: Option<StateId>,
        world: &mut dyn World,
    ) {
        let event = self.events + 1;
        let thread = self.threads.get_mut(&id).expect("a thread is there until it is over");
        let state = thread.state;
        if !Arc::ptr_eq(&output, &thread.input) && !is_within(&output, PAYLOAD_BYTES_MAX) {
            return self.fail(id, too_large(&self.machine.states[state].name), world);
        }
        let assigned = assigned.filter(|assigned| !assigned.is_empty()).map(Arc::new);
        if let Some(assigned) = &assigned {
            let variables = Arc::make_mut(&mut thread.variables);
            variables.extend(assigned.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        let (before, is_child) = (thread.last, thread.parent.is_some());
        thread.last = event;
        match next {
            Some(next) => {
                (thread.state, thread.input, thread.phase) = (next, Arc::clone(&output), Phase::Entering);
            }
            None => thread.phase = Phase::Over,
        }
        self.record(before, EventKind::Exited { state, output: Arc::clone(&output), assigned }, world);
        if self.status != Status::Running {
            return;
        }
        if next.is_some() {
            return self.ready.push_back(id);
        }
        if is_child {
            return self.child_done(id, output, world);
        }
        self.output = Some(Arc::clone(&output));
        self.record(event, EventKind::ExecutionSucceeded { output }, world);
        self.end(Status::Succeeded, world);
    }

    fn end(&mut self, status: Status, world: &mut dyn World) {
        (self.status, self.ended) = (status, Some(world.now()));
        let wakes: Vec<Wake> = self.threads.values().flat_map(Thread::wakes).chain(self.timeout.take()).collect();
        self.effects.extend(wakes.into_iter().map(Effect::CancelWake));
        self.ready.clear();
        if status == Status::Succeeded {
            self.threads.clear();
        }
        self.effects.push(Effect::Ended);
    }

    /// Ends it from outside, or because its time is over (SFN-19).
    fn stop(&mut self, status: Status, error: Error, world: &mut dyn World) {
        if self.status != Status::Running {
            return;
        }
        let previous = self.threads.get(&MAIN).map_or(0, |main| main.before_entry);
        self.error = error.clone();
        self.stop_all();
        let kind = match status {
            Status::TimedOut => EventKind::ExecutionTimedOut(error),
            _ => EventKind::ExecutionAborted(error),
        };
        self.record(previous, kind, world);
        self.end(status, world);
    }

    /// `StopExecution`.
    pub fn abort(&mut self, error: Error, world: &mut dyn World) {
        self.stop(Status::Aborted, error, world);
    }

    /// A moment that it asked to be woken at.
    pub fn wake(&mut self, wake: Wake, world: &mut dyn World) {
        if self.status != Status::Running {
            return;
        }
        if self.timeout == Some(wake) {
            self.timeout = None;
            return self.stop(Status::TimedOut, Error::named(TIMEOUT), world);
        }
        if let Some(thread) = self.threads.get(&wake.thread) {
            match &thread.phase {
                Phase::Gated(awaited) if *awaited == wake => self.enter(wake.thread, world),
                Phase::Waiting { wake: awaited, .. } if *awaited == wake => self.end_wait(wake.thread, world),
                Phase::BackingOff { wake: awaited, .. } if *awaited == wake => self.try_again(wake.thread, world),
                Phase::Task(_) => self.task_time_over(wake, world),
                _ => {}
            }
        }
        self.drive(world);
    }

    /// A child of a distributed Map has ended.
    pub fn child_ended(&mut self, thread: ThreadId, number: u64, outcome: ChildOutcome, world: &mut dyn World) {
        if self.status == Status::Running {
            self.item_done(thread, number, outcome, world);
            self.drive(world);
        }
    }

    /// `RedriveExecution` (SFN-23): what failed or was stopped begins again.
    pub fn redrive(&mut self, world: &mut dyn World) {
        (self.status, self.ended, self.error) = (Status::Running, None, Error::default());
        self.redrives += 1;
        let previous = self.history.last().map_or(0, |event| event.id);
        let redriven = self.record(previous, EventKind::ExecutionRedriven { count: self.redrives }, world);
        let stopped: Vec<ThreadId> = self
            .threads
            .iter()
            .filter(|(_, thread)| matches!(thread.phase, Phase::Stopped))
            .map(|(id, _)| *id)
            .collect();
        for id in stopped {
            let machine = Arc::clone(&self.machine);
            let thread = self.thread(id);
            (thread.attempts, thread.retries, thread.last) = (Vec::new(), 0, redriven);
            let is_fail = matches!(machine.states[thread.state].kind, StateKind::Fail { .. });
            thread.phase = if is_fail || thread.entered == 0 { Phase::Entering } else { Phase::Beginning };
            self.ready.push_back(id);
        }
        self.arm_timeout(world);
        self.drive(world);
    }

    fn thread(&mut self, id: ThreadId) -> &mut Thread {
        self.threads.get_mut(&id).expect("a thread is there until it is over")
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn wake_at(&mut self, thread: ThreadId, at: Micros) -> Wake {
        let wake = Wake { thread, number: self.number() };
        self.effects.push(Effect::WakeAt(at, wake));
        wake
    }
}

/// A machine's own flow, or a Map's item processor.
#[must_use]
pub fn flow_of(machine: &Machine, of_map: Option<StateId>) -> &Flow {
    match of_map.map(|state| &machine.states[state].kind) {
        Some(StateKind::Map(map)) => &map.processor,
        _ => &machine.flow,
    }
}
