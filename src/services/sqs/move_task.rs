//! Message move tasks: dead letters go back to their own source queues, or to another queue, as new messages
//! (SQS-41).

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::api::{Request, Response};
use super::backlog::{Arrival, Receiving, SERVERS};
use super::config::queue_of_arn;
use super::dead_letter::Moving;
use super::fact::Fact;
use super::fifo::Cursor;
use super::model::{Model, Timer};
use super::slots::Entry;
use crate::engine::{ActorId, Key, LinkId, Micros, seconds};
use crate::services::{ApiError, Caller, Cx, Deadline, Door, Kind, LinkKind, Message, Place, Route, Settings};

/// Messages a second when the call names no number `[MODEL]`; it is the most one may name.
const PER_SECOND: u64 = 500;
/// A task that takes longer fails.
const LASTING_MAX: Micros = seconds(36 * 3_600);
/// Ended tasks that a listing can show.
const REMEMBERED_MAX: usize = 10;

#[derive(Clone, Debug)]
struct Task {
    number: u64,
    handle: String,
    status: &'static str,
    failure: Option<&'static str>,
    destination: Option<(ActorId, Arc<str>)>,
    per_second: Option<u64>,
    to_move: u64,
    /// Handed over, and those of them that are not answered yet.
    moved: u64,
    under_way: u64,
    started: Micros,
}

/// The tasks of a queue, the latest last; one runs at most.
#[derive(Clone, Debug, Default)]
pub struct MoveTasks {
    list: Vec<Task>,
    count: u64,
    /// For the next move of the one that runs.
    timer: Option<Key>,
}

impl MoveTasks {
    /// The task that runs, or that ends when its last move is answered.
    fn active(&mut self) -> Option<&mut Task> {
        self.list.last_mut().filter(|task| task.is_active())
    }
}

impl Task {
    fn is_active(&self) -> bool {
        matches!(self.status, "RUNNING" | "CANCELLING")
    }
}

impl Model {
    pub(super) fn start_move_task(
        &mut self,
        source: Option<&str>,
        destination: Option<&str>,
        per_second: Option<u64>,
        cx: &mut Cx<'_>,
    ) -> Result<Response, ApiError> {
        let invalid = |text: &str| Err(ApiError::client("InvalidParameterValue", text));
        let missing = || {
            let text = "The resource that you specified for the DestinationArn parameter doesn't exist.";
            ApiError::client("ResourceNotFoundException", text)
        };
        if source.is_some_and(|source| queue_of_arn(source) != &*cx.name()) {
            return invalid("SourceArn names another queue: call it on that one.");
        }
        if self.source_queues(cx).is_empty() {
            return invalid("Source queue must be configured as a Dead Letter Queue.");
        }
        if self.tasks.active().is_some() {
            return invalid("There is already a task running. Only one active task is allowed for a source queue.");
        }
        let destination = match destination.map(queue_of_arn) {
            None => None,
            Some(name) => {
                let actor = *cx.shared_ref().by_name.get(name).ok_or_else(missing)?;
                if cx.shared_ref().kinds[actor.index()] != Kind::Queue {
                    return Err(missing());
                }
                if cx.settings_of(actor).boolean("FifoQueue") != self.config.fifo {
                    return invalid("Source and destination must be queues of the same type.");
                }
                Some((actor, cx.name_of(actor)))
            }
        };
        self.tasks.count += 1;
        let to_move = self.backlog.len();
        let handle = format!("task-{}-{}", cx.name(), self.tasks.count);
        cx.fact(Fact::MoveTaskStarted { messages: to_move }, None);
        self.tasks.list.push(Task {
            number: self.tasks.count,
            handle: handle.clone(),
            status: "RUNNING",
            failure: None,
            destination,
            per_second,
            to_move,
            moved: 0,
            under_way: 0,
            started: cx.now(),
        });
        if self.tasks.list.len() > REMEMBERED_MAX {
            self.tasks.list.remove(0);
        }
        self.tasks.timer = Some(cx.wake_in(0, Timer::NextMove));
        Ok(Response::Shape(json!({ "TaskHandle": handle })))
    }

    /// Moves the oldest message that is visible, then waits for its turn again.
    #[inline(never)] // second part
    pub(super) fn move_next(&mut self, cx: &mut Cx<'_>) {
        let now = cx.now();
        let Some(task) = self.tasks.active().filter(|task| task.status == "RUNNING") else { return };
        let (pause, is_late) = (seconds(1) / task.per_second.unwrap_or(PER_SECOND), now - task.started > LASTING_MAX);
        let destination = task.destination.clone();
        if is_late {
            return self.end_task("FAILED", Some("TaskTimedOut"), cx);
        }
        let (is_left, is_idle) = (task.moved < task.to_move, task.under_way == 0);
        let mut receiving = Receiving { asked: [true; SERVERS], cursor: Cursor::default() };
        let Some(slot) = is_left.then(|| self.backlog.take(&mut receiving, 0)).flatten() else {
            if is_idle {
                self.end_task("COMPLETED", None, cx);
            } else {
                self.tasks.timer = Some(cx.wake_in(pause, Timer::NextMove));
            }
            return;
        };
        let source = self.backlog.slots.entry(slot).story.as_deref().and_then(|story| story.source.clone());
        let Some((peer, peer_name)) = destination.or(source) else {
            self.backlog.list(slot, true);
            self.backlog.taken(receiving);
            return self.end_task("FAILED", Some("CouldNotDetermineMessageSource"), cx);
        };
        self.hand_over(slot, peer, peer_name, cx);
        self.backlog.taken(receiving);
        self.tasks.timer = Some(cx.wake_in(pause, Timer::NextMove));
    }

    /// The message ends here, and begins anew as another.
    fn hand_over(&mut self, slot: u32, peer: ActorId, peer_name: Arc<str>, cx: &mut Cx<'_>) {
        let entry = self.take_out(slot, Place::Consumed, cx);
        let message = cx.copy(&entry.message);
        cx.fact(Fact::MessageMoved { successor: message.token }, Some(entry.message.token));
        let routes = cx.routes();
        let drawn = routes.iter().find(|route| route.kind == LinkKind::Redrive && route.peer == peer && !route.outward);
        let straight = || Route {
            link: LinkId::NONE,
            kind: LinkKind::Redrive,
            peer,
            peer_kind: Kind::Queue,
            peer_name,
            outward: true,
            settings: Settings::new(Map::new(), &[]),
        };
        let route = drawn.cloned().unwrap_or_else(straight);
        let call = cx.call_within(&route, Request::Move.into(), vec![message], Deadline::SERVICE);
        let (first_received, source) = entry.story.map_or((0, None), |story| (story.first_received, story.source));
        let Some(task) = self.tasks.active() else { return };
        task.moved += 1;
        task.under_way += 1;
        let task = Some(task.number);
        let Entry { sent, received, .. } = entry;
        self.moving.insert(call, Moving { sent, received, first_received, source, task });
    }

    /// A message that was moved was taken, or came back.
    pub(super) fn move_answered(&mut self, number: u64, error: Option<ApiError>, cx: &mut Cx<'_>) {
        let Some(task) = self.tasks.list.iter_mut().find(|task| task.number == number) else { return };
        task.under_way -= 1;
        task.moved -= u64::from(error.is_some());
        let (is_active, is_cancelled) = (task.is_active(), task.status == "CANCELLING" && task.under_way == 0);
        match error {
            Some(error) if is_active => self.end_task("FAILED", Some(error.code), cx),
            None if is_cancelled => self.end_task("CANCELLED", None, cx),
            _ => {}
        }
    }

    fn end_task(&mut self, status: &'static str, failure: Option<&'static str>, cx: &mut Cx<'_>) {
        let Some(task) = self.tasks.active() else { return };
        (task.status, task.failure) = (status, failure);
        let moved = task.moved;
        if let Some(key) = self.tasks.timer.take() {
            cx.cancel(key);
        }
        match failure {
            Some(reason) => cx.fact(Fact::MoveTaskFailed { moved, reason }, None),
            None => cx.fact(Fact::MoveTaskEnded { moved, status }, None),
        }
    }

    pub(super) fn cancel_move_task(&mut self, handle: &str, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        let Some(task) = self.tasks.active().filter(|task| task.handle == handle) else {
            let text = "The task handle names no task that runs.";
            return Err(ApiError::client("ResourceNotFoundException", text));
        };
        let moved = task.moved;
        task.status = "CANCELLING";
        if task.under_way == 0 {
            self.end_task("CANCELLED", None, cx);
        }
        Ok(Response::Shape(json!({ "ApproximateNumberOfMessagesMoved": moved })))
    }

    /// The latest first.
    pub(super) fn list_move_tasks(&self, max: usize, cx: &Cx<'_>) -> Response {
        let source = cx.name();
        let show = |task: &Task| {
            let mut json = json!({
                "Status": task.status,
                "SourceArn": &*source,
                "ApproximateNumberOfMessagesMoved": task.moved,
                "ApproximateNumberOfMessagesToMove": task.to_move,
                "StartedTimestamp": task.started / 1_000,
            });
            let mut add = |name: &str, value: Option<Value>| {
                if let Some(value) = value {
                    json[name] = value;
                }
            };
            add("TaskHandle", (task.status == "RUNNING").then(|| json!(task.handle)));
            add("DestinationArn", task.destination.as_ref().map(|(_, name)| json!(&**name)));
            add("MaxNumberOfMessagesPerSecond", task.per_second.map(Value::from));
            add("FailureReason", task.failure.map(Value::from));
            json
        };
        let results: Vec<Value> = self.tasks.list.iter().rev().take(max).map(show).collect();
        Response::Shape(json!({ "Results": results }))
    }

    /// Takes in what a task moves: a new message, with a new time and a fresh retention (SQS-41).
    #[inline(never)] // second part
    pub(super) fn take_in_moved(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        for message in messages {
            cx.fact(Fact::MessageArrivedByMove, Some(message.token));
            cx.book(1, Place::Travelling, Place::Stored);
            self.metrics.sent += 1;
            self.metrics.sent_bytes += message.size() as u64;
            let (received, first_received, source, returns) = (0, 0, None, false);
            self.store(Arrival { message, sent: cx.now(), received, first_received, source, returns }, 0, cx);
        }
        cx.answer(caller, Ok(Response::Done.into()), Vec::new());
        self.serve_waiters(cx);
    }
}
