//! What becomes of an event in the end: a record of it goes to a destination, the event itself to a dead-letter
//! queue (SNS-19). A function may have both.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>

use std::sync::Arc;

use serde_json::json;

use super::events::History;
use super::fact::Fact;
use super::model::Model;
use crate::lang::instant::instant_text;
use crate::services::clients::follow;
use crate::services::sqs::api::message_id;
use crate::services::{Attribute, Cx, Deadline, Door, LinkKind, Message, Meta, Place, Route, json_or_text};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Success,
    RetriesExhausted,
    EventAgeExceeded,
    ZeroReservedConcurrency,
}

impl Condition {
    fn name(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::RetriesExhausted => "RetriesExhausted",
            Self::EventAgeExceeded => "EventAgeExceeded",
            Self::ZeroReservedConcurrency => "ZeroReservedConcurrency",
        }
    }

    /// HTTP status and message of the last attempt, as a dead letter tells them.
    fn error(self, raised: &str) -> (&'static str, &str) {
        match self {
            Self::Success | Self::RetriesExhausted => ("200", raised),
            Self::EventAgeExceeded => ("429", "Rate Exceeded."),
            Self::ZeroReservedConcurrency => {
                ("429", "Function not invoked. Function is configured with zero reserved concurrent executions")
            }
        }
    }
}

impl Model {
    pub(super) fn event_succeeded(&mut self, message: &Message, history: History, cx: &mut Cx<'_>) {
        cx.book(1, Place::Stored, Place::Consumed);
        let destination = self.config.events.on_success.as_deref();
        let Some(route) = destination.and_then(|name| route_to(LinkKind::Destination, name, cx)) else { return };
        let (body, meta) = self.record(message, history, Condition::Success, &route, cx);
        if let Some(call) = follow(message, &route, (body, Some(meta)), Deadline::SERVICE, cx) {
            self.delivering.insert(call, LinkKind::Destination);
        }
    }

    /// The event goes to the dead-letter queue, a record of it to the destination; with neither it is dropped.
    pub(super) fn give_up(&mut self, mut message: Message, history: History, why: Condition, cx: &mut Cx<'_>) {
        self.metrics.events_dropped += 1;
        let token = Some(message.token);
        cx.fact(Fact::EventDropped { why: why.name(), invocations: history.invocations }, token);
        let events = &self.config.events;
        let find = |kind, name: &Option<String>, cx: &mut Cx<'_>| route_to(kind, name.as_deref()?, cx);
        let letters = find(LinkKind::Redrive, &events.dead_letter, cx);
        let destination = find(LinkKind::Destination, &events.on_failure, cx);
        message.hops += 1;
        if letters.is_none() && destination.is_none() {
            return cx.book(1, Place::Stored, Place::Dropped(why.name()));
        }
        if let Some(route) = letters {
            let mut letter = message.clone();
            if destination.is_some() {
                letter = cx.copy(&message);
            } else {
                cx.book(1, Place::Stored, Place::Travelling);
            }
            letter.meta = Some(Arc::new(self.letter_meta(&letter, history, why)));
            self.hand_over(letter, &route, cx);
        }
        if let Some(route) = destination {
            let (body, meta) = self.record(&message, history, why, &route, cx);
            (message.body, message.meta) = (body, Some(meta));
            cx.book(1, Place::Stored, Place::Travelling);
            self.hand_over(message, &route, cx);
        }
    }

    fn hand_over(&mut self, message: Message, route: &Route, cx: &mut Cx<'_>) {
        match route.peer_kind.push_request(1) {
            Some(request) => {
                let call = cx.call_within(route, request, vec![message], Deadline::SERVICE);
                self.delivering.insert(call, route.kind);
            }
            None => cx.book(1, Place::Travelling, Place::Dropped("InvalidParameterValueException")),
        }
    }

    /// A destination or dead-letter queue has answered.
    pub(super) fn delivered(&mut self, call: u64, failed: bool) {
        match self.delivering.remove(call) {
            Some(LinkKind::Redrive) if failed => self.metrics.dead_letter_errors += 1,
            Some(_) if failed => self.metrics.destination_failures += 1,
            _ => {}
        }
    }
}

pub fn route_to(kind: LinkKind, name: &str, cx: &Cx<'_>) -> Option<Route> {
    let routes = cx.routes();
    routes.iter().find(|route| route.kind == kind && route.outward && *route.peer_name == *name).cloned()
}

#[must_use]
pub fn arn_of(function: &str) -> String {
    format!("arn:aws:lambda:us-east-1:000000000000:function:{function}:$LATEST")
}

impl Model {
    /// A dead letter is the event as it was, with these attributes.
    fn letter_meta(&self, message: &Message, history: History, why: Condition) -> Meta {
        let raised = self.error_of(history.error);
        let (code, text) = why.error(raised["errorMessage"].as_str().unwrap_or_default());
        let attribute = |name: &str, data_type: &str, value: &str| Attribute {
            name: name.to_owned(),
            data_type: data_type.to_owned(),
            value: value.to_owned(),
        };
        let id = message_id(message);
        let attributes = vec![
            attribute("RequestID", "String", &id),
            attribute("ErrorCode", "Number", code),
            attribute("ErrorMessage", "String", text),
        ];
        Meta { attributes, ..Meta::default() }
    }

    /// The record of an invocation in AWS's shape, and what an event bus needs beside it.
    fn record(
        &self,
        message: &Message,
        history: History,
        why: Condition,
        to: &Route,
        cx: &Cx<'_>,
    ) -> (Arc<str>, Arc<Meta>) {
        let arn = arn_of(&cx.name());
        let mut record = json!({
            "version": "1.0",
            "timestamp": instant_text(cx.now()),
            "requestContext": {
                "requestId": message_id(message),
                "functionArn": arn,
                "condition": why.name(),
                "approximateInvokeCount": history.invocations,
            },
            "requestPayload": json_or_text(&message.body),
        });
        match why {
            Condition::Success => {
                record["responseContext"] = json!({ "statusCode": 200, "executedVersion": "$LATEST" });
                record["responsePayload"] = self.config.returns.of(&json_or_text(&message.body));
            }
            Condition::RetriesExhausted => {
                record["responseContext"] =
                    json!({ "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" });
                record["responsePayload"] = self.error_of(history.error);
            }
            // The function did not run, so it answered nothing.
            Condition::EventAgeExceeded | Condition::ZeroReservedConcurrency => {}
        }
        let outcome = if why == Condition::Success { "Success" } else { "Failure" };
        let meta = Meta {
            source: Some("lambda".to_owned()),
            detail_type: Some(format!("Lambda Function Invocation Result - {outcome}")),
            resources: vec![arn, to.peer_name.to_string()],
            ..Meta::default()
        };
        (record.to_string().into(), Arc::new(meta))
    }
}
