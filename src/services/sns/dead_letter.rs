//! The dead-letter queue of a subscription (SNS-18): what is given up on goes there, and without one it is gone.

use std::sync::Arc;

use super::delivery::{Errand, Note};
use super::envelope;
use super::fact::Fact;
use super::model::Model;
use crate::services::Delivery;
use crate::services::sqs::api::Request;
use crate::services::{Cx, Deadline, Door, LinkKind, Place, Route};

impl Model {
    /// Sends a copy that its subscriber did not take to the dead-letter queue, or drops it under the error's code.
    /// Returns what has ended with that; a copy on its way to the queue has not.
    pub(super) fn give_up(&mut self, delivery: Delivery<Note>, code: &'static str, cx: &mut Cx<'_>) -> Option<Note> {
        let subscription = self.of(delivery.link).filter(|_| delivery.note.errand != Errand::Confirmation);
        let queue = subscription.and_then(|found| Some((found.dead_letter_queue.clone()?, found.protocol)));
        let Some((queue, protocol)) = queue else {
            cx.book(1, Place::Travelling, Place::Dropped(code));
            return Some(delivery.note);
        };
        if delivery.note.errand == Errand::Replay {
            self.replay_went_on(&delivery.note.subscription, cx);
        }
        let Delivery { link, of, message, note, .. } = delivery;
        let message = envelope::letter(message, protocol);
        let note = Note { errand: Errand::DeadLetter, ..note };
        let dead = Delivery { link, of, message, retries: 0, first_attempt: cx.now(), note };
        match redrive_route(&queue, cx) {
            Some(route) => {
                let dead = Delivery { link: route.link, ..dead };
                self.deliveries.send(&route, Request::SendMessage.into(), dead, Deadline::SERVICE, cx);
                None
            }
            None => {
                self.redrive_failed(&dead, Arc::from(queue), "QueueDoesNotExist", cx);
                Some(dead.note)
            }
        }
    }

    pub(super) fn redriven(&mut self, delivery: &Delivery<Note>, cx: &mut Cx<'_>) {
        self.metrics.redriven += 1;
        let (subscription, queue) = (Arc::clone(&delivery.note.subscription), queue_of(delivery, cx));
        cx.fact(Fact::RedrivenToDlq { subscription, queue }, Some(delivery.message.token));
    }

    /// One attempt is made `[MODEL]`: what the dead-letter queue does not take is gone.
    pub(super) fn redrive_failed(
        &mut self,
        delivery: &Delivery<Note>,
        queue: Arc<str>,
        code: &'static str,
        cx: &mut Cx<'_>,
    ) {
        self.metrics.failed_to_redrive += 1;
        cx.fact(Fact::RedriveFailed { queue, code }, Some(delivery.message.token));
        cx.book(1, Place::Travelling, Place::Dropped(code));
    }
}

fn redrive_route(queue: &str, cx: &Cx<'_>) -> Option<Route> {
    let routes = cx.routes();
    let found =
        routes.iter().find(|route| route.kind == LinkKind::Redrive && route.outward && *route.peer_name == *queue);
    found.cloned()
}

/// The id of the dead-letter queue a delivery is on its way to.
pub(super) fn queue_of(delivery: &Delivery<Note>, cx: &Cx<'_>) -> Arc<str> {
    let routes = cx.routes();
    let route = routes.iter().find(|route| route.kind == LinkKind::Redrive && route.link == delivery.link);
    route.map_or_else(|| Arc::from("that is gone"), |route| Arc::clone(&route.peer_name))
}
