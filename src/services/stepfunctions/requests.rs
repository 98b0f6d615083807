//! Calls of the API: starting, describing, listing and stopping executions, and their histories (SFN-1, SFN-4, SFN-23).

use serde_json::{Value, json};

use super::api::{Request, Response, invalid_input};
use super::callbacks::Told;
use super::calling::Start;
use super::executions::Held;
use super::fact::Fact;
use super::model::Model;
use crate::engine::{Micros, seconds};
use crate::lang::asl::execution::event::EventKind;
use crate::lang::asl::execution::failure::Error;
use crate::lang::asl::execution::{HISTORY_EVENTS_MAX, PAYLOAD_BYTES_MAX, Status};
use crate::lang::instant::instant_text;
use crate::services::{ApiError, Caller, Cx, Door, Message, Place};

/// How long after its end an execution can be redriven (SFN-23).
const REDRIVE_AGE_MAX: Micros = seconds(14 * 86_400);

impl Model {
    pub(super) fn requested(&mut self, caller: Caller, request: Request, messages: Vec<Message>, cx: &mut Cx<'_>) {
        match request {
            Request::StartExecution { name, watcher, qualifier } => {
                self.start_executions(caller, (name, watcher, qualifier), messages, cx);
            }
            Request::StartSyncExecution { name, qualifier } => {
                self.start_sync(caller, (name, qualifier), messages, cx);
            }
            Request::GetActivityTask { activity, worker } => {
                debug_assert!(messages.is_empty());
                self.get_activity_task(activity, caller, worker, cx);
            }
            Request::OfDefinition { action: "TestState", input } => {
                debug_assert!(messages.is_empty());
                self.test_state(caller, &input, cx);
            }
            request => {
                let result = self.told(request, cx);
                cx.answer(caller, result.map(Into::into), messages);
            }
        }
    }

    fn told(&mut self, request: Request, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        match request {
            Request::DescribeExecution { execution } => {
                self.found(&execution).map(|held| Response(self.describe(held)))
            }
            Request::GetExecutionHistory { execution, reverse, max, from } => {
                self.found(&execution).and_then(|held| history(held, reverse, max, from))
            }
            Request::ListExecutions { machine, status, max } => {
                self.check_machine(machine.as_deref())?;
                self.list(status.as_deref(), max)
            }
            Request::StopExecution { execution, error, cause } => self.stop(&execution, Error { error, cause }, cx),
            Request::RedriveExecution { execution } => self.redrive(&execution, cx),
            Request::SendTaskSuccess { token, output } => {
                let output = serde_json::from_str(&output).unwrap_or_default();
                self.called_back(&token, Told::Success(output), cx)
            }
            Request::SendTaskFailure { token, error, cause } => {
                self.called_back(&token, Told::Failure(Error { error, cause }), cx)
            }
            Request::SendTaskHeartbeat { token } => self.called_back(&token, Told::Heartbeat, cx),
            Request::DescribeMapRun { map_run } => self.describe_map_run(&map_run),
            Request::ListMapRuns { execution } => {
                let held = self.found(&execution)?;
                let runs = map_runs(held);
                let list = runs.map(|(at, arn)| {
                    json!({ "executionArn": held.execution.identity().id, "mapRunArn": arn, "stateMachineArn": self.arn,
                        "startDate": instant_text(at) })
                });
                Ok(Response(json!({ "mapRuns": list.collect::<Vec<_>>() })))
            }
            Request::JobEnded { token, description } => {
                self.job_ended(&token, &description, cx);
                Ok(Response(json!({})))
            }
            Request::OfDefinition { action, input } => self.of_definition(action, &input, cx),
            Request::StartExecution { .. } | Request::StartSyncExecution { .. } | Request::GetActivityTask { .. } => {
                unreachable!("it was answered before")
            }
        }
    }

    /// Why no execution can begin.
    fn refusal(&mut self, cx: &mut Cx<'_>) -> Option<ApiError> {
        if self.config.machine.is_none() {
            cx.fact(Fact::DefinitionUnusable, None);
            let text = "The definition of this state machine cannot be used: see its problems.";
            return Some(ApiError::client("InvalidDefinition", text));
        }
        if self.starts.take(1, self.config.starts, cx.now()) {
            return None;
        }
        self.metrics.starts_throttled += 1;
        cx.fact(Fact::StartThrottled, None);
        Some(ApiError::server("ThrottlingException", "Rate exceeded"))
    }

    /// One execution for each message. Who starts one again under its name, with the same input and while it runs, gets the
    /// same (SFN-1).
    fn start_executions(
        &mut self,
        caller: Caller,
        (name, watcher, qualifier): (Option<String>, Option<std::sync::Arc<str>>, Option<String>),
        mut messages: Vec<Message>,
        cx: &mut Cx<'_>,
    ) {
        if let Some(error) = self.unpublished(qualifier.as_deref()) {
            return self.refuse(caller, error, messages, cx);
        }
        let mut answer = json!({});
        while !messages.is_empty() {
            let message = &messages[0];
            let input = match checked_input(message) {
                Ok(input) => input,
                Err(error) => return self.refuse(caller, error, messages, cx),
            };
            if let Some(known) = name.as_deref().and_then(|name| self.executions.named(name)) {
                match self.same_start(known, &input) {
                    Ok(same) => answer = same,
                    Err(error) => return self.refuse(caller, error, messages, cx),
                }
                let message = messages.remove(0);
                cx.book(1, Place::Travelling, Place::Dropped("AlreadyStarted"));
                drop(message);
                continue;
            }
            if let Some(error) = self.refusal(cx) {
                return self.refuse(caller, error, messages, cx);
            }
            let message = messages.remove(0);
            answer = self.start_one((name.clone(), qualifier.clone()), input, message, watcher.clone(), cx);
        }
        cx.answer(caller, Ok(Response(answer).into()), Vec::new());
    }

    fn start_one(
        &mut self,
        (name, qualifier): (Option<String>, Option<String>),
        input: Value,
        message: Message,
        watcher: Option<std::sync::Arc<str>>,
        cx: &mut Cx<'_>,
    ) -> Value {
        cx.book(1, Place::Travelling, Place::Stored);
        let is_doubled = self.config.is_express && cx.rng("duplicates").chance(self.config.duplicate_parts);
        let second = is_doubled.then(|| (input.clone(), cx.copy(&message)));
        let again = qualifier.clone();
        let start = Start { name, qualifier, input, message: Some(message), caller: None, watcher, parent: None };
        let number = self.begin(start, cx).expect("its definition was looked at");
        if let Some((input, copy)) = second {
            cx.book(1, Place::Travelling, Place::Stored);
            let message = Some(copy);
            let start =
                Start { name: None, qualifier: again, input, message, caller: None, watcher: None, parent: None };
            if let Some(twin) = self.begin(start, cx) {
                self.tell_news(twin, cx);
            }
        }
        // Before the caller is answered: what it reports of the message follows from that.
        self.tell_news(number, cx);
        let held = self.executions.get(number).expect("it has just begun");
        json!({ "executionArn": held.execution.identity().id, "startDate": instant_text(held.execution.started()) })
    }

    fn same_start(&self, known: u64, input: &Value) -> Result<Value, ApiError> {
        let held = self.executions.get(known);
        let same = held.filter(|held| held.execution.status() == Status::Running && **held.execution.input() == *input);
        match (held, same) {
            (_, Some(held)) => Ok(json!({ "executionArn": held.execution.identity().id,
                "startDate": instant_text(held.execution.started()) })),
            (held, None) => {
                let id = held.map_or("", |held| &held.execution.identity().id);
                Err(ApiError::client("ExecutionAlreadyExists", format!("Execution Already Exists: '{id}'")))
            }
        }
    }

    fn refuse(&mut self, caller: Caller, error: ApiError, messages: Vec<Message>, cx: &mut Cx<'_>) {
        cx.tell(Fact::RequestRefused { code: error.code }, messages.first());
        cx.answer(caller, Err(error), messages);
    }

    fn start_sync(
        &mut self,
        caller: Caller,
        (name, qualifier): (Option<String>, Option<String>),
        mut messages: Vec<Message>,
        cx: &mut Cx<'_>,
    ) {
        if !self.config.is_express {
            let text = "This operation is not supported by this type of state machine";
            return self.refuse(caller, ApiError::client("StateMachineTypeNotSupported", text), messages, cx);
        }
        let input = match messages.first().map(checked_input) {
            Some(Ok(input)) => input,
            Some(Err(error)) => return self.refuse(caller, error, messages, cx),
            None => return self.refuse(caller, invalid_input(""), messages, cx),
        };
        if let Some(error) = self.unpublished(qualifier.as_deref()) {
            return self.refuse(caller, error, messages, cx);
        }
        if let Some(error) = self.refusal(cx) {
            return self.refuse(caller, error, messages, cx);
        }
        let message = messages.remove(0);
        cx.book(1, Place::Travelling, Place::Stored);
        let (message, caller) = (Some(message), Some(caller));
        let start = Start { name, qualifier, input, message, caller, watcher: None, parent: None };
        self.begin(start, cx);
    }

    fn found(&self, execution: &str) -> Result<&Held, ApiError> {
        let found = self.executions.find(execution).and_then(|number| self.executions.get(number));
        found.ok_or_else(|| {
            if !execution.starts_with("arn:") {
                return ApiError::client("InvalidArn", format!("Invalid Arn: 'Invalid ARN prefix: {execution}'"));
            }
            ApiError::client("ExecutionDoesNotExist", format!("Execution Does Not Exist: '{execution}'"))
        })
    }

    /// In the shape of `DescribeExecution`.
    pub(super) fn describe(&self, held: &Held) -> Value {
        let execution = &held.execution;
        let identity = execution.identity();
        let mut described = json!({ "executionArn": identity.id, "stateMachineArn": self.arn, "name": identity.name,
            "status": execution.status().name(), "startDate": instant_text(execution.started()),
            "input": execution.input().to_string(), "inputDetails": { "included": true } });
        if let Some(ended) = execution.ended() {
            described["stopDate"] = instant_text(ended).into();
        }
        if let Some(output) = execution.output().filter(|_| execution.status() == Status::Succeeded) {
            described["output"] = output.to_string().into();
            described["outputDetails"] = json!({ "included": true });
        }
        self.name_published(held, &mut described);
        let error = execution.error();
        for (name, text) in [("error", &error.error), ("cause", &error.cause)] {
            if let Some(text) = text {
                described[name] = text.clone().into();
            }
        }
        if !identity.is_express {
            described["redriveCount"] = execution.redrives().into();
            match self.redrive_refusal(held) {
                None => described["redriveStatus"] = "REDRIVABLE".into(),
                Some(reason) => {
                    described["redriveStatus"] = "NOT_REDRIVABLE".into();
                    described["redriveStatusReason"] = reason.into();
                }
            }
        }
        described
    }

    fn list(&self, status: Option<&str>, max: usize) -> Result<Response, ApiError> {
        if self.config.is_express {
            let text = "This operation is not supported by this type of state machine";
            return Err(ApiError::client("StateMachineTypeNotSupported", text));
        }
        let wanted = |held: &Held| status.is_none_or(|status| held.execution.status().name() == status);
        let all = self.executions.iter().rev().filter(|(_, held)| held.parent.is_none() && wanted(held));
        let list = all.take(max).map(|(_, held)| {
            let execution = &held.execution;
            let mut one = json!({ "executionArn": execution.identity().id, "stateMachineArn": self.arn,
                "name": execution.identity().name, "status": execution.status().name(),
                "startDate": instant_text(execution.started()), "redriveCount": execution.redrives() });
            self.name_published(held, &mut one);
            if let Some(ended) = execution.ended() {
                one["stopDate"] = instant_text(ended).into();
            }
            one
        });
        Ok(Response(json!({ "executions": list.collect::<Vec<_>>() })))
    }

    fn stop(&mut self, execution: &str, error: Error, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        self.found(execution)?;
        if self.config.is_express {
            let text = "This operation is not supported by this type of state machine";
            return Err(ApiError::client("StateMachineTypeNotSupported", text));
        }
        let number = self.executions.find(execution).expect("it was just found");
        self.with(number, cx, |execution, world| execution.abort(error, world));
        let ended = self.executions.get(number).and_then(|held| held.execution.ended()).unwrap_or_default();
        Ok(Response(json!({ "stopDate": instant_text(ended) })))
    }

    /// Why an execution cannot be redriven (SFN-23).
    fn redrive_refusal(&self, held: &Held) -> Option<&'static str> {
        let execution = &held.execution;
        match execution.status() {
            Status::Running => return Some("Execution is RUNNING and cannot be redriven"),
            Status::Succeeded => return Some("Execution is SUCCEEDED and cannot be redriven"),
            _ => {}
        }
        if self.config.is_express || held.parent.is_some() {
            return Some("Execution is of a type that cannot be redriven");
        }
        let is_full = execution.events() + 1 >= HISTORY_EVENTS_MAX;
        is_full.then_some("Execution history event limit exceeded and cannot be redriven")
    }

    fn redrive(&mut self, execution: &str, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        let held = self.found(execution)?;
        let old = held.execution.ended().is_some_and(|ended| cx.now() - ended > REDRIVE_AGE_MAX);
        let reason = self.redrive_refusal(held).or(old.then_some("Execution has ended more than 14 days ago"));
        if let Some(reason) = reason {
            let id = held.execution.identity().id.clone();
            return Err(ApiError::client(
                "ExecutionNotRedrivable",
                format!("The execution '{id}' is not redrivable: {reason}"),
            ));
        }
        let (body, hue) = held.message.as_ref().map_or_else(
            || (held.execution.input().to_string().into(), 0),
            |message| (std::sync::Arc::clone(&message.body), message.hue),
        );
        let number = self.executions.find(execution).expect("it was just found");
        let message = cx.produce(body, None, hue);
        cx.book(1, Place::Travelling, Place::Stored);
        self.executions.note_redrive(number);
        self.metrics.redriven += 1;
        if let Some(held) = self.executions.get_mut(number) {
            held.message = Some(message);
        }
        self.with(number, cx, |execution, world| execution.redrive(world));
        self.publish_change(number, Status::Running, cx);
        Ok(Response(json!({ "redriveDate": instant_text(cx.now()) })))
    }

    fn describe_map_run(&self, map_run: &str) -> Result<Response, ApiError> {
        let found = self.executions.iter().find_map(|(number, held)| {
            map_runs(held).find(|(_, arn)| arn == map_run).map(|(at, _)| (number, held, at))
        });
        let Some((number, held, at)) = found else {
            return Err(ApiError::client("ResourceNotFound", format!("Resource not found: '{map_run}'")));
        };
        let children = || {
            self.executions.iter().filter(move |(_, child)| child.parent.is_some_and(|(parent, ..)| parent == number))
        };
        let count = |status: Status| children().filter(|(_, child)| child.execution.status() == status).count();
        let counts = json!({ "pending": 0, "running": count(Status::Running), "succeeded": count(Status::Succeeded),
            "failed": count(Status::Failed), "timedOut": count(Status::TimedOut), "aborted": count(Status::Aborted),
            "total": children().count(), "resultsWritten": 0 });
        let status = if children().any(|(_, child)| child.execution.status() == Status::Running) {
            "RUNNING"
        } else if held.execution.status() == Status::Failed {
            "FAILED"
        } else {
            "SUCCEEDED"
        };
        Ok(Response(json!({ "mapRunArn": map_run, "executionArn": held.execution.identity().id, "status": status,
            "startDate": instant_text(at), "itemCounts": counts, "executionCounts": counts, "redriveCount": 0 })))
    }
}

fn map_runs(held: &Held) -> impl Iterator<Item = (Micros, String)> + '_ {
    held.execution.history().iter().filter_map(|event| match &event.kind {
        EventKind::MapRunStarted { arn } => Some((event.at, arn.to_string())),
        _ => None,
    })
}

/// An execution's input out of the message that brings it.
fn checked_input(message: &Message) -> Result<Value, ApiError> {
    if message.body.len() > PAYLOAD_BYTES_MAX {
        let text = format!(
            "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than \
             or equal to {PAYLOAD_BYTES_MAX}"
        );
        return Err(ApiError::client("ValidationException", text));
    }
    serde_json::from_str(&message.body).map_err(|_| invalid_input(&message.body))
}

fn history(held: &Held, reverse: bool, max: usize, from: usize) -> Result<Response, ApiError> {
    if held.execution.identity().is_express {
        let text = "This operation is not supported by this type of state machine";
        return Err(ApiError::client("StateMachineTypeNotSupported", text));
    }
    let all = held.execution.history();
    let machine = held.execution.machine();
    let json = |event: &crate::lang::asl::execution::event::Event| {
        event.to_json(&**machine, &|at| Value::String(instant_text(at)))
    };
    let events: Vec<Value> = if reverse {
        all.iter().rev().skip(from).take(max).map(json).collect()
    } else {
        all.iter().skip(from).take(max).map(json).collect()
    };
    let mut answer = json!({ "events": events });
    if from + max < all.len() {
        answer["nextToken"] = (from + max).to_string().into();
    }
    Ok(Response(answer))
}
