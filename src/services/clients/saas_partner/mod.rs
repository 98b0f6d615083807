//! A SaaS partner: an event source outside AWS that puts its own events on the bus that carries its name (EB-1).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html>
//!
//! Until a bus is associated with the source — here, until a line leads to one of that name — its events are lost. A
//! partner puts each event once: what the bus does not take is gone.

use std::sync::Arc;

use serde_json::Value;

use super::producer::{ARRIVALS, Arrivals};
use crate::engine::{Key, Micros};
use crate::figure::{Figure, Ink, Shape};
use crate::lang::duration::{Rate, parse_rate};
use crate::lang::template::Template;
use crate::services::contract::fact::facts;
use crate::services::eventbridge::api;
use crate::services::{
    self, Answer, ApiError, Call, Cx, Deadline, Door, Draft, Family, Group, LinkKind, Meta, Metric, Place, Property,
    PropertyKind, Service, Settings, Spec, frailty, knob, property,
};

facts! {
    EventSent => Good, "sent";
    EventLost { code: &'static str } => Bad, "{code}: the event is gone";
    SourcePending => Warn, "no bus is associated with this event source: its events are lost";
}

static PROPERTIES: &[Property] = &[
    property(
        "EventSourceName",
        "Event source",
        PropertyKind::Text { max: 256 },
        "\"aws.partner/example.com/shop\"",
        "aws.partner/…: the bus must carry this name.",
        "EB-1",
    )
    .fixed(),
    knob("Rate", "Rate", PropertyKind::Rate, "\"1/s\"", "Events per time, such as 5/s.", ""),
    ARRIVALS,
    knob("Count", "Count", PropertyKind::Integer { min: 0, max: 100_000_000 }, "", "Stop after so many events.", ""),
    property(
        "DetailType",
        "Detail type",
        PropertyKind::Text { max: 128 },
        "\"Order Placed\"",
        "Of its events; {{pick a b}} and the like are filled in.",
        "EB-2",
    ),
    knob(
        "Payload",
        "Detail",
        PropertyKind::Json,
        "{\"order\":\"{{seq}}\"}",
        "The detail; {{seq}}, {{int 1 500}}, {{pick a b}}, {{uuid}}, {{now}}, {{key 8}} are filled in.",
        "",
    ),
];

pub static SPEC: Spec = Spec {
    kind: "Decoupled::SaasPartner",
    name: "SaaS partner",
    summary: "A partner's event source outside AWS",
    stem: "partner",
    group: Group::Sources,
    family: Family::Source,
    size: (184.0, 92.0),
    glyph: "M7 18a4 4 0 010-8 6 6 0 0111-1 4 4 0 011 9z",
    properties: PROPERTIES,
    not_modelled: &[],
    charts: &["Sent", "Lost"],
    link: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html",
    frailty: &frailty::PROGRAM,
    ..Spec::BLANK
};

#[derive(Clone, Debug)]
pub enum Timer {
    Arrival,
}

#[derive(Clone)]
pub struct Model {
    source: String,
    rate: Rate,
    rate_text: String,
    arrivals: Arrivals,
    count: Option<u64>,
    detail_type: Option<Template>,
    payload: Option<Template>,
    /// Arrivals so far under the present rate, when it began, and the latest.
    index: u64,
    start: Micros,
    last: Micros,
    key: Option<Key>,
    sent: u64,
    lost: u64,
    is_told: bool,
    /// The latest event, for the drawing.
    latest: Option<(u64, u8)>,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        let mut model = Self {
            source: String::new(),
            rate: Rate { count: 1, per: 1_000_000 },
            rate_text: String::new(),
            arrivals: Arrivals::Constant,
            count: None,
            detail_type: None,
            payload: None,
            index: 0,
            start: 0,
            last: 0,
            key: None,
            sent: 0,
            lost: 0,
            is_told: false,
            latest: None,
        };
        model.read(settings);
        model
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        (self.start, self.last) = (cx.now(), cx.now());
        self.schedule(cx);
    }

    fn rewired(&mut self, _cx: &mut Cx<'_>) {
        self.is_told = false;
    }

    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        self.read(settings);
        self.retire(cx);
        (self.start, self.last, self.index) = (cx.now(), cx.now(), 1);
        self.schedule(cx);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        if let Some(key) = self.key.take() {
            cx.cancel(key);
        }
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let error = ApiError::client("InvalidAction", "A partner takes no calls.");
        cx.answer(call.caller, Err(error), call.messages);
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let code = match &answer.result {
            Ok(services::Response::Events(api::Response::PutEvents { entries })) => {
                entries.iter().find_map(|entry| entry.as_ref().err()).map(|error| error.code)
            }
            Ok(_) => None,
            Err(error) => Some(error.code),
        };
        for message in answer.messages {
            let code = code.unwrap_or("PartialFailure");
            self.lost += 1;
            cx.fact(Fact::EventLost { code }, Some(message.token));
            cx.book(1, Place::Travelling, Place::Dropped(code));
        }
    }

    fn wake(&mut self, Timer::Arrival: Timer, cx: &mut Cx<'_>) {
        self.key = None;
        self.last = cx.now();
        self.index += 1;
        if !cx.is_down() {
            for _ in 0..self.arrivals.at_once() {
                self.emit(cx);
            }
        }
        self.schedule(cx);
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        vec![("Sent", Metric::Count(self.sent)), ("Lost", Metric::Count(self.lost))]
    }

    fn figure(&self, _now: Micros) -> Figure {
        let mut figure = Figure { headline: self.sent.to_string(), ..Figure::default() };
        figure.subtitle = format!("partner · {}", self.rate_text);
        figure.spoken = format!("{} events sent, {} lost", self.sent, self.lost);
        figure.code_within(14.0, 64.0, 160.0, self.source.trim_start_matches("aws.partner/"), Ink::Text);
        if let Some((token, hue)) = self.latest {
            figure.token(20.0, 78.0, (token, hue, false), Shape::Diamond, None);
        }
        figure
    }

    fn parse_call(&self, action: &str, _input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        Err(ApiError::unknown_action(action, "A partner", &["none"]))
    }
}

impl Model {
    fn read(&mut self, settings: &Settings) {
        self.source = settings.text("EventSourceName").unwrap_or_default();
        self.rate_text = settings.text("Rate").unwrap_or_default();
        self.rate = parse_rate(&self.rate_text).unwrap_or(Rate { count: 1, per: 1_000_000 });
        self.arrivals = Arrivals::from_name(&settings.text("Arrivals").unwrap_or_default());
        self.count = settings.optional_integer("Count");
        self.detail_type = settings.text("DetailType").and_then(|text| Template::from_text(&text).ok());
        self.payload = settings.get("Payload").and_then(|value| Template::from_value(&value).ok());
    }

    fn schedule(&mut self, cx: &mut Cx<'_>) {
        if self.rate.count == 0 || self.count.is_some_and(|count| self.sent + self.lost >= count) {
            return;
        }
        let at = self.arrivals.next(self.rate, self.index, self.start, self.last, cx.rng("arrivals"));
        self.key = Some(cx.wake_at(at, Timer::Arrival));
    }

    fn emit(&mut self, cx: &mut Cx<'_>) {
        let (seq, now) = (self.sent + self.lost + 1, cx.now());
        let mut draw = || cx.rng("payload").bits();
        let mut fill = |template: &Option<Template>| {
            template.as_ref().map(|template| template.render(seq, now, &mut draw)).unwrap_or_default()
        };
        let (detail_type, body) = (fill(&self.detail_type), fill(&self.payload));
        let hue = services::hue_of(&detail_type);
        let meta = Meta { source: Some(self.source.clone()), detail_type: Some(detail_type), ..Meta::default() };
        let event = cx.produce(Arc::from(body), Some(Arc::new(meta)), hue);
        self.latest = Some((event.token, hue));
        let routes = cx.routes();
        let Some(bus) = routes.iter().find(|route| route.kind == LinkKind::PartnerEventSource && route.outward) else {
            self.lost += 1;
            if !self.is_told {
                self.is_told = true;
                cx.originate(Fact::SourcePending, event.token);
            }
            return cx.book(1, Place::Travelling, Place::Dropped("EventSourcePending"));
        };
        self.sent += 1;
        cx.originate(Fact::EventSent, event.token);
        cx.call_within(bus, api::Request::PutEvents.into(), vec![event], Deadline::SDK);
    }
}
