//! What services do through the kernel's one door: make messages, book their places, call and answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::change::Change;
use super::ledger::{Ledger, Place};
use super::message::{Message, Meta, Token};
use super::network::Network;
use super::signal::{Answer, ApiError, Call, Caller, Signal};
use crate::engine::{self, ActorId, LinkId, Micros};
use crate::services::{
    Distribution, Kind, Latencies, LinkKind, Node, Request, Response, Settings, eventbridge, kinesis, lambda, sns,
};

pub type Cx<'a> = engine::Cx<'a, Node>;

/// One end of a link, as the actor at that end sees it.
#[derive(Clone, Debug)]
pub struct Route {
    pub link: LinkId,
    pub kind: LinkKind,
    /// The actor at the other end.
    pub peer: ActorId,
    pub peer_kind: Kind,
    pub peer_name: Arc<str>,
    /// Whether the link begins here.
    pub outward: bool,
    pub settings: Settings,
}

/// What all actors of a run share.
#[derive(Clone, Debug)]
pub struct Shared {
    pub ledger: Ledger,
    pub network: Network,
    /// By actor.
    pub routes: Vec<Arc<[Route]>>,
    pub names: Vec<Arc<str>>,
    pub kinds: Vec<Kind>,
    pub by_name: BTreeMap<String, ActorId>,
    /// The properties of each actor.
    pub settings: Vec<Settings>,
    /// Nodes deleted while the run went on.
    pub deleted: Vec<ActorId>,
    /// What all functions share.
    pub account: lambda::Account,
    /// The last of them under each name: a link that still leads there finds it gone.
    pub buried: BTreeMap<String, ActorId>,
    /// What all topics share.
    pub topics: sns::Account,
    /// What all streams share.
    pub streams: kinesis::Account,
    /// What all event buses share.
    pub events: eventbridge::Account,
    /// What calls of this step want changed in the scene.
    pub changes: Vec<Change>,
    /// By consumer: how long messages took to be worked on.
    pub latencies: BTreeMap<ActorId, Latencies>,
    /// Of the messages produced, those that follow from others: a consumer passed them on.
    pub followers: u64,
    next_token: Token,
    next_call: u64,
}

impl Shared {
    #[must_use]
    pub fn new(network: Network) -> Self {
        Self {
            ledger: Ledger::default(),
            network,
            routes: Vec::new(),
            names: Vec::new(),
            kinds: Vec::new(),
            by_name: BTreeMap::new(),
            settings: Vec::new(),
            deleted: Vec::new(),
            account: lambda::Account::default(),
            buried: BTreeMap::new(),
            topics: sns::Account::default(),
            streams: kinesis::Account::default(),
            events: eventbridge::Account::default(),
            changes: Vec::new(),
            latencies: BTreeMap::new(),
            followers: 0,
            next_token: 0,
            next_call: 0,
        }
    }

    pub fn produce(&mut self, body: Arc<str>, meta: Option<Arc<Meta>>, hue: u8, born: Micros) -> Message {
        self.next_token += 1;
        let token = self.next_token;
        self.ledger.book(1, Place::Produced, Place::Travelling);
        Message { token, origin: token, body, meta, born, hue, hops: 0, poisoned: false }
    }

    /// Another copy of a message, travelling.
    pub fn copy(&mut self, message: &Message) -> Message {
        self.next_token += 1;
        self.ledger.book(1, Place::Copied, Place::Travelling);
        Message { token: self.next_token, ..message.clone() }
    }

    fn call_number(&mut self) -> u64 {
        self.next_call += 1;
        self.next_call
    }
}

pub trait Door {
    /// A new message, travelling: send it in this turn.
    fn produce(&mut self, body: Arc<str>, meta: Option<Arc<Meta>>, hue: u8) -> Message;
    /// Another copy, travelling: send it in this turn.
    fn copy(&mut self, message: &Message) -> Message;
    fn book(&mut self, count: u64, from: Place, to: Place);
    /// This consumer has worked on a message with success.
    fn worked_on(&mut self, message: &Message);
    fn routes(&self) -> Arc<[Route]>;
    /// This node's id in the scene.
    fn name(&self) -> Arc<str>;
    fn is_deleted(&self) -> bool;
    /// The id of any node.
    fn name_of(&self, actor: ActorId) -> Arc<str>;
    /// The properties of any node.
    fn settings_of(&self, actor: ActorId) -> &Settings;
    /// Asks for a change of the scene; it is made when this turn is over.
    fn change(&mut self, change: Change);
    /// Sends a request with its messages over a link; answers come back with the number returned.
    fn call(&mut self, route: &Route, request: Request, messages: Vec<Message>) -> u64;
    /// Answers a caller; `returned` are messages of the call that were not accepted.
    fn answer(&mut self, caller: Caller, result: Result<Response, ApiError>, returned: Vec<Message>);
}

impl Door for Cx<'_> {
    fn produce(&mut self, body: Arc<str>, meta: Option<Arc<Meta>>, hue: u8) -> Message {
        let now = self.now();
        self.shared().produce(body, meta, hue, now)
    }

    fn copy(&mut self, message: &Message) -> Message {
        self.shared().copy(message)
    }

    fn book(&mut self, count: u64, from: Place, to: Place) {
        self.shared().ledger.book(count, from, to);
    }

    fn worked_on(&mut self, message: &Message) {
        let (me, took) = (self.me(), self.now().saturating_sub(message.born));
        self.shared().latencies.entry(me).or_default().add(took);
    }

    fn routes(&self) -> Arc<[Route]> {
        Arc::clone(&self.shared_ref().routes[self.me().index()])
    }

    fn name(&self) -> Arc<str> {
        self.name_of(self.me())
    }

    fn is_deleted(&self) -> bool {
        self.shared_ref().deleted.contains(&self.me())
    }

    fn name_of(&self, actor: ActorId) -> Arc<str> {
        self.shared_ref().names.get(actor.index()).cloned().unwrap_or_else(|| Arc::from("script"))
    }

    fn settings_of(&self, actor: ActorId) -> &Settings {
        &self.shared_ref().settings[actor.index()]
    }

    fn change(&mut self, change: Change) {
        self.shared().changes.push(change);
    }

    fn call(&mut self, route: &Route, request: Request, messages: Vec<Message>) -> u64 {
        let call = self.shared().call_number();
        let caller = Caller { actor: self.me(), call, link: route.link };
        let delay = hop(self, route.peer, route.link);
        self.send(route.peer, route.link, delay, Signal::Call(Box::new(Call { caller, request, messages })));
        call
    }

    fn answer(&mut self, caller: Caller, result: Result<Response, ApiError>, returned: Vec<Message>) {
        let delay = if caller.actor == ActorId::OUTSIDE { 0 } else { hop(self, caller.actor, caller.link) };
        let answer = Answer { call: caller.call, result, messages: returned };
        self.send(caller.actor, caller.link, delay, Signal::Answer(Box::new(answer)));
    }
}

/// How long a signal from here to `to` is on its way.
fn hop(cx: &mut Cx<'_>, to: ActorId, link: LinkId) -> Micros {
    let shared = cx.shared_ref();
    let (from, to) = (shared.kinds[cx.me().index()], shared.kinds[to.index()]);
    let distribution = shared.network.hop(from, to, link);
    match distribution {
        Distribution::Constant(time) => time,
        other => other.sample(cx.rng("hop")),
    }
}
