//! Heartbeats: while it works, a worker moves the end of the visibility timeout of all it holds (SQS-17, SQS-E3).

use super::fact::Fact;
use super::model::{Model, Timer};
use super::thread::Doing;
use crate::engine::{Key, Micros};
use crate::services::sqs::api::Request;
use crate::services::{ApiError, Cx, Door, Response};

/// The wait for a thread's next heartbeat.
#[derive(Clone, Copy, Debug)]
pub struct Heartbeat {
    pub since: Micros,
    pub until: Micros,
    key: Key,
}

impl Model {
    /// Sets the next heartbeat of a thread that holds something.
    pub(super) fn expect_heartbeat(&mut self, thread: usize, cx: &mut Cx<'_>) {
        self.threads[thread].heartbeat = self.config.heartbeat.map(|interval| {
            let (since, until) = (cx.now(), cx.now() + interval);
            Heartbeat { since, until, key: cx.wake_at(until, Timer::Heartbeat { thread }) }
        });
    }

    pub(super) fn stop_heartbeat(&mut self, thread: usize, cx: &mut Cx<'_>) {
        if let Some(heartbeat) = self.threads[thread].heartbeat.take() {
            cx.cancel(heartbeat.key);
        }
    }

    pub(super) fn beat(&mut self, thread: usize, cx: &mut Cx<'_>) {
        self.threads[thread].heartbeat = None;
        let Some(interval) = self.config.heartbeat else { return };
        if matches!(self.threads[thread].doing, Doing::Ended) {
            return;
        }
        let visibility_timeout = self.config.extension(interval);
        for place in 0..self.threads[thread].batch.len() {
            let (receipt, token) = {
                let received = &self.threads[thread].batch[place];
                (received.receipt, received.message.token)
            };
            cx.fact(Fact::HeartbeatSent { seconds: visibility_timeout }, Some(token));
            if let Some(task) = &self.config.task_token {
                task.beat(&self.threads[thread].batch[place].message, cx);
            }
            let request = Request::ChangeMessageVisibility { receipt, visibility_timeout };
            let call = cx.call_within(&self.threads[thread].route, request.into(), Vec::new(), self.config.deadline);
            self.beating.insert(call, token);
            self.heartbeats += 1;
        }
        self.expect_heartbeat(thread, cx);
    }

    /// Whether it was a heartbeat that was answered. One that failed is not repeated: the next one may succeed.
    pub(super) fn beat_answered(&mut self, call: u64, result: &Result<Response, ApiError>, cx: &mut Cx<'_>) -> bool {
        let Some(token) = self.beating.remove(call) else { return false };
        if let Err(error) = result {
            cx.fact(Fact::HeartbeatFailed { code: error.code }, Some(token));
        }
        true
    }
}
