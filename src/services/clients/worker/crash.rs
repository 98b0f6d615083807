//! Crashes, by a fault or by its own `CrashRate`: all that was in work is lost, and comes back in its queue when the
//! visibility timeout ends. After a crash of its own it restarts by itself.

use super::config::Deletion;
use super::fact::Fact;
use super::model::{Model, Timer};
use super::thread::Doing;
use crate::engine::{Key, MICROS_PER_MILLI, Micros};
use crate::services::Cx;

/// No program is back at once: else one that crashes in no time would never get further.
const RESTART_MIN: Micros = MICROS_PER_MILLI;

impl Model {
    /// Neither struck by an outage nor restarting.
    pub(super) fn is_up(&self, cx: &Cx<'_>) -> bool {
        self.restarting.is_none() && !cx.is_down()
    }

    /// The end of some work, or the crash that cuts it short.
    pub(super) fn wake_after_work(&mut self, takes: Micros, done: Timer, cx: &mut Cx<'_>) -> Key {
        if cx.rng("crash").chance(self.config.crash_parts) {
            let part = cx.rng("crash").below(takes);
            return cx.wake_in(part, Timer::Crashes);
        }
        cx.wake_in(takes, done)
    }

    pub(super) fn crashes(&mut self, cx: &mut Cx<'_>) {
        if !self.is_up(cx) {
            return;
        }
        self.crashes += 1;
        let (since, takes) = (cx.now(), self.config.restart.sample(cx.rng("restart")));
        let until = since + takes.max(RESTART_MIN);
        cx.fact(Fact::Crashed { until }, None);
        self.crash(cx);
        cx.wake_at(until, Timer::Restarts);
        self.restarting = Some((since, until));
    }

    pub(super) fn restarts(&mut self, cx: &mut Cx<'_>) {
        self.restarting = None;
        cx.fact(Fact::Restarted, None);
        self.go_on(cx);
    }

    /// After an outage or a restart.
    pub(super) fn go_on(&mut self, cx: &mut Cx<'_>) {
        if !self.is_up(cx) {
            return;
        }
        for thread in 0..self.threads.len() {
            if matches!(self.threads[thread].doing, Doing::Pausing(_)) {
                self.poll(thread, cx);
            }
        }
        (0..self.readers.len()).for_each(|reader| self.read(reader, cx));
    }

    /// Loses what it works on; what it has deleted already is gone for good.
    pub(super) fn crash(&mut self, cx: &mut Cx<'_>) {
        self.beating.take().for_each(drop);
        for index in 0..self.threads.len() {
            self.stop_heartbeat(index, cx);
            let thread = &mut self.threads[index];
            if matches!(thread.doing, Doing::Ended) {
                continue;
            }
            if let Doing::Working { key, .. } = thread.doing {
                cx.cancel(key);
            }
            for received in thread.batch.drain(..) {
                let token = Some(received.message.token);
                if self.config.deletion == Deletion::Before {
                    self.lost += 1;
                    cx.fact(Fact::MessageLost { why: "crashed" }, token);
                } else {
                    cx.fact(Fact::WorkLost, token);
                }
            }
            thread.doing = Doing::Pausing(Micros::MAX);
        }
        for reader in &mut self.readers {
            reader.crash(cx);
        }
    }
}
