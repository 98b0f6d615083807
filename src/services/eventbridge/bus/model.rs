//! The bus's state machine: checking entries, wrapping them, showing them to rules.

use std::collections::VecDeque;

use serde_json::Value;

use super::super::api::{self, Request, Response};
use super::super::deliveries::{Deliveries, Delivery, Outcome};
use super::super::envelope;
use super::super::rule::retry_wait;
use super::fact::Fact;
use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::figure::Figure;
use crate::services::{
    self, Answer, ApiError, Call, Caller, Cx, Door, Draft, LinkKind, Message, Metric, Pending, Place, Route, Service,
    Settings, Token,
};

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

#[derive(Clone)]
pub struct Model {
    pub(super) is_default: bool,
    pub(super) rules: Vec<Route>,
    pub(super) deliveries: Deliveries,
    /// The latest events, oldest first.
    pub(super) passing: VecDeque<(Token, u8)>,
    pub(super) taken: u64,
    pub(super) failed: u64,
    pub(super) unmatched: u64,
    asked: Pending<Asked>,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        Self {
            is_default: is_default(settings),
            rules: Vec::new(),
            deliveries: Deliveries::default(),
            passing: VecDeque::new(),
            taken: 0,
            failed: 0,
            unmatched: 0,
            asked: Pending::default(),
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.rewired(cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        self.rules = routes.iter().filter(|route| route.kind == LinkKind::Rule && route.outward).cloned().collect();
        let rules = &self.rules;
        let dropped = self.deliveries.keep_links(|link| rules.iter().any(|rule| rule.link == link), "RuleDeleted", cx);
        dropped.into_iter().for_each(|event| self.told(event, true, cx));
    }

    fn configure(&mut self, settings: &Settings, _cx: &mut Cx<'_>) {
        self.is_default = is_default(settings);
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
                    cx.fact(Fact::EventForwarded { rules: self.rules.len() as u64 }, Some(event.token));
                    self.show(event, cx);
                }
            }
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
        self.deliveries.send(rule, Request::Match.into(), delivery, cx);
    }

    fn stored(&self) -> u64 {
        self.deliveries.stored()
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        vec![
            ("PutEventsEntriesCount", Metric::Count(self.taken + self.failed)),
            ("PutEventsFailedEntriesCount", Metric::Count(self.failed)),
        ]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse(action, input).map(|(request, drafts)| (request.into(), drafts))
    }
}

impl Model {
    fn put(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        if let Err(error) = check(&messages) {
            self.failed += messages.len() as u64;
            cx.fact(Fact::RequestRefused { code: error.code }, None);
            return cx.answer(caller, Err(error), messages);
        }
        let (mut entries, mut events, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for mut message in messages {
            match envelope::wrap(&message, self.is_default, cx.now()) {
                Ok((body, meta)) => {
                    entries.push(Ok(envelope::event_id(&message)));
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
            self.show(event, cx);
        }
    }

    /// Gives every rule a copy of the event; the event itself ends here.
    fn show(&mut self, event: Message, cx: &mut Cx<'_>) {
        self.taken += 1;
        self.passing.push_back((event.token, event.hue));
        if self.passing.len() > PASSING_MAX {
            self.passing.pop_front();
        }
        if self.rules.is_empty() {
            self.unmatched += 1;
            cx.fact(Fact::NoRuleMatched, Some(event.token));
            return cx.book(1, Place::Travelling, Place::Dropped("NoMatchingRule"));
        }
        for rule in &self.rules {
            let delivery = Delivery::new(rule, event.token, cx.copy(&event), cx.now());
            self.deliveries.send(rule, Request::Match.into(), delivery, cx);
        }
        self.asked.insert(event.token, Asked { left: self.rules.len() as u64, matched: false });
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
        if !matched {
            self.unmatched += 1;
            cx.fact(Fact::NoRuleMatched, Some(event));
        }
    }

    fn failed(&mut self, delivery: Delivery, error: &ApiError, cx: &mut Cx<'_>) {
        let (code, token) = (error.code, delivery.message.token);
        let rule = self.rules.iter().find(|rule| rule.link == delivery.link).map(|rule| rule.peer_name.clone());
        let wait = retry_wait(delivery.retries, cx.now() - delivery.first_attempt);
        match (rule, wait) {
            (Some(rule), Some(wait)) if error.retryable => {
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

fn is_default(settings: &Settings) -> bool {
    settings.text("Name").as_deref() == Some("default")
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
