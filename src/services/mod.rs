//! The registry of services, and what they share. A service is one folder and one line here.

pub mod canvas;
pub mod contract;
pub mod limits;
pub mod parts;
pub mod wire;

pub mod clients;
pub mod dynamodb;
pub mod eventbridge;
pub mod kinesis;
pub mod lambda;
pub mod sns;
pub mod sqs;
pub mod stepfunctions;

pub use contract::*;
use contract::{breakage as frailty, chunks, gone, knob, property};
pub use parts::*;
use parts::{Alarm, CONNECT_TIMEOUT, READ_TIMEOUT, RecentIds, Window, deduplication_key, is_past};
pub use wire::*;

use std::hash::{Hash, Hasher};

use serde_json::{Map, Value};

use crate::engine::{self, ActorId, FaultKind, LinkId, Micros};
use crate::figure::{Figure, Tone};

/// Keeps what is done for one kind a function of its own: the page's first part has those that a first visit calls.
#[inline(never)] // second part
fn apart<R>(work: impl FnOnce() -> R) -> R {
    work()
}

macro_rules! registry {
    (nodes { $($kind:ident => $($module:ident)::+),+ $(,)? } still { $($still:ident => $($drawn:ident)::+),+ $(,)? } apis { $($api:ident => $($room:ident)::+),+ $(,)? } accounts { $($account:ident => $owner:ident),+ $(,)? } links { $($link:ident => $($linked:ident)::+),+ $(,)? }) => {
        /// Every kind of node, in the palette's order. Digests go by it: a new one stands at the end.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($kind,)+ $($still),+ }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+ $(Self::$still),+];

            #[must_use]
            pub fn spec(self) -> &'static Spec {
                match self { $(Self::$kind => &$($module)::+::SPEC,)+ $(Self::$still => &$($drawn)::+::SPEC),+ }
            }

            /// Whether it takes part in a run; the others are there to be seen.
            #[must_use]
            pub fn runs(self) -> bool {
                self.still().is_none()
            }

            /// What it is if it takes no part in a run.
            #[must_use]
            pub fn still(self) -> Option<Still> {
                match self { $(Self::$kind)|+ => None, $(Self::$still => Some(Still::$still)),+ }
            }
        }

        /// What lies on the canvas and takes no part in a run.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Still { $($still),+ }

        /// A service's model, as the kernel's actor.
        pub enum Node { $($kind(Box<$($module)::+::Model>)),+ }

        impl Clone for Node {
            fn clone(&self) -> Self { match self { $(Self::$kind(model) => apart(|| Self::$kind(model.clone()))),+ } }
        }

        #[derive(Clone, Debug)]
        pub enum Timer {
            $($kind($($module)::+::Timer),)+
            /// The time of some of its calls may be over.
            Deadlines,
        }

        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Fact { $($kind($($module)::+::Fact)),+ }

        impl Hash for Fact {
            fn hash<H: Hasher>(&self, state: &mut H) {
                std::mem::discriminant(self).hash(state);
                match self { $(Self::$kind(fact) => apart(|| fact.hash(state))),+ }
            }
        }

        $(
            impl From<$($module)::+::Timer> for Timer {
                fn from(timer: $($module)::+::Timer) -> Self { Self::$kind(timer) }
            }
            impl From<$($module)::+::Fact> for Fact {
                fn from(fact: $($module)::+::Fact) -> Self { Self::$kind(fact) }
            }
        )+

        impl Describe for Fact {
            fn name(&self) -> &'static str { match self { $(Self::$kind(fact) => fact.name()),+ } }
            fn detail(&self) -> String { match self { $(Self::$kind(fact) => apart(|| fact.detail())),+ } }
            fn with(&self) -> Value { match self { $(Self::$kind(fact) => apart(|| fact.with())),+ } }
            fn tone(&self) -> Tone { match self { $(Self::$kind(fact) => fact.tone()),+ } }
        }

        impl Node {
            /// # Panics
            /// For a kind that takes no part in a run ([`Kind::runs`]).
            #[must_use]
            pub fn new(kind: Kind, settings: &Settings) -> Self {
                match kind {
                    $(Kind::$kind => apart(|| Self::$kind(Box::new($($module)::+::Model::new(settings)))),)+
                    $(Kind::$still)|+ => unreachable!("{kind:?} takes no part in a run"),
                }
            }
            #[must_use]
            pub fn kind(&self) -> Kind { match self { $(Self::$kind(_) => Kind::$kind),+ } }
            pub fn start(&mut self, cx: &mut Cx<'_>) { match self { $(Self::$kind(model) => apart(|| model.start(cx))),+ } }
            pub fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
                match self { $(Self::$kind(model) => apart(|| model.configure(settings, cx))),+ }
            }
            pub fn rewired(&mut self, cx: &mut Cx<'_>) {
                match self { $(Self::$kind(model) => apart(|| contract::rewired(&mut **model, cx))),+ }
            }
            pub fn retire(&mut self, cx: &mut Cx<'_>) {
                match self { $(Self::$kind(model) => apart(|| contract::retire(&mut **model, cx))),+ }
            }
            /// Copies it holds.
            #[must_use]
            pub fn stored(&self) -> u64 { match self { $(Self::$kind(model) => model.stored()),+ } }
            /// Shows every copy that it holds.
            pub fn each_held(&self, see: &mut dyn FnMut(&Message)) {
                match self { $(Self::$kind(model) => apart(|| model.each_held(see))),+ }
            }
            /// Those of them that clones of it have in common.
            #[must_use]
            pub fn shared(&self) -> u64 { match self { $(Self::$kind(model) => model.shared()),+ } }
            #[must_use]
            pub fn metrics(&self, now: Micros) -> Vec<(&'static str, Metric)> {
                match self { $(Self::$kind(model) => apart(|| model.metrics(now))),+ }
            }
            /// What AWS's bill counts of it so far.
            #[must_use]
            pub fn usage(&self, now: Micros) -> Usage {
                match self { $(Self::$kind(model) => apart(|| model.usage(now))),+ }
            }
            #[must_use]
            pub fn figure(&self, now: Micros) -> Figure { match self { $(Self::$kind(model) => apart(|| model.figure(now))),+ } }
            /// The same in a card of that size.
            #[must_use]
            pub fn figure_in(&self, now: Micros, size: (f32, f32)) -> Figure {
                match self { $(Self::$kind(model) => apart(|| model.figure_in(now, size))),+ }
            }
            /// What it holds, for those who look inside; `None` for kinds that hold nothing to look at.
            #[must_use]
            pub fn inside(&self, now: Micros) -> Option<inside::Inside> {
                match self { $(Self::$kind(model) => apart(|| model.inside(now))),+ }
            }
            /// The same further in, by the rows that were opened.
            #[must_use]
            pub fn inside_of(&self, way: &[String], now: Micros) -> Option<inside::Inside> {
                match self { $(Self::$kind(model) => apart(|| model.inside_of(way, now))),+ }
            }
            /// The way to look at what is drawn at a place of its card; `way` is where one looks already.
            #[must_use]
            pub fn way_to(&self, at: (f32, f32), size: (f32, f32), way: &[String]) -> Option<Vec<String>> {
                match self { $(Self::$kind(model) => apart(|| model.way_to(at, size, way))),+ }
            }
            /// A script's call in AWS's words, made into a request and its messages.
            ///
            /// # Errors
            /// AWS's error for an unknown action or bad input.
            pub fn parse_call(&self, action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
                match self { $(Self::$kind(model) => apart(|| model.parse_call(action, input))),+ }
            }
        }

        impl engine::Actor for Node {
            type Signal = Signal;
            type Timer = Timer;
            type Fact = Fact;
            type Shared = Shared;

            fn receive(&mut self, _from: ActorId, signal: Signal, cx: &mut Cx<'_>) {
                match self { $(Self::$kind(model) => apart(|| contract::receive(&mut **model, signal, cx))),+ }
            }
            fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
                // What a deleted node sent is still its own to take back.
                if cx.is_deleted() && !matches!(timer, Timer::Deadlines) {
                    return;
                }
                match (self, timer) {
                    $((Self::$kind(model), Timer::$kind(timer)) => apart(|| model.wake(timer, cx)),)+
                    $((Self::$kind(model), Timer::Deadlines) => apart(|| contract::deadlines(&mut **model, cx)),)+
                    _ => unreachable!("a timer wakes the node that set it"),
                }
            }
            fn lost(&mut self, to: ActorId, link: LinkId, signal: Signal, why: FaultKind, cx: &mut Cx<'_>) {
                contract::lost(to, link, signal, why, cx);
            }
            fn struck(&mut self, fault: FaultKind, begins: bool, cx: &mut Cx<'_>) {
                if cx.is_deleted() {
                    return;
                }
                match self { $(Self::$kind(model) => apart(|| contract::struck(&mut **model, fault, begins, cx))),+ }
            }
            fn duplicate(signal: &Signal, shared: &mut Shared) -> Option<Signal> {
                contract::duplicate(signal, shared)
            }
        }

        #[derive(Debug)]
        pub enum Request { $($api($($room)::+::Request)),+ }

        #[derive(Debug)]
        pub enum Response { $($api($($room)::+::Response)),+ }

        impl Clone for Request {
            fn clone(&self) -> Self {
                match self { $(Self::$api(request) => apart(|| Self::$api(request.clone()))),+ }
            }
        }

        impl Clone for Response {
            fn clone(&self) -> Self {
                match self { $(Self::$api(response) => apart(|| Self::$api(response.clone()))),+ }
            }
        }

        /// Every kind of link.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LinkKind { $($link),+ }

        impl LinkKind {
            pub const ALL: &'static [Self] = &[$(Self::$link),+];

            #[must_use]
            pub fn spec(self) -> &'static LinkSpec {
                match self { $(Self::$link => &$($linked)::+),+ }
            }
        }

        /// What all nodes of a service share: one account in one Region has them all.
        #[derive(Clone, Debug, Default)]
        pub struct Accounts { $(pub $account: $owner::Account),+ }

        impl Response {
            /// Messages an answer shows without carrying them: they stay where they are stored.
            #[must_use]
            pub fn shown(&self) -> &[Message] { match self { $(Self::$api(response) => response.shown()),+ } }
            /// In AWS's shape.
            #[must_use]
            pub fn to_json(&self) -> Value { match self { $(Self::$api(response) => apart(|| response.to_json())),+ } }
        }

        $(
            impl From<$($room)::+::Request> for Request {
                fn from(request: $($room)::+::Request) -> Self { Self::$api(request) }
            }
            impl From<$($room)::+::Response> for Response {
                fn from(response: $($room)::+::Response) -> Self { Self::$api(response) }
            }
        )+
    };
}

registry! {
    nodes {
        Producer => clients::producer,
        Queue => sqs,
        Topic => sns,
        Stream => kinesis,
        EventBus => eventbridge::bus,
        Rule => eventbridge::rule,
        Worker => clients::worker,
        Function => lambda,
        Endpoint => clients::endpoint,
        KclApplication => clients::kcl,
        Table => dynamodb,
        Archive => eventbridge::archive,
        Schedule => eventbridge::schedule,
        SaasPartner => clients::saas_partner,
        Pipe => eventbridge::pipe,
        GlobalEndpoint => eventbridge::global_endpoint,
        StateMachine => stepfunctions,
    }
    still {
        Note => canvas::note,
        Boundary => canvas::boundary,
    }
    apis {
        Sqs => sqs::api,
        Sns => sns::api,
        Kinesis => kinesis::api,
        Events => eventbridge::api,
        Lambda => lambda::api,
        Http => clients::endpoint::api,
        Kcl => clients::kcl::api,
        DynamoDb => dynamodb::api,
        StepFunctions => stepfunctions::api,
    }
    accounts {
        lambda => lambda,
        topics => sns,
        streams => kinesis,
        events => eventbridge,
    }
    links {
        Send => clients::links::SEND,
        PartnerEventSource => eventbridge::links::PARTNER_EVENT_SOURCE,
        Poll => clients::links::POLL,
        Subscription => sns::links::SUBSCRIPTION,
        EventSourceMapping => lambda::links::MAPPING,
        Rule => eventbridge::links::RULE,
        Archive => eventbridge::links::ARCHIVE,
        Target => eventbridge::links::TARGET,
        GlobalEndpoint => eventbridge::links::GLOBAL_ENDPOINT,
        Enrichment => eventbridge::links::ENRICHMENT,
        Redrive => sqs::links::REDRIVE,
        Destination => lambda::links::DESTINATION,
        LeaseTable => dynamodb::links::LEASE_TABLE,
        Integration => stepfunctions::links::INTEGRATION,
    }
}

/// A message a script's call brings, before it has an identity.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub body: String,
    pub meta: Meta,
}

impl Kind {
    /// The kind of a scene's `type`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.spec().kind == name)
    }

    #[must_use]
    pub fn settings(self, given: Map<String, Value>) -> Settings {
        Settings::new(given, self.spec().properties)
    }

    /// A call in AWS's words as a node of this kind with these properties reads it.
    ///
    /// # Errors
    /// AWS's error for an unknown action or bad input.
    pub fn parse_call(
        self,
        settings: &Settings,
        action: &str,
        input: &Value,
    ) -> Result<(Request, Vec<Draft>), ApiError> {
        Node::new(self, settings).parse_call(action, input)
    }

    /// The call that hands `count` messages to this kind, if it takes any.
    #[must_use]
    pub fn push_request(self, count: usize) -> Option<Request> {
        (self.spec().push)(count)
    }
}
