//! What a model must be able to do to be a node.

use serde_json::Value;

use super::fact::Describe;
use super::inside::Inside;
use crate::engine::{ActorId, FaultKind, LinkId, Micros};
use crate::figure::Figure;
use crate::services::{
    Answer, ApiError, Call, Cx, Door, Draft, Fact, Place, Request, Settings, Shared, Signal, Timer, Usage,
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
    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>);
    fn wake(&mut self, timer: Self::Timer, cx: &mut Cx<'_>);
    fn struck(&mut self, _fault: FaultKind, _begins: bool, _cx: &mut Cx<'_>) {}
    /// Copies it holds; the ledger's `stored` is the sum over all nodes.
    fn stored(&self) -> u64 {
        0
    }
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
    /// What it holds, for those who look inside.
    fn inside(&self, _now: Micros) -> Option<Inside> {
        None
    }
    /// # Errors
    /// AWS's error for an unknown action or bad input.
    fn parse_call(&self, action: &str, input: &Value) -> Result<(Request, Vec<Draft>), ApiError>;
}

pub(in crate::services) fn receive<S: Service>(model: &mut S, signal: Signal, cx: &mut Cx<'_>) {
    match signal {
        Signal::Call(call) => {
            if cx.is_deleted() {
                return cx.answer(call.caller, Err(gone::<S>()), call.messages);
            }
            if cx.faults().any(|fault| fault == FaultKind::Throttle) {
                let error = ApiError::server("ThrottlingException", "Rate exceeded (fault Throttle).");
                return cx.answer(call.caller, Err(error), call.messages);
            }
            model.call(*call, cx);
        }
        Signal::Answer(answer) => model.answer(*answer, cx),
    }
}

pub(in crate::services) fn gone<S: Service>() -> ApiError {
    ApiError::client(S::GONE, "It does not exist: it was deleted.")
}

/// How long a client waits for an answer that never comes `[MODEL]`.
const CLIENT_TIMEOUT: Micros = 5_000_000;

/// A signal of ours did not arrive. A call comes back as a failed one; where an answer was lost, the caller
/// learns by its client's time-out that it got none, and what the answer carried is gone.
pub(in crate::services) fn lost<S: Service>(
    model: &mut S,
    to: ActorId,
    signal: Signal,
    why: FaultKind,
    cx: &mut Cx<'_>,
) {
    let error = || Err(ApiError::server(why.name(), format!("No answer: {} on the way.", why.name())));
    match signal {
        Signal::Call(call) => {
            model.answer(Answer { call: call.caller.call, result: error(), messages: call.messages }, cx);
        }
        Signal::Answer(answer) => {
            cx.book(answer.messages.len() as u64, Place::Travelling, Place::Dropped(why.name()));
            let timed_out = Answer { call: answer.call, result: error(), messages: Vec::new() };
            cx.send(to, LinkId::NONE, CLIENT_TIMEOUT, Signal::Answer(Box::new(timed_out)));
        }
    }
}

/// A call that arrives twice brings copies of its messages; its second answer is for a call nobody awaits.
pub(in crate::services) fn duplicate(signal: &Signal, shared: &mut Shared) -> Signal {
    let mut signal = signal.clone();
    let (messages, number) = match &mut signal {
        Signal::Call(call) => (&mut call.messages, &mut call.caller.call),
        Signal::Answer(answer) => (&mut answer.messages, &mut answer.call),
    };
    *number = u64::MAX;
    for message in messages {
        *message = shared.copy(message);
    }
    signal
}
