//! The dead-letter queue of a target (EB-14): the event as it was, and in attributes what became of it.
//!
//! EventBridge Scheduler has attributes of its own beside those of a rule, and the error codes of the target's service
//! (EB-24): <https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html>

use std::sync::Arc;

use super::error_code::{error_code, scheduler_error_code};
use super::invoker::{Errand, Invoker, Note};
use super::retry::Exhausted;
use crate::lang::instant::instant_text;
use crate::services::Delivery;
use crate::services::eventbridge::rule::Fact;
use crate::services::sqs::api::Request;
use crate::services::{ApiError, Attribute, Cx, Deadline, Door, LinkKind, Meta, Place, Route};

impl Invoker {
    /// Sends an event that its target did not take to the dead-letter queue, or drops it under the error's code.
    pub(super) fn bury(
        &mut self,
        delivery: Delivery<Note>,
        error: &ApiError,
        exhausted: Option<Exhausted>,
        cx: &mut Cx<'_>,
    ) {
        let target = self.targets.iter().find(|target| target.route.link == delivery.link);
        let queue = target.and_then(|target| target.config.dead_letter.clone());
        let Some(queue) = queue else {
            return cx.book(1, Place::Travelling, Place::Dropped(error.code));
        };
        let target = target.map(|target| Arc::clone(&target.route.peer_name)).unwrap_or_default();
        let mut message = delivery.message;
        message.body = Arc::clone(&delivery.note.event);
        let attributes = self.attributes(&delivery.note, &target, error, exhausted, delivery.retries);
        message.meta = Some(Arc::new(Meta { attributes, ..Meta::default() }));
        let note = Note { errand: Errand::DeadLetter, refused: None, ..delivery.note };
        let route = redrive_route(&queue, cx);
        let link = route.as_ref().map_or(delivery.link, |route| route.link);
        let letter = Delivery { link, of: delivery.of, message, retries: 0, first_attempt: cx.now(), note };
        match route {
            Some(route) => self.deliveries.send(&route, Request::SendMessage.into(), letter, Deadline::SERVICE, cx),
            None => self.burial_failed(&letter, "QueueDoesNotExist", cx),
        }
    }

    fn attributes(
        &self,
        note: &Note,
        target: &str,
        error: &ApiError,
        exhausted: Option<Exhausted>,
        retries: u32,
    ) -> Vec<Attribute> {
        let attribute =
            |name: &str, value: String| Attribute { name: name.to_owned(), data_type: "String".to_owned(), value };
        let code = if note.due.is_some() { scheduler_error_code(error) } else { error_code(error) };
        let mut all = vec![
            attribute(self.owner.attribute(), self.arn.clone()),
            attribute("TARGET_ARN", target.to_owned()),
            attribute("ERROR_CODE", code.to_owned()),
            attribute("ERROR_MESSAGE", error.message.clone()),
        ];
        all.extend(exhausted.map(|limit| attribute("EXHAUSTED_RETRY_CONDITION", limit.name().to_owned())));
        all.push(attribute("RETRY_ATTEMPTS", retries.to_string()));
        if let Some((due, execution)) = note.due {
            all.push(attribute("SCHEDULED_TIME", format!("{}Z", &instant_text(due)[..19])));
            all.push(attribute("EXECUTION_ID", format!("{execution:016x}")));
            all.push(attribute("IS_PAYLOAD_TRUNCATED", "false".to_owned()));
        }
        all
    }

    pub(super) fn buried(&mut self, letter: &Delivery<Note>, cx: &mut Cx<'_>) {
        self.metrics.sent_to_dlq += 1;
        let routes = cx.routes();
        let queue = routes.iter().find(|route| route.link == letter.link).map(|route| Arc::clone(&route.peer_name));
        cx.fact(Fact::SentToDlq { queue: queue.unwrap_or_default() }, Some(letter.message.token));
    }

    /// One attempt is made `[MODEL]`: what the dead-letter queue does not take is gone.
    pub(super) fn burial_failed(&mut self, letter: &Delivery<Note>, code: &'static str, cx: &mut Cx<'_>) {
        self.metrics.failed_to_dlq += 1;
        cx.fact(Fact::DlqFailed { code }, Some(letter.message.token));
        cx.book(1, Place::Travelling, Place::Dropped(code));
    }
}

fn redrive_route(queue: &str, cx: &Cx<'_>) -> Option<Route> {
    let routes = cx.routes();
    let mut lines = routes.iter().filter(|route| route.kind == LinkKind::Redrive && route.outward);
    lines.find(|route| *route.peer_name == *queue).cloned()
}
