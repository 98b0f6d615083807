//! The state machine's node: calls that come, answers to its tasks, moments that its executions wait for.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::activities::Activities;
use super::api;
use super::callbacks::Tokens;
use super::calling::Errand;
use super::config::Config;
use super::control::Control;
use super::executions::Executions;
use super::fact::Fact;
use super::metrics::Metrics;
use crate::engine::{Key, LinkId, Micros};
use crate::figure::Figure;
use crate::lang::asl::chance::Chance;
use crate::lang::asl::execution::scope::World;
use crate::lang::asl::execution::thread::Wake;
use crate::services::contract::inside::Inside;
use crate::services::parts::arns::arn;
use crate::services::{
    self, Answer, ApiError, Call, Cx, Door, Draft, Message, Metric, Pending, Place, Service, Settings, TokenBucket,
    Usage,
};

#[derive(Clone, Debug)]
pub enum Timer {
    /// Something that an execution waits for is over.
    Wake { execution: u64, wake: Wake },
    /// A worker has waited long enough for a task of an activity.
    PollEnds { number: u64 },
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) executions: Executions,
    /// Calls of tasks, by their numbers.
    pub(super) errands: Pending<Errand>,
    pub(super) tokens: Tokens,
    pub(super) activities: Activities,
    pub(super) control: Control,
    pub(super) wakes: BTreeMap<(u64, Wake), Key>,
    pub(super) gate: Gate,
    pub(super) starts: TokenBucket,
    pub(super) metrics: Metrics,
    pub(super) arn: String,
    pub(super) created: Micros,
    /// Executions that have something to be done.
    pub(super) due: Vec<u64>,
    /// The state that was entered last, and when: it is lit for a moment.
    pub(super) latest: BTreeMap<usize, Micros>,
}

/// What lets state transitions through (SFN-3).
#[derive(Clone, Debug, Default)]
pub struct Gate {
    bucket: TokenBucket,
    pub throttled: u64,
}

/// The world as an execution sees it.
pub struct Around<'a, 'b> {
    pub cx: &'a mut Cx<'b>,
    pub gate: &'a mut Gate,
    pub config: &'a Config,
}

impl Chance for Around<'_, '_> {
    fn random_u64(&mut self) -> u64 {
        self.cx.rng("executions").bits()
    }
}

impl World for Around<'_, '_> {
    fn now(&self) -> Micros {
        self.cx.now()
    }

    fn next_transition(&mut self) -> Micros {
        let now = self.cx.now();
        let kind = services::Kind::StateMachine;
        let hop = self.cx.shared_ref().network.hop(kind, LinkId::NONE);
        let takes = hop.sample(self.cx.rng("transitions"));
        if self.config.is_express {
            return takes;
        }
        let wait = self.gate.bucket.wait_for(1, self.config.transitions, now);
        if wait > 0 {
            self.gate.throttled += 1;
        }
        takes.max(wait)
    }
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;
    const GONE: &'static str = "StateMachineDoesNotExist";

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            executions: Executions::default(),
            errands: Pending::default(),
            tokens: Tokens::default(),
            activities: Activities::default(),
            control: Control::default(),
            wakes: BTreeMap::new(),
            gate: Gate::default(),
            starts: TokenBucket::default(),
            metrics: Metrics::default(),
            arn: String::new(),
            created: 0,
            due: Vec::new(),
            latest: BTreeMap::new(),
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.created = cx.now();
        self.name_itself(cx);
    }

    /// Executions under way go on by the definition that they began with.
    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        self.config = Config::read(settings);
        self.name_itself(cx);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        for held in self.executions.take() {
            if held.message.is_some() && held.execution.ended().is_none() {
                cx.book(1, Place::Stored, Place::Dropped("ResourceDeleted"));
            }
        }
        for key in std::mem::take(&mut self.wakes).into_values() {
            cx.cancel(key);
        }
        self.errands = Pending::default();
        self.tokens = Tokens::default();
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        match request {
            services::Request::StepFunctions(request) => self.requested(caller, request, messages, cx),
            _ => {
                let error = ApiError::client("InvalidAction", "A state machine takes the API of Step Functions alone.");
                cx.answer(caller, Err(error), messages);
            }
        }
        self.carry_out(cx);
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        self.errand_answered(answer, cx);
        self.carry_out(cx);
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::Wake { execution, wake } => {
                self.wakes.remove(&(execution, wake));
                self.with(execution, cx, |execution, world| execution.wake(wake, world));
            }
            Timer::PollEnds { number } => self.poll_ends(number, cx),
        }
        self.carry_out(cx);
    }

    fn stored(&self) -> u64 {
        self.executions.iter().filter(|(_, held)| held.message.is_some() && held.execution.ended().is_none()).count()
            as u64
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        let running = self.executions.iter().filter(|(_, held)| held.execution.ended().is_none());
        running.filter_map(|(_, held)| held.message.as_ref()).for_each(see);
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        self.metric_values()
    }

    fn usage(&self, _now: Micros) -> Usage {
        self.billed()
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now, super::SPEC.size)
    }

    fn figure_in(&self, now: Micros, size: (f32, f32)) -> Figure {
        self.draw(now, size)
    }

    fn inside(&self, now: Micros) -> Option<Inside> {
        Some(self.look_inside(now))
    }

    fn inside_of(&self, way: &[String], _now: Micros) -> Option<Inside> {
        self.look_deeper(way)
    }

    fn way_to(&self, at: (f32, f32), size: (f32, f32), way: &[String]) -> Option<Vec<String>> {
        self.way_at(at, size, way)
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse(action, input).map(|(request, drafts)| (request.into(), drafts))
    }
}

impl Model {
    fn name_itself(&mut self, cx: &Cx<'_>) {
        let name = self.config.name.clone().unwrap_or_else(|| cx.name().to_string());
        self.arn = arn("states", &format!("stateMachine:{name}"));
    }

    /// Its name at AWS.
    pub(super) fn aws_name(&self) -> &str {
        api::last_part(&self.arn)
    }

    /// Lets an execution work, and notes that it may have something to be done.
    pub(super) fn with<R>(
        &mut self,
        number: u64,
        cx: &mut Cx<'_>,
        work: impl FnOnce(&mut crate::lang::asl::execution::Execution, &mut dyn World) -> R,
    ) -> Option<R> {
        let held = self.executions.get_mut(number)?;
        let result = work(&mut held.execution, &mut Around { cx, gate: &mut self.gate, config: &self.config });
        self.due.push(number);
        Some(result)
    }

    /// Adds an event for the page: which state was entered lately.
    pub(super) fn light(&mut self, state: usize, now: Micros) {
        self.latest.insert(state, now);
    }

    /// The machine, if its definition can be used.
    pub(super) fn machine(&self) -> Option<Arc<crate::lang::asl::Machine>> {
        self.config.machine.clone()
    }
}
