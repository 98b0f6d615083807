//! The rule's state machine: matching, firing, handing on to targets.

use serde_json::Value;

use super::super::api::{Request, Response};
use super::super::bus;
use super::super::envelope::scheduled_event;
use super::super::pattern_trial::test_event_pattern;
use super::super::prices;
use super::super::target::{Invoker, Occurrence, Owner, Wake};
use super::config::{Config, State, change_delay, knobs};
use super::fact::Fact;
use super::metrics::Metrics;
use crate::engine::limits::LINEAGE_HOPS_MAX;
use crate::engine::{Key, Micros};
use crate::figure::Figure;
use crate::lang::schedule::Zone;
use crate::services::limits::TARGETS_PER_RULE_MAX;
use crate::services::parts::arns::arn;
use crate::services::{
    self, Answer, ApiError, Call, Cx, Door, Draft, LinkKind, Message, Metric, Place, Service, Settings, Usage,
    token_text,
};

#[derive(Clone, Debug)]
pub enum Timer {
    Target(Wake),
    Fires,
    ChangeDue,
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
    settings: Settings,
    pub(super) invoker: Invoker,
    pub(super) metrics: Metrics,
    pub(super) seen: Seen,
    pub(super) next_fire: Option<(Micros, Key)>,
    /// A change that is not in effect yet.
    change: Option<(Settings, Key)>,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            settings: settings.clone(),
            invoker: Invoker::new(Owner::Rule, knobs(settings, bus::INVOCATIONS_PER_SECOND), |wake| {
                Timer::Target(wake).into()
            }),
            metrics: Metrics::default(),
            seen: Seen::Nothing,
            next_fire: None,
            change: None,
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.rewired(cx);
        self.schedule(cx.now(), cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let arn = arn_of(cx);
        self.invoker.rewired(TARGETS_PER_RULE_MAX, arn, cx);
        self.tune(cx);
    }

    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        if let Some((_, key)) = self.change.take() {
            cx.cancel(key);
        }
        let delay = change_delay(settings);
        self.change = Some((settings.clone(), cx.wake_in(delay, Timer::ChangeDue)));
        if delay == 0 {
            self.take_effect(cx);
        }
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.invoker.retire(cx);
        self.unschedule(cx);
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        match request {
            services::Request::Events(Request::Match) => {
                let mut matched = false;
                for event in messages {
                    matched |= self.look_at(event, cx);
                }
                cx.answer(caller, Ok(Response::Match { matched }.into()), Vec::new());
            }
            services::Request::Events(Request::Tell(result)) => cx.answer(caller, result.map(Into::into), messages),
            _ => {
                let error = ApiError::client("InvalidAction", "A rule takes no calls: its bus shows it the events.");
                cx.fact(Fact::RequestRefused { code: error.code }, None);
                cx.answer(caller, Err(error), messages);
            }
        }
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        self.invoker.answered(answer, cx);
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::Target(wake) => self.invoker.woke(wake, cx),
            Timer::Fires => self.fire(cx),
            Timer::ChangeDue => {
                cx.fact(Fact::ChangeTookEffect, None);
                self.take_effect(cx);
            }
        }
    }

    fn stored(&self) -> u64 {
        self.invoker.stored()
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.invoker.each_held(see);
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        let own = [("MatchedEvents", self.metrics.matched), ("TriggeredRules", self.metrics.triggered)];
        let own = own.into_iter().map(|(name, count)| (name, Metric::Count(count)));
        own.chain(self.invoker.metrics.list()).collect()
    }

    fn usage(&self, _now: Micros) -> Usage {
        vec![(prices::API_DESTINATION_CALL, self.invoker.metrics.api_calls)]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    /// `TestEventPattern` alone: a pattern, or the rule's own, against an event (EB-10).
    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        if action != "TestEventPattern" {
            let text = format!("A rule has no action {action}: put events on its bus with PutEvents.");
            return Err(ApiError::client("InvalidAction", text));
        }
        test_event_pattern(input, self.settings.get("EventPattern")).map(|request| (request.into(), Vec::new()))
    }
}

impl Model {
    /// Reads what its bus says of the account.
    fn tune(&mut self, cx: &Cx<'_>) {
        let routes = cx.routes();
        let bus = routes.iter().find(|route| route.kind == LinkKind::Rule && !route.outward);
        let per_second = bus.map(|route| cx.settings_of(route.peer).integer("InvocationsPerSecond"));
        self.invoker.knobs = knobs(&self.settings, per_second.unwrap_or(bus::INVOCATIONS_PER_SECOND).max(1));
    }

    fn take_effect(&mut self, cx: &mut Cx<'_>) {
        let Some((settings, key)) = self.change.take() else { return };
        cx.cancel(key);
        let before = std::mem::take(&mut self.config.schedule_text);
        self.config = Config::read(&settings);
        self.settings = settings;
        self.seen = Seen::Nothing;
        self.tune(cx);
        if before != self.config.schedule_text {
            self.unschedule(cx);
            self.schedule(cx.now(), cx);
        }
    }

    fn schedule(&mut self, from: Micros, cx: &mut Cx<'_>) {
        let started = self.next_fire.map_or(from, |(at, _)| at);
        let next = self.config.schedule.as_ref().and_then(|schedule| schedule.next(from, started, &Zone::UTC));
        self.next_fire = next.map(|at| (at, cx.wake_at(at, Timer::Fires)));
    }

    fn unschedule(&mut self, cx: &mut Cx<'_>) {
        if let Some((_, key)) = self.next_fire.take() {
            cx.cancel(key);
        }
    }

    fn fire(&mut self, cx: &mut Cx<'_>) {
        self.schedule(cx.now() + 1, cx);
        if self.config.state == State::Disabled {
            return;
        }
        let (body, meta) = scheduled_event("aws.events", &arn_of(cx), cx.now());
        let event = cx.produce(body, Some(meta), 0);
        cx.originate(Fact::ScheduleFired, event.token);
        self.hand_on(event, cx);
    }

    /// Matches one event and hands it on, or drops it with the reason; whether it matched.
    fn look_at(&mut self, event: Message, cx: &mut Cx<'_>) -> bool {
        let token = Some(event.token);
        if self.config.state == State::Disabled {
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
        } else {
            self.hand_on(event, cx);
        }
        true
    }

    fn hand_on(&mut self, event: Message, cx: &mut Cx<'_>) {
        let token = Some(event.token);
        let targets = self.invoker.targets.len() as u64;
        if targets == 0 {
            cx.fact(Fact::NoTarget, token);
            return cx.book(1, Place::Travelling, Place::Dropped("NoTarget"));
        }
        self.metrics.triggered += 1;
        cx.fact(Fact::Matched { targets }, token);
        let name = cx.name();
        let value: Value = serde_json::from_str(&event.body).expect("an envelope is JSON");
        let ingested = event.meta.as_deref().and_then(|meta| meta.ingested).unwrap_or(cx.now());
        let rule = (&*name, &*arn_of(cx));
        self.invoker.invoke(&Occurrence { message: &event, value: &value, ingested, due: None, rule }, cx);
        cx.book(1, Place::Travelling, Place::Consumed);
    }

    /// The clause by which the pattern refuses an event.
    fn refusal(&self, event: &Message) -> Option<String> {
        let pattern = match &self.config.pattern {
            None => return Some("the rule has a schedule and looks at no event".to_owned()),
            Some(Ok(pattern)) => pattern,
            Some(Err(why)) => return Some(why.clone()),
        };
        let value = || serde_json::from_str::<Value>(&event.body).expect("a bus sends its own envelopes");
        if self.config.asked.matching(&event.body).is_empty() {
            let value = value();
            let refusals = pattern.explain(&value).refusals.into_iter();
            let clauses: Vec<String> = refusals.map(|refusal| refusal.clause).collect();
            let clause = if clauses.is_empty() { "the pattern does not match".to_owned() } else { clauses.join("; ") };
            return Some(clause);
        }
        if self.config.state != State::Enabled || !event.body.contains(CLOUD_TRAIL) {
            return None;
        }
        let value = value();
        (value["detail-type"] == CLOUD_TRAIL && value["detail"]["readOnly"] == true)
            .then(|| "a reading call told by CloudTrail needs ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS".to_owned())
    }

    fn stop_loop(&mut self, event: &Message, cx: &mut Cx<'_>) {
        let (name, message) = (cx.name(), token_text(event.token));
        self.invoker.metrics.dead_letter += 1;
        cx.fact(Fact::EndlessLoop { hops: event.hops }, Some(event.token));
        cx.book(1, Place::Travelling, Place::Dropped("EndlessLoop"));
        cx.halt(format!(
            "Event {message} has passed more than {LINEAGE_HOPS_MAX} links and reached the rule {name} again: this \
             is a loop without end. Take one of its links away, or let the pattern of {name} refuse what it sent out."
        ));
    }
}

/// The detail type of calls that CloudTrail tells of.
const CLOUD_TRAIL: &str = "AWS API Call via CloudTrail";

/// It names the bus, unless that is the default one.
fn arn_of(cx: &Cx<'_>) -> String {
    let routes = cx.routes();
    let bus = routes.iter().find(|route| route.kind == LinkKind::Rule && !route.outward);
    let bus = bus.and_then(|bus| cx.settings_of(bus.peer).text("Name"));
    match bus.filter(|name| name != bus::DEFAULT) {
        Some(bus) => arn("events", &format!("rule/{bus}/{}", cx.name())),
        None => arn("events", &format!("rule/{}", cx.name())),
    }
}
