//! What services do through the kernel's one door: make messages, book their places, call and answer, push.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::callback::{Callback, Callbacks};
use super::change::Change;
use super::connection::{self, Acknowledgement, Connection, ConnectionId, Connections, Push};
use super::deadline::{Calls, Deadline, Stranded};
use super::ledger::{Ledger, Place};
use super::message::{Message, Meta, Token, token_text};
use super::network::Network;
use super::signal::{Answer, ApiError, Call, Caller, Signal};
use crate::engine::{self, ActorId, ByMessage, FaultKind, LinkId, Log, Micros, Outage, limits};
use crate::services::{
    Accounts, Distribution, Fact, Kind, Latencies, LinkKind, Node, Request, Response, Settings, Timer,
};

/// What a message takes beside its body, measured on long queues and streams.
pub const MESSAGE_BYTES: u64 = 300;

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

/// So many colours are remembered: the trace tells of about as many copies.
const HUES_MAX: usize = 1 << 17;

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
    /// The colour of what each actor makes without a key: that of its first name.
    pub colours: Vec<u8>,
    /// The properties of each actor.
    pub settings: Vec<Settings>,
    /// By actor: its calls that are not answered.
    pub calls: Vec<Calls>,
    pub connections: Connections,
    pub callbacks: Callbacks,
    /// Nodes deleted while the run went on.
    pub deleted: Vec<ActorId>,
    /// The last of them under each name: a link that still leads there finds it gone.
    pub buried: BTreeMap<String, ActorId>,
    /// What all nodes of a service share.
    pub accounts: Accounts,
    /// What calls of this step want changed in the scene.
    pub changes: Vec<Change>,
    /// By consumer: how long messages took to be worked on.
    pub latencies: BTreeMap<ActorId, Latencies>,
    /// Of the messages produced, those that follow from others: a consumer passed them on.
    pub followers: u64,
    /// By the message that a source made: how many came of it by being passed on.
    lineages: ByMessage,
    /// Bytes that messages took when they were made or sent, from the beginning: what is held cannot grow faster.
    pub moved: u64,
    /// The colours of the last copies, by their order: they are told of when they are gone, too.
    hues: Log<u8>,
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
            colours: Vec::new(),
            settings: Vec::new(),
            calls: Vec::new(),
            connections: Connections::new(),
            callbacks: Callbacks::default(),
            deleted: Vec::new(),
            buried: BTreeMap::new(),
            accounts: Accounts::default(),
            changes: Vec::new(),
            latencies: BTreeMap::new(),
            followers: 0,
            lineages: ByMessage::default(),
            moved: 0,
            hues: Log::default(),
            next_token: 0,
            next_call: 0,
        }
    }

    pub fn produce(&mut self, body: Arc<str>, meta: Option<Arc<Meta>>, hue: u8, born: Micros) -> Message {
        let token = self.next_token(hue);
        self.moved += MESSAGE_BYTES + body.len() as u64;
        self.ledger.book(1, Place::Produced, Place::Travelling);
        Message { token, origin: token, body, meta, born, lineage: token, hue, hops: 0, kept: false, poisoned: false }
    }

    /// Another copy of a message, travelling.
    pub fn copy(&mut self, message: &Message) -> Message {
        let token = self.next_token(message.hue);
        self.moved += MESSAGE_BYTES;
        self.ledger.book(1, Place::Copied, Place::Travelling);
        Message { token, kept: false, ..message.clone() }
    }

    fn next_token(&mut self, hue: u8) -> Token {
        self.next_token += 1;
        if self.hues.len() == HUES_MAX {
            self.hues.trim(1);
        }
        self.hues.push(hue);
        self.next_token
    }

    /// The colour of a copy, wherever it is by now, if not too many have come after it.
    #[must_use]
    pub fn hue_of(&self, token: Token) -> Option<u8> {
        let before = self.next_token - self.hues.len() as u64;
        let place = token.checked_sub(before + 1)?;
        self.hues.get(usize::try_from(place).ok()?).copied()
    }

    /// Numbers calls, connections and pushes.
    fn next_number(&mut self) -> u64 {
        self.next_call += 1;
        self.next_call
    }

    /// What faults have stopped on its way, by who sent it: they do not know yet.
    pub fn stranded(&self) -> impl Iterator<Item = (ActorId, &Stranded)> {
        (0_u32..).zip(&self.calls).flat_map(|(actor, calls)| calls.stranded().map(move |one| (ActorId(actor), one)))
    }
}

pub trait Door {
    /// A new message, travelling: send it in this turn.
    fn produce(&mut self, body: Arc<str>, meta: Option<Arc<Meta>>, hue: u8) -> Message;
    /// Another copy, travelling: send it in this turn.
    fn copy(&mut self, message: &Message) -> Message;
    /// A copy that goes on where the message came to: one link further. Of what bring about too many the run halts.
    fn pass(&mut self, message: &Message) -> Message;
    /// A message that follows from another: one link further.
    fn follows(&mut self, next: &mut Message, from: &Message);
    fn book(&mut self, count: u64, from: Place, to: Place);
    /// Records what becomes of a message here, which may be a record that stays in its stream.
    fn tell(&mut self, fact: impl Into<Fact>, message: Option<&Message>);
    /// The same of the first that becomes of it here.
    fn tell_first(&mut self, fact: impl Into<Fact>, message: Option<&Message>);
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
    /// Sends a request with its messages over a link; one answer comes back with the number returned, from the other side
    /// or, when the deadline is over, from here.
    fn call_within(&mut self, route: &Route, request: Request, messages: Vec<Message>, deadline: Deadline) -> u64;
    /// Answers a caller; `returned` are messages of the call that were not accepted.
    fn answer(&mut self, caller: Caller, result: Result<Response, ApiError>, returned: Vec<Message>);
    /// Answers a caller in words, whatever the result: a new message that ends at the caller.
    fn reply(&mut self, caller: Caller, result: Result<Response, ApiError>, returned: Vec<Message>, reply: Message);
    /// Answers a call for a connection: it stands, as far as this end knows.
    fn accept(&mut self, caller: Caller, response: Response) -> ConnectionId;
    /// Tells the other end of a connection; the number of the push, `None` where this end is shut: then the messages are
    /// dropped as `ConnectionClosed`.
    fn push(&mut self, connection: ConnectionId, event: Response, messages: Vec<Message>) -> Option<u64>;
    /// Answers a push; `returned` are messages of it that were not accepted.
    fn acknowledge(&mut self, push: (ConnectionId, u64), result: Result<(), ApiError>, returned: Vec<Message>);
    /// Shuts this end of a connection; the other learns of it.
    fn close(&mut self, connection: ConnectionId, why: &'static str);
    /// Sends a signal of a connection to its other end.
    fn send_on(&mut self, connection: ConnectionId, peer: ActorId, signal: Signal);
    /// Makes it known that whoever has this token may call back here, seen on this link.
    fn hand_out(&mut self, token: Arc<str>, link: LinkId);
    /// Calls whoever handed out a token; `None` if nobody waits for it, and the messages are dropped.
    fn call_back(&mut self, token: &str, request: Request, messages: Vec<Message>, deadline: Deadline) -> Option<u64>;
}

impl Door for Cx<'_> {
    fn produce(&mut self, body: Arc<str>, meta: Option<Arc<Meta>>, hue: u8) -> Message {
        let now = self.now();
        self.shared().produce(body, meta, hue, now)
    }

    fn copy(&mut self, message: &Message) -> Message {
        let copy = self.shared().copy(message);
        if !message.kept {
            self.descend(copy.token, message.token);
        }
        copy
    }

    fn pass(&mut self, message: &Message) -> Message {
        let mut copy = self.copy(message);
        self.follows(&mut copy, message);
        copy
    }

    fn follows(&mut self, next: &mut Message, from: &Message) {
        (next.born, next.lineage, next.hops) = (from.born, from.lineage, from.hops.saturating_add(1));
        let lineages = &mut self.shared().lineages;
        let count = lineages.of(from.lineage) + 1;
        lineages.set(from.lineage, count);
        if count > limits::LINEAGE_MESSAGES_MAX {
            branches_without_end(from.lineage, self);
        }
    }

    fn book(&mut self, count: u64, from: Place, to: Place) {
        self.shared().ledger.book(count, from, to);
    }

    fn tell(&mut self, fact: impl Into<Fact>, message: Option<&Message>) {
        let token = message.map(|message| message.token);
        if message.is_some_and(|message| message.kept) { self.report(fact, token) } else { self.fact(fact, token) }
    }

    fn tell_first(&mut self, fact: impl Into<Fact>, message: Option<&Message>) {
        if let Some(message) = message.filter(|message| message.kept) {
            self.follow(message.token);
        }
        self.tell(fact, message);
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

    fn call_within(&mut self, route: &Route, request: Request, messages: Vec<Message>, deadline: Deadline) -> u64 {
        call(self, (route.peer, route.link), request, messages, deadline)
    }

    fn answer(&mut self, caller: Caller, result: Result<Response, ApiError>, returned: Vec<Message>) {
        let _arrives = send_answer(self, caller, Answer::of(caller.call, result, returned));
    }

    #[inline(never)] // second part
    fn reply(&mut self, caller: Caller, result: Result<Response, ApiError>, returned: Vec<Message>, reply: Message) {
        let answer = Answer { reply: Some(reply), ..Answer::of(caller.call, result, returned) };
        let _arrives = send_answer(self, caller, answer);
    }

    #[inline(never)] // second part
    fn accept(&mut self, caller: Caller, response: Response) -> ConnectionId {
        let (me, shared) = (self.me(), self.shared());
        let number = shared.next_number();
        shared.connections.insert(number, Connection::new(caller.actor, me, caller.link));
        let answer = Answer { connection: Some(number), ..Answer::of(caller.call, Ok(response), Vec::new()) };
        let arrives = send_answer(self, caller, answer);
        if let Some(known) = self.shared().connections.get_mut(&number) {
            known.heard_by(caller.actor, arrives);
        }
        number
    }

    #[inline(never)] // second part
    fn push(&mut self, connection: ConnectionId, event: Response, messages: Vec<Message>) -> Option<u64> {
        if !connection::is_open(connection, self) {
            self.book(messages.len() as u64, Place::Travelling, Place::Dropped("ConnectionClosed"));
            return None;
        }
        let number = self.shared().next_number();
        let peer = self.shared_ref().connections.get(&connection).and_then(|known| known.peer(self.me()))?;
        self.send_on(connection, peer, Signal::Push(Box::new(Push { connection, number, event, messages })));
        Some(number)
    }

    #[inline(never)] // second part
    fn acknowledge(
        &mut self,
        (connection, number): (ConnectionId, u64),
        result: Result<(), ApiError>,
        messages: Vec<Message>,
    ) {
        let peer = self.shared_ref().connections.get(&connection).and_then(|known| known.peer(self.me()));
        let Some(peer) = peer.filter(|_| connection::is_open(connection, self)) else {
            return self.book(messages.len() as u64, Place::Travelling, Place::Dropped("ConnectionClosed"));
        };
        let acknowledgement = Acknowledgement { connection, number, result, messages };
        self.send_on(connection, peer, Signal::Acknowledgement(Box::new(acknowledgement)));
    }

    #[inline(never)] // second part
    fn close(&mut self, connection: ConnectionId, why: &'static str) {
        let peer = self.shared_ref().connections.get(&connection).and_then(|known| known.peer(self.me()));
        if let Some(peer) = peer.filter(|_| connection::is_open(connection, self)) {
            self.send_on(connection, peer, Signal::Closed { connection, why });
        }
        connection::shut(connection, self);
    }

    #[inline(never)] // second part
    fn send_on(&mut self, connection: ConnectionId, peer: ActorId, signal: Signal) {
        let known = self.shared_ref().connections.get(&connection);
        let (link, earliest) = known.map_or((LinkId::NONE, 0), |known| (known.link(), known.hears_until(peer)));
        let delay = hop(self, link);
        let arrives = self.send_behind(earliest, peer, link, delay, signal);
        if let Some(known) = self.shared().connections.get_mut(&connection) {
            known.heard_by(peer, arrives);
        }
    }

    #[inline(never)] // second part
    fn hand_out(&mut self, token: Arc<str>, link: LinkId) {
        let actor = self.me();
        self.shared().callbacks.hand_out(token, Callback { actor, link });
    }

    #[inline(never)] // second part
    fn call_back(&mut self, token: &str, request: Request, messages: Vec<Message>, deadline: Deadline) -> Option<u64> {
        let Some(Callback { actor, link }) = self.shared_ref().callbacks.find(token) else {
            self.book(messages.len() as u64, Place::Travelling, Place::Dropped("NobodyWaits"));
            return None;
        };
        Some(call(self, (actor, link), request, messages, deadline))
    }
}

#[inline(never)] // second part
fn branches_without_end(lineage: Token, cx: &mut Cx<'_>) {
    let (message, name, most) = (token_text(lineage), cx.name(), limits::LINEAGE_MESSAGES_MAX);
    cx.halt(format!(
        "Message {message} has brought about more than {most} others, the last of them at {name}: a loop that branches. \
         Take one of its links away, or filter what goes round."
    ));
}

fn call(
    cx: &mut Cx<'_>,
    (to, link): (ActorId, LinkId),
    request: Request,
    messages: Vec<Message>,
    deadline: Deadline,
) -> u64 {
    let (me, now, cause) = (cx.me(), cx.now(), cx.cause());
    let shared = cx.shared();
    // A copy's body may have been written anew.
    shared.moved += messages.iter().map(|message| message.body.len() as u64).sum::<u64>();
    let number = shared.next_number();
    let calls = &mut shared.calls[me.index()];
    calls.open(number, deadline, now, cause);
    let due = now.saturating_add(deadline.read);
    if calls.alarm().is_none_or(|(at, _)| at > due) {
        set_alarm(cx);
    }
    let caller = Caller { actor: me, call: number, link };
    let delay = hop(cx, link);
    cx.send(to, link, delay, Signal::Call(Box::new(Call { caller, request, messages })));
    number
}

/// When it arrives.
fn send_answer(cx: &mut Cx<'_>, caller: Caller, answer: Answer) -> Micros {
    if caller.actor != ActorId::OUTSIDE
        && let Some(fault) = cx.outage().filter(|fault| fault.outage() == Some(Outage::Silence))
    {
        lose_answer(caller.actor, answer, fault, caller.link, cx);
        return cx.now();
    }
    let delay = if caller.actor == ActorId::OUTSIDE { 0 } else { hop(cx, caller.link) };
    cx.send_behind(0, caller.actor, caller.link, delay, Signal::Answer(Box::new(answer)))
}

/// An answer that does not arrive: its caller still has what was not accepted, and notices when its time is over.
pub fn lose_answer(to: ActorId, answer: Answer, why: FaultKind, link: LinkId, cx: &mut Cx<'_>) {
    if answer.reply.is_some() {
        cx.book(1, Place::Travelling, Place::Dropped(why.name()));
    }
    if let Some(connection) = answer.connection {
        connection::broke(connection, why.name(), cx);
    }
    let stranded = Stranded::new(answer.messages, why, (cx.me(), link), cx.now());
    strand((to, answer.call), stranded, true, cx);
}

/// Keeps for a caller, until its deadline, what only it still has.
pub fn strand((caller, call): (ActorId, u64), stranded: Stranded, is_reached: bool, cx: &mut Cx<'_>) {
    let why = stranded.why.name();
    let calls = cx.shared().calls.get_mut(caller.index());
    let left = match calls {
        Some(calls) => calls.strand(call, stranded, is_reached),
        None => Some(stranded),
    };
    if let Some(left) = left {
        cx.book(left.messages.len() as u64, Place::Travelling, Place::Dropped(why));
    } else if caller == cx.me() {
        set_alarm(cx);
    }
}

/// Sees to it that this actor wakes when the first of its calls may be due.
#[inline(never)] // second part
pub fn set_alarm(cx: &mut Cx<'_>) {
    let me = cx.me();
    let calls = &cx.shared_ref().calls[me.index()];
    let (alarm, due) = (calls.alarm(), calls.due());
    if let (Some((at, _)), Some(due)) = (alarm, due)
        && at <= due
    {
        return;
    }
    if let Some((_, key)) = alarm {
        cx.cancel(key);
    }
    let alarm = due.map(|at| (at, cx.wake_at(at, Timer::Deadlines)));
    cx.shared().calls[me.index()].set_alarm(alarm);
}

/// How long a signal from here is on its way over a link.
fn hop(cx: &mut Cx<'_>, link: LinkId) -> Micros {
    let shared = cx.shared_ref();
    let distribution = shared.network.hop(shared.kinds[cx.me().index()], link);
    match distribution {
        Distribution::Constant(time) => time,
        other => other.sample(cx.rng("hop")),
    }
}
