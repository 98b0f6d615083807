//! What the expressions of a state may read, and what they ask of the world around.

use serde_json::{Map, Value};

use crate::engine::Micros;
use crate::lang::asl::chance::Chance;

/// Time and chance: the caller's, so that an execution is a function of them.
pub trait World: Chance {
    fn now(&self) -> Micros;
    /// How long the next state transition has to wait (SFN-3).
    fn next_transition(&mut self) -> Micros;
}

/// What holds while a state is evaluated: values at its entry (SFN-8).
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The state's input as it came.
    pub input: &'a Value,
    pub context: &'a Value,
    pub variables: &'a Map<String, Value>,
}

/// A step of a state's work whose value can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Input,
    AfterInputPath,
    AfterParameters,
    AfterArguments,
    Result,
    AfterResultSelector,
    AfterResultPath,
    Assigned,
    Output,
}

/// Is shown the value of each stage.
pub type Watch<'a> = &'a mut dyn FnMut(Stage, &Value);

/// Who looks at no stage.
pub fn unwatched(_stage: Stage, _value: &Value) {}
