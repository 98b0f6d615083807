//! Handing copies to subscriptions, and trying again (SNS-14, SNS-19, SNS-27).

use std::sync::Arc;

use super::envelope;
use super::fact::Fact;
use super::filter::Sight;
use super::model::{Model, Timer};
use super::retry::retry_wait;
use super::subscription::Subscription;
use crate::engine::MICROS_PER_MILLI;
use crate::engine::limits::LINEAGE_HOPS_MAX;
use crate::services::eventbridge::api::Delivery;
use crate::services::{ApiError, Cx, Door, Kind, Message, Place, token_text};

impl Model {
    pub(super) fn notify(&mut self, place: usize, message: &Message, sight: &Sight<'_>, cx: &mut Cx<'_>) {
        let mut copy = cx.copy(message);
        copy.hops = copy.hops.saturating_add(1);
        let subscription = &mut self.subscriptions[place];
        let (name, subscriber) = (subscription.route.peer_name.clone(), subscription.route.peer_kind);
        let refusal = subscription.filter.refusal(sight);
        subscription.passed = Some(refusal.is_none());
        if let Some((cause, clause)) = refusal {
            self.metrics.filter_out(cause);
            cx.fact(Fact::FilteredOut { subscription: name, clause }, Some(copy.token));
            return cx.book(1, Place::Travelling, Place::Dropped("FilteredOut"));
        }
        // A function always gets the envelope (SNS-11).
        let content = if subscription.raw && subscriber != Kind::Function {
            envelope::raw(message, subscriber)
        } else {
            Ok(envelope::notification(message, &cx.name(), &name, subscriber, cx.now()))
        };
        let delivery = Delivery::new(&subscription.route, message.token, copy, cx.now());
        match content {
            Ok((body, meta)) => {
                self.attempt(Delivery { message: Message { body, meta, ..delivery.message }, ..delivery }, cx);
            }
            Err(code) => self.failed(delivery, &ApiError::client(code, "SQS takes at most 10 attributes."), cx),
        }
    }

    pub(super) fn attempt(&mut self, delivery: Delivery, cx: &mut Cx<'_>) {
        let subscription = self.of(&delivery).expect("what waits for a deleted subscription is dropped with it");
        let route = &subscription.route.clone();
        let request = route.peer_kind.push_request(1).expect("a subscriber takes pushed messages");
        self.deliveries.send(route, request, delivery, cx);
    }

    pub(super) fn failed(&mut self, mut delivery: Delivery, error: &ApiError, cx: &mut Cx<'_>) {
        let (code, token, retries) = (error.code, Some(delivery.message.token), delivery.retries);
        let subscription = self.name_of(&delivery);
        let subscriber = self.of(&delivery).map(|subscription| subscription.route.peer_kind);
        let wait = subscriber.filter(|_| error.retryable).and_then(|subscriber| retry_wait(subscriber, retries));
        // CloudWatch counts every failed attempt at an HTTP endpoint, and elsewhere only giving up (SNS-27).
        if wait.is_none() || subscriber == Some(Kind::Endpoint) {
            self.metrics.failed += 1;
        }
        let Some(wait) = wait else {
            cx.fact(Fact::DeliveryFailed { subscription, code, retries }, token);
            return cx.book(1, Place::Travelling, Place::Dropped(code));
        };
        let wait_ms = wait / MICROS_PER_MILLI;
        cx.fact(Fact::DeliveryRetried { subscription, code, retry: retries + 1, wait_ms }, token);
        if wait == 0 {
            delivery.retries += 1;
            return self.attempt(delivery, cx);
        }
        self.deliveries.hold(delivery, wait, |number| Timer::Retry { number }, cx);
    }

    fn of(&self, delivery: &Delivery) -> Option<&Subscription> {
        self.subscriptions.iter().find(|subscription| subscription.route.link == delivery.link)
    }

    pub(super) fn name_of(&self, delivery: &Delivery) -> Arc<str> {
        let subscription = self.of(delivery);
        subscription.map_or_else(|| Arc::from("a deleted one"), |found| Arc::clone(&found.route.peer_name))
    }
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
