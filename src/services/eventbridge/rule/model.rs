//! The rule's state machine: matching, handing on to targets, trying again.

use std::sync::Arc;

use serde_json::Value;

use super::super::api::{Request, Response};
use super::super::deliveries::{Deliveries, Delivery, Outcome};
use super::config::Config;
use super::fact::Fact;
use super::metrics::Metrics;
use super::retry::retry_wait;
use crate::engine::limits::LINEAGE_HOPS_MAX;
use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::figure::Figure;
use crate::services::limits::TARGETS_PER_RULE_MAX;
use crate::services::{
    self, Answer, ApiError, Call, Cx, Door, Draft, Kind, LinkKind, Message, Metric, Place, Route, Service, Settings,
    token_text,
};

#[derive(Clone, Debug)]
pub enum Timer {
    /// An event's wait for its next attempt is over.
    Retry { number: u64 },
}

/// What became of the latest event, for the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    Nothing,
    Matched,
    /// By this clause of the pattern.
    Refused(String),
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) targets: Vec<Route>,
    pub(super) deliveries: Deliveries,
    pub(super) metrics: Metrics,
    pub(super) seen: Seen,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            targets: Vec::new(),
            deliveries: Deliveries::default(),
            metrics: Metrics::default(),
            seen: Seen::Nothing,
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.rewired(cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        let targets = || routes.iter().filter(|route| route.kind == LinkKind::Target && route.outward);
        self.targets = targets().take(TARGETS_PER_RULE_MAX).cloned().collect();
        let ignored = targets().count() - self.targets.len();
        if ignored > 0 {
            cx.fact(Fact::TargetsIgnored { count: ignored as u64 }, None);
        }
        let targets = &self.targets;
        self.deliveries.keep_links(|link| targets.iter().any(|target| target.link == link), "TargetDeleted", cx);
    }

    fn configure(&mut self, settings: &Settings, _cx: &mut Cx<'_>) {
        self.config = Config::read(settings);
        self.seen = Seen::Nothing;
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.deliveries.retire(cx);
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        let services::Request::Events(Request::Match) = request else {
            let error = ApiError::client("InvalidAction", "A rule takes no calls: its bus shows it the events.");
            cx.fact(Fact::RequestRefused { code: error.code }, None);
            return cx.answer(caller, Err(error), messages);
        };
        let mut matched = false;
        for event in messages {
            matched |= self.look_at(event, cx);
        }
        cx.answer(caller, Ok(Response::Match { matched }.into()), Vec::new());
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        match self.deliveries.settle(answer, cx) {
            None => {}
            Some(Outcome::Accepted { delivery, .. }) => {
                self.metrics.invocations += 1;
                let target = self.name_of(&delivery);
                cx.fact(Fact::TargetInvoked { target }, Some(delivery.message.token));
            }
            Some(Outcome::Failed { delivery, error }) => self.failed(delivery, &error, cx),
        }
    }

    fn wake(&mut self, Timer::Retry { number }: Timer, cx: &mut Cx<'_>) {
        let Some(delivery) = self.deliveries.due(number, cx) else { return };
        let target = self.targets.iter().position(|target| target.link == delivery.link);
        self.invoke(target.expect("what is held for a deleted target is dropped with it"), delivery, cx);
    }

    fn stored(&self) -> u64 {
        self.deliveries.stored()
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        self.metrics.list()
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, _input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        let text = format!("A rule has no action {action}: put events on its bus with PutEvents.");
        Err(ApiError::client("InvalidAction", text))
    }
}

impl Model {
    /// Matches one event and hands it on, or drops it with the reason; whether it matched.
    fn look_at(&mut self, event: Message, cx: &mut Cx<'_>) -> bool {
        let token = Some(event.token);
        if !self.config.enabled {
            cx.fact(Fact::RuleDisabled, token);
            cx.book(1, Place::Travelling, Place::Dropped("RuleDisabled"));
            return false;
        }
        if let Some(clause) = self.refusal(&event) {
            self.metrics.refused += 1;
            cx.fact(Fact::NotMatched { clause: clause.clone() }, token);
            cx.book(1, Place::Travelling, Place::Dropped("NotMatched"));
            self.seen = Seen::Refused(clause);
            return false;
        }
        self.seen = Seen::Matched;
        self.metrics.matched += 1;
        if event.hops > LINEAGE_HOPS_MAX {
            self.stop_loop(&event, cx);
            return true;
        }
        if self.targets.is_empty() {
            cx.fact(Fact::NoTarget, token);
            cx.book(1, Place::Travelling, Place::Dropped("NoTarget"));
            return true;
        }
        self.metrics.triggered += 1;
        cx.fact(Fact::Matched { targets: self.targets.len() as u64 }, token);
        for target in 0..self.targets.len() {
            let mut copy = cx.copy(&event);
            copy.hops = copy.hops.saturating_add(1);
            let delivery = Delivery::new(&self.targets[target], event.token, copy, cx.now());
            self.invoke(target, delivery, cx);
        }
        cx.book(1, Place::Travelling, Place::Consumed);
        true
    }

    /// The clause by which the pattern refuses an event.
    fn refusal(&self, event: &Message) -> Option<String> {
        let pattern = match &self.config.pattern {
            Ok(pattern) => pattern,
            Err(why) => return Some(why.clone()),
        };
        let value = serde_json::from_str(&event.body).expect("a bus sends its own envelopes");
        if pattern.matches(&value) {
            return None;
        }
        let refusals = pattern.explain(&value).refusals.into_iter();
        let clauses: Vec<String> = refusals.map(|refusal| refusal.clause).collect();
        Some(if clauses.is_empty() { "the pattern does not match".to_owned() } else { clauses.join("; ") })
    }

    fn invoke(&mut self, target: usize, delivery: Delivery, cx: &mut Cx<'_>) {
        let target = &self.targets[target];
        let request = match target.peer_kind {
            // An event is put into its envelope once.
            Kind::EventBus => Request::Deliver.into(),
            kind => kind.push_request(1).expect("a target takes pushed messages"),
        };
        self.deliveries.send(target, request, delivery, cx);
    }

    fn failed(&mut self, delivery: Delivery, error: &ApiError, cx: &mut Cx<'_>) {
        let (code, token, retries) = (error.code, Some(delivery.message.token), delivery.retries);
        let target = self.name_of(&delivery);
        let exists = self.targets.iter().any(|target| target.link == delivery.link);
        match retry_wait(retries, cx.now() - delivery.first_attempt) {
            Some(wait) if error.retryable && exists => {
                self.metrics.retries += 1;
                let fact = Fact::InvocationRetried { target, code, retry: retries + 1, wait: wait / MICROS_PER_SECOND };
                cx.fact(fact, token);
                self.deliveries.hold(delivery, wait, |number| Timer::Retry { number }, cx);
            }
            _ => {
                self.metrics.invocations += 1;
                self.metrics.failed += 1;
                cx.fact(Fact::InvocationFailed { target, code, retries }, token);
                cx.book(1, Place::Travelling, Place::Dropped(code));
            }
        }
    }

    fn stop_loop(&self, event: &Message, cx: &mut Cx<'_>) {
        let (name, message) = (cx.name(), token_text(event.token));
        cx.fact(Fact::EndlessLoop { hops: event.hops }, Some(event.token));
        cx.book(1, Place::Travelling, Place::Dropped("EndlessLoop"));
        cx.halt(format!(
            "Event {message} has passed more than {LINEAGE_HOPS_MAX} links and reached the rule {name} again: this \
             is a loop without end. Take one of its links away, or let the pattern of {name} refuse what it sent out."
        ));
    }

    fn name_of(&self, delivery: &Delivery) -> Arc<str> {
        let target = self.targets.iter().find(|target| target.link == delivery.link);
        target.map_or_else(|| Arc::from("a deleted target"), |target| Arc::clone(&target.peer_name))
    }
}
