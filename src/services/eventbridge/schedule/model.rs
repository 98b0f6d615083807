//! The schedule's state machine: the next time, the window, the invocation, the end.

use std::sync::Arc;

use serde_json::Value;

use super::super::envelope::scheduled_event;
use super::super::prices;
use super::super::target::{Invoker, Occurrence, Owner, Wake};
use super::config::Config;
use super::fact::Fact;
use crate::engine::{Key, MICROS_PER_SECOND, Micros, seconds};
use crate::figure::Figure;
use crate::lang::instant::instant_text;
use crate::services::parts::arns::arn;
use crate::services::{
    self, Answer, ApiError, Call, Change, Cx, Door, Draft, Message, Metric, Place, Service, Settings, Usage,
};

/// A schedule has one target.
const TARGETS_MAX: usize = 1;
/// It fires within its minute.
const MINUTE: Micros = seconds(60);

#[derive(Clone, Debug)]
pub enum Timer {
    Target(Wake),
    Due,
    Fires { due: Micros },
}

#[derive(Clone, Copy, Debug)]
pub struct Next {
    pub since: Micros,
    pub at: Micros,
    key: Key,
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) invoker: Invoker,
    pub(super) next: Option<Next>,
    /// Due, and not fired yet: its window or its minute is not over.
    pending: u64,
    pub(super) fired: u64,
    created: Micros,
    /// It fires no more.
    completed: bool,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        let config = Config::read(settings);
        let invoker = Invoker::new(Owner::Schedule, config.knobs, |wake| Timer::Target(wake).into());
        Self { config, invoker, next: None, pending: 0, fired: 0, created: 0, completed: false }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.created = cx.now();
        self.rewired(cx);
        self.schedule(cx.now(), cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let arn = arn_of(&cx.name());
        self.invoker.rewired(TARGETS_MAX, arn, cx);
    }

    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        self.config = Config::read(settings);
        self.invoker.knobs = self.config.knobs;
        if let Some(next) = self.next.take() {
            cx.cancel(next.key);
        }
        self.completed = false;
        self.created = cx.now();
        self.schedule(cx.now(), cx);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.invoker.retire(cx);
        if let Some(next) = self.next.take() {
            cx.cancel(next.key);
        }
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let error = ApiError::client("InvalidAction", "A schedule takes no calls.");
        cx.fact(Fact::RequestRefused { code: error.code }, None);
        cx.answer(call.caller, Err(error), call.messages);
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        self.invoker.answered(answer, cx);
        self.delete_when_done(cx);
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::Target(wake) => self.invoker.woke(wake, cx),
            Timer::Due => self.due(cx),
            Timer::Fires { due } => self.fire(due, cx),
        }
        self.delete_when_done(cx);
    }

    fn stored(&self) -> u64 {
        self.invoker.stored()
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.invoker.each_held(see);
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        let metrics = &self.invoker.metrics;
        let attempts = metrics.invocations + metrics.retries;
        let errors = metrics.failed + metrics.retries;
        vec![
            ("InvocationAttemptCount", Metric::Count(attempts)),
            ("TargetErrorCount", Metric::Count(errors)),
            ("InvocationDroppedCount", Metric::Count(metrics.failed)),
            ("InvocationThrottleCount", Metric::Count(metrics.throttled)),
            ("InvocationsSentToDeadLetterCount", Metric::Count(metrics.sent_to_dlq)),
            ("InvocationsFailedToBeSentToDeadLetterCount", Metric::Count(metrics.failed_to_dlq)),
        ]
    }

    fn usage(&self, _now: Micros) -> Usage {
        vec![(prices::SCHEDULED_INVOCATION, self.fired)]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, _input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        Err(ApiError::unknown_action(action, "A schedule", &["none"]))
    }
}

impl Model {
    fn schedule(&mut self, from: Micros, cx: &mut Cx<'_>) {
        let at = self.config.next(from, self.created).filter(|_| self.config.enabled);
        self.next = at.map(|at| Next { since: cx.now(), at, key: cx.wake_at(at, Timer::Due) });
        if at.is_none() && self.config.enabled && !self.completed {
            self.completed = true;
            cx.fact(Fact::ScheduleCompleted, None);
        }
    }

    /// Its time has come: it fires now, or later within its window or its minute.
    fn due(&mut self, cx: &mut Cx<'_>) {
        let due = cx.now();
        self.pending += 1;
        let wait = match self.config.window {
            0 => self.config.delay.sample(cx.rng("delay")).min(MINUTE - 1),
            window => cx.rng("window").below(window),
        };
        self.schedule(due + 1, cx);
        if wait == 0 {
            return self.fire(due, cx);
        }
        if self.config.window > 0 {
            cx.fact(Fact::WindowOpened { wait_s: wait / MICROS_PER_SECOND }, None);
        }
        cx.wake_in(wait, Timer::Fires { due });
    }

    fn fire(&mut self, due: Micros, cx: &mut Cx<'_>) {
        self.pending -= 1;
        if !self.config.enabled {
            return;
        }
        self.fired += 1;
        let (name, now) = (cx.name(), cx.now());
        let arn = arn_of(&name);
        let (body, meta) = scheduled_event("aws.scheduler", &arn, due);
        let value: Value = serde_json::from_str(&body).expect("an envelope is JSON");
        let mut plain = (*meta).clone();
        plain.ingested = None;
        let mut event = cx.produce(body, Some(Arc::new(plain)), 0);
        cx.originate(Fact::ScheduleFired, event.token);
        if let Some(input) = self.invoker.constant_input() {
            let time = format!("{}Z", &instant_text(due)[..19]);
            let filled =
                input.replace("<aws.scheduler.schedule-arn>", &arn).replace("<aws.scheduler.scheduled-time>", &time);
            event.body = filled.into();
        }
        let (ingested, rule) = (now, (&*name, &*arn));
        self.invoker.invoke(&Occurrence { message: &event, value: &value, ingested, due: Some(due), rule }, cx);
        let to = if self.invoker.targets.is_empty() { Place::Dropped("NoTarget") } else { Place::Consumed };
        cx.book(1, Place::Travelling, to);
    }

    /// Deletes itself once nothing is left to do, if it is to (`ActionAfterCompletion`).
    fn delete_when_done(&mut self, cx: &mut Cx<'_>) {
        if self.completed && self.config.deletes && self.pending == 0 && self.invoker.is_idle() {
            self.config.deletes = false;
            cx.fact(Fact::ScheduleDeleted, None);
            let node = cx.name();
            cx.change(Change::RemoveNode { node });
        }
    }
}

fn arn_of(schedule: &str) -> String {
    arn("scheduler", &format!("schedule/default/{schedule}"))
}
