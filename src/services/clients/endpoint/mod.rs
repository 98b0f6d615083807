//! An endpoint outside AWS: takes one message a request and answers after its latency. It stands for an HTTP/S
//! address, and by the protocol of its subscription for a mailbox, a phone, a mobile app or a Firehose stream (SNS-9).

pub mod api;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use self::api as http;
use crate::engine::{FaultKind, Micros};
use crate::figure::{Figure, Ink, Shape, part_left};
use crate::services::contract::fact::facts;
use crate::services::sns::api::{self as sns, Protocol};
use crate::services::{
    self, Answer, ApiError, Call, Caller, Cx, Deadline, Distribution, Door, Draft, Family, Group, Kind, LinkKind,
    Message, Metric, NodeView, Pair, Place, Property, PropertyKind, Response, Returns, SceneView, Service, Settings,
    Spec, Wrong, frailty, json_or_text, knob, property,
};

facts! {
    RequestReceived => Plain, "answering";
    RequestAnswered { status: u16 } => Good, "answered {status}";
    RequestFailed { status: u16 } => Bad, "answered {status}";
    SubscribeUrlVisited => Good, "confirms its subscription";
    BodyReturned => Plain, "the body of the answer";
    ConnectionReset => Bad, "the connection is gone, and the answer with it";
}

static PROPERTIES: &[Property] = &[
    property("Latency", "Latency", PropertyKind::Duration, "\"100ms\"", "How long it takes to answer.", "SNS-13"),
    property(
        "FailureRate",
        "Failure rate",
        PropertyKind::Probability,
        "0",
        "Part of the requests answered with 500.",
        "SNS-13",
    ),
    property(
        "StatusCode",
        "Status code",
        PropertyKind::Integer { min: 200, max: 599 },
        "200",
        "What it answers; 5xx and 429 are tried again, other errors are not.",
        "SNS-13",
    ),
    property(
        "RequiredHeader",
        "Required header",
        PropertyKind::Text { max: 512 },
        "",
        "A header, such as x-api-key: secret, without which it answers 401.",
        "EB-17",
    ),
    property(
        "RetryAfter",
        "Retry-After",
        PropertyKind::Integer { min: -1, max: 86_400 },
        "",
        "Seconds it asks to be left alone when it fails; below zero, for ever.",
        "EB-17",
    ),
    knob(
        "Returns",
        "Returns",
        PropertyKind::Json,
        "",
        "The body of its answers: \"input\", a constant, or a template over the request's body, such as {\"id\": \"<$.id>\"}.",
        "",
    ),
    knob("Headers", "Headers", PropertyKind::Json, "", "Of its answers, such as {\"X-Request-Id\": \"1\"}.", ""),
    property(
        "ConfirmsSubscription",
        "Confirms its subscription",
        PropertyKind::Boolean,
        "true",
        "Whether its owner agrees when SNS asks; until then it gets nothing.",
        "SNS-9",
    ),
];

static PAIRS: &[Pair] = &[
    Pair::new(LinkKind::Send, Kind::Producer, Kind::Endpoint),
    Pair::new(LinkKind::Send, Kind::Worker, Kind::Endpoint),
    Pair::new(LinkKind::Send, Kind::Function, Kind::Endpoint),
    Pair::new(LinkKind::Send, Kind::KclApplication, Kind::Endpoint),
    Pair::new(LinkKind::Target, Kind::Rule, Kind::Endpoint),
    Pair::new(LinkKind::Target, Kind::Schedule, Kind::Endpoint),
    Pair::new(LinkKind::Target, Kind::Pipe, Kind::Endpoint),
    Pair::new(LinkKind::Subscription, Kind::Topic, Kind::Endpoint),
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
    frailty: &frailty::PROGRAM,
    push: |_| Some(http::Request::Post.into()),
    pairs: PAIRS,
    problems,
    ..Spec::BLANK
};

fn problems(scene: &SceneView<'_>) -> Vec<Wrong> {
    let returns =
        |node: &NodeView<'_>| Some(node.wrong("Returns", Returns::read(node.properties.get("Returns")?).err()?));
    scene.nodes_of(Kind::Endpoint).filter_map(returns).collect()
}

const POST: &str = "POST";

#[derive(Clone, Debug)]
pub enum Timer {
    Answer { request: u64 },
}

#[derive(Clone, Debug)]
struct Pending {
    number: u64,
    caller: Caller,
    headers: Vec<(String, String)>,
    /// One request brings them all: a list, when there are several.
    messages: Vec<Message>,
    since: Micros,
    until: Micros,
}

#[derive(Clone)]
pub struct Model {
    latency: Distribution,
    failure_parts: u32,
    status: u16,
    confirms: bool,
    required_header: Option<(String, String)>,
    retry_after: Option<i64>,
    returns: Option<Returns>,
    headers: Vec<(String, String)>,
    /// How its subscription calls it.
    protocol: Protocol,
    /// Headers and body of the latest request, as a script may read them.
    last_request: Value,
    pending: Vec<Pending>,
    requests: u64,
    failed: u64,
}

impl Model {
    fn read(&mut self, settings: &Settings) {
        self.latency = settings.distribution("Latency");
        self.failure_parts = settings.parts_per_million("FailureRate");
        self.status = u16::try_from(settings.integer("StatusCode")).unwrap_or(200);
        self.confirms = settings.boolean("ConfirmsSubscription");
        let header = settings.text("RequiredHeader").unwrap_or_default();
        self.required_header =
            header.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        self.retry_after = settings.get("RetryAfter").and_then(|value| value.as_i64());
        self.returns = settings.get("Returns").and_then(|value| Returns::read(&value).ok());
        let headers = settings.get("Headers").unwrap_or_default();
        let header = |(name, value): (&String, &Value)| (name.clone(), services::attribute_text(value));
        self.headers = headers.as_object().map(|map| map.iter().map(header).collect()).unwrap_or_default();
    }

    fn finish(&mut self, pending: Pending, cx: &mut Cx<'_>) {
        let failing = cx.rng("failure").chance(self.failure_parts);
        let lacks = self.required_header.as_ref().is_some_and(|(name, value)| {
            !pending.headers.iter().any(|(given, own)| given.eq_ignore_ascii_case(name) && own == value)
        });
        let status = match (failing, lacks) {
            (true, _) => 500,
            (false, true) => 401,
            (false, false) => self.status,
        };
        let (first, count) = (&pending.messages[0], pending.messages.len() as u64);
        let (token, hue) = (first.token, first.hue);
        let body: Arc<str> = self.answer_to(&pending).into();
        if (200..300).contains(&status) {
            cx.fact(Fact::RequestAnswered { status }, Some(token));
            cx.book(count, Place::Stored, Place::Consumed);
            let response = http::Response::Answer { status, headers: self.headers.clone(), body: Arc::clone(&body) };
            self.tell(pending.caller, Ok(response.into()), Vec::new(), (body, hue), cx);
            return match self.token_of(&pending) {
                Some(token) => self.confirm(&pending, token, cx),
                None => pending.messages.iter().for_each(|message| cx.worked_on(message)),
            };
        }
        self.failed += 1;
        cx.fact(Fact::RequestFailed { status }, Some(token));
        cx.book(count, Place::Stored, Place::Travelling);
        let retryable = status >= 500 || status == 429;
        let message = format!("The endpoint answered {status}.");
        let error = ApiError { code: code_of(status), message, retryable, retry_after: self.retry_after };
        self.tell(pending.caller, Err(error), pending.messages, (body, hue), cx);
    }

    /// Answers, with a body if there is one.
    fn tell(
        &self,
        caller: Caller,
        result: Result<Response, ApiError>,
        returned: Vec<Message>,
        (body, hue): (Arc<str>, u8),
        cx: &mut Cx<'_>,
    ) {
        if body.is_empty() {
            return cx.answer(caller, result, returned);
        }
        let reply = cx.produce(body, None, hue);
        cx.fact(Fact::BodyReturned, Some(reply.token));
        cx.reply(caller, result, returned, reply);
    }

    fn answer_to(&self, pending: &Pending) -> String {
        let Some(returns) = &self.returns else { return String::new() };
        let mut events = pending.messages.iter().map(|message| json_or_text(&message.body));
        let event = if pending.messages.len() > 1 { events.collect() } else { events.next().unwrap_or_default() };
        services::attribute_text(&returns.of(&event))
    }

    /// The token of a request that asks to confirm a subscription.
    fn token_of(&self, pending: &Pending) -> Option<String> {
        let asked =
            pending.headers.iter().any(|(name, kind)| *name == http::MESSAGE_TYPE && kind == http::CONFIRMATION);
        if !asked && !self.protocol.needs_confirmation() {
            return None;
        }
        let body: Value = serde_json::from_str(&pending.messages[0].body).unwrap_or_default();
        body["Token"].as_str().filter(|_| asked || body["Type"] == http::CONFIRMATION).map(str::to_owned)
    }

    /// Visits the `SubscribeURL` of a request to confirm, as its owner would (SNS-9).
    fn confirm(&self, pending: &Pending, token: String, cx: &mut Cx<'_>) {
        if !self.confirms {
            return;
        }
        cx.fact(Fact::SubscribeUrlVisited, Some(pending.messages[0].token));
        let request = sns::Request::ConfirmSubscription { token: token.clone() };
        cx.call_back(&token, request.into(), Vec::new(), Deadline::SDK);
    }
}

/// What an endpoint's status is called where it is an error.
fn code_of(status: u16) -> &'static str {
    match status {
        429 => http::THROTTLED,
        401 => http::UNAUTHORIZED,
        407 => http::PROXY_AUTHENTICATION,
        409 => http::CONFLICT,
        500.. => "HttpServerError",
        _ => "HttpClientError",
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
            confirms: true,
            required_header: None,
            retry_after: None,
            returns: None,
            headers: Vec::new(),
            protocol: Protocol::Https,
            last_request: Value::Null,
            pending: Vec::new(),
            requests: 0,
            failed: 0,
        };
        model.read(settings);
        model
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.rewired(cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        let subscription = routes.iter().find(|route| route.kind == LinkKind::Subscription);
        self.protocol = subscription.map_or(Protocol::Https, |route| Protocol::read(&route.settings, Kind::Endpoint));
    }

    fn configure(&mut self, settings: &Settings, _cx: &mut Cx<'_>) {
        self.read(settings);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        cx.book(self.stored(), Place::Stored, Place::Dropped("ResourceDeleted"));
        self.pending.clear();
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let (method, headers) = match call.request {
            services::Request::Http(http::Request::Post) => (POST.to_owned(), Vec::new()),
            services::Request::Http(http::Request::Notify { headers }) => {
                (POST.to_owned(), headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }
            services::Request::Http(http::Request::Invoke { method, headers }) => (method, headers),
            services::Request::Http(http::Request::GetLastRequest) => {
                let response = http::Response::LastRequest(self.last_request.clone());
                return cx.answer(call.caller, Ok(response.into()), Vec::new());
            }
            _ => {
                let error = ApiError::client("InvalidAction", "An endpoint takes POST requests alone.");
                return cx.answer(call.caller, Err(error), call.messages);
            }
        };
        let Call { caller, messages, .. } = call;
        let Some(first) = messages.first() else {
            return cx.answer(caller, Ok(http::Response::of(self.status).into()), messages);
        };
        self.requests += 1;
        cx.fact(Fact::RequestReceived, Some(first.token));
        cx.book(messages.len() as u64, Place::Travelling, Place::Stored);
        let sampled = self.latency.sample(cx.rng("latency"));
        let (number, since) = (self.requests, cx.now());
        let until = since + cx.stretched(sampled);
        cx.wake_at(until, Timer::Answer { request: number });
        self.last_request = request_json(&method, &headers, &body_of(&messages));
        self.pending.push(Pending { number, caller, headers, messages, since, until });
    }

    /// A process that is gone drops its connections: who waits learns of it at once, or by the silence.
    fn struck(&mut self, fault: FaultKind, begins: bool, cx: &mut Cx<'_>) {
        if !begins || !fault.is_outage() {
            return;
        }
        for Pending { caller, messages, .. } in std::mem::take(&mut self.pending) {
            self.failed += 1;
            cx.fact(Fact::ConnectionReset, messages.first().map(|message| message.token));
            cx.book(messages.len() as u64, Place::Stored, Place::Travelling);
            let error =
                ApiError::server("ConnectionReset", format!("The connection was reset (fault {}).", fault.name()));
            cx.answer(caller, Err(error), messages);
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
        self.pending.iter().map(|pending| pending.messages.len() as u64).sum()
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.pending.iter().flat_map(|pending| &pending.messages).for_each(see);
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        vec![("Requests", Metric::Count(self.requests)), ("Failed", Metric::Count(self.failed))]
    }

    fn figure(&self, now: Micros) -> Figure {
        let mut figure = Figure { headline: self.requests.to_string(), ..Figure::default() };
        figure.subtitle = format!("{} · {}", what_it_is(self.protocol), self.status);
        figure.spoken = format!("{} requests, {} failed", self.requests, self.failed);
        figure.rect(12.0, 52.0, 160.0, 28.0, 8.0, Ink::Lane);
        for (pending, slot) in self.pending.iter().take(8).zip(0_u8..) {
            let left = part_left(pending.since, pending.until, now);
            let message = &pending.messages[0];
            let who = (message.token, message.hue, message.poisoned);
            figure.token(26.0 + f32::from(slot) * 19.0, 66.0, who, Shape::Disc, Some(left));
        }
        figure
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        if action == "GetLastRequest" {
            return Ok((http::Request::GetLastRequest.into(), Vec::new()));
        }
        if action != "Post" {
            return Err(ApiError::unknown_action(action, "An endpoint", &["Post", "GetLastRequest"]));
        }
        let body = input.get("Body").map(services::attribute_text);
        Ok((http::Request::Post.into(), vec![Draft { body: body.unwrap_or_default(), ..Draft::default() }]))
    }
}

fn what_it_is(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Http => "HTTP endpoint",
        Protocol::Email | Protocol::EmailJson => "mailbox",
        Protocol::Sms => "phone",
        Protocol::Application => "mobile app",
        Protocol::Firehose => "Firehose stream",
        Protocol::Https | Protocol::Sqs | Protocol::Lambda => "HTTPS endpoint",
    }
}

/// Several bodies make a list.
fn body_of(messages: &[Message]) -> String {
    match messages {
        [one] => one.body.to_string(),
        several => Value::from_iter(several.iter().map(|message| json_or_text(&message.body))).to_string(),
    }
}

/// A request as a script may read it; a body that is JSON as the JSON too.
fn request_json(method: &str, headers: &[(String, String)], body: &str) -> Value {
    let headers: Map<String, Value> =
        headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    json!({ "Method": method, "Headers": headers, "Body": body, "Json": json })
}
