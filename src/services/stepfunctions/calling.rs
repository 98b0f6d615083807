//! What executions want done: tasks call, children begin, moments are waited for; and what came of it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::api::Request;
use super::executions::Held;
use super::fact::Fact;
use super::integrations::{self, Prepared};
use super::model::{Model, Timer};
use crate::engine::{ActorId, LinkId, MICROS_PER_SECOND, limits};
use crate::lang::asl::execution::failure::Error;
use crate::lang::asl::execution::forking::ChildOutcome;
use crate::lang::asl::execution::thread::{TaskId, ThreadId};
use crate::lang::asl::execution::{Effect, Execution, Identity, Status, TaskCall};
use crate::lang::asl::machine::{StateId, StateKind};
use crate::lang::asl::resource::{Pattern, Resource};
use crate::lang::asl::test_state::Test;
use crate::services::{Answer, Caller, Cx, Deadline, Door, Draft, Kind, LinkKind, Message, Meta, Place, Route};

/// A task's call under way.
#[derive(Clone, Debug)]
pub struct Errand {
    pub execution: u64,
    pub task: TaskId,
    pub resource: Resource,
    pub parameters: Arc<Value>,
    /// A state that is tried, which no execution takes part in, and who wants to know.
    pub test: Option<Box<(Caller, Test)>>,
}

/// What begins an execution.
pub struct Start {
    pub name: Option<String>,
    /// The version or alias that is to run.
    pub qualifier: Option<String>,
    pub input: Value,
    pub message: Option<Message>,
    pub caller: Option<Caller>,
    pub watcher: Option<Arc<str>>,
    /// Whose item it is: the execution, its thread, the Map's state, the item's number.
    pub parent: Option<(u64, ThreadId, StateId, u64)>,
}

/// The number of no execution.
const NO_EXECUTION: u64 = u64::MAX;

/// A function may run for fifteen minutes, and an Express workflow for five.
const INVOCATION: Deadline = Deadline::of(905 * MICROS_PER_SECOND, "Lambda.SdkClientException");

impl Model {
    /// Does what executions want done, until none wants anything.
    pub(super) fn carry_out(&mut self, cx: &mut Cx<'_>) {
        while let Some(number) = self.due.pop() {
            self.tell_news(number, cx);
            let Some(held) = self.executions.get_mut(number) else { continue };
            for effect in held.execution.effects() {
                self.carry_out_one(number, effect, cx);
            }
        }
        let throttled = self.gate.throttled - self.metrics.throttled;
        if throttled > 0 {
            cx.fact(Fact::TransitionsThrottled { transitions: throttled }, None);
            self.metrics.throttled = self.gate.throttled;
        }
    }

    fn carry_out_one(&mut self, number: u64, effect: Effect, cx: &mut Cx<'_>) {
        match effect {
            Effect::Call(call) => self.call_task(number, call, cx),
            Effect::Drop(task) => self.drop_task(number, task, cx),
            Effect::WakeAt(at, wake) => {
                let key = cx.wake_at(at, Timer::Wake { execution: number, wake });
                self.wakes.insert((number, wake), key);
            }
            Effect::CancelWake(wake) => {
                if let Some(key) = self.wakes.remove(&(number, wake)) {
                    cx.cancel(key);
                }
            }
            Effect::StartChild { thread, map, number: item, input } => {
                let parent = Some((number, thread, map, item));
                let start =
                    Start { name: None, qualifier: None, input, message: None, caller: None, watcher: None, parent };
                self.begin(start, cx);
            }
            Effect::StopChildren { thread } => self.stop_children(number, thread, cx),
            Effect::Ended => self.ended(number, cx),
        }
    }

    /// Begins an execution; its number.
    pub(super) fn begin(&mut self, start: Start, cx: &mut Cx<'_>) -> Option<u64> {
        let Start { name, qualifier, input, message, caller, watcher, parent } = start;
        let published = qualifier.and_then(|qualifier| self.published(&qualifier, cx));
        let machine = match (parent, &published) {
            (Some((parent, ..)), _) => Arc::clone(self.executions.get(parent)?.execution.machine()),
            (None, Some(published)) => Arc::clone(&published.machine),
            (None, None) => self.machine()?,
        };
        let express_child = parent.and_then(|(_, _, map, _)| match &machine.states[map].kind {
            StateKind::Map(map) => map.distributed.as_ref().map(|distributed| distributed.express),
            _ => None,
        });
        let is_express = express_child.unwrap_or(self.config.is_express);
        let mut around = super::model::Around { cx, gate: &mut self.gate, config: &self.config };
        let uuid = |around: &mut super::model::Around<'_, '_>| crate::lang::asl::chance::Chance::uuid(around);
        let shown = name.clone().unwrap_or_else(|| uuid(&mut around));
        let mut id = self.arn.replacen(":stateMachine:", if is_express { ":express:" } else { ":execution:" }, 1);
        id.push_str(&format!(":{shown}"));
        if is_express {
            id.push_str(&format!(":{}", uuid(&mut around)));
        }
        let identity = Identity {
            id,
            name: shown,
            role: self.config.role.clone(),
            machine_id: self.arn.clone(),
            machine_name: super::api::last_part(&self.arn).to_owned(),
            is_express,
        };
        let of_map = parent.map(|(_, _, map, _)| map);
        let objects = Arc::clone(&self.config.objects);
        let execution = Execution::start(machine, of_map, Arc::new(identity), input, objects, &mut around);
        let number = self.executions.next_number();
        let parent = parent.map(|(execution, thread, _, item)| (execution, thread, item));
        if parent.is_none() {
            self.metrics.started += 1;
        }
        let published = published.map(|published| (published.version, published.alias));
        let held =
            Held { execution, message, caller, watcher, parent, published, told: 0, billed: 0, is_forgotten: false };
        self.executions.insert(number, held, name);
        self.due.push(number);
        if parent.is_none() {
            self.publish_change(number, Status::Running, cx);
        }
        Some(number)
    }

    /// Tells whoever waits for it how an execution has ended.
    fn ended(&mut self, number: u64, cx: &mut Cx<'_>) {
        let Some(held) = self.executions.get_mut(number) else { return };
        let status = held.execution.status();
        let (caller, watcher, parent, is_forgotten) =
            (held.caller.take(), held.watcher.take(), held.parent, held.is_forgotten);
        if let Some(message) = held.message.clone() {
            let to = match status {
                Status::Succeeded | Status::Running => Place::Consumed,
                Status::Failed => Place::Dropped("ExecutionFailed"),
                Status::TimedOut => Place::Dropped("ExecutionTimedOut"),
                Status::Aborted => Place::Dropped("ExecutionAborted"),
            };
            cx.book(1, Place::Stored, to);
            if status == Status::Succeeded {
                cx.worked_on(&message);
            }
        }
        self.executions.note_end(number);
        if let Some((execution, thread, item)) = parent {
            if !is_forgotten {
                let outcome = self.child_outcome(number);
                self.with(execution, cx, |execution, world| execution.child_ended(thread, item, outcome, world));
            }
            return;
        }
        let held = self.executions.get(number);
        if let Some(held) = held {
            self.metrics.note_end(&held.execution);
        }
        if let Some(caller) = caller {
            self.answer_sync(caller, number, cx);
        }
        if let (Some(watcher), Some(held)) = (watcher, self.executions.get(number)) {
            let description = Arc::new(self.describe(held));
            let request = Request::JobEnded { token: Arc::clone(&watcher), description };
            cx.call_back(&watcher, request.into(), Vec::new(), Deadline::SERVICE);
        }
        self.publish_change(number, status, cx);
    }

    fn child_outcome(&self, number: u64) -> ChildOutcome {
        let held = self.executions.get(number).expect("it has just ended");
        let execution = &held.execution;
        match execution.output() {
            Some(output) if execution.status() == Status::Succeeded => {
                ChildOutcome::Succeeded { output: Arc::clone(output), last: 0 }
            }
            _ => {
                let failure = crate::lang::asl::execution::failure::Failure::of(execution.error().clone());
                ChildOutcome::Failed { failure, last: 0, thread: None }
            }
        }
    }

    fn stop_children(&mut self, number: u64, thread: ThreadId, cx: &mut Cx<'_>) {
        let is_child = |held: &Held| {
            held.execution.ended().is_none()
                && held.parent.is_some_and(|(parent, of, _)| (parent, of) == (number, thread))
        };
        let children: Vec<u64> =
            self.executions.iter().filter(|(_, held)| is_child(held)).map(|(child, _)| child).collect();
        for child in children {
            if let Some(held) = self.executions.get_mut(child) {
                held.is_forgotten = true;
            }
            self.with(child, cx, |execution, world| execution.abort(Error::default(), world));
        }
    }

    fn drop_task(&mut self, number: u64, task: TaskId, cx: &mut Cx<'_>) {
        let is_it = |errand: &Errand| (errand.execution, errand.task) == (number, task);
        if let Some(call) = self.errands.find(is_it) {
            self.errands.remove(call);
        }
        self.tokens.end(number, task, cx);
        self.activities.forget(number, task);
    }

    fn call_task(&mut self, number: u64, call: TaskCall, cx: &mut Cx<'_>) {
        let TaskCall { task, resource, parameters, token, .. } = call;
        if let Resource::Activity { name } = &resource {
            if let Some(token) = token {
                self.tokens.hand_out(token, number, task, LinkId::NONE, cx);
            }
            return self.offer_activity(name.clone(), (number, task), parameters, cx);
        }
        let prepared = integrations::prepare(&resource, &parameters, &self.reachable(cx));
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                self.with(number, cx, |execution, world| execution.task_failed(task, error, world));
                return;
            }
        };
        let Prepared { route, action, input, watches } = prepared;
        if let Some(token) = token {
            self.tokens.hand_out(token, number, task, route.link, cx);
        }
        if resource_is(&resource, "apigateway") || resource_is(&resource, "http") {
            let parameters = Arc::new(parameters);
            let errand = Errand { execution: number, task, resource, parameters, test: None };
            return self.call_endpoint(errand, &route, &input, cx);
        }
        let settings = cx.settings_of(route.peer).clone();
        let parsed = route.peer_kind.parse_call(&settings, &action, &input);
        let (mut request, drafts) = match parsed {
            Ok(parsed) => parsed,
            Err(error) => {
                let error = integrations::service_error(&resource, &error);
                self.with(number, cx, |execution, world| execution.task_failed(task, error, world));
                return;
            }
        };
        if watches
            && let crate::services::Request::StepFunctions(Request::StartExecution { watcher, .. }) = &mut request
        {
            let name: Arc<str> = format!("job:{}:{number}:{task}", cx.name()).into();
            *watcher = Some(Arc::clone(&name));
            self.tokens.hand_out(name, number, task, route.link, cx);
        }
        let messages = self.made(number, drafts, cx);
        if cx.is_deleted() {
            return;
        }
        let deadline = if route.peer_kind == Kind::Function || action == "StartSyncExecution" {
            INVOCATION
        } else {
            Deadline::SERVICE
        };
        let call = cx.call_within(&route, request, messages, deadline);
        let errand = Errand { execution: number, task, resource, parameters: Arc::new(parameters), test: None };
        self.errands.insert(call, errand);
    }

    /// Calls what the task of a state under test calls.
    pub(super) fn call_tested(&mut self, caller: Caller, test: Test, cx: &mut Cx<'_>) {
        let resource = test.resource().cloned().unwrap_or(Resource::Other);
        let parameters = Arc::new(test.parameters().clone());
        let Prepared { route, action, input, .. } =
            match integrations::prepare(&resource, &parameters, &self.reachable(cx)) {
                Ok(prepared) => prepared,
                Err(error) => return self.answer_test(caller, test, Err(error), cx),
            };
        let is_endpoint = resource_is(&resource, "apigateway") || resource_is(&resource, "http");
        let parsed = if is_endpoint {
            None
        } else {
            let settings = cx.settings_of(route.peer).clone();
            match route.peer_kind.parse_call(&settings, &action, &input) {
                Ok(parsed) => Some(parsed),
                Err(error) => {
                    let error = integrations::service_error(&resource, &error);
                    return self.answer_test(caller, test, Err(error), cx);
                }
            }
        };
        let test = Some(Box::new((caller, test)));
        let errand = Errand { execution: NO_EXECUTION, task: 0, resource, parameters, test };
        let Some((request, drafts)) = parsed else { return self.call_endpoint(errand, &route, &input, cx) };
        let messages = self.made(NO_EXECUTION, drafts, cx);
        let call = cx.call_within(&route, request, messages, INVOCATION);
        self.errands.insert(call, errand);
    }

    fn answer_test(&mut self, caller: Caller, test: Test, result: Result<Value, Error>, cx: &mut Cx<'_>) {
        let mut around = super::model::Around { cx, gate: &mut self.gate, config: &self.config };
        let answer = test.answered(result, &mut around);
        cx.answer(caller, Ok(super::api::Response(answer).into()), Vec::new());
    }

    /// The messages of a task's call: they follow from what the execution began with.
    fn made(&mut self, number: u64, drafts: Vec<Draft>, cx: &mut Cx<'_>) -> Vec<Message> {
        let from = self.root_message(number);
        let make = |draft: Draft| {
            let meta = (draft.meta != Meta::default()).then(|| Arc::new(draft.meta));
            let hue = from.as_ref().map_or(0, |from| from.hue);
            let mut message = cx.produce(draft.body.into(), meta, hue);
            cx.shared().followers += 1;
            if let Some(from) = &from {
                cx.follows(&mut message, from);
                cx.descend(message.token, from.token);
            }
            if message.hops > limits::LINEAGE_HOPS_MAX {
                let (name, most) = (cx.name(), limits::LINEAGE_HOPS_MAX);
                cx.halt(format!(
                    "A message and its followers passed {most} links without end: {name} feeds what feeds {name}. \
                     Take one link of the loop away, or filter what goes round."
                ));
            }
            message
        };
        drafts.into_iter().map(make).collect()
    }

    /// The message that an execution, or the one whose item it is, began with.
    pub(super) fn root_message(&self, number: u64) -> Option<Message> {
        let mut held = self.executions.get(number)?;
        while let Some((parent, ..)) = held.parent {
            held = self.executions.get(parent)?;
        }
        held.message.clone()
    }

    fn call_endpoint(&mut self, errand: Errand, route: &Route, input: &Value, cx: &mut Cx<'_>) {
        let headers = input["Headers"].as_object().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let headers = headers.iter().map(|(name, value)| {
            let value = value.as_array().and_then(|several| several.first()).unwrap_or(value);
            (name.clone(), text(value))
        });
        let method = input["Method"].as_str().unwrap_or("GET").to_owned();
        let request = crate::services::clients::endpoint::api::Request::Invoke { method, headers: headers.collect() };
        let body = input.get("RequestBody").map(text).unwrap_or_default();
        let messages = self.made(errand.execution, vec![Draft { body, ..Draft::default() }], cx);
        let deadline = Deadline::of(60 * MICROS_PER_SECOND, "States.Http.Socket");
        let call = cx.call_within(route, request.into(), messages, deadline);
        self.errands.insert(call, errand);
    }

    /// Where tasks can call: over its links, and to any other node over none.
    fn reachable(&self, cx: &Cx<'_>) -> integrations::Reachable {
        let routes = cx.routes();
        let linked = routes.iter().filter(|route| route.kind == LinkKind::Integration && route.outward).cloned();
        let shared = cx.shared_ref();
        let others =
            shared.by_name.iter().filter(|(_, actor)| !shared.deleted.contains(actor)).map(|(name, actor)| Route {
                link: LinkId::NONE,
                kind: LinkKind::Integration,
                peer: *actor,
                peer_kind: shared.kinds[actor.index()],
                peer_name: Arc::from(&**name),
                outward: true,
                settings: shared.settings[actor.index()].clone(),
            });
        let own =
            |actor: &ActorId| integrations::own_name(shared.kinds[actor.index()], &shared.settings[actor.index()]);
        let owned = shared.by_name.values().filter_map(|actor| Some((*actor, own(actor)?)));
        integrations::Reachable { routes: linked.chain(others).collect(), names: owned.collect() }
    }

    /// A service has answered a task.
    pub(super) fn errand_answered(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        cx.book(answer.messages.len() as u64, Place::Travelling, Place::Dropped("TaskFailed"));
        let Some(errand) = self.errands.remove(answer.call) else { return };
        let Errand { execution, task, resource, parameters, test } = errand;
        let pattern = match &resource {
            Resource::Service { pattern, .. } => *pattern,
            _ => Pattern::RequestResponse,
        };
        let mut request_id = super::model::Around { cx, gate: &mut self.gate, config: &self.config };
        let request_id = crate::lang::asl::chance::Chance::uuid(&mut request_id);
        let result = integrations::result(&resource, &parameters, answer, &request_id);
        if let Some(test) = test {
            let (caller, test) = *test;
            return self.answer_test(caller, test, result, cx);
        }
        self.with(execution, cx, |execution, world| match result {
            Ok(output) if pattern == Pattern::RequestResponse => {
                execution.task_succeeded(task, output, world);
            }
            Ok(output) => execution.task_submitted(task, &output, world),
            Err(error) => {
                execution.task_failed(task, error, world);
            }
        });
    }

    /// The job of a `.sync` task has ended.
    pub(super) fn job_ended(&mut self, token: &str, description: &Value, cx: &mut Cx<'_>) {
        let Some((execution, task)) = self.tokens.find(token) else { return };
        let held = self.executions.get(execution);
        let pattern = held.and_then(|held| pattern_of(held, task)).unwrap_or_default();
        let succeeded = description["status"] == "SUCCEEDED";
        let shape = integrations::job_description(description, pattern == Pattern::Sync2);
        self.with(execution, cx, |execution, world| {
            if succeeded {
                execution.task_succeeded(task, shape, world)
            } else {
                let error = Error::new("States.TaskFailed", shape.to_string());
                execution.task_failed(task, error, world)
            }
        });
        self.tokens.end(execution, task, cx);
    }

    fn answer_sync(&mut self, caller: Caller, number: u64, cx: &mut Cx<'_>) {
        let Some(held) = self.executions.get(number) else { return };
        let mut description = self.describe(held);
        let time = held.execution.ended().unwrap_or_default().saturating_sub(held.execution.started());
        description["billingDetails"] = json!({ "billedDurationInMilliseconds": time.div_ceil(100_000).max(1) * 100, "billedMemoryUsedInMB": super::prices::MEGABYTES });
        let reply: Arc<str> =
            held.execution.output().map_or_else(|| "{}".to_owned(), |output| output.to_string()).into();
        let hue = held.message.as_ref().map_or(0, |message| message.hue);
        let reply = cx.produce(reply, None, hue);
        cx.reply(caller, Ok(super::api::Response(description).into()), Vec::new(), reply);
    }
}

fn pattern_of(held: &Held, task: TaskId) -> Option<Pattern> {
    let found = held.execution.threads().find_map(|(_, thread)| thread.task().filter(|run| run.id == task));
    found.map(|run| run.pattern)
}

fn resource_is(resource: &Resource, name: &str) -> bool {
    matches!(resource, Resource::Service { service, .. } if service == name)
}
