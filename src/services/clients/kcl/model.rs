//! The application's state machine: its workers, what they asked, and whose turn it is.

use serde_json::Value;

use super::api::{self, Request};
use super::config::Config;
use super::fact::Fact;
use super::lease::{Checkpoint, Lease};
use super::worker::{State, Worker};
use crate::engine::{FaultKind, Micros};
use crate::figure::Figure;
use crate::services::Effects;
use crate::services::contract::inside::Inside;
use crate::services::dynamodb::api::Table;
use crate::services::kinesis::api::ShardInfo;
use crate::services::{
    self, Answer, ApiError, Call, ConnectionId, Cx, Door, Draft, Kind, LinkKind, Metric, Pending, Place, Push,
    Response, Route, Service, Settings,
};

/// What a worker does again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    Renew,
    /// KCL 2: looks for leases to take.
    Take,
    /// Looks once more, beside its turns.
    Rescan,
    Sync,
    /// Once more, for it failed.
    SyncAgain,
    /// KCL 3: says how busy it is.
    Metrics,
    /// KCL 3: the lock of the leader.
    Beat,
    /// KCL 3: the leader assigns.
    Assign,
}

#[derive(Clone, Debug)]
pub enum Timer {
    Tick {
        worker: usize,
        life: u64,
        tick: Tick,
    },
    /// The consumer of a lease goes on.
    GoOn {
        worker: usize,
        life: u64,
        term: u64,
    },
    RecordDone {
        worker: usize,
        life: u64,
        term: u64,
    },
    WorkerCrashes {
        worker: usize,
        life: u64,
    },
    Resumes {
        worker: usize,
        life: u64,
    },
    Restarts {
        worker: usize,
        life: u64,
    },
    /// The application's own table has answered.
    TableAnswered {
        number: u64,
    },
}

/// Why a worker read the whole table.
#[derive(Clone, Debug)]
pub enum Scan {
    Take,
    Discover,
    Assign,
    Sync(Vec<ShardInfo>),
    /// May this lease begin?
    Parents {
        term: u64,
    },
}

#[derive(Clone, Debug)]
pub enum Ask {
    Scan(Scan),
    Create {
        shard: u32,
        from: &'static str,
    },
    Take {
        lease: Lease,
        from: Option<String>,
    },
    Renew {
        term: u64,
    },
    Checkpoint {
        term: u64,
        to: Checkpoint,
    },
    GiveBack {
        term: u64,
    },
    HandOver {
        term: u64,
    },
    Delete {
        shard: u32,
    },
    Assign {
        shard: u32,
        to: String,
        from: Option<String>,
    },
    Metrics,
    Lock,
    ReadLock,
    ListShards,
    Register {
        term: u64,
    },
    /// By the reader of a lease's shard.
    Read {
        term: u64,
    },
}

#[derive(Clone, Debug)]
pub struct Asked {
    pub worker: usize,
    pub life: u64,
    pub what: Ask,
}

/// What reaches a worker; one that stands still reads it when it goes on.
#[derive(Clone, Debug)]
pub enum Letter {
    Told(Box<(Asked, Outcome)>),
    /// Its reader of a lease's shard was answered.
    Read {
        term: u64,
        answer: Box<Answer>,
    },
    Pushed {
        term: u64,
        push: Box<Push>,
    },
    Closed {
        term: u64,
    },
}

pub type Outcome = Result<Response, ApiError>;

#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub processed: u64,
    pub failed: u64,
    pub skipped: u64,
    pub leases_lost: u64,
    pub checkpoints: u64,
    pub refused: u64,
    pub crashes: u64,
    pub moved: u64,
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) workers: Vec<Worker>,
    pub(super) asked: Pending<Asked>,
    /// Where no table is drawn.
    pub(super) own_table: Table,
    pub(super) answers: Pending<(Asked, Outcome)>,
    pub(super) next_answer: u64,
    pub(super) next_term: u64,
    pub(super) effects: Effects,
    pub(super) counts: Counts,
    pub(super) poison_next: bool,
    is_running: bool,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            workers: Vec::new(),
            asked: Pending::default(),
            own_table: Table::default(),
            answers: Pending::default(),
            next_answer: 0,
            next_term: 0,
            effects: Effects::default(),
            counts: Counts::default(),
            poison_next: false,
            is_running: false,
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.rewired(cx);
        if !self.is_running {
            cx.fact(Fact::NothingToRead, None);
        }
    }

    /// More workers start, those that are too many stop. Another version of the library is deployed: all start anew.
    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        let before = std::mem::replace(&mut self.config, Config::read(settings));
        let is_other = (before.assigns, before.fan_out) != (self.config.assigns, self.config.fan_out);
        if is_other && self.is_running {
            (0..self.workers.len()).for_each(|worker| self.put_down(worker, cx));
        }
        self.staff(cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let has_stream = self.stream(cx).is_some();
        if has_stream && !self.is_running {
            self.is_running = true;
            self.staff(cx);
        } else if !has_stream && self.is_running {
            self.is_running = false;
            (0..self.workers.len()).for_each(|worker| self.put_down(worker, cx));
        }
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.is_running = false;
        (0..self.workers.len()).for_each(|worker| self.put_down(worker, cx));
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let services::Request::Kcl(request) = call.request else {
            let error = ApiError::client("InvalidAction", "A KCL application takes no calls but of its machines.");
            return cx.answer(call.caller, Err(error), call.messages);
        };
        let result = self.act(request, cx).map(|()| api::Response.into());
        cx.answer(call.caller, result, call.messages);
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let Some(asked) = self.asked.remove(answer.call) else { return self.not_taken(answer, cx) };
        if let Ask::Read { term } = asked.what {
            return self.hand(asked.worker, asked.life, Letter::Read { term, answer: Box::new(answer) }, cx);
        }
        self.told(asked, answer.result, cx);
    }

    fn pushed(&mut self, push: Push, cx: &mut Cx<'_>) {
        let connection = push.connection;
        if let Some((worker, life, term)) = self.listener(connection) {
            self.hand(worker, life, Letter::Pushed { term, push: Box::new(push) }, cx);
        }
    }

    fn closed(&mut self, connection: ConnectionId, _why: &'static str, cx: &mut Cx<'_>) {
        if let Some((worker, life, term)) = self.listener(connection) {
            self.hand(worker, life, Letter::Closed { term }, cx);
        }
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        let (worker, life) = match timer {
            Timer::Tick { worker, life, .. }
            | Timer::GoOn { worker, life, .. }
            | Timer::RecordDone { worker, life, .. }
            | Timer::WorkerCrashes { worker, life }
            | Timer::Resumes { worker, life }
            | Timer::Restarts { worker, life } => (worker, life),
            Timer::TableAnswered { number } => {
                if let Some((asked, result)) = self.answers.remove(number) {
                    self.told(asked, result, cx);
                }
                return;
            }
        };
        let Some(held) = self.workers.get(worker).filter(|worker| worker.life == life) else { return };
        match (held.state, &timer) {
            (State::Down, Timer::Restarts { .. }) => self.set_up(worker, cx),
            (State::Down, _) => {}
            (State::Paused(_), Timer::Resumes { .. }) => self.resumes(worker, cx),
            // Everything it would do it does when it goes on; at that very moment, its clock comes first.
            (State::Paused(until), _) => drop(cx.wake_at(until + 1, timer)),
            (_, Timer::Tick { tick, .. }) => self.tick(worker, *tick, cx),
            (_, Timer::GoOn { term, .. }) => self.go_on(worker, *term, cx),
            (_, Timer::RecordDone { term, .. }) => self.record_done(worker, *term, cx),
            (_, Timer::WorkerCrashes { .. }) => self.crash_and_restart(worker, cx),
            (_, Timer::Resumes { .. } | Timer::Restarts { .. } | Timer::TableAnswered { .. }) => {}
        }
    }

    fn struck(&mut self, fault: FaultKind, begins: bool, cx: &mut Cx<'_>) {
        match fault {
            FaultKind::Poison => self.poison_next |= begins,
            _ if fault.is_outage() && begins => (0..self.workers.len()).for_each(|worker| self.crash(worker, cx)),
            _ if fault.is_outage() => self.staff(cx),
            _ => {}
        }
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        let counts = &self.counts;
        let alive = self.workers.iter().filter(|worker| worker.is_alive());
        let (mut held, mut idle) = (0, 0);
        for worker in alive {
            let owned = worker.owned().count() as u64;
            (held, idle) = (held + owned, idle + u64::from(owned == 0));
        }
        vec![
            ("Processed", Metric::Count(counts.processed)),
            ("Failed", Metric::Count(counts.failed)),
            ("Skipped", Metric::Count(counts.skipped)),
            ("Effects", Metric::Count(self.effects.made)),
            ("Duplicates", Metric::Count(self.effects.duplicates)),
            ("LeasesHeld", Metric::Level(held)),
            ("WorkersIdle", Metric::Level(idle)),
            ("LeasesLost", Metric::Count(counts.leases_lost)),
            ("LeasesMoved", Metric::Count(counts.moved)),
            ("Checkpoints", Metric::Count(counts.checkpoints)),
            ("CheckpointsRefused", Metric::Count(counts.refused)),
            ("Crashes", Metric::Count(counts.crashes)),
        ]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn inside(&self, now: Micros) -> Option<Inside> {
        Some(self.look_inside(now))
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        let request: Request = api::parse(action, input)?;
        Ok((request.into(), Vec::new()))
    }
}

impl Model {
    pub(super) fn stream(&self, cx: &Cx<'_>) -> Option<Route> {
        let routes = cx.routes();
        let is_source =
            |route: &&Route| route.kind == LinkKind::Poll && !route.outward && route.peer_kind == Kind::Stream;
        routes.iter().find(is_source).cloned()
    }

    pub(super) fn runs(&self) -> bool {
        self.is_running
    }

    fn tick(&mut self, worker: usize, tick: Tick, cx: &mut Cx<'_>) {
        if self.workers[worker].state == State::Stopping && tick != Tick::Renew {
            return;
        }
        match tick {
            Tick::Renew => self.renew(worker, cx),
            Tick::Take => self.look_for_leases(worker, cx),
            Tick::Rescan => self.scan(worker, Scan::Take, cx),
            Tick::Sync => self.sync_by_turn(worker, cx),
            Tick::SyncAgain => self.begin_sync(worker, cx),
            Tick::Metrics => self.tell_metrics(worker, cx),
            Tick::Beat => self.beat(worker, cx),
            Tick::Assign => self.assign(worker, cx),
        }
    }

    pub(super) fn tick_in(&self, worker: usize, delay: Micros, tick: Tick, cx: &mut Cx<'_>) {
        let life = self.workers[worker].life;
        cx.wake_in(delay, Timer::Tick { worker, life, tick });
    }

    /// An answer to one of its questions.
    pub(super) fn told(&mut self, asked: Asked, result: Outcome, cx: &mut Cx<'_>) {
        let (worker, life) = (asked.worker, asked.life);
        self.hand(worker, life, Letter::Told(Box::new((asked, result))), cx);
    }

    /// Something reached a worker, unless that life of it is over.
    pub(super) fn hand(&mut self, worker: usize, life: u64, letter: Letter, cx: &mut Cx<'_>) {
        let Some(held) = self.workers.get_mut(worker).filter(|held| held.life == life) else { return };
        match (held.state, letter) {
            (State::Down, _) => {}
            (State::Paused(_), letter) => held.inbox.push(letter),
            (State::Up | State::Stopping, Letter::Told(told)) => self.learn(told.0, told.1, cx),
            (State::Up | State::Stopping, Letter::Read { term, answer }) => {
                self.shard_answered(worker, term, *answer, cx);
            }
            (State::Up | State::Stopping, Letter::Pushed { term, push }) => {
                self.records_pushed(worker, term, *push, cx);
            }
            (State::Up | State::Stopping, Letter::Closed { term }) => self.connection_closed(worker, term, cx),
        }
    }

    /// What it sent on was not taken.
    fn not_taken(&self, answer: Answer, cx: &mut Cx<'_>) {
        let error = answer.result.as_ref().err();
        let (code, reason) = error.map_or(("PartialFailure", ""), |error| (error.code, &*error.message));
        for message in answer.messages {
            cx.fact(Fact::SendFailed { code, reason: reason.to_owned() }, Some(message.token));
            cx.book(1, Place::Travelling, Place::Dropped(code));
        }
    }
}
