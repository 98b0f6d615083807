//! Executions of random machines, tasks that fail at random, and what must hold of every history.

mod host;
mod laws;
mod machines;

use std::sync::Arc;

use serde_json::json;

use self::host::Host;
use super::event::{EventKind, TaskEvent};
use super::{Execution, Status};
use crate::lang::asl::read::read;

/// Machines that each run tries, unless `SEEDS` says how many.
const SEEDS: u64 = 400;

fn run(seed: u64) -> (Execution, Host) {
    let definition = machines::random(seed);
    let (machine, problems) = read(&definition);
    let machine = machine.unwrap_or_else(|| panic!("seed {seed}: {problems:?}"));
    let mut host = Host::new(seed);
    let input = json!({ "n": seed % 7, "items": [0, 1, 2, 3] });
    let execution = host.run(Arc::new(machine), input);
    (execution, host)
}

#[test]
fn every_history_is_a_legal_path_of_its_machine() {
    let seeds = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let (mut succeeded, mut failed) = (0, 0);
    for seed in 1..=seeds {
        let (execution, host) = run(seed);
        if let Err(why) = laws::check(&execution) {
            panic!("seed {seed}: {why}\n{}", machines::random(seed));
        }
        assert_eq!(host.taken_twice, 0, "seed {seed}: a task ended twice");
        assert_eq!(host.left_over(), 0, "seed {seed}: it waits for something after its end");
        match execution.status() {
            Status::Succeeded => succeeded += 1,
            Status::Running => panic!("seed {seed}: it never ends"),
            _ => failed += 1,
        }
    }
    assert!(succeeded > seeds / 10 && failed > seeds / 10, "both ends are seen: {succeeded}, {failed}");
}

#[test]
fn the_same_seed_gives_the_same_history() {
    for seed in 1..=40 {
        assert_eq!(run(seed).0.history(), run(seed).0.history(), "seed {seed}");
    }
}

/// A history that breaks a law, and the law that it breaks.
type Twin = (&'static str, fn(&mut Execution));

#[test]
fn each_law_is_broken_by_its_twin() {
    let twins: [Twin; 5] = [
        ("dense", |execution| {
            Arc::make_mut(&mut execution.history).remove(2);
        }),
        ("end", |execution| {
            let history = Arc::make_mut(&mut execution.history);
            let mut again = history.last().expect("it has ended").clone();
            again.id += 1;
            history.push(again);
        }),
        ("begins", |execution| {
            let history = Arc::make_mut(&mut execution.history);
            let wrong = execution.machine.states.len() - 1;
            let entered = history.iter_mut().find(|event| matches!(event.kind, EventKind::Entered { .. }));
            if let Some(EventKind::Entered { state, .. }) = entered.map(|event| &mut event.kind) {
                *state = wrong;
            }
        }),
        ("scheduled", |execution| {
            let history = Arc::make_mut(&mut execution.history);
            let is_task = |kind: &EventKind| matches!(kind, EventKind::Task { event: TaskEvent::Succeeded { .. }, .. });
            let at = history.iter().position(|event| is_task(&event.kind)).expect("a task has succeeded");
            let scheduled = |event: &&super::event::Event| {
                matches!(event.kind, EventKind::Task { event: TaskEvent::Scheduled(_), .. })
            };
            let kind = history.iter().find(scheduled).expect("a task was scheduled").kind.clone();
            history[at].kind = kind;
        }),
        ("follows", |execution| {
            let history = Arc::make_mut(&mut execution.history);
            history[3].previous = 9;
        }),
    ];
    let long = |execution: &Execution| {
        let tasks = execution
            .history()
            .iter()
            .filter(|event| matches!(event.kind, EventKind::Task { event: TaskEvent::Succeeded { .. }, .. }));
        execution.history().len() > 12 && tasks.count() > 0
    };
    let seed = (1..).find(|seed| long(&run(*seed).0)).expect("one is long");
    for (law, break_it) in twins {
        let (mut execution, _) = run(seed);
        break_it(&mut execution);
        let why = laws::check(&execution).expect_err(law);
        assert!(why.contains(law), "{law}: {why}");
    }
}
