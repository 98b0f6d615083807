//! KCL 3's leader (KDS-21): who holds the lock, a row that its holder counts up twice a minute. One that stands still
//! for two minutes may be taken.

use super::fact::Fact;
use super::lease::{COUNTER, KEY, OWNER, number, number_of, text, text_of, thousandths};
use super::life::METRICS_INTERVAL;
use super::model::{Ask, Model, Outcome, Tick};
use super::store::{Changed, PAUSE};
use super::worker::Sight;
use crate::engine::{Micros, seconds};
use crate::services::dynamodb::api::{Condition, Item, Request, Response as TableResponse};
use crate::services::{Cx, Response};

const HEARTBEAT: Micros = seconds(30);
const LOCK_LASTS: Micros = seconds(120);
pub const LOCK: &str = "$leader";
/// Before a worker's name: the row that says how busy it is.
pub const WORKER: &str = "$worker ";
pub const CPU: &str = "cpu";

impl Model {
    pub(super) fn beat(&mut self, worker: usize, cx: &mut Cx<'_>) {
        self.tick_in(worker, HEARTBEAT, Tick::Beat, cx);
        match self.workers[worker].leads {
            Some(counter) => {
                let id = self.workers[worker].id.to_string();
                let conditions = vec![
                    Condition::Equals(OWNER.to_owned(), text(&id)),
                    Condition::Equals(COUNTER.to_owned(), number(counter)),
                ];
                self.write_lock(worker, counter + 1, conditions, cx);
            }
            None => {
                let request = Request::GetItem { key: LOCK.to_owned() };
                self.ask_table(worker, Ask::ReadLock, request, cx);
            }
        }
    }

    fn write_lock(&mut self, worker: usize, counter: u64, conditions: Vec<Condition>, cx: &mut Cx<'_>) {
        let id = self.workers[worker].id.to_string();
        self.workers[worker].lock = Some((id.clone(), Sight { counter, since: cx.now() }));
        let changes = vec![(OWNER.to_owned(), Some(text(&id))), (COUNTER.to_owned(), Some(number(counter)))];
        let request = Request::UpdateItem { key: LOCK.to_owned(), changes, conditions };
        self.ask_table(worker, Ask::Lock, request, cx);
    }

    pub(super) fn lock_read(&mut self, worker: usize, result: Outcome, cx: &mut Cx<'_>) {
        let Ok(Response::DynamoDb(TableResponse::Item(item))) = result else {
            return;
        };
        let held = item.as_ref().and_then(|item| Some((text_of(item, OWNER)?.to_owned(), number_of(item, COUNTER)?)));
        let Some((owner, counter)) = held else {
            return self.write_lock(worker, 1, vec![Condition::Absent(KEY.to_owned())], cx);
        };
        let (now, known) = (cx.now(), self.workers[worker].lock.clone());
        match known {
            Some((before, sight)) if before == owner && sight.counter == counter => {
                if now >= sight.since + LOCK_LASTS {
                    let conditions = vec![
                        Condition::Equals(OWNER.to_owned(), text(&owner)),
                        Condition::Equals(COUNTER.to_owned(), number(counter)),
                    ];
                    self.write_lock(worker, counter + 1, conditions, cx);
                }
            }
            _ => self.workers[worker].lock = Some((owner, Sight { counter, since: now })),
        }
    }

    pub(super) fn lock_changed(&mut self, worker: usize, changed: Changed, cx: &mut Cx<'_>) {
        let one = &mut self.workers[worker];
        let was_leader = one.leads.is_some();
        let counter = one.lock.as_ref().map(|(_, sight)| sight.counter);
        match changed {
            Changed::Yes => one.leads = counter,
            Changed::Refused => one.leads = None,
            Changed::Failed => {}
        }
        if changed == Changed::Yes && !was_leader {
            cx.fact(Fact::LeaderElected { worker: one.id.to_string() }, None);
            self.begin_sync(worker, cx);
            self.tick_in(worker, PAUSE, Tick::Assign, cx);
        }
    }

    /// How busy it was since it last said so; and what its leases brought, smoothed (α = 0.5).
    pub(super) fn tell_metrics(&mut self, worker: usize, cx: &mut Cx<'_>) {
        self.tick_in(worker, METRICS_INTERVAL, Tick::Metrics, cx);
        let one = &mut self.workers[worker];
        let cpu = (one.busy * 1_000 / (METRICS_INTERVAL * self.config.cores)).min(1_000);
        (one.busy, one.metrics) = (0, one.metrics + 1);
        for held in &mut one.held {
            let rate = held.bytes * 1_000_000 / METRICS_INTERVAL;
            held.lease.throughput = (held.lease.throughput + rate) / 2;
            held.bytes = 0;
        }
        let key = format!("{WORKER}{}", one.id);
        let changes = vec![
            (COUNTER.to_owned(), Some(number(one.metrics + 1_000 * one.life))),
            (CPU.to_owned(), Some(thousandths(cpu))),
        ];
        let request = Request::UpdateItem { key, changes, conditions: Vec::new() };
        self.ask_table(worker, Ask::Metrics, request, cx);
    }
}

/// Worker, counter and CPU of a worker's row.
#[must_use]
pub fn worker_row(item: &Item) -> Option<(&str, u64, u64)> {
    let worker = text_of(item, KEY)?.strip_prefix(WORKER)?;
    Some((worker, number_of(item, COUNTER)?, super::lease::thousandths_of(item, CPU)?))
}
