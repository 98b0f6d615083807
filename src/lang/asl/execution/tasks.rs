//! Tasks: calling a service, waiting for it, and what it answers (SFN-9, SFN-19…22).

use std::sync::Arc;

use serde_json::Value;

use super::event::{Called, EventKind, Scheduled, TaskEvent};
use super::failure::{DATA_LIMIT_EXCEEDED, Error, Failure, TIMEOUT};
use super::fields;
use super::scope::{World, unwatched};
use super::thread::{Phase, TaskId, TaskRun, ThreadId, Wake};
use super::{Effect, Execution, PAYLOAD_BYTES_MAX, Status, TaskCall, numbers, query};
use crate::engine::MICROS_PER_SECOND;
use crate::lang::asl::machine::{QueryLanguage, State, Task};
use crate::lang::asl::resource::{Pattern, Resource};

impl Execution {
    pub(super) fn schedule_task(&mut self, id: ThreadId, state: &State, task: &Task, world: &mut dyn World) {
        let pattern = match &task.resource {
            Resource::Service { pattern, .. } => *pattern,
            _ => Pattern::RequestResponse,
        };
        // Whoever waits for more than the answer can be told by a token, also of a job (recorded).
        let has_token = pattern != Pattern::RequestResponse || matches!(task.resource, Resource::Activity { .. });
        let run = TaskRun {
            id: self.number(),
            called: called(task),
            pattern,
            token: has_token.then(|| token(world).into()),
            is_started: false,
            call: None,
            is_submitted: false,
            timeout: None,
            heartbeat: None,
        };
        let (number, called) = (run.id, run.called.clone());
        // Its token stands in the context object from here on.
        self.thread(id).phase = Phase::Task(Box::new(run));
        let prepared = self.in_scope(id, world, |scope, world| {
            let parameters = fields::effective_input(state, scope, world, &mut unwatched)?;
            let seconds = |given: &Option<_>, field, world: &mut dyn World| {
                given.as_ref().map(|given| numbers::integer(given, field, scope, world)).transpose()
            };
            let timeout = seconds(&task.timeout_seconds, "TimeoutSeconds", world)?;
            let heartbeat = seconds(&task.heartbeat_seconds, "HeartbeatSeconds", world)?;
            let credentials = task.credentials.as_ref().map(|credentials| match state.language {
                QueryLanguage::JsonPath => query::template(credentials, scope.input, scope, world),
                QueryLanguage::Jsonata => query::jsonata(credentials, "Credentials", (scope, &[]), world),
            });
            Ok((parameters, timeout, heartbeat, credentials.transpose()?))
        });
        let (parameters, timeout_seconds, heartbeat_seconds, credentials) = match prepared {
            Ok(prepared) => prepared,
            Err(failure) => {
                self.thread(id).phase = Phase::Beginning;
                return self.fail(id, failure, world);
            }
        };
        let scheduled = Scheduled {
            called: called.clone(),
            parameters: Arc::new(parameters.clone()),
            timeout_seconds,
            heartbeat_seconds,
            credentials,
        };
        self.tell(id, EventKind::Task { called, event: TaskEvent::Scheduled(Box::new(scheduled)) }, world);
        if self.status != Status::Running {
            return;
        }
        let now = world.now();
        let after = |seconds: i64| now.saturating_add(seconds.max(0).unsigned_abs().saturating_mul(MICROS_PER_SECOND));
        let timeout = timeout_seconds.map(|seconds| (after(seconds), self.wake_at(id, after(seconds))));
        let heartbeat =
            heartbeat_seconds.map(|seconds| (after(seconds) - now, after(seconds), self.wake_at(id, after(seconds))));
        let call = TaskCall {
            task: number,
            state: self.threads[&id].state,
            resource: task.resource.clone(),
            parameters,
            token: self.threads[&id].task().and_then(|run| run.token.clone()),
        };
        let is_activity = matches!(task.resource, Resource::Activity { .. });
        let run = self.thread(id).task_mut().expect("it was just made");
        (run.timeout, run.heartbeat) = (timeout, heartbeat);
        run.call = Some(Box::new(call));
        if is_activity {
            // A worker starts it when it asks for work.
            run.is_started = true;
            let call = run.call.take();
            self.effects.extend(call.map(|call| Effect::Call(*call)));
        } else {
            self.ready.push_back(id);
        }
    }

    pub(super) fn start_task(&mut self, id: ThreadId, world: &mut dyn World) {
        let Some(run) = self.thread(id).task_mut() else { return };
        run.is_started = true;
        let (called, call) = (run.called.clone(), run.call.take());
        self.tell(id, EventKind::Task { called, event: TaskEvent::Started { worker: None } }, world);
        self.effects.extend(call.map(|call| Effect::Call(*call)));
    }

    /// The thread whose task it is, as long as it waits for it.
    fn thread_of(&self, task: TaskId) -> Option<ThreadId> {
        let found = self.threads.iter().find(|(_, thread)| thread.task().is_some_and(|run| run.id == task));
        found.map(|(id, _)| *id).filter(|_| self.status == Status::Running)
    }

    /// Whether somebody still waits for a task.
    #[must_use]
    pub fn awaits(&self, task: TaskId) -> bool {
        self.thread_of(task).is_some()
    }

    /// An activity's worker has taken a task.
    pub fn task_started(&mut self, task: TaskId, worker: Option<&str>, world: &mut dyn World) {
        let Some(id) = self.thread_of(task) else { return };
        let run = self.thread(id).task_mut().expect("it was found");
        let called = run.called.clone();
        self.tell(id, EventKind::Task { called, event: TaskEvent::Started { worker: worker.map(Into::into) } }, world);
    }

    /// The service has answered; the task goes on until its job ends, or somebody calls back.
    pub fn task_submitted(&mut self, task: TaskId, output: &Value, world: &mut dyn World) {
        let Some(id) = self.thread_of(task) else { return };
        let run = self.thread(id).task_mut().expect("it was found");
        run.is_submitted = true;
        let called = run.called.clone();
        let event = TaskEvent::Submitted { output: Arc::new(output.clone()) };
        self.tell(id, EventKind::Task { called, event }, world);
    }

    /// Whether a task is still awaited.
    pub fn task_succeeded(&mut self, task: TaskId, output: Value, world: &mut dyn World) -> bool {
        let Some(id) = self.thread_of(task) else { return false };
        let called = self.threads[&id].task().expect("it was found").called.clone();
        if !super::is_within(&output, PAYLOAD_BYTES_MAX) {
            let name = match &called {
                Called::Function { arn } | Called::Activity { arn } => arn,
                Called::Service { resource_type, .. } => resource_type,
            };
            let cause = format!(
                "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
            );
            return self.task_failed(task, Error::new(DATA_LIMIT_EXCEEDED, cause), world);
        }
        self.tell(
            id,
            EventKind::Task { called, event: TaskEvent::Succeeded { output: Arc::new(output.clone()) } },
            world,
        );
        if self.status == Status::Running {
            self.stop_timers(id);
            self.thread(id).phase = Phase::Beginning;
            let machine = Arc::clone(&self.machine);
            let state = &machine.states[self.threads[&id].state];
            let outcome = self
                .in_scope(id, world, |scope, world| fields::outcome(state, scope, Some(output), world, &mut unwatched));
            match outcome {
                Ok(outcome) => self.exit(id, outcome, state.next, world),
                Err(failure) => self.fail(id, failure, world),
            }
        }
        self.drive(world);
        true
    }

    /// Whether a task was still awaited.
    pub fn task_failed(&mut self, task: TaskId, error: Error, world: &mut dyn World) -> bool {
        let Some(id) = self.thread_of(task) else { return false };
        let called = self.threads[&id].task().expect("it was found").called.clone();
        self.tell(id, EventKind::Task { called, event: TaskEvent::Failed(error.clone()) }, world);
        self.task_ends_with(id, error, world);
        true
    }

    fn task_ends_with(&mut self, id: ThreadId, error: Error, world: &mut dyn World) {
        if self.status == Status::Running {
            self.stop_timers(id);
            self.thread(id).phase = Phase::Beginning;
            self.fail(id, Failure::of(error), world);
        }
        self.drive(world);
    }

    fn stop_timers(&mut self, id: ThreadId) {
        let wakes: Vec<Wake> = self.threads[&id].wakes().collect();
        self.effects.extend(wakes.into_iter().map(Effect::CancelWake));
    }

    /// A sign of life: the clock of its heartbeat begins anew. No event tells of it (SFN-19).
    pub fn heartbeat(&mut self, task: TaskId, world: &mut dyn World) -> bool {
        let Some(id) = self.thread_of(task) else { return false };
        let beats = self.threads[&id].task().and_then(|run| run.heartbeat);
        if let Some((every, _, wake)) = beats {
            self.effects.push(Effect::CancelWake(wake));
            let at = world.now() + every;
            let wake = self.wake_at(id, at);
            if let Some(run) = self.thread(id).task_mut() {
                run.heartbeat = Some((every, at, wake));
            }
        }
        true
    }

    /// The time of a task, or of its heartbeat, is over: both are told as a time-out (recorded). Tasks whose time is over at
    /// the same moment are all told of before one of them has consequences.
    pub(super) fn task_time_over(&mut self, wake: Wake, world: &mut dyn World) {
        let is_awaited = self.threads[&wake.thread].wakes().any(|awaited| awaited == wake);
        if !is_awaited {
            return;
        }
        let now = world.now();
        let is_due = |run: &TaskRun| {
            run.timeout.is_some_and(|(at, _)| at <= now) || run.heartbeat.is_some_and(|(_, at, _)| at <= now)
        };
        let due =
            |(id, thread): (&ThreadId, &super::thread::Thread)| thread.task().filter(|run| is_due(run)).map(|_| *id);
        let over: Vec<ThreadId> = self.threads.iter().filter_map(due).collect();
        let error = Error::named(TIMEOUT);
        for id in &over {
            let Some(run) = self.threads[id].task() else { continue };
            let (task, called) = (run.id, run.called.clone());
            self.effects.push(Effect::Drop(task));
            self.stop_timers(*id);
            self.thread(*id).phase = Phase::TimedOut;
            self.tell(*id, EventKind::Task { called, event: TaskEvent::TimedOut(error.clone()) }, world);
        }
        for id in over {
            let is_still = self.threads.get(&id).is_some_and(|thread| matches!(thread.phase, Phase::TimedOut));
            if is_still && self.status == Status::Running {
                self.fail(id, Failure::of(error.clone()), world);
            }
        }
    }

    /// The token of a task that waits to be called back.
    #[must_use]
    pub fn token_of(&self, task: TaskId) -> Option<&Arc<str>> {
        let id = self.thread_of(task)?;
        self.threads[&id].task()?.token.as_ref()
    }
}

/// How a task's events name what it calls.
fn called(task: &Task) -> Called {
    match &task.resource {
        Resource::Function { .. } => Called::Function { arn: task.resource_text.clone().into() },
        Resource::Activity { .. } => Called::Activity { arn: task.resource_text.clone().into() },
        Resource::Service { service, action, pattern, sdk } => {
            let resource_type = if *sdk { format!("aws-sdk:{service}") } else { service.clone() };
            Called::Service {
                resource_type: resource_type.into(),
                resource: format!("{action}{}", pattern.suffix()).into(),
            }
        }
        Resource::Other => Called::Service { resource_type: "".into(), resource: task.resource_text.clone().into() },
    }
}

/// A token as long and as opaque as AWS's.
fn token(world: &mut dyn World) -> String {
    let bytes: Vec<u8> = (0..24).flat_map(|_| world.random_u64().to_le_bytes()).collect();
    crate::lang::base64::base64(&bytes)
}
