//! Who carries out what an execution wants: tasks that succeed, fail or never answer, and time that passes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::failure::Error;
use super::super::scope::World;
use super::super::thread::{TaskId, Wake};
use super::super::{Effect, Execution, Identity};
use crate::engine::Micros;
use crate::lang::asl::Machine;
use crate::lang::asl::chance::{Chance, Seeded, random_integer};

pub struct Host {
    world: Around,
    wakes: BTreeMap<(Micros, u64), Wake>,
    answers: BTreeMap<(Micros, u64), TaskId>,
    dropped: Vec<TaskId>,
    /// Tasks that could be ended a second time.
    pub taken_twice: usize,
}

struct Around {
    now: Micros,
    chance: Seeded,
}

impl Chance for Around {
    fn random_u64(&mut self) -> u64 {
        self.chance.random_u64()
    }
}

impl World for Around {
    fn now(&self) -> Micros {
        self.now
    }

    fn next_transition(&mut self) -> Micros {
        if self.random_u64() % 3 == 0 { 10_000 } else { 0 }
    }
}

impl Host {
    pub fn new(seed: u64) -> Self {
        let world = Around { now: 1_000, chance: Seeded(seed ^ 0x5eed) };
        Self { world, wakes: BTreeMap::new(), answers: BTreeMap::new(), dropped: Vec::new(), taken_twice: 0 }
    }

    /// Wakes and tasks that nobody took back.
    pub fn left_over(&self) -> usize {
        self.wakes.len() + self.answers.values().filter(|task| !self.dropped.contains(task)).count()
    }

    pub fn run(&mut self, machine: Arc<Machine>, input: Value) -> Execution {
        let text = str::to_owned;
        let identity = Identity {
            id: text("arn:aws:states:us-east-1:000000000000:execution:m:e"),
            name: text("e"),
            role: text("role"),
            machine_id: text("arn:aws:states:us-east-1:000000000000:stateMachine:m"),
            machine_name: text("m"),
            is_express: false,
        };
        let mut execution = Execution::start(machine, None, Arc::new(identity), input, Arc::default(), &mut self.world);
        loop {
            self.carry_out(&mut execution);
            if execution.ended().is_some() {
                return execution;
            }
            let wake = self.wakes.keys().next().copied();
            let answer = self.answers.keys().next().copied();
            match (wake, answer) {
                (Some(wake), answer) if answer.is_none_or(|answer| wake <= answer) => {
                    let due = self.wakes.remove(&wake).expect("it was just seen");
                    self.world.now = self.world.now.max(wake.0);
                    execution.wake(due, &mut self.world);
                }
                (_, Some(answer)) => self.answer(&mut execution, answer),
                _ => return execution,
            }
        }
    }

    fn carry_out(&mut self, execution: &mut Execution) {
        for effect in execution.effects() {
            match effect {
                Effect::Call(call) => {
                    let takes = random_integer(&mut self.world, 0, 5_000_000) as u64;
                    self.answers.insert((self.world.now + takes, call.task), call.task);
                }
                Effect::Drop(task) => self.dropped.push(task),
                Effect::WakeAt(at, wake) => {
                    self.wakes.insert((at, wake.number), wake);
                }
                Effect::CancelWake(wake) => self.wakes.retain(|_, other| *other != wake),
                Effect::Ended | Effect::StopChildren { .. } => {}
                Effect::StartChild { .. } => unreachable!("no machine here has distributed maps"),
            }
        }
    }

    fn answer(&mut self, execution: &mut Execution, due: (Micros, u64)) {
        let task = self.answers.remove(&due).expect("it was just seen");
        self.world.now = self.world.now.max(due.0);
        let error = match random_integer(&mut self.world, 0, 6) {
            0 => Some("A"),
            1 => Some("B"),
            // The network has lost it: only a time-out can end the task.
            2 if execution
                .threads()
                .any(|(_, thread)| thread.task().is_some_and(|run| run.id == task && run.timeout.is_some())) =>
            {
                return;
            }
            _ => None,
        };
        let is_dropped = self.dropped.contains(&task);
        let taken = match error {
            Some(error) => execution.task_failed(task, Error::new(error, "cause"), &mut self.world),
            None => execution.task_succeeded(task, json!({ "done": task }), &mut self.world),
        };
        let again = execution.task_succeeded(task, json!(1), &mut self.world);
        self.taken_twice += usize::from(again || (taken && is_dropped));
    }
}
