//! State machines of the core, for `asl.mjs` to time: executions with their full histories.

use std::sync::Arc;

use decoupled::engine::Micros;
use decoupled::lang::asl::chance::{Chance, Seeded};
use decoupled::lang::asl::execution::scope::World;
use decoupled::lang::asl::execution::{Execution, Identity, Status};
use decoupled::lang::asl::{Machine, read::read};
use serde_json::Value;
use wasm_bindgen::prelude::wasm_bindgen;

/// A machine, and how its executions are called.
#[wasm_bindgen]
pub struct StateMachine {
    machine: Arc<Machine>,
    identity: Arc<Identity>,
}

struct Around(Seeded);

impl Chance for Around {
    fn random_u64(&mut self) -> u64 {
        self.0.random_u64()
    }
}

impl World for Around {
    fn now(&self) -> Micros {
        0
    }

    fn next_transition(&mut self) -> Micros {
        0
    }
}

#[wasm_bindgen]
impl StateMachine {
    /// # Panics
    /// For a definition that cannot be used.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(definition: &str) -> Self {
        let definition: Value = serde_json::from_str(definition).expect("a definition is JSON");
        let (machine, problems) = read(&definition);
        assert!(problems.is_empty(), "{problems:?}");
        let id = "arn:aws:states:us-east-1:000000000000:execution:m:e".to_owned();
        let machine_id = "arn:aws:states:us-east-1:000000000000:stateMachine:m".to_owned();
        let identity = Identity {
            id,
            name: "e".to_owned(),
            role: String::new(),
            machine_id,
            machine_name: "m".to_owned(),
            is_express: false,
        };
        Self { machine: Arc::new(machine.expect("it has states")), identity: Arc::new(identity) }
    }

    /// Runs so many executions of one input, JSON in and out; the events of all their histories.
    ///
    /// # Panics
    /// If one does not succeed.
    pub fn run(&self, count: u32, input: &str) -> f64 {
        let mut events = 0;
        for seed in 0..count {
            let input: Value = serde_json::from_str(input).expect("an input is JSON");
            let mut world = Around(Seeded(seed.into()));
            let (machine, identity) = (Arc::clone(&self.machine), Arc::clone(&self.identity));
            let execution = Execution::start(machine, None, identity, input, Arc::default(), &mut world);
            assert_eq!(execution.status(), Status::Succeeded, "{:?}", execution.error());
            assert!(execution.output().is_some_and(|output| !output.is_null()));
            events += execution.history().len();
        }
        events as f64
    }
}
