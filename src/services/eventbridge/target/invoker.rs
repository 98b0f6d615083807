//! Invoking targets: one delivery for each target, tried until it is taken or given up (EB-5, EB-14, EB-15).

use std::sync::Arc;

use super::api_destination::API_DESTINATION;
use super::config::Config;
use super::error_code::{INVALID_JSON, NO_PERMISSIONS, THIRD_ACCOUNT, THIRD_REGION, is_retried};
use super::input::{Input, Occurrence};
use super::metrics::Metrics;
use super::retry::Exhausted;
use crate::engine::{MICROS_PER_SECOND, Micros, seconds};
use crate::services::TokenBucket;
use crate::services::clients::endpoint::api as http;
use crate::services::eventbridge::api::Request;
use crate::services::eventbridge::rule::Fact;
use crate::services::{
    Answer, ApiError, Cx, Deadline, Distribution, Door, Kind, Limit, LinkKind, Message, Meta, Place, Route, Settings,
    Timer, Token,
};
use crate::services::{Deliveries, Delivery, Outcome};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    Target,
    DeadLetter,
}

#[derive(Clone, Debug)]
pub struct Note {
    /// The event as it was, for a dead letter.
    pub event: Arc<str>,
    pub errand: Errand,
    /// When the bus took it.
    pub ingested: Micros,
    /// Of a schedule: when it was due, and the event's own number.
    pub due: Option<(Micros, Token)>,
    /// Why it is not to be tried at all.
    pub refused: Option<&'static str>,
}

/// A wait for the next attempt is over.
#[derive(Clone, Copy, Debug)]
pub struct Wake {
    number: u64,
}

/// How at-least-once and no order show (EB-5).
#[derive(Clone, Copy, Debug)]
pub struct Knobs {
    pub jitter: Distribution,
    /// Of a million invocations.
    pub duplicate_parts: u32,
    /// Invocations a second that the account may make in its Region (EB-4).
    pub per_second: u64,
}

#[derive(Clone, Debug)]
pub struct Target {
    pub route: Route,
    pub config: Config,
    bucket: TokenBucket,
}

#[derive(Clone, Debug)]
pub struct Invoker {
    pub targets: Vec<Target>,
    pub(super) deliveries: Deliveries<Note>,
    pub metrics: Metrics,
    pub knobs: Knobs,
    pub(super) owner: Owner,
    /// The owner's ARN.
    pub(super) arn: String,
    timer: fn(Wake) -> Timer,
}

/// Whose targets they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Rule,
    Schedule,
}

impl Owner {
    /// The attribute of a dead letter that names it.
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::Rule => "RULE_ARN",
            Self::Schedule => "SCHEDULE_ARN",
        }
    }
}

impl Invoker {
    #[must_use]
    pub fn new(owner: Owner, knobs: Knobs, timer: fn(Wake) -> Timer) -> Self {
        Self {
            targets: Vec::new(),
            deliveries: Deliveries::default(),
            metrics: Metrics::default(),
            knobs,
            owner,
            arn: String::new(),
            timer,
        }
    }

    /// Looks up its targets, of which it has `most`; what is held for others is dropped.
    pub fn rewired(&mut self, most: usize, arn: String, cx: &mut Cx<'_>) {
        self.arn = arn;
        let routes = cx.routes();
        let links = || routes.iter().filter(|route| route.kind == LinkKind::Target && route.outward);
        let before = std::mem::take(&mut self.targets);
        let target = |route: &Route| {
            let known = before.iter().find(|target| target.route.link == route.link);
            let bucket = known.map_or_else(TokenBucket::default, |target| target.bucket.clone());
            Target { route: route.clone(), config: Config::read(&route.settings), bucket }
        };
        self.targets = links().take(most).map(target).collect();
        let ignored = links().count() - self.targets.len();
        if ignored > 0 {
            cx.fact(Fact::TargetsIgnored { count: ignored as u64 }, None);
        }
        let targets = &self.targets;
        self.deliveries.keep_links(|link| targets.iter().any(|target| target.route.link == link), "TargetDeleted", cx);
    }

    pub fn retire(&mut self, cx: &mut Cx<'_>) {
        self.deliveries.retire(cx);
    }

    /// The input of its first target, where that is a constant.
    #[must_use]
    pub fn constant_input(&self) -> Option<&str> {
        match self.targets.first()?.config.input {
            Input::Constant(ref text) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub fn stored(&self) -> u64 {
        self.deliveries.stored()
    }

    pub fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.deliveries.each_held(see);
    }

    /// Whether nothing is under way or held.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.deliveries.is_idle()
    }

    #[must_use]
    pub fn deliveries(&self) -> &Deliveries<Note> {
        &self.deliveries
    }

    /// Hands copies of an event to all targets.
    pub fn invoke(&mut self, event: &Occurrence<'_>, cx: &mut Cx<'_>) {
        for place in 0..self.targets.len() {
            let parts = self.knobs.duplicate_parts;
            let again = parts > 0 && cx.rng("duplicate").chance(parts);
            for copy in 0..=u8::from(again) {
                let delivery = self.delivery(place, event, cx);
                if copy > 0 {
                    let target = Arc::clone(&self.targets[place].route.peer_name);
                    cx.fact(Fact::InvokedTwice { target }, Some(delivery.message.token));
                }
                self.launch(delivery, cx);
            }
        }
    }

    fn delivery(&self, place: usize, event: &Occurrence<'_>, cx: &mut Cx<'_>) -> Delivery<Note> {
        let Target { route, config, .. } = &self.targets[place];
        let mut message = cx.pass(event.message);
        let mut refused = None;
        if !(route.peer_kind == Kind::EventBus && is_wrapped(&message)) {
            // A schedule has filled its constant in already.
            let is_filled = self.owner == Owner::Schedule && matches!(config.input, Input::Constant(_));
            match if is_filled { Ok(Arc::clone(&event.message.body)) } else { config.input.of(event) } {
                Ok(body) => message.body = body,
                Err(_) => refused = Some(INVALID_JSON),
            }
            let mut meta = message.meta.as_deref().cloned().unwrap_or_default();
            self.address(config, event, &mut meta);
            message.meta = Some(Arc::new(meta));
        } else if let Some(code) = third_hop(route, event, cx) {
            refused = Some(code);
        }
        if config.is_denied {
            refused = Some(NO_PERMISSIONS);
        }
        let (whole, errand, of) = (Arc::clone(&event.message.body), Errand::Target, event.message.token);
        let due = event.due.map(|due| (due, of));
        let note = Note { event: whole, errand, ingested: event.ingested, due, refused };
        Delivery { link: route.link, of, message, retries: 0, first_attempt: cx.now(), note }
    }

    /// What a queue or stream needs beside the body.
    fn address(&self, config: &Config, event: &Occurrence<'_>, meta: &mut Meta) {
        meta.message_group_id = match config.group_path.as_ref().filter(|_| self.owner == Owner::Rule) {
            Some(path) => path.find(event.value).map(|group| crate::services::attribute_text(&group)),
            None => config.group.clone(),
        };
        let (source, detail_type) = &config.event;
        if source.is_some() || detail_type.is_some() {
            (meta.source, meta.detail_type) = (source.clone(), detail_type.clone());
        }
        let found = config.key_path.as_ref().and_then(|path| path.find(event.value));
        if let Some(key) = found {
            meta.partition_key = Some(crate::services::attribute_text(&key));
        } else if config.key.is_some() {
            meta.partition_key.clone_from(&config.key);
        }
    }

    /// Waits for its place where there is a limit, or at random where there is to be no order.
    fn launch(&mut self, delivery: Delivery<Note>, cx: &mut Cx<'_>) {
        if let Some(code) = delivery.note.refused {
            let error = ApiError::client(code, sentence_of(code));
            return self.failed(delivery, &error, cx);
        }
        let per_second = self.knobs.per_second;
        let jitter = match self.knobs.jitter {
            Distribution::Constant(wait) => wait,
            spread => spread.sample(cx.rng("jitter")),
        };
        let now = cx.now();
        let account = &mut cx.shared().accounts.events;
        let limit = if self.owner == Owner::Rule { &mut account.invocations } else { &mut account.schedules };
        let throttled = limit.wait_for(1, Limit { per_second, burst: per_second }, now);
        if throttled > 0 {
            self.metrics.throttled += 1;
        }
        let Some(target) = self.targets.iter_mut().find(|target| target.route.link == delivery.link) else {
            return cx.book(1, Place::Travelling, Place::Dropped("TargetDeleted"));
        };
        let limited = match target.route.peer_kind {
            Kind::Endpoint => {
                target.bucket.wait_for(1, Limit { per_second: target.config.api.per_second, burst: 1 }, now)
            }
            _ => 0,
        };
        let wait = jitter.max(throttled).max(limited);
        if wait == 0 {
            return self.attempt(delivery, cx);
        }
        let (target, wait_ms) = (Arc::clone(&target.route.peer_name), wait / 1_000);
        let fact = if jitter == wait {
            Fact::InvocationDelayed { target, wait_ms }
        } else {
            Fact::InvocationThrottled { target, wait_ms }
        };
        cx.fact(fact, Some(delivery.message.token));
        self.defer(delivery, wait, false, cx);
    }

    /// Holds it, at most until it is too old.
    fn defer(&mut self, delivery: Delivery<Note>, wait: Micros, is_retry: bool, cx: &mut Cx<'_>) {
        let age = cx.now() - delivery.first_attempt;
        let policy = self.policy(&delivery);
        let (wait, timer) = (policy.within(wait, age), self.timer);
        let timer = move |number| timer(Wake { number });
        if is_retry {
            self.deliveries.hold(delivery, wait, timer, cx);
        } else {
            self.deliveries.defer(delivery, wait, timer, cx);
        }
    }

    fn policy(&self, delivery: &Delivery<Note>) -> super::RetryPolicy {
        let target = self.targets.iter().find(|target| target.route.link == delivery.link);
        target.map(|target| target.config.retry).unwrap_or_default()
    }

    fn attempt(&mut self, delivery: Delivery<Note>, cx: &mut Cx<'_>) {
        let Some(target) = self.targets.iter().find(|target| target.route.link == delivery.link) else {
            return cx.book(1, Place::Travelling, Place::Dropped("TargetDeleted"));
        };
        let route = target.route.clone();
        if delivery.retries == 0 {
            self.metrics.started.add(cx.now() - delivery.note.ingested);
        }
        let request = match route.peer_kind {
            // An event is put into its envelope once; a schedule's has none.
            Kind::EventBus if is_wrapped(&delivery.message) => Request::Deliver.into(),
            Kind::Endpoint => {
                self.metrics.api_calls += 1;
                let api = &target.config.api;
                http::Request::Invoke { method: api.method.clone(), headers: api.headers.clone() }.into()
            }
            kind => kind.push_request(1).expect("a target takes pushed messages"),
        };
        let deadline = if route.peer_kind == Kind::Endpoint { API_DESTINATION } else { Deadline::SERVICE };
        self.deliveries.send(&route, request, delivery, deadline, cx);
    }

    pub fn answered(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        match self.deliveries.settle(answer, cx) {
            None => {}
            Some(Outcome::Accepted { delivery, .. }) => match delivery.note.errand {
                Errand::DeadLetter => self.buried(&delivery, cx),
                Errand::Target => self.accepted(&delivery, cx),
            },
            Some(Outcome::Failed { delivery, error }) if delivery.note.errand == Errand::DeadLetter => {
                self.burial_failed(&delivery, error.code, cx);
            }
            Some(Outcome::Failed { delivery, error }) => {
                if delivery.retries == 0 {
                    self.metrics.completed.add(cx.now() - delivery.note.ingested);
                }
                self.failed(delivery, &error, cx);
            }
        }
    }

    fn accepted(&mut self, delivery: &Delivery<Note>, cx: &mut Cx<'_>) {
        let taken = cx.now() - delivery.note.ingested;
        self.metrics.invocations += 1;
        self.metrics.succeeded.add(taken);
        if delivery.retries == 0 {
            self.metrics.completed.add(taken);
        }
        cx.report(Fact::TargetInvoked { target: self.name_of(delivery) }, Some(delivery.message.token));
    }

    pub fn woke(&mut self, Wake { number }: Wake, cx: &mut Cx<'_>) {
        let Some(delivery) = self.deliveries.due(number, cx) else { return };
        let age = cx.now() - delivery.first_attempt;
        if self.policy(&delivery).is_too_old(age) {
            let error = ApiError::server("EventTooOld", "The event has reached its maximum age.");
            return self.give_up(delivery, &error, Some(Exhausted::MaximumEventAgeInSeconds), cx);
        }
        self.attempt(delivery, cx);
    }

    fn failed(&mut self, delivery: Delivery<Note>, error: &ApiError, cx: &mut Cx<'_>) {
        let (age, retries) = (cx.now() - delivery.first_attempt, delivery.retries);
        let exists = self.targets.iter().any(|target| target.route.link == delivery.link);
        let forbids = error.retry_after.is_some_and(|seconds| seconds < 0);
        if !is_retried(error) || !exists || forbids {
            return self.give_up(delivery, error, None, cx);
        }
        match self.policy(&delivery).wait(retries, age) {
            Err(limit) => self.give_up(delivery, error, Some(limit), cx),
            Ok(own) => {
                let asked = error.retry_after.and_then(|seconds| u64::try_from(seconds).ok()).map_or(0, seconds);
                let wait = own.max(asked);
                self.metrics.retries += 1;
                let (target, code) = (self.name_of(&delivery), error.code);
                let fact = Fact::InvocationRetried { target, code, retry: retries + 1, wait: wait / MICROS_PER_SECOND };
                cx.fact(fact, Some(delivery.message.token));
                self.defer(delivery, wait, true, cx);
            }
        }
    }

    fn give_up(&mut self, delivery: Delivery<Note>, error: &ApiError, exhausted: Option<Exhausted>, cx: &mut Cx<'_>) {
        self.metrics.invocations += 1;
        self.metrics.failed += 1;
        let (target, code, retries) = (self.name_of(&delivery), error.code, delivery.retries);
        cx.fact(Fact::InvocationFailed { target, code, retries }, Some(delivery.message.token));
        self.bury(delivery, error, exhausted, cx);
    }

    fn name_of(&self, delivery: &Delivery<Note>) -> Arc<str> {
        let target = self.targets.iter().find(|target| target.route.link == delivery.link);
        target.map_or_else(|| Arc::from("a deleted target"), |target| Arc::clone(&target.route.peer_name))
    }
}

/// Whether a bus has put it into an envelope.
fn is_wrapped(message: &Message) -> bool {
    message.meta.as_deref().is_some_and(|meta| meta.ingested.is_some())
}

fn sentence_of(code: &str) -> &'static str {
    match code {
        NO_PERMISSIONS => "EventBridge has no permission to invoke the target.",
        INVALID_JSON => "The input transformer did not make JSON.",
        _ => "An event that came from another account or Region is not passed on to a third.",
    }
}

/// An event that has come from elsewhere goes no further than here (EB-16).
fn third_hop(route: &Route, event: &Occurrence<'_>, cx: &Cx<'_>) -> Option<&'static str> {
    let routes = cx.routes();
    let own = routes.iter().find(|route| route.kind == LinkKind::Rule && !route.outward)?;
    let text = |settings: &Settings, name: &str| settings.text(name).unwrap_or_default();
    let (here, there) = (cx.settings_of(own.peer), cx.settings_of(route.peer));
    let is_third = |property: &str, field: &str| {
        let here = text(here, property);
        event.value[field].as_str().is_some_and(|origin| origin != here) && text(there, property) != here
    };
    if is_third("Account", "account") {
        Some(THIRD_ACCOUNT)
    } else {
        is_third("Region", "region").then_some(THIRD_REGION)
    }
}
