//! The global endpoint's state machine: routing, replicating, watching the primary.

use serde_json::Value;

use super::super::api::{self, Request};
use super::fact::Fact;
use crate::engine::{Key, Micros};
use crate::figure::{Figure, Ink, compact};
use crate::services::{
    self, Answer, ApiError, Call, Caller, Cx, Deadline, Door, Draft, LinkKind, Message, Metric, Pending, Place, Route,
    Service, Settings,
};

#[derive(Clone, Copy, Debug)]
pub enum Timer {
    /// The primary has been ill, or well again, for long enough.
    Switch,
}

#[derive(Clone, Debug)]
struct Sent {
    /// Nobody waits for a replica.
    caller: Option<Caller>,
    to_primary: bool,
}

#[derive(Clone)]
pub struct Model {
    primary: Option<String>,
    secondary: Option<String>,
    replicates: bool,
    failover: Micros,
    on_primary: bool,
    /// Set while the primary is not what the present route needs it to be.
    switching: Option<Key>,
    sent: Pending<Sent>,
    routed: [u64; 2],
    failed: u64,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        let mut model = Self {
            primary: None,
            secondary: None,
            replicates: true,
            failover: 0,
            on_primary: true,
            switching: None,
            sent: Pending::default(),
            routed: [0; 2],
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
        self.sent = Pending::default();
        self.stop(cx);
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        let services::Request::Events(Request::PutEvents) = request else {
            let error = ApiError::client("InvalidAction", "A global endpoint takes PutEvents alone.");
            return cx.answer(caller, Err(error), messages);
        };
        let Some(route) = self.route(self.on_primary, cx) else {
            cx.fact(Fact::NothingConnected, None);
            let error = ApiError::client("ResourceNotFoundException", "The endpoint has no event bus.");
            return cx.answer(caller, Err(error), messages);
        };
        self.routed[usize::from(!self.on_primary)] += messages.len() as u64;
        let other = self.route(!self.on_primary, cx).filter(|_| self.replicates);
        let copies: Vec<Message> =
            messages.iter().filter(|_| other.is_some()).map(|message| cx.copy(message)).collect();
        for message in &messages {
            cx.fact(Fact::EventRouted { bus: route.peer_name.clone() }, Some(message.token));
        }
        let to_primary = self.on_primary;
        let call = cx.call_within(&route, Request::PutEvents.into(), messages, Deadline::SERVICE);
        self.sent.insert(call, Sent { caller: Some(caller), to_primary });
        if let Some(other) = other {
            for copy in &copies {
                cx.fact(Fact::EventReplicated { bus: other.peer_name.clone() }, Some(copy.token));
            }
            let call = cx.call_within(&other, Request::PutEvents.into(), copies, Deadline::SERVICE);
            self.sent.insert(call, Sent { caller: None, to_primary: !to_primary });
        }
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let Answer { call, result, messages, .. } = answer;
        let Some(Sent { caller, to_primary }) = self.sent.remove(call) else {
            return cx.book(messages.len() as u64, Place::Travelling, Place::Dropped("AnswerNotAwaited"));
        };
        let code = result.as_ref().err().map(|error| error.code);
        if to_primary {
            self.look_at_primary(result.as_ref().is_err_and(|error| error.retryable), cx);
        }
        let bus = self.route(to_primary, cx).map(|route| route.peer_name).unwrap_or_default();
        let token = messages.first().map(|message| message.token);
        match (caller, code) {
            (Some(caller), code) => {
                if let Some(code) = code {
                    self.failed += messages.len() as u64;
                    cx.fact(Fact::RouteFailed { bus, code }, token);
                }
                cx.answer(caller, result, messages);
            }
            (None, code) => {
                if let Some(code) = code {
                    cx.fact(Fact::ReplicationFailed { bus, code }, token);
                }
                let code = code.unwrap_or("PartialFailure");
                cx.book(messages.len() as u64, Place::Travelling, Place::Dropped(code));
            }
        }
    }

    fn wake(&mut self, Timer::Switch: Timer, cx: &mut Cx<'_>) {
        self.switching = None;
        self.on_primary = !self.on_primary;
        let bus = self.route(self.on_primary, cx).map(|route| route.peer_name).unwrap_or_default();
        cx.fact(if self.on_primary { Fact::Recovered { bus } } else { Fact::FailedOver { bus } }, None);
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        vec![
            ("RoutedToPrimary", Metric::Count(self.routed[0])),
            ("RoutedToSecondary", Metric::Count(self.routed[1])),
            ("Failed", Metric::Count(self.failed)),
        ]
    }

    fn figure(&self, _now: Micros) -> Figure {
        let mut figure = Figure { headline: (self.routed[0] + self.routed[1]).to_string(), ..Figure::default() };
        let active = if self.on_primary { "primary" } else { "secondary" };
        figure.subtitle = format!("global endpoint · {active}");
        figure.spoken = format!("routes to the {active}, {} events failed", self.failed);
        let (first, second) = if self.on_primary { (Ink::Good, Ink::Faint) } else { (Ink::Faint, Ink::Warn) };
        figure.line((24.0, 66.0), (70.0, 58.0), first);
        figure.line((24.0, 66.0), (70.0, 76.0), second);
        figure.text(76.0, 61.0, format!("primary · {}", compact(self.routed[0])), Ink::Text);
        figure.text(76.0, 80.0, format!("secondary · {}", compact(self.routed[1])), Ink::Text);
        figure
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse(action, input).map(|(request, drafts)| (request.into(), drafts))
    }
}

impl Model {
    fn read(&mut self, settings: &Settings) {
        self.primary = settings.text("Primary");
        self.secondary = settings.text("Secondary");
        self.replicates = settings.get("ReplicationConfig").is_none_or(|config| config["State"] != "DISABLED");
        self.failover = settings.distribution("FailoverTime").mean();
    }

    fn route(&self, primary: bool, cx: &Cx<'_>) -> Option<Route> {
        let name = if primary { &self.primary } else { &self.secondary }.as_deref()?;
        let routes = cx.routes();
        let mut lines = routes.iter().filter(|route| route.kind == LinkKind::GlobalEndpoint && route.outward);
        lines.find(|route| *route.peer_name == *name).cloned()
    }

    /// The primary took an event, or failed to: the clock towards a switch runs, or stops.
    fn look_at_primary(&mut self, is_ill: bool, cx: &mut Cx<'_>) {
        if is_ill != self.on_primary {
            return self.stop(cx);
        }
        if self.switching.is_none() {
            if is_ill {
                cx.fact(Fact::PrimaryUnhealthy, None);
            }
            self.switching = Some(cx.wake_in(self.failover, Timer::Switch));
        }
    }

    fn stop(&mut self, cx: &mut Cx<'_>) {
        if let Some(key) = self.switching.take() {
            cx.cancel(key);
        }
    }
}
