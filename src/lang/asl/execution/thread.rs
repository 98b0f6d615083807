//! One place of work in an execution: the machine's own flow, a branch of a Parallel, or an item of a Map.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::TaskCall;
use super::event::{Called, EventId};
use super::forking::Fork;
use crate::engine::Micros;
use crate::lang::asl::machine::StateId;
use crate::lang::asl::resource::Pattern;

pub type ThreadId = u64;
/// Each attempt of a task has its own.
pub type TaskId = u64;

/// Who asked to be woken; a wake that is not awaited any more is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wake {
    pub thread: ThreadId,
    pub number: u64,
}

/// The item that an iteration works on.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub index: u64,
    pub value: Value,
    /// Of an object's field.
    pub key: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Thread {
    pub parent: Option<ThreadId>,
    /// Which branch or item it is.
    pub place: usize,
    pub item: Option<Arc<Item>>,
    pub state: StateId,
    /// The state's input as it came.
    pub input: Arc<Value>,
    /// All that it can read: its own, and those of the flows around it.
    pub variables: Arc<Map<String, Value>>,
    /// What its next event follows from.
    pub last: EventId,
    pub entered: EventId,
    pub entered_at: Micros,
    /// What its entry followed from.
    pub before_entry: EventId,
    /// By retrier, in this visit of the state.
    pub attempts: Vec<u64>,
    pub retries: u64,
    /// Failures of this visit that retriers and catchers have been asked about.
    pub phase: Phase,
}

#[derive(Clone, Debug)]
pub enum Phase {
    /// About to enter its state.
    Entering,
    /// Until the next state transition is let through.
    Gated(Wake),
    /// About to begin the work of its state: at entry, or again.
    Beginning,
    Task(Box<TaskRun>),
    /// Its task was waited for too long; what comes of that is about to be seen.
    TimedOut,
    Waiting {
        until: Micros,
        wake: Wake,
    },
    BackingOff {
        since: Micros,
        until: Micros,
        wake: Wake,
    },
    Forked(Box<Fork>),
    /// Its last state has ended, or it was stopped.
    Over,
    /// It failed, or was stopped, where the execution did: a redrive begins here.
    Stopped,
}

/// A task under way.
#[derive(Clone, Debug)]
pub struct TaskRun {
    pub id: TaskId,
    pub called: Called,
    pub pattern: Pattern,
    /// Whoever has it may call back.
    pub token: Option<Arc<str>>,
    pub is_started: bool,
    /// To be made once it has started.
    pub call: Option<Box<TaskCall>>,
    pub is_submitted: bool,
    pub timeout: Option<(Micros, Wake)>,
    pub heartbeat: Option<(Micros, Micros, Wake)>,
}

impl Thread {
    #[must_use]
    pub fn new(state: StateId, input: Arc<Value>, variables: Arc<Map<String, Value>>, last: EventId) -> Self {
        Self {
            parent: None,
            place: 0,
            item: None,
            state,
            input,
            variables,
            last,
            entered: 0,
            entered_at: 0,
            before_entry: 0,
            attempts: Vec::new(),
            retries: 0,
            phase: Phase::Entering,
        }
    }

    /// Whether it is in its state.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        !matches!(self.phase, Phase::Entering | Phase::Gated(_) | Phase::Over)
    }

    #[must_use]
    pub fn task(&self) -> Option<&TaskRun> {
        match &self.phase {
            Phase::Task(run) => Some(run),
            _ => None,
        }
    }

    pub fn task_mut(&mut self) -> Option<&mut TaskRun> {
        match &mut self.phase {
            Phase::Task(run) => Some(run),
            _ => None,
        }
    }

    /// The wakes that it has asked for.
    pub fn wakes(&self) -> impl Iterator<Item = Wake> {
        let (one, two) = match &self.phase {
            Phase::Gated(wake) | Phase::Waiting { wake, .. } | Phase::BackingOff { wake, .. } => (Some(*wake), None),
            Phase::Task(run) => (run.timeout.map(|(_, wake)| wake), run.heartbeat.map(|(.., wake)| wake)),
            _ => (None, None),
        };
        one.into_iter().chain(two)
    }
}
