//! Activities: tasks that workers ask for (SFN-22).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};

use super::api::Response;
use super::fact::Fact;
use super::model::{Model, Timer};
use crate::engine::{Key, MICROS_PER_SECOND, Micros};
use crate::lang::asl::execution::thread::TaskId;
use crate::services::{Caller, Cx, Door};

/// How long `GetActivityTask` waits for one.
const POLL: Micros = 60 * MICROS_PER_SECOND;

/// A task that waits for a worker: the execution, the task, and its input.
type Offered = (u64, TaskId, Arc<str>);

#[derive(Clone, Debug)]
struct Poll {
    number: u64,
    caller: Caller,
    worker: Option<String>,
    key: Key,
}

#[derive(Clone, Debug, Default)]
pub struct Activities {
    offered: BTreeMap<String, VecDeque<Offered>>,
    polls: BTreeMap<String, VecDeque<Poll>>,
    next: u64,
}

impl Activities {
    /// Nobody waits for a task any more.
    pub fn forget(&mut self, execution: u64, task: TaskId) {
        for offered in self.offered.values_mut() {
            offered.retain(|(of, number, _)| (*of, *number) != (execution, task));
        }
    }
}

impl Model {
    pub(super) fn offer_activity(
        &mut self,
        activity: String,
        (execution, task): (u64, TaskId),
        input: Value,
        cx: &mut Cx<'_>,
    ) {
        let offered = (execution, task, Arc::from(input.to_string()));
        let poll = self.activities.polls.get_mut(&activity).and_then(VecDeque::pop_front);
        match poll {
            Some(Poll { caller, worker, key, .. }) => {
                cx.cancel(key);
                self.hand_over(&activity, offered, (caller, worker), cx);
            }
            None => self.activities.offered.entry(activity).or_default().push_back(offered),
        }
    }

    pub(super) fn get_activity_task(
        &mut self,
        activity: String,
        caller: Caller,
        worker: Option<String>,
        cx: &mut Cx<'_>,
    ) {
        let offered = self.activities.offered.get_mut(&activity).and_then(VecDeque::pop_front);
        if let Some(offered) = offered {
            return self.hand_over(&activity, offered, (caller, worker), cx);
        }
        self.activities.next += 1;
        let number = self.activities.next;
        let key = cx.wake_in(POLL, Timer::PollEnds { number });
        self.activities.polls.entry(activity).or_default().push_back(Poll { number, caller, worker, key });
    }

    fn hand_over(
        &mut self,
        activity: &str,
        (execution, task, input): Offered,
        (caller, worker): (Caller, Option<String>),
        cx: &mut Cx<'_>,
    ) {
        let token = self.executions.get(execution).and_then(|held| held.execution.token_of(task).cloned());
        let message = self.root_message(execution).map(|message| message.token);
        cx.fact(Fact::ActivityTaken { activity: activity.to_owned() }, message);
        self.with(execution, cx, |execution, world| execution.task_started(task, worker.as_deref(), world));
        let answer = json!({ "taskToken": token.as_deref(), "input": *input });
        cx.answer(caller, Ok(Response(answer).into()), Vec::new());
    }

    /// A worker that found no task is told so: its token is `null`.
    pub(super) fn poll_ends(&mut self, number: u64, cx: &mut Cx<'_>) {
        for polls in self.activities.polls.values_mut() {
            let Some(place) = polls.iter().position(|poll| poll.number == number) else { continue };
            let poll = polls.remove(place).expect("it was just found");
            return cx.answer(poll.caller, Ok(Response(json!({ "taskToken": null })).into()), Vec::new());
        }
    }
}
