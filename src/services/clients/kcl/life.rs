//! Workers come and go: started, crashed, standing still, stopped.

use std::sync::Arc;

use super::api::Request;
use super::fact::Fact;
use super::model::{Model, Tick, Timer};
use super::worker::{State, Worker};
use crate::engine::{MICROS_PER_MILLI, Micros, seconds};
use crate::services::{ApiError, Cx, Door};

/// No process is back at once.
const RESTART_MIN: Micros = MICROS_PER_MILLI;
/// How often a worker of KCL 3 says how busy it is (KDS-21).
pub const METRICS_INTERVAL: Micros = seconds(30);

impl Model {
    /// As many workers as are wanted: those that are missing start, those that are too many stop.
    pub(super) fn staff(&mut self, cx: &mut Cx<'_>) {
        if !self.runs() || cx.is_down() {
            return;
        }
        let wanted = self.config.workers;
        while self.workers.len() < wanted {
            let id = Arc::from(format!("{}-{}", cx.name(), self.workers.len() + 1));
            self.workers.push(Worker::new(id));
        }
        for worker in 0..self.workers.len() {
            let state = self.workers[worker].state;
            if worker < wanted && matches!(state, State::Down) {
                self.set_up(worker, cx);
            } else if worker >= wanted && !matches!(state, State::Down | State::Stopping) {
                self.stop(worker, cx);
            }
        }
    }

    /// A worker begins: it looks for leases, and the first of them sees to it that there are some.
    pub(super) fn set_up(&mut self, worker: usize, cx: &mut Cx<'_>) {
        if !self.runs() || cx.is_down() {
            return;
        }
        let (id, life) = (Arc::clone(&self.workers[worker].id), self.workers[worker].life + 1);
        cx.fact(Fact::WorkerStarted { worker: id.to_string() }, None);
        self.workers[worker] = Worker { life, state: State::Up, ..Worker::new(id) };
        self.tick_in(worker, self.config.failover / 3, Tick::Renew, cx);
        self.tick_in(worker, 0, Tick::Sync, cx);
        if self.config.assigns {
            self.tick_in(worker, 0, Tick::Metrics, cx);
            self.tick_in(worker, 0, Tick::Beat, cx);
        } else {
            self.tick_in(worker, 0, Tick::Take, cx);
        }
    }

    /// Gone without a word: what it held stays its own in the table until the others see that it no longer renews.
    pub(super) fn put_down(&mut self, place: usize, cx: &mut Cx<'_>) {
        let worker = &mut self.workers[place];
        for mut held in worker.held.drain(..) {
            held.reader.iter_mut().for_each(|reader| reader.stop(cx));
            if let super::worker::Step::Working { key, .. } = held.step {
                cx.cancel(key);
            }
        }
        worker.state = State::Down;
        worker.life += 1;
        worker.inbox.clear();
        self.asked.retain(|asked| asked.worker != place);
    }

    pub(super) fn crash(&mut self, worker: usize, cx: &mut Cx<'_>) {
        if !self.workers[worker].is_alive() {
            return;
        }
        self.counts.crashes += 1;
        cx.fact(Fact::WorkerCrashed { worker: self.workers[worker].id.to_string() }, None);
        self.put_down(worker, cx);
    }

    /// By its own `CrashRate`: it comes back by itself.
    pub(super) fn crash_and_restart(&mut self, worker: usize, cx: &mut Cx<'_>) {
        self.crash(worker, cx);
        let takes = self.config.restart.sample(cx.rng("restart"));
        self.restart_in(worker, takes, cx);
    }

    fn restart_in(&mut self, worker: usize, takes: Micros, cx: &mut Cx<'_>) {
        let life = self.workers[worker].life;
        cx.wake_in(takes.max(RESTART_MIN), Timer::Restarts { worker, life });
    }

    pub(super) fn act(&mut self, request: Request, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        let (Request::CrashWorker { worker, .. }
        | Request::PauseWorker { worker, .. }
        | Request::StopWorker { worker }
        | Request::StartWorker { worker }) = request;
        let Some(held) = self.workers.get(worker) else {
            let text = format!("There are {} workers.", self.workers.len());
            return Err(ApiError::client("ResourceNotFoundException", text));
        };
        if held.is_alive() == matches!(request, Request::StartWorker { .. }) {
            let text = format!("{} is {}.", held.id, if held.is_alive() { "up" } else { "down" });
            return Err(ApiError::client("ResourceInUseException", text));
        }
        match request {
            Request::CrashWorker { lasting, .. } => {
                self.crash(worker, cx);
                if let Some(lasting) = lasting {
                    self.restart_in(worker, lasting, cx);
                }
            }
            Request::PauseWorker { lasting, .. } => self.pause(worker, lasting, cx),
            Request::StopWorker { .. } => self.stop(worker, cx),
            Request::StartWorker { .. } => self.set_up(worker, cx),
        }
        Ok(())
    }

    fn pause(&mut self, worker: usize, lasting: Micros, cx: &mut Cx<'_>) {
        let until = cx.now() + lasting;
        let held = &mut self.workers[worker];
        held.state = State::Paused(until);
        let life = held.life;
        cx.fact(Fact::WorkerPaused { worker: held.id.to_string(), until }, None);
        cx.wake_at(until, Timer::Resumes { worker, life });
    }

    /// It goes on as if nothing had been: with what it had in hand, and what came meanwhile.
    pub(super) fn resumes(&mut self, worker: usize, cx: &mut Cx<'_>) {
        let held = &mut self.workers[worker];
        held.state = State::Up;
        cx.fact(Fact::WorkerResumed { worker: held.id.to_string() }, None);
        let life = held.life;
        for letter in std::mem::take(&mut held.inbox) {
            self.hand(worker, life, letter, cx);
        }
        let held = &self.workers[worker];
        if held.life == life && held.is_to_stop {
            self.stop(worker, cx);
        }
    }

    /// In good order: every lease is checkpointed and given back first.
    fn stop(&mut self, worker: usize, cx: &mut Cx<'_>) {
        let held = &mut self.workers[worker];
        held.is_to_stop = true;
        if matches!(held.state, State::Paused(_)) {
            return;
        }
        held.state = State::Stopping;
        let terms: Vec<u64> = self.workers[worker].held.iter().map(|held| held.term).collect();
        for term in terms {
            self.nudge(worker, term, cx);
        }
        self.stop_if_done(worker, cx);
    }

    pub(super) fn stop_if_done(&mut self, worker: usize, cx: &mut Cx<'_>) {
        let held = &self.workers[worker];
        if held.state == State::Stopping && held.held.is_empty() {
            cx.fact(Fact::WorkerStopped { worker: held.id.to_string() }, None);
            self.put_down(worker, cx);
        }
    }
}
