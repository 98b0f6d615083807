//! A look inside the application: its workers' leases as rows, with what a hand can do to each worker.

use serde_json::json;

use super::lease::Checkpoint;
use super::model::Model;
use super::worker::{Held, State, Step, Worker};
use crate::engine::Micros;
use crate::services::contract::inside::{Inside, ROWS_MAX, Row, SuggestedCall};
use crate::services::kinesis::api::shard_id;

const COLUMNS: [&str; 7] = ["Worker", "State", "Lease", "Counter", "Checkpoint", "Since then", "Does"];

impl Model {
    pub(super) fn look_inside(&self, _now: Micros) -> Inside {
        let mut rows = Vec::new();
        for (number, worker) in (1..).zip(&self.workers) {
            if worker.held.is_empty() {
                rows.push(row(number, worker, None));
            }
            rows.extend(worker.held.iter().map(|held| row(number, worker, Some(held))));
        }
        let total = rows.len() as u64;
        rows.truncate(ROWS_MAX);
        let calls = vec![
            SuggestedCall { action: "CrashWorker", input: json!({ "Worker": 1 }) },
            SuggestedCall { action: "PauseWorker", input: json!({ "Worker": 1, "For": "15s" }) },
            SuggestedCall { action: "StopWorker", input: json!({ "Worker": 1 }) },
            SuggestedCall { action: "StartWorker", input: json!({ "Worker": 1 }) },
        ];
        Inside { columns: Inside::named(&COLUMNS), rows, total, calls }
    }
}

fn row(number: usize, worker: &Worker, held: Option<&Held>) -> Row {
    let state = match worker.state {
        State::Up if worker.leads.is_some() => "leader",
        State::Up => "up",
        State::Paused(_) => "stands still",
        State::Stopping => "stops",
        State::Down => "down",
    };
    let mut cells = vec![worker.id.to_string(), state.to_owned()];
    cells.extend(match held {
        Some(held) => [
            shard_id(held.lease.shard),
            held.lease.counter.to_string(),
            checkpoint_text(held.lease.checkpoint),
            held.since_checkpoint.to_string(),
            doing(held).to_owned(),
        ],
        None => std::array::from_fn(|_| String::new()),
    });
    let call = |action, input| SuggestedCall { action, input };
    let calls = if worker.is_alive() {
        vec![
            call("CrashWorker", json!({ "Worker": number })),
            call("PauseWorker", json!({ "Worker": number, "For": "15s" })),
        ]
    } else {
        vec![call("StartWorker", json!({ "Worker": number }))]
    };
    let message = held.and_then(|held| held.work()).map(|(message, ..)| message);
    Row {
        token: message.map(|message| message.token),
        hue: message.map_or(0, |message| message.hue),
        cells,
        calls,
        opens: None,
    }
}

fn checkpoint_text(checkpoint: Checkpoint) -> String {
    checkpoint.to_text()
}

fn doing(held: &Held) -> &'static str {
    match held.step {
        _ if held.is_lost => "has lost it",
        Step::Working { .. } => "processes",
        Step::Checkpointing => "checkpoints",
        Step::Asking => "reads",
        Step::Listening => "is pushed",
        Step::Waiting if held.is_ready => "rests",
        Step::Waiting => "waits",
    }
}
