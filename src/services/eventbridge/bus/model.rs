//! The bus's state machine: checking entries, wrapping them, showing them to rules.

use std::collections::VecDeque;

use serde_json::Value;

use super::super::api::{self, Request, Response};
use super::super::envelope::{self, Origin};
use super::super::prices;
use super::super::schemas::Schemas;
use super::super::target::RetryPolicy;
use super::PUTS_PER_SECOND;
use super::fact::Fact;
use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::figure::Figure;
use crate::services::contract::inside::Inside;
use crate::services::{
    self, Answer, ApiError, Call, Caller, Cx, Deadline, Door, Draft, LinkKind, Message, Metric, Pending, Place, Route,
    Service, Settings, Token, Usage, chunks,
};
use crate::services::{Deliveries, Delivery, Outcome};

/// Entries of one `PutEvents` (EB-3).
const ENTRIES_MAX: usize = 10;
/// Bytes of all entries of one `PutEvents` (EB-3: below 1 MB).
const REQUEST_SIZE_MAX: usize = 1_048_576;
/// Events kept for the drawing.
const PASSING_MAX: usize = 6;

#[derive(Clone, Debug)]
pub enum Timer {
    /// A copy's wait for its next attempt is over.
    Retry { number: u64 },
}

/// An event of which some rules have not said yet whether they match.
#[derive(Clone, Debug)]
struct Asked {
    left: u64,
    /// Whether a rule matched, or may have.
    matched: bool,
}

/// What CloudWatch counts of calls (EB-26).
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub calls: u64,
    pub calls_failed: u64,
    pub throttled: u64,
    pub bytes: u64,
    /// Events that a rule matched, or may have.
    pub matched: u64,
    /// Events as they are billed: put or passed on, and replayed.
    pub billed: u64,
    pub replays_billed: u64,
}

#[derive(Clone)]
pub struct Model {
    pub(super) origin: Origin,
    /// What it calls itself, beside its id.
    aws_name: String,
    puts_per_second: u64,
    discovers: bool,
    pub(super) schemas: Schemas,
    pub(super) rules: Vec<Route>,
    pub(super) deliveries: Deliveries,
    /// The latest events, oldest first.
    pub(super) passing: VecDeque<(Token, u8)>,
    pub(super) taken: u64,
    pub(super) failed: u64,
    pub(super) unmatched: u64,
    pub(super) metrics: Metrics,
    asked: Pending<Asked>,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        let mut model = Self {
            origin: Origin::default(),
            aws_name: String::new(),
            puts_per_second: PUTS_PER_SECOND,
            discovers: false,
            schemas: Schemas::default(),
            rules: Vec::new(),
            deliveries: Deliveries::default(),
            passing: VecDeque::new(),
            taken: 0,
            failed: 0,
            unmatched: 0,
            metrics: Metrics::default(),
            asked: Pending::default(),
        };
        model.read(settings);
        model
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.rewired(cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        self.rules = routes.iter().filter(|route| is_shown(route)).cloned().collect();
        let rules = &self.rules;
        let dropped = self.deliveries.keep_links(|link| rules.iter().any(|rule| rule.link == link), "RuleDeleted", cx);
        dropped.into_iter().for_each(|event| self.told(event, true, cx));
    }

    fn configure(&mut self, settings: &Settings, _cx: &mut Cx<'_>) {
        self.read(settings);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.deliveries.retire(cx);
        self.asked = Pending::default();
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        match request {
            services::Request::Events(Request::PutEvents) => self.put(caller, messages, cx),
            services::Request::Events(Request::Deliver) => {
                cx.answer(caller, Ok(Response::Deliver.into()), Vec::new());
                for event in messages {
                    self.metrics.billed += chunks(event.body.len());
                    cx.fact(Fact::EventForwarded { rules: self.rules.len() as u64 }, Some(event.token));
                    self.show(event, None, cx);
                }
            }
            services::Request::Events(Request::Replay { rules }) => {
                cx.answer(caller, Ok(Response::Deliver.into()), Vec::new());
                for event in messages {
                    self.metrics.replays_billed += chunks(event.body.len());
                    let shown = self.rules.iter().filter(|rule| is_wanted(rule, Some(&rules))).count() as u64;
                    cx.fact(Fact::EventReplayed { rules: shown }, Some(event.token));
                    self.show(event, Some(&rules), cx);
                }
            }
            services::Request::Events(Request::ListSchemas) => {
                cx.answer(caller, Ok(Response::Shape(self.schemas.list()).into()), messages);
            }
            services::Request::Events(Request::DescribeSchema { name, version }) => {
                let described = self.schemas.describe(&name, version);
                cx.answer(caller, described.map(|shape| Response::Shape(shape).into()), messages);
            }
            services::Request::Events(Request::Tell(result)) => cx.answer(caller, result.map(Into::into), messages),
            _ => {
                let error = ApiError::client("InvalidAction", "An event bus takes PutEvents alone.");
                cx.answer(caller, Err(error), messages);
            }
        }
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        match self.deliveries.settle(answer, cx) {
            None => {}
            Some(Outcome::Accepted { delivery, response }) => {
                let matched = matches!(response, services::Response::Events(Response::Match { matched: true }));
                self.told(delivery.of, matched, cx);
            }
            Some(Outcome::Failed { delivery, error }) => self.failed(delivery, &error, cx),
        }
    }

    fn wake(&mut self, Timer::Retry { number }: Timer, cx: &mut Cx<'_>) {
        let Some(delivery) = self.deliveries.due(number, cx) else { return };
        let rule = self.rules.iter().find(|rule| rule.link == delivery.link);
        let rule = rule.expect("what is held for a deleted rule is dropped with it");
        self.deliveries.send(rule, Request::Match.into(), delivery, Deadline::SERVICE, cx);
    }

    fn stored(&self) -> u64 {
        self.deliveries.stored()
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.deliveries.each_held(see);
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        let metrics = &self.metrics;
        vec![
            ("PutEventsEntriesCount", Metric::Count(self.taken + self.failed)),
            ("PutEventsFailedEntriesCount", Metric::Count(self.failed)),
            ("PutEventsApproximateCallCount", Metric::Count(metrics.calls)),
            ("PutEventsApproximateSuccessCount", Metric::Count(metrics.calls - metrics.calls_failed)),
            ("PutEventsApproximateFailedCount", Metric::Count(metrics.calls_failed)),
            ("PutEventsApproximateThrottledCount", Metric::Count(metrics.throttled)),
            ("PutEventsRequestSize", Metric::Level(metrics.bytes.checked_div(metrics.calls).unwrap_or(0))),
            ("MatchedEvents", Metric::Count(metrics.matched)),
        ]
    }

    fn usage(&self, _now: Micros) -> Usage {
        let metrics = &self.metrics;
        vec![(prices::EVENT, metrics.billed), (prices::REPLAYED_EVENT, metrics.replays_billed)]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn inside(&self, _now: Micros) -> Option<Inside> {
        (self.discovers || self.schemas.len() > 0).then(|| self.look_inside())
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse(action, input).map(|(request, drafts)| (request.into(), drafts))
    }
}

impl Model {
    fn read(&mut self, settings: &Settings) {
        let text = |name: &str| settings.text(name).unwrap_or_default();
        let partner = settings.text("EventSourceName").filter(|name| !name.is_empty());
        self.aws_name = text("Name");
        let is_default = partner.is_none() && self.aws_name == DEFAULT;
        self.origin = Origin { account: text("Account"), region: text("Region"), is_default, partner };
        self.puts_per_second = settings.integer("PutEventsPerSecond").max(1);
        self.discovers = settings.boolean("SchemaDiscovery");
    }

    fn put(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        self.metrics.calls += 1;
        self.metrics.bytes += messages.iter().map(envelope::entry_size).sum::<usize>() as u64;
        if let Err(error) = check(&messages) {
            self.failed += messages.len() as u64;
            self.metrics.calls_failed += 1;
            cx.fact(Fact::RequestRefused { code: error.code }, None);
            return cx.answer(caller, Err(error), messages);
        }
        let now = cx.now();
        if !cx.shared().accounts.events.puts.has_room(1, self.puts_per_second, now) {
            return self.throttle(caller, messages, cx);
        }
        cx.shared().accounts.events.puts.spend(1, now);
        let (mut entries, mut events, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for mut message in messages {
            match envelope::wrap(&message, &self.origin, now) {
                Ok((body, meta)) => {
                    self.metrics.billed += chunks(envelope::entry_size(&message));
                    entries.push(Ok(envelope::event_id(&message)));
                    if let Some(name) = self.unknown_bus(&message, cx) {
                        cx.fact(Fact::BusUnknown { name }, Some(message.token));
                        cx.book(1, Place::Travelling, Place::Dropped("UnknownEventBus"));
                        continue;
                    }
                    (message.body, message.meta) = (body, Some(meta));
                    events.push(message);
                }
                Err(error) => {
                    self.failed += 1;
                    cx.fact(Fact::EntryRefused { code: error.code }, Some(message.token));
                    entries.push(Err(error));
                    refused.push(message);
                }
            }
        }
        cx.answer(caller, Ok(Response::PutEvents { entries }.into()), refused);
        for event in events {
            let source = event.meta.as_deref().and_then(|meta| meta.source.clone()).unwrap_or_default();
            cx.fact(Fact::EventPut { source, rules: self.rules.len() as u64 }, Some(event.token));
            self.show(event, None, cx);
        }
    }

    /// Over the account's limit each entry fails, and may be sent again (EB-3, EB-4).
    fn throttle(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        self.failed += messages.len() as u64;
        self.metrics.throttled += 1;
        self.metrics.calls_failed += 1;
        cx.fact(Fact::PutEventsThrottled { entries: messages.len() as u64 }, None);
        let error = || Err(ApiError::server("ThrottlingException", "Rate exceeded."));
        let entries = messages.iter().map(|_| error()).collect();
        cx.answer(caller, Ok(Response::PutEvents { entries }.into()), messages);
    }

    /// The bus an entry is for, when there is none of that name: the call goes well, and the event is gone (EB-3).
    fn unknown_bus(&self, message: &Message, cx: &Cx<'_>) -> Option<String> {
        let named = message.meta.as_deref()?.event_bus.as_deref()?;
        let short = named.rsplit('/').next().unwrap_or(named);
        let is_known = [named, short].iter().any(|name| **name == *self.aws_name || **name == *cx.name());
        (!is_known).then(|| named.to_owned())
    }

    /// Gives every rule, or those named, a copy of the event; the event itself ends here.
    fn show(&mut self, event: Message, only: Option<&[String]>, cx: &mut Cx<'_>) {
        self.taken += u64::from(only.is_none());
        self.passing.push_back((event.token, event.hue));
        if self.passing.len() > PASSING_MAX {
            self.passing.pop_front();
        }
        if self.discovers
            && let Ok(value) = serde_json::from_str(&event.body)
            && let Some((name, version)) = self.schemas.learn(&value)
        {
            cx.fact(Fact::SchemaDiscovered { name, version: version as u64 }, Some(event.token));
        }
        let mut left = 0;
        for rule in self.rules.iter().filter(|rule| is_wanted(rule, only)) {
            left += 1;
            let delivery = Delivery::new(rule, event.token, cx.copy(&event), cx.now());
            self.deliveries.send(rule, Request::Match.into(), delivery, Deadline::SERVICE, cx);
        }
        if left == 0 {
            self.unmatched += 1;
            cx.fact(Fact::NoRuleMatched, Some(event.token));
            return cx.book(1, Place::Travelling, Place::Dropped("NoMatchingRule"));
        }
        self.asked.insert(event.token, Asked { left, matched: false });
        cx.book(1, Place::Travelling, Place::Consumed);
    }

    /// One rule has said whether it matches; after the last, an event none wanted is known to be gone (EB-6).
    fn told(&mut self, event: Token, matched: bool, cx: &mut Cx<'_>) {
        let Some(asked) = self.asked.get_mut(event) else { return };
        asked.left -= 1;
        asked.matched |= matched;
        let (left, matched) = (asked.left, asked.matched);
        if left > 0 {
            return;
        }
        self.asked.remove(event);
        self.metrics.matched += u64::from(matched);
        if !matched {
            self.unmatched += 1;
            cx.fact(Fact::NoRuleMatched, Some(event));
        }
    }

    fn failed(&mut self, delivery: Delivery, error: &ApiError, cx: &mut Cx<'_>) {
        let (code, token) = (error.code, delivery.message.token);
        let rule = self.rules.iter().find(|rule| rule.link == delivery.link).map(|rule| rule.peer_name.clone());
        let wait = RetryPolicy::default().wait(delivery.retries, cx.now() - delivery.first_attempt);
        match (rule, wait) {
            (Some(rule), Ok(wait)) if error.retryable => {
                cx.fact(Fact::RuleDelayed { rule, code, wait: wait / MICROS_PER_SECOND }, Some(token));
                self.deliveries.hold(delivery, wait, |number| Timer::Retry { number }, cx);
            }
            (rule, _) => {
                let rule = rule.unwrap_or_else(|| "a deleted rule".into());
                cx.fact(Fact::RuleNotReached { rule, code }, Some(token));
                cx.book(1, Place::Travelling, Place::Dropped(code));
                // Whether it would have matched is not known, so nothing is said of the event.
                self.told(delivery.of, true, cx);
            }
        }
    }
}

/// The bus of which each account has one.
pub const DEFAULT: &str = "default";

fn is_shown(route: &Route) -> bool {
    matches!(route.kind, LinkKind::Rule | LinkKind::Archive) && route.outward
}

/// A replayed event is for the rules that are named, or for all, and for no archive (EB-19).
fn is_wanted(rule: &Route, only: Option<&[String]>) -> bool {
    only.is_none_or(|names| {
        rule.kind == LinkKind::Rule && (names.is_empty() || names.iter().any(|name| *name == *rule.peer_name))
    })
}

/// What is wrong with a request as a whole (EB-3).
fn check(messages: &[Message]) -> Result<(), ApiError> {
    if messages.is_empty() || messages.len() > ENTRIES_MAX {
        let text = format!("A request has 1 to {ENTRIES_MAX} entries, not {}.", messages.len());
        return Err(ApiError::client("ValidationException", text));
    }
    if messages.iter().map(envelope::entry_size).sum::<usize>() >= REQUEST_SIZE_MAX {
        let text = "Total size of the entries in the request is over the limit.";
        return Err(ApiError::client("ValidationException", text));
    }
    Ok(())
}
