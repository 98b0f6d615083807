//! An HTTP/S endpoint: takes one message a request and answers after its latency.
//!
//! **Not modelled:** subscription confirmation (SNS-9): an endpoint counts as confirmed.

use serde_json::Value;

use super::http;
use crate::engine::Micros;
use crate::figure::{Figure, Ink, Shape};
use crate::services::fact::facts;
use crate::services::{
    self, Answer, ApiError, Call, Caller, Cx, Distribution, Door, Draft, Family, Group, Message, Metric, Place,
    Property, PropertyKind, Service, Settings, Spec, Strength,
};

facts! {
    RequestReceived => Plain, "answering";
    RequestAnswered { status: u16 } => Good, "answered {status}";
    RequestFailed { status: u16 } => Bad, "answered {status}";
}

const fn field(
    name: &'static str,
    label: &'static str,
    kind: PropertyKind,
    default: &'static str,
    help: &'static str,
) -> Property {
    Property { name, label, kind, default, unit: "", help, fact: "SNS-13", strength: Strength::Documented }
}

static PROPERTIES: &[Property] = &[
    field("Latency", "Latency", PropertyKind::Duration, "\"100ms\"", "How long it takes to answer."),
    field("FailureRate", "Failure rate", PropertyKind::Probability, "0", "Part of the requests answered with 500."),
    field(
        "StatusCode",
        "Status code",
        PropertyKind::Integer { min: 200, max: 599 },
        "200",
        "What it answers; 5xx and 429 are tried again, other errors are not.",
    ),
];

pub static SPEC: Spec = Spec {
    kind: "Decoupled::Endpoint",
    name: "Endpoint",
    summary: "An HTTP/S address that takes messages",
    stem: "endpoint",
    group: Group::Consumers,
    family: Family::Compute,
    size: (184.0, 92.0),
    glyph: "M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
    properties: PROPERTIES,
    not_modelled: &[],
    charts: &["Requests", "Failed"],
    link: "https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html",
};

#[derive(Clone, Debug)]
pub enum Timer {
    Answer { request: u64 },
}

#[derive(Clone, Debug)]
struct Pending {
    number: u64,
    caller: Caller,
    message: Message,
    since: Micros,
    until: Micros,
}

#[derive(Clone)]
pub struct Model {
    latency: Distribution,
    failure_parts: u32,
    status: u16,
    pending: Vec<Pending>,
    requests: u64,
    failed: u64,
}

impl Model {
    fn read(&mut self, settings: &Settings) {
        self.latency = settings.distribution("Latency");
        self.failure_parts = settings.parts_per_million("FailureRate");
        self.status = u16::try_from(settings.integer("StatusCode")).unwrap_or(200);
    }

    fn finish(&mut self, pending: Pending, cx: &mut Cx<'_>) {
        let failing = cx.rng("failure").chance(self.failure_parts) || cx.is_down();
        let status = if failing { 500 } else { self.status };
        let token = pending.message.token;
        if (200..300).contains(&status) {
            cx.fact(Fact::RequestAnswered { status }, Some(token));
            cx.book(1, Place::Stored, Place::Consumed);
            return cx.answer(pending.caller, Ok(http::Response::Status(status).into()), Vec::new());
        }
        self.failed += 1;
        cx.fact(Fact::RequestFailed { status }, Some(token));
        cx.book(1, Place::Stored, Place::Travelling);
        let retryable = status >= 500 || status == 429;
        let message = format!("The endpoint answered {status}.");
        let error =
            ApiError { code: if retryable { "HttpServerError" } else { "HttpClientError" }, message, retryable };
        cx.answer(pending.caller, Err(error), vec![pending.message]);
    }
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        let mut model = Self {
            latency: Distribution::ZERO,
            failure_parts: 0,
            status: 200,
            pending: Vec::new(),
            requests: 0,
            failed: 0,
        };
        model.read(settings);
        model
    }

    fn start(&mut self, _cx: &mut Cx<'_>) {}

    fn configure(&mut self, settings: &Settings, _cx: &mut Cx<'_>) {
        self.read(settings);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        cx.book(self.pending.len() as u64, Place::Stored, Place::Dropped("ResourceDeleted"));
        self.pending.clear();
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let services::Request::Http(http::Request::Post) = call.request else {
            let error = ApiError::client("InvalidAction", "An endpoint takes POST requests alone.");
            return cx.answer(call.caller, Err(error), call.messages);
        };
        for message in call.messages {
            self.requests += 1;
            cx.fact(Fact::RequestReceived, Some(message.token));
            cx.book(1, Place::Travelling, Place::Stored);
            let sampled = self.latency.sample(cx.rng("latency"));
            let (number, since) = (self.requests, cx.now());
            let until = since + cx.stretched(sampled);
            cx.wake_at(until, Timer::Answer { request: number });
            self.pending.push(Pending { number, caller: call.caller, message, since, until });
        }
    }

    fn answer(&mut self, _answer: Answer, _cx: &mut Cx<'_>) {}

    fn wake(&mut self, Timer::Answer { request }: Timer, cx: &mut Cx<'_>) {
        if let Some(place) = self.pending.iter().position(|pending| pending.number == request) {
            let pending = self.pending.remove(place);
            self.finish(pending, cx);
        }
    }

    fn stored(&self) -> u64 {
        self.pending.len() as u64
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        vec![("Requests", Metric::Count(self.requests)), ("Failed", Metric::Count(self.failed))]
    }

    fn figure(&self, now: Micros) -> Figure {
        let mut figure = Figure { headline: self.requests.to_string(), ..Figure::default() };
        figure.subtitle = format!("HTTPS endpoint · {}", self.status);
        figure.spoken = format!("{} requests, {} failed", self.requests, self.failed);
        figure.rect(12.0, 52.0, 160.0, 28.0, 8.0, Ink::Lane);
        for (pending, slot) in self.pending.iter().take(8).zip(0_u8..) {
            let whole = pending.until.saturating_sub(pending.since).max(1) as f32;
            let left = (pending.until.saturating_sub(now) as f32 / whole).clamp(0.0, 1.0);
            let who = (pending.message.token, pending.message.hue, pending.message.poisoned);
            figure.token(26.0 + f32::from(slot) * 19.0, 66.0, who, Shape::Disc, Some(left));
        }
        figure
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        if action != "Post" {
            return Err(ApiError::unknown_action(action, "An endpoint", &["Post"]));
        }
        let body = input.get("Body").map(|body| body.as_str().map_or_else(|| body.to_string(), str::to_owned));
        Ok((http::Request::Post.into(), vec![Draft { body: body.unwrap_or_default(), ..Draft::default() }]))
    }
}
