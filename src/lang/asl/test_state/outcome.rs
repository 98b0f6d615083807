//! What a test comes to: done, to be tried again, caught, or failed (SFN-16…18).

use serde_json::{Value, json};

use super::Test;
use super::request::Level;
use crate::engine::MICROS_PER_SECOND;
use crate::lang::asl::execution::failing::retry_delay;
use crate::lang::asl::execution::failure::Failure;
use crate::lang::asl::execution::fields::{self, Outcome};
use crate::lang::asl::execution::scope::{Scope, World};

/// A state's work that is done.
pub(super) struct Done {
    outcome: Outcome,
    next: Option<String>,
}

impl Done {
    pub(super) fn of(outcome: Outcome, next: Option<String>) -> Self {
        Self { outcome, next }
    }
}

impl Test {
    pub(super) fn answer(&mut self, done: Result<Done, Failure>, world: &mut dyn World) -> Value {
        let mut answer = match done {
            Ok(done) => self.done(done, "SUCCEEDED"),
            Err(failure) => self.failed(failure, world),
        };
        if self.level != Level::Info {
            let variables = std::mem::take(&mut self.variables);
            if !variables.is_empty() {
                self.inspection.put("variables", Value::Object(variables));
            }
            answer["inspectionData"] = self.inspection.to_json();
        }
        answer
    }

    fn done(&mut self, Done { outcome, next }: Done, status: &str) -> Value {
        self.variables.extend(outcome.assigned.unwrap_or_default());
        let mut answer = json!({ "status": status, "output": self.inspection.text(&outcome.output) });
        if let Some(next) = next {
            answer["nextState"] = next.into();
        }
        answer
    }

    fn failed(&mut self, mut failure: Failure, world: &mut dyn World) -> Value {
        self.tell_of(&mut failure);
        if !failure.is_final {
            if let Some(details) = self.retried(&failure, world) {
                self.inspection.put_plain("errorDetails", details);
                return with_error(json!({ "status": "RETRIABLE" }), &failure);
            }
            match self.caught(&failure, world) {
                Some(Ok((index, done))) => {
                    self.inspection.put_plain("errorDetails", json!({ "catchIndex": index }));
                    let answer = self.done(done, "CAUGHT_ERROR");
                    return with_error(answer, &failure);
                }
                Some(Err(mut in_catcher)) => {
                    self.tell_of(&mut in_catcher);
                    failure = in_catcher;
                }
                None => {}
            }
        }
        with_error(json!({ "status": "FAILED" }), &failure)
    }

    /// Puts the sentence before a cause that says in which state it happened.
    fn tell_of(&self, failure: &mut Failure) {
        if !std::mem::replace(&mut failure.is_told, true) {
            let name = &self.state().name;
            failure.error.cause = failure.error.cause.take().map(|cause| {
                format!("An error occurred while executing the state '{name}' (entered at the event id #0). {cause}")
            });
        }
    }

    /// Which retrier tries it again, and when.
    fn retried(&self, failure: &Failure, world: &mut dyn World) -> Option<Value> {
        let mut retriers = self.state().retry.iter().enumerate();
        let (index, retrier) = retriers.find(|(_, retrier)| failure.error.is_named_by(&retrier.error_equals))?;
        let tried = self.configuration.retrier_retry_count;
        if tried >= retrier.max_attempts {
            return None;
        }
        let mut wait = retry_delay(retrier, tried + 1);
        if retrier.jitter {
            wait = ((u128::from(wait + 1) * u128::from(world.random_u64())) >> 64) as u64;
        }
        Some(json!({ "retryIndex": index, "retryBackoffIntervalSeconds": wait / MICROS_PER_SECOND }))
    }

    fn caught(&self, failure: &Failure, world: &mut dyn World) -> Option<Result<(usize, Done), Failure>> {
        let state = self.state();
        let mut catchers = state.catch.iter().enumerate();
        let found = catchers.find(|(_, catcher)| failure.error.is_named_by(&catcher.error_equals))?;
        let scope = Scope { input: &self.input, context: &self.context, variables: &self.variables };
        let outcome = fields::caught(state, found, &scope, &failure.error, world);
        let next = self.machine.states[found.1.next].name.clone();
        Some(outcome.map(|outcome| (found.0, Done::of(outcome, Some(next)))))
    }
}

fn with_error(mut answer: Value, failure: &Failure) -> Value {
    for (name, text) in [("error", &failure.error.error), ("cause", &failure.error.cause)] {
        if let Some(text) = text {
            answer[name] = text.as_str().into();
        }
    }
    answer
}
