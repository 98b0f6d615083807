//! `processRecords` (KDS-23): the records of a batch one after the other, in one thread for each shard.

use super::fact::Fact;
use super::model::{Model, Timer};
use super::worker::Step;
use crate::services::Effect;
use crate::services::pass_on;
use crate::services::{Cx, Door, Message};

impl Model {
    pub(super) fn work(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let poisons = std::mem::take(&mut self.poison_next);
        let life = self.workers[worker].life;
        let Some(record) = self.workers[worker].term(term).and_then(|held| held.batch.front_mut()) else { return };
        record.message.poisoned |= poisons;
        let message = record.message.clone();
        let since = cx.now();
        let sampled = self.config.processing.sample(cx.rng("processing"));
        let takes = cx.stretched(sampled);
        cx.tell_first(Fact::ProcessingStarted { until: since + takes }, Some(&message));
        let key = if cx.rng("crash").chance(self.config.crash_parts) {
            let part = cx.rng("crash").below(takes.max(1));
            cx.wake_in(part, Timer::WorkerCrashes { worker, life })
        } else {
            cx.wake_in(takes, Timer::RecordDone { worker, life, term })
        };
        self.workers[worker].busy += takes;
        if let Some(held) = self.workers[worker].term(term) {
            held.step = Step::Working { since, until: since + takes, key };
        }
    }

    pub(super) fn record_done(&mut self, worker: usize, term: u64, cx: &mut Cx<'_>) {
        let backoff = self.config.backoff;
        let Some(held) = self.workers[worker].term(term) else { return };
        held.step = Step::Waiting;
        let Some(record) = held.batch.front().cloned() else { return };
        if self.process(&record.message, cx) {
            let Some(held) = self.workers[worker].term(term) else { return };
            held.batch.pop_front();
            held.last_done = Some(record.sequence);
            held.since_checkpoint += 1;
            held.bytes += record.size();
            return self.go_on(worker, term, cx);
        }
        if self.config.retries {
            return self.go_on_in(worker, term, backoff, cx);
        }
        // What threw did not checkpoint; the next batch's checkpoint lies behind it.
        let Some(held) = self.workers[worker].term(term) else { return };
        let records = held.batch.len() as u64;
        held.last_done = held.batch.back().map(|last| last.sequence);
        held.batch.clear();
        self.counts.skipped += records;
        cx.tell(Fact::BatchSkipped { records }, Some(&record.message));
        self.go_on(worker, term, cx);
    }

    /// True when it succeeded.
    fn process(&mut self, message: &Message, cx: &mut Cx<'_>) -> bool {
        if let Some(why) = self.failure(message, cx) {
            self.counts.failed += 1;
            cx.tell(Fact::ProcessingFailed { why }, Some(message));
            return false;
        }
        match self.effects.make(message, &self.config.idempotency) {
            Effect::Skipped => {
                cx.tell(Fact::DuplicateSkipped, Some(message));
                return true;
            }
            Effect::Again => cx.tell(Fact::DuplicateProcessed, Some(message)),
            Effect::First => cx.tell(Fact::RecordProcessed, Some(message)),
        }
        self.counts.processed += 1;
        cx.worked_on(message);
        pass_on(message, self.config.deadline, cx);
        true
    }

    fn failure(&self, message: &Message, cx: &mut Cx<'_>) -> Option<&'static str> {
        let by_chance = || cx.rng("failure").chance(self.config.failure_parts).then_some("threw");
        message.sure_failure(self.config.fail_when.as_ref()).or_else(by_chance)
    }
}
