//! Retries as an SDK makes them in its standard mode: so many attempts in all, after waits that grow and are drawn
//! at random, while its quota of retries lasts. Of a batch that was refused in part the refused entries go again.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>
//!
//! A call whose answer was lost is sent again too, though it may have arrived: a standard queue then has the message
//! twice, a FIFO queue knows it by its deduplication id (SQS-E11).

use super::fact::Fact;
use super::model::{Model, Timer};
use super::refused::refused_part;
use crate::engine::{Key, LinkId, Micros, seconds};
use crate::services::{Answer, ApiError, Cx, Door, Message, Pending, Place, Request, Route};

/// The longest first wait; it doubles from retry to retry, up to the last.
const WAIT_MAX: Micros = seconds(1);
const WAIT_MAX_LAST: Micros = seconds(20);
/// The quota, and what a retry takes from it; one after a lost answer takes more.
const QUOTA: u64 = 500;
const COST: u64 = 5;
const COST_AFTER_TIMEOUT: u64 = 10;

/// A call under way, as long as it may have to be repeated.
#[derive(Clone, Debug)]
struct Sent {
    link: LinkId,
    messages: Vec<Message>,
    attempt: u32,
    /// What its retry took from the quota.
    cost: u64,
}

/// A call to be made again.
#[derive(Clone, Debug)]
struct Waiting {
    sent: Sent,
    /// Whether the messages came back; otherwise nobody knows whether they arrived, and copies are sent.
    are_back: bool,
    since: Micros,
    until: Micros,
    key: Key,
}

#[derive(Clone, Debug)]
pub struct Retries {
    sent: Pending<Sent>,
    waiting: Pending<Waiting>,
    next: u64,
    quota: u64,
    pub made: u64,
}

impl Default for Retries {
    fn default() -> Self {
        Self { sent: Pending::default(), waiting: Pending::default(), next: 0, quota: QUOTA, made: 0 }
    }
}

impl Retries {
    /// Messages held until they are sent again.
    #[must_use]
    pub fn stored(&self) -> u64 {
        let back = self.waiting.iter().filter(|waiting| waiting.are_back);
        back.map(|waiting| waiting.sent.messages.len() as u64).sum()
    }

    pub fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        let back = self.waiting.iter().filter(|waiting| waiting.are_back);
        back.flat_map(|waiting| &waiting.sent.messages).for_each(see);
    }

    /// The first message of each call that waits, and from when to when.
    pub fn waits(&self) -> impl Iterator<Item = (&Message, Micros, Micros)> {
        let wait = |waiting: &'_ Waiting| (waiting.since, waiting.until);
        self.waiting.iter().filter_map(move |waiting| {
            let (since, until) = wait(waiting);
            Some((waiting.sent.messages.first()?, since, until))
        })
    }
}

impl Model {
    pub(super) fn send(
        &mut self,
        route: &Route,
        request: Request,
        messages: Vec<Message>,
        attempt: u32,
        cx: &mut Cx<'_>,
    ) -> u64 {
        let kept = (self.config.attempts_max > 1).then(|| messages.clone());
        let call = cx.call_within(route, request, messages, self.config.deadline);
        if let Some(messages) = kept {
            self.retries.sent.insert(call, Sent { link: route.link, messages, attempt, cost: 0 });
        }
        call
    }

    /// An answer: what was not accepted comes with it.
    pub(super) fn answered(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let Answer { call, result, messages, .. } = answer;
        let sent = self.retries.sent.remove(call);
        let error = match &result {
            Err(error) => error.clone(),
            Ok(response) if !messages.is_empty() => refused_part(response),
            Ok(_) => {
                let returned = sent.map_or(0, |sent| sent.cost.max(1));
                self.retries.quota = (self.retries.quota + returned).min(QUOTA);
                return;
            }
        };
        let Some(sent) = sent.filter(|sent| error.retryable && sent.attempt < self.config.attempts_max) else {
            return self.give_up(messages, &error, cx);
        };
        let are_back = !messages.is_empty();
        let cost = if are_back { COST } else { COST_AFTER_TIMEOUT };
        if self.retries.quota < cost || cx.is_down() {
            return self.give_up(messages, &error, cx);
        }
        self.retries.quota -= cost;
        cx.book(messages.len() as u64, Place::Travelling, Place::Stored);
        let messages = if are_back { messages } else { sent.messages };
        self.wait(Sent { messages, cost, ..sent }, are_back, error.code, cx);
    }

    fn wait(&mut self, sent: Sent, are_back: bool, code: &'static str, cx: &mut Cx<'_>) {
        let most = (WAIT_MAX << (sent.attempt - 1).min(10)).min(WAIT_MAX_LAST);
        let since = cx.now();
        let until = since + cx.rng("retry").below(most + 1);
        let fact = Fact::RetryScheduled { code, attempt: sent.attempt + 1, at: until };
        cx.fact(fact, sent.messages.first().map(|message| message.token));
        self.retries.next += 1;
        let number = self.retries.next;
        let key = cx.wake_at(until, Timer::Retry { number });
        self.retries.waiting.insert(number, Waiting { sent, are_back, since, until, key });
    }

    pub(super) fn retry(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        let Timer::Retry { number } = timer else { return };
        let Some(Waiting { sent, are_back, .. }) = self.retries.waiting.remove(number) else { return };
        let Sent { link, messages, attempt, cost } = sent;
        if are_back {
            cx.book(messages.len() as u64, Place::Stored, Place::Travelling);
        }
        let routes = cx.routes();
        let route = routes.iter().find(|route| route.link == link);
        let Some((route, request)) =
            route.and_then(|route| Some((route, route.peer_kind.push_request(messages.len())?)))
        else {
            let returned = if are_back { messages } else { Vec::new() };
            let error = ApiError::client("ResourceDeleted", "The link is gone.");
            return self.give_up(returned, &error, cx);
        };
        let messages = if are_back { messages } else { messages.iter().map(|message| cx.copy(message)).collect() };
        self.retries.made += 1;
        let call = self.send(route, request, messages, attempt + 1, cx);
        if let Some(sent) = self.retries.sent.get_mut(call) {
            sent.cost = cost;
        }
    }

    fn give_up(&mut self, messages: Vec<Message>, error: &ApiError, cx: &mut Cx<'_>) {
        for message in messages {
            self.failed += 1;
            cx.fact(Fact::SendFailed { code: error.code, reason: error.message.clone() }, Some(message.token));
            cx.book(1, Place::Travelling, Place::Dropped(error.code));
        }
    }

    /// What waits to be sent again is lost with the producer.
    pub(super) fn forget_retries(&mut self, reason: &'static str, cx: &mut Cx<'_>) {
        self.retries.sent.take().for_each(drop);
        for waiting in self.retries.waiting.take() {
            cx.cancel(waiting.key);
            if waiting.are_back {
                let count = waiting.sent.messages.len() as u64;
                self.failed += count;
                cx.book(count, Place::Stored, Place::Dropped(reason));
            }
        }
    }
}
