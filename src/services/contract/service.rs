//! What a model must be able to do to be a node.

use serde_json::Value;

use super::fact::Describe;
use super::inside::Inside;
use crate::engine::{ActorId, FaultKind, LinkId, Micros, Outage};
use crate::figure::Figure;
use crate::lang::duration::format_duration;
use crate::services::wire::deadline::Expired;
use crate::services::wire::{connection, door};
use crate::services::{
    Acknowledgement, Answer, ApiError, Call, ConnectionId, Cx, Door, Draft, Fact, Message, Place, Push, Request,
    Settings, Shared, Signal, Stranded, Timer, Usage,
};

/// A value of the report, under CloudWatch's name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Metric {
    /// From the beginning.
    Count(u64),
    /// Of things that are there now.
    Level(u64),
    /// In microseconds; reported in seconds, as CloudWatch does ages.
    Seconds(Micros),
    /// In microseconds; reported in milliseconds.
    Milliseconds(Micros),
}

impl Metric {
    #[must_use]
    pub fn to_json(self) -> Value {
        match self {
            Self::Count(count) | Self::Level(count) => count.into(),
            Self::Seconds(micros) => (micros as f64 / 1e6).into(),
            Self::Milliseconds(micros) => (micros as f64 / 1e3).into(),
        }
    }

    /// Whether it counts from the beginning and never falls.
    #[must_use]
    pub fn is_total(self) -> bool {
        matches!(self, Self::Count(_))
    }

    /// The number a chart shows.
    #[must_use]
    pub fn number(self) -> f64 {
        match self {
            Self::Count(count) | Self::Level(count) => count as f64,
            Self::Seconds(micros) => micros as f64 / 1e6,
            Self::Milliseconds(micros) => micros as f64 / 1e3,
        }
    }
}

pub trait Service: Clone {
    type Timer: Into<Timer>;
    type Fact: Into<Fact> + Describe;
    /// The code of a call to what was deleted.
    const GONE: &'static str = "ResourceNotFoundException";
    /// The code of a call while it is in trouble.
    const UNAVAILABLE: &'static str = "ServiceUnavailable";

    fn new(settings: &Settings) -> Self;
    /// The run begins, or the node is added to a running one.
    fn start(&mut self, cx: &mut Cx<'_>);
    /// Its properties changed while it runs.
    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>);
    /// Its links changed while it runs.
    fn rewired(&mut self, _cx: &mut Cx<'_>) {}
    /// It is deleted: what it holds is dropped as `ResourceDeleted`.
    fn retire(&mut self, cx: &mut Cx<'_>);
    fn call(&mut self, call: Call, cx: &mut Cx<'_>);
    /// One of its calls was answered, or its deadline is over.
    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>);
    /// The other end of a connection tells it something. Who expects nothing drops it.
    fn pushed(&mut self, push: Push, cx: &mut Cx<'_>) {
        cx.book(push.messages.len() as u64, Place::Travelling, Place::Dropped("PushNotAwaited"));
    }
    /// A push of its own was acknowledged, or refused: then with the messages that come back.
    fn acknowledged(&mut self, acknowledgement: Acknowledgement, cx: &mut Cx<'_>) {
        cx.book(acknowledgement.messages.len() as u64, Place::Travelling, Place::Dropped("PushRefused"));
    }
    /// A connection has ended; this end of it was open until now.
    fn closed(&mut self, _connection: ConnectionId, _why: &'static str, _cx: &mut Cx<'_>) {}
    fn wake(&mut self, timer: Self::Timer, cx: &mut Cx<'_>);
    fn struck(&mut self, _fault: FaultKind, _begins: bool, _cx: &mut Cx<'_>) {}
    /// Copies it holds; the ledger's `stored` is the sum over all nodes.
    fn stored(&self) -> u64 {
        0
    }
    /// Shows every copy that it holds.
    fn each_held(&self, _see: &mut dyn FnMut(&Message)) {}
    /// Those of them that lie in a [`Log`](crate::engine::Log): clones of the node have them in common.
    fn shared(&self) -> u64 {
        0
    }
    /// Its metrics so far, under CloudWatch's names.
    fn metrics(&self, now: Micros) -> Vec<(&'static str, Metric)>;
    /// What AWS's bill counts of it so far; nothing for what is not AWS's.
    fn usage(&self, _now: Micros) -> Usage {
        Vec::new()
    }
    fn figure(&self, now: Micros) -> Figure;
    /// The same in a card that may be larger than usual ([`super::Spec::room`]).
    fn figure_in(&self, now: Micros, _size: (f32, f32)) -> Figure {
        self.figure(now)
    }
    /// What it holds, for those who look inside.
    fn inside(&self, _now: Micros) -> Option<Inside> {
        None
    }
    /// The same further in, by the rows that were opened ([`super::inside::Row::opens`]).
    fn inside_of(&self, _way: &[String], _now: Micros) -> Option<Inside> {
        None
    }
    /// The way to look at what is drawn at a place of its card; `way` is where one looks already.
    fn way_to(&self, _at: (f32, f32), _size: (f32, f32), _way: &[String]) -> Option<Vec<String>> {
        None
    }
    /// # Errors
    /// AWS's error for an unknown action or bad input.
    fn parse_call(&self, action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError>;
}

pub(in crate::services) fn receive<S: Service>(model: &mut S, signal: Signal, cx: &mut Cx<'_>) {
    match signal {
        Signal::Call(call) => match refusal::<S>(cx) {
            Some(error) => cx.answer(call.caller, Err(error), call.messages),
            None => model.call(*call, cx),
        },
        Signal::Answer(answer) => answered(model, *answer, cx),
        other => told(model, other, cx),
    }
}

/// Why no call is taken now.
fn refusal<S: Service>(cx: &Cx<'_>) -> Option<ApiError> {
    if cx.is_deleted() {
        return Some(gone::<S>());
    }
    let fault = cx.outage().or_else(|| cx.faults().find(|fault| *fault == FaultKind::Throttle))?;
    Some(match fault.outage() {
        None => ApiError::server("ThrottlingException", "Rate exceeded (fault Throttle)."),
        Some(Outage::ServerError) => {
            ApiError::server(S::UNAVAILABLE, format!("The service is in trouble (fault {}).", fault.name()))
        }
        Some(Outage::Refusal) => {
            ApiError::server("ConnectionRefused", format!("Nobody listens there (fault {}).", fault.name()))
        }
        // Who stands right beside it, as a script does, need not wait to see that.
        Some(Outage::Silence) => ApiError::server(fault.name(), format!("No answer (fault {}).", fault.name())),
    })
}

/// What was answered too late, or to a process that is gone, finds nobody.
fn answered<S: Service>(model: &mut S, answer: Answer, cx: &mut Cx<'_>) {
    let me = cx.me();
    let is_awaited = cx.shared().calls[me.index()].close(answer.call);
    if answer.reply.is_some() {
        cx.book(1, Place::Travelling, Place::Consumed);
    }
    let gone = cx.outage().filter(|fault| fault.outage() != Some(Outage::ServerError));
    if is_awaited && gone.is_none() {
        let connection = answer.connection;
        connection.into_iter().for_each(|connection| connection::opened(connection, cx));
        model.answer(answer, cx);
        // Its line may have been taken away meanwhile.
        if let Some(connection) = connection.filter(|connection| !connection::has_line(*connection, cx)) {
            cx.close(connection, "LinkDeleted");
            model.closed(connection, "LinkDeleted", cx);
        }
        return;
    }
    let why = gone.map_or("AnswerNotAwaited", FaultKind::name);
    cx.book(answer.messages.len() as u64, Place::Travelling, Place::Dropped(why));
    if let Some(connection) = answer.connection {
        connection::opened(connection, cx);
        cx.close(connection, why);
    }
}

#[inline(never)] // second part
fn told<S: Service>(model: &mut S, signal: Signal, cx: &mut Cx<'_>) {
    let carried = signal.cargo()[0].len() as u64;
    let (Signal::Push(_) | Signal::Acknowledgement(_) | Signal::Closed { .. }) = &signal else { return };
    match signal {
        Signal::Closed { connection, why } => {
            if connection::shut(connection, cx) {
                model.closed(connection, why, cx);
            }
        }
        Signal::Push(push) if connection::is_open(push.connection, cx) => model.pushed(*push, cx),
        Signal::Acknowledgement(told) if connection::is_open(told.connection, cx) => model.acknowledged(*told, cx),
        _ => cx.book(carried, Place::Travelling, Place::Dropped("ConnectionClosed")),
    }
}

pub(in crate::services) fn gone<S: Service>() -> ApiError {
    ApiError::client(S::GONE, "It does not exist: it was deleted.")
}

/// A signal of ours did not arrive. Whoever waits for an answer notices when its time is over; until then what was under way
/// is in nobody's hands.
pub(in crate::services) fn lost(to: ActorId, link: LinkId, signal: Signal, why: FaultKind, cx: &mut Cx<'_>) {
    match signal {
        Signal::Call(call) => {
            let stranded = Stranded::new(call.messages, why, (to, link), cx.now());
            // A lost packet tells nothing; where nothing passes, or nobody is there, no connection comes about.
            let is_reached = matches!(why, FaultKind::Drop { .. });
            door::strand((call.caller.actor, call.caller.call), stranded, is_reached, cx);
        }
        Signal::Answer(answer) => door::lose_answer(to, *answer, why, link, cx),
        Signal::Push(push) => connection::lost(push.connection, push.messages.len(), why.name(), cx),
        Signal::Acknowledgement(told) => connection::lost(told.connection, told.messages.len(), why.name(), cx),
        Signal::Closed { connection, .. } => connection::broke(connection, why.name(), cx),
    }
}

/// The time of some calls is over.
#[inline(never)] // second part
pub(in crate::services) fn deadlines<S: Service>(model: &mut S, cx: &mut Cx<'_>) {
    let (me, now) = (cx.me(), cx.now());
    let calls = &mut cx.shared().calls[me.index()];
    calls.set_alarm(None);
    for expired in calls.expired(now) {
        let Expired { call, cause, waited, code, stranded } = expired;
        cx.resume_from(cause);
        let mut message = format!("No answer within {}", format_duration(waited));
        if let Some(stranded) = &stranded {
            message.push_str(&format!(": {} on the way", stranded.why.name()));
        }
        let messages = stranded.map(|stranded| stranded.messages).unwrap_or_default();
        let error = ApiError::server(code, message + ".");
        model.answer(Answer::of(call, Err(error), messages), cx);
    }
    door::set_alarm(cx);
}

/// A fault begins or is over.
pub(in crate::services) fn struck<S: Service>(model: &mut S, fault: FaultKind, begins: bool, cx: &mut Cx<'_>) {
    if begins && let Some(outage) = fault.outage() {
        connection::crashed(outage == Outage::Silence, fault.name(), cx);
    }
    model.struck(fault, begins, cx);
}

/// Its links have changed: connections on those that are gone have ended.
pub(in crate::services) fn rewired<S: Service>(model: &mut S, cx: &mut Cx<'_>) {
    let routes = cx.routes();
    for connection in connection::of_actor(cx, |link| routes.iter().all(|route| route.link != link)) {
        if connection::shut(connection, cx) {
            model.closed(connection, "LinkDeleted", cx);
        }
    }
    model.rewired(cx);
}

/// It is deleted: who is connected to it learns that, and nobody can call back.
pub(in crate::services) fn retire<S: Service>(model: &mut S, cx: &mut Cx<'_>) {
    model.retire(cx);
    connection::of_actor(cx, |_| true).into_iter().for_each(|connection| cx.close(connection, "ResourceDeleted"));
    let me = cx.me();
    cx.shared().callbacks.forget(me);
}

/// A call that arrives twice brings copies of its messages; its second answer is for a call nobody awaits. What rides on a
/// connection comes once.
pub(in crate::services) fn duplicate(signal: &Signal, shared: &mut Shared) -> Option<Signal> {
    let mut signal = signal.clone();
    let (messages, number) = match &mut signal {
        Signal::Call(call) => (&mut call.messages, &mut call.caller.call),
        Signal::Answer(answer) => {
            answer.reply = answer.reply.as_ref().map(|reply| shared.copy(reply));
            answer.connection = None;
            (&mut answer.messages, &mut answer.call)
        }
        Signal::Push(_) | Signal::Acknowledgement(_) | Signal::Closed { .. } => return None,
    };
    *number = u64::MAX;
    for message in messages {
        *message = shared.copy(message);
    }
    Some(signal)
}
