//! Handing copies to subscriptions, and trying again (SNS-13, SNS-14, SNS-19, SNS-27).

use std::sync::Arc;

use super::api;
use super::dead_letter::queue_of;
use super::envelope::{self, Address};
use super::fact::Fact;
use super::filter::Sight;
use super::message_groups::Lane;
use super::model::{Model, Timer};
use super::protocol::Protocol;
use super::publication::Publication;
use super::retry::{CUSTOMER_MANAGED, RetryPolicy};
use super::rules::is_fifo_queue;
use super::subscription::Subscription;
use crate::engine::limits::LINEAGE_HOPS_MAX;
use crate::engine::{LinkId, MICROS_PER_MILLI, Micros, seconds};
use crate::services::Delivery;
use crate::services::clients::endpoint::api as http;
use crate::services::{ApiError, Cx, Deadline, Door, Message, Place, Token, token_text};

/// How long an HTTP/S endpoint may take to answer (SNS-13).
const ENDPOINT: Deadline = Deadline::of(seconds(15), "EndpointTimeout");

/// What a delivery is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    Notification,
    /// From the archive.
    Replay,
    Confirmation,
    /// To the dead-letter queue of a subscription.
    DeadLetter,
}

/// What a topic knows of a delivery.
#[derive(Clone, Debug)]
pub struct Note {
    pub errand: Errand,
    /// The id of the subscriber's node.
    pub subscription: Arc<str>,
    /// The message whose id it has.
    pub id: Token,
    /// Of a FIFO topic's message.
    pub lane: Option<Lane>,
    /// It has waited for its place under the throttle policy.
    pub placed: bool,
    /// Why its subscriber's service will not take it: known before it is sent, and held to its place in the order.
    pub refused: Option<&'static str>,
}

impl Model {
    /// Gives one subscription its copy, unless its state or its filter forbids that.
    pub(super) fn notify(&mut self, place: usize, publication: &Publication<'_>, sight: &Sight<'_>, cx: &mut Cx<'_>) {
        let subscription = &mut self.subscriptions[place];
        let name = Arc::clone(&subscription.route.peer_name);
        if !subscription.takes(publication.at) {
            let pending = subscription.is_pending();
            let subscription = name;
            let fact =
                if pending { Fact::NotConfirmed { subscription } } else { Fact::SubscriptionPaused { subscription } };
            return cx.fact(fact, Some(publication.message.token));
        }
        subscription.look_at_clock(cx.now());
        let copy = cx.pass(publication.message);
        let refusal = subscription.filter.refusal(sight);
        subscription.passed = Some(refusal.is_none());
        if let Some((cause, clause)) = refusal {
            self.metrics.filter_out(cause);
            self.refused = Some(clause.clone());
            cx.fact(Fact::FilteredOut { subscription: name, clause }, Some(copy.token));
            return cx.book(1, Place::Travelling, Place::Dropped("FilteredOut"));
        }
        self.deliver(place, publication, copy, cx);
    }

    fn deliver(&mut self, place: usize, publication: &Publication<'_>, mut copy: Message, cx: &mut Cx<'_>) {
        let subscription = &mut self.subscriptions[place];
        let route = &subscription.route;
        let fifo_queue = is_fifo_queue(route.peer_kind, cx.settings_of(route.peer));
        let to = Address {
            topic_arn: &self.arn,
            subscription_arn: &subscription.arn,
            protocol: subscription.protocol,
            fifo_queue,
        };
        let content = envelope::content(publication, to, subscription.raw);
        let lane = publication.sequence.and_then(|_| publication.group()).map(|group| (route.link, Arc::from(group)));
        let errand = if publication.replayed { Errand::Replay } else { Errand::Notification };
        if let (Errand::Replay, Some(replay)) = (errand, &mut subscription.replay) {
            replay.outstanding += 1;
        }
        let subscription = Arc::clone(&route.peer_name);
        let refused = content.as_ref().err().copied();
        let note = Note { errand, subscription, id: publication.id, lane, placed: false, refused };
        let link = route.link;
        if let Ok((body, meta)) = content {
            (copy.body, copy.meta) = (body, meta);
        }
        let of = publication.message.token;
        self.dispatch(Delivery { link, of, message: copy, retries: 0, first_attempt: cx.now(), note }, cx);
    }

    /// A message of a group goes when the one before has ended; all else goes at once.
    pub(super) fn dispatch(&mut self, delivery: Delivery<Note>, cx: &mut Cx<'_>) {
        let Some(lane) = delivery.note.lane.clone() else { return self.launch(delivery, cx) };
        let token = Some(delivery.message.token);
        let subscription = Arc::clone(&delivery.note.subscription);
        match self.groups.enter(&lane, delivery, cx) {
            Some(delivery) => self.launch(delivery, cx),
            None => cx.fact(Fact::GroupHeld { subscription, group: lane.1 }, token),
        }
    }

    /// Waits for its place when the subscription takes only so many a second.
    pub(super) fn launch(&mut self, mut delivery: Delivery<Note>, cx: &mut Cx<'_>) {
        if let Some(code) = delivery.note.refused {
            if let Some(note) = self.refuse(delivery, code, cx) {
                self.end(&note, cx);
            }
            return;
        }
        let found = self.subscriptions.iter_mut().find(|subscription| subscription.route.link == delivery.link);
        let wait = found.map_or(0, |subscription| subscription.take_place(cx.now()));
        if wait == 0 {
            return self.attempt(delivery, cx);
        }
        let (subscription, wait_ms) = (Arc::clone(&delivery.note.subscription), wait / MICROS_PER_MILLI);
        cx.fact(Fact::DeliveryQueued { subscription, wait_ms }, Some(delivery.message.token));
        delivery.note.placed = true;
        self.deliveries.defer(delivery, wait, |number| Timer::Retry { number }, cx);
    }

    pub(super) fn attempt(&mut self, mut delivery: Delivery<Note>, cx: &mut Cx<'_>) {
        delivery.note.placed = false;
        let Some(subscription) = self.of(delivery.link) else {
            cx.book(1, Place::Travelling, Place::Dropped("SubscriptionDeleted"));
            return self.end(&delivery.note, cx);
        };
        let (route, protocol) = (subscription.route.clone(), subscription.protocol);
        let request = if protocol.is_http() {
            http::Request::Notify { headers: self.headers(subscription, &delivery.note) }.into()
        } else {
            route.peer_kind.push_request(1).expect("a subscriber takes pushed messages")
        };
        let deadline = if protocol.is_http() { ENDPOINT } else { Deadline::SERVICE };
        self.deliveries.send(&route, request, delivery, deadline, cx);
    }

    fn headers(&self, subscription: &Subscription, note: &Note) -> Vec<(&'static str, String)> {
        let is_confirmation = note.errand == Errand::Confirmation;
        let kind = if is_confirmation { http::CONFIRMATION } else { "Notification" };
        let mut headers = vec![
            (http::MESSAGE_TYPE, kind.to_owned()),
            ("x-amz-sns-message-id", api::message_id_of(note.id)),
            ("x-amz-sns-topic-arn", self.arn.to_string()),
        ];
        if !is_confirmation {
            headers.push(("x-amz-sns-subscription-arn", subscription.arn.to_string()));
            if subscription.raw {
                headers.push(("x-amz-sns-rawdelivery", "true".to_owned()));
            }
        }
        headers
    }

    pub(super) fn delivered(&mut self, delivery: &Delivery<Note>, cx: &mut Cx<'_>) {
        let (note, token) = (&delivery.note, Some(delivery.message.token));
        let subscription = Arc::clone(&note.subscription);
        if matches!(note.errand, Errand::Notification | Errand::Replay) {
            self.bill(delivery);
        }
        match note.errand {
            Errand::Notification => {
                self.metrics.delivered += 1;
                cx.report(Fact::NotificationDelivered { subscription }, token);
            }
            Errand::Replay => {
                self.metrics.replayed_delivered += 1;
                cx.report(Fact::NotificationDelivered { subscription }, token);
            }
            Errand::Confirmation => cx.report(Fact::ConfirmationReceived { subscription }, token),
            Errand::DeadLetter => self.redriven(delivery, cx),
        }
        self.end(note, cx);
    }

    fn bill(&mut self, delivery: &Delivery<Note>) {
        let protocol = self.of(delivery.link).map(|subscription| subscription.protocol);
        let metrics = &mut self.metrics;
        metrics.delivered_bytes += delivery.message.size() as u64;
        match protocol {
            Some(Protocol::Http | Protocol::Https) => metrics.to_http += 1,
            Some(Protocol::Email | Protocol::EmailJson) => metrics.to_mail += 1,
            Some(Protocol::Application) => metrics.to_apps += 1,
            Some(Protocol::Firehose) => metrics.to_firehose += 1,
            // Queues and functions cost nothing here; a text message's price is its country's.
            Some(Protocol::Sqs | Protocol::Lambda | Protocol::Sms) | None => {}
        }
    }

    pub(super) fn failed(&mut self, delivery: Delivery<Note>, error: &ApiError, cx: &mut Cx<'_>) {
        if delivery.note.errand == Errand::DeadLetter {
            let queue = queue_of(&delivery, cx);
            self.redrive_failed(&delivery, queue, error.code, cx);
            return self.end(&delivery.note, cx);
        }
        let (code, token, retries) = (error.code, Some(delivery.message.token), delivery.retries);
        let subscription = Arc::clone(&delivery.note.subscription);
        let found = self.of(delivery.link);
        let policy = found.filter(|_| error.retryable).map(|found| policy_of(found, code));
        let wait = policy.and_then(|policy| policy.wait(retries));
        let is_http = found.is_some_and(|found| found.protocol.is_http());
        let Some(wait) = wait else {
            if let Some(note) = self.refuse(delivery, code, cx) {
                self.end(&note, cx);
            }
            return;
        };
        // CloudWatch counts every failed attempt at an HTTP endpoint, and elsewhere only giving up (SNS-27).
        if is_http && delivery.note.errand == Errand::Notification {
            self.metrics.failed += 1;
        }
        let wait = self.with_jitter(wait, cx);
        let wait_ms = wait / MICROS_PER_MILLI;
        cx.fact(Fact::DeliveryRetried { subscription, code, retry: retries + 1, wait_ms }, token);
        if wait == 0 {
            return self.launch(Delivery { retries: retries + 1, ..delivery }, cx);
        }
        self.deliveries.hold(delivery, wait, |number| Timer::Retry { number }, cx);
    }

    fn with_jitter(&self, wait: Micros, cx: &mut Cx<'_>) -> Micros {
        if self.config.retry_jitter == 0 || wait == 0 {
            return wait;
        }
        let most = wait.saturating_mul(self.config.retry_jitter.into()) / 1_000_000;
        wait + cx.rng("retry jitter").below(most + 1)
    }

    /// No attempt is left, or none was possible. Returns what has ended with that.
    fn refuse(&mut self, delivery: Delivery<Note>, code: &'static str, cx: &mut Cx<'_>) -> Option<Note> {
        match delivery.note.errand {
            Errand::Notification => self.metrics.failed += 1,
            Errand::Replay => self.metrics.replayed_failed += 1,
            Errand::Confirmation | Errand::DeadLetter => {}
        }
        let subscription = Arc::clone(&delivery.note.subscription);
        let (token, retries) = (Some(delivery.message.token), delivery.retries);
        cx.fact(Fact::DeliveryFailed { subscription, code, retries }, token);
        self.give_up(delivery, code, cx)
    }

    /// A delivery has ended, one way or another: a replay comes nearer to its end, and its group goes on.
    pub(super) fn end(&mut self, note: &Note, cx: &mut Cx<'_>) {
        if note.errand == Errand::Replay {
            self.replay_went_on(&note.subscription, cx);
        }
        let Some(lane) = &note.lane else { return };
        // In a loop, for thousands may be behind it that end at once.
        while let Some(next) = self.groups.leave(lane, cx) {
            let Some(code) = next.note.refused else { return self.launch(next, cx) };
            let Some(ended) = self.refuse(next, code, cx) else { return };
            if ended.errand == Errand::Replay {
                self.replay_went_on(&ended.subscription, cx);
            }
        }
    }

    pub(super) fn of(&self, link: LinkId) -> Option<&Subscription> {
        self.subscriptions.iter().find(|subscription| subscription.route.link == link)
    }
}

/// A Firehose that throttles is retried as a customer's endpoint is (SNS-15).
fn policy_of(subscription: &Subscription, code: &str) -> RetryPolicy {
    let throttled = subscription.protocol == Protocol::Firehose && code == http::THROTTLED;
    if throttled { CUSTOMER_MANAGED } else { subscription.retries }
}

/// A message whose lineage came back too often: the run pauses with an explanation.
pub(super) fn stop_loop(message: &Message, cx: &mut Cx<'_>) {
    let (name, token) = (cx.name(), token_text(message.token));
    cx.fact(Fact::EndlessLoop { hops: message.hops }, Some(message.token));
    cx.book(1, Place::Travelling, Place::Dropped("EndlessLoop"));
    cx.halt(format!(
        "Message {token} has passed more than {LINEAGE_HOPS_MAX} links and reached the topic {name} again: this is a \
         loop without end. Take one of its links away, or filter what may come back to {name}."
    ));
}
