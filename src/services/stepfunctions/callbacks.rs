//! Tokens that executions have handed out: whoever has one can end its task (SFN-20).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::api::Response;
use super::fact::Fact;
use super::model::Model;
use crate::engine::LinkId;
use crate::lang::asl::execution::failure::Error;
use crate::lang::asl::execution::thread::TaskId;
use crate::services::{ApiError, Cx, Door};

/// Tokens of tasks that have ended and are still known as such.
const ENDED_MAX: usize = 10_000;

#[derive(Clone, Debug, Default)]
pub struct Tokens {
    open: BTreeMap<Arc<str>, (u64, TaskId)>,
    /// In their order, so that the oldest are forgotten.
    ended: BTreeMap<u64, Arc<str>>,
    ended_by_token: BTreeMap<Arc<str>, u64>,
    next: u64,
}

impl Tokens {
    pub fn hand_out(&mut self, token: Arc<str>, execution: u64, task: TaskId, link: LinkId, cx: &mut Cx<'_>) {
        cx.hand_out(Arc::clone(&token), link);
        self.open.insert(token, (execution, task));
    }

    #[must_use]
    pub fn find(&self, token: &str) -> Option<(u64, TaskId)> {
        self.open.get(token).copied()
    }

    /// Nobody waits for a task any more. Who calls back still finds this machine, which says so.
    pub fn end(&mut self, execution: u64, task: TaskId, cx: &mut Cx<'_>) {
        let Some(token) =
            self.open.iter().find(|(_, of)| **of == (execution, task)).map(|(token, _)| Arc::clone(token))
        else {
            return;
        };
        self.open.remove(&token);
        self.next += 1;
        self.ended.insert(self.next, Arc::clone(&token));
        self.ended_by_token.insert(token, self.next);
        while self.ended.len() > ENDED_MAX {
            let Some((_, oldest)) = self.ended.pop_first() else { return };
            self.ended_by_token.remove(&oldest);
            cx.shared().callbacks.take_back(&oldest);
        }
    }

    fn is_ended(&self, token: &str) -> bool {
        self.ended_by_token.contains_key(token)
    }
}

/// What somebody tells of a task.
pub enum Told {
    Success(Value),
    Failure(Error),
    Heartbeat,
}

impl Model {
    /// `SendTaskSuccess`, `SendTaskFailure`, `SendTaskHeartbeat`.
    pub(super) fn called_back(&mut self, token: &str, told: Told, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        let Some((execution, task)) = self.tokens.find(token) else {
            let error = if self.tokens.is_ended(token) {
                ApiError::client("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
            } else {
                ApiError::client("InvalidToken", "Invalid Token: 'Invalid token'")
            };
            cx.fact(Fact::RequestRefused { code: error.code }, None);
            return Err(error);
        };
        let is_over = !matches!(told, Told::Heartbeat);
        let taken = self.with(execution, cx, |execution, world| match told {
            Told::Success(output) => execution.task_succeeded(task, output, world),
            Told::Failure(error) => execution.task_failed(task, error, world),
            Told::Heartbeat => execution.heartbeat(task, world),
        });
        if is_over {
            self.tokens.end(execution, task, cx);
        }
        if taken != Some(true) {
            return Err(ApiError::client("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'"));
        }
        Ok(Response(json!({})))
    }
}
