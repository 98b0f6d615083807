//! States that do no work: Choice, Wait, Succeed and Fail.

use std::sync::Arc;

use serde_json::Value;

use super::Test;
use super::outcome::Done;
use crate::lang::asl::execution::choice::decide;
use crate::lang::asl::execution::failure::{Error, Failure};
use crate::lang::asl::execution::scope::{Scope, World, unwatched};
use crate::lang::asl::execution::waiting::end_of_wait;
use crate::lang::asl::execution::{fields, numbers};
use crate::lang::asl::machine::{Given, QueryLanguage, State, StateKind};

impl Test {
    pub(super) fn choose(&mut self, state: &State, world: &mut dyn World) -> Result<Done, Failure> {
        let machine = Arc::clone(&self.machine);
        let scope = Scope { input: &self.input, context: &self.context, variables: &self.variables };
        if state.language == QueryLanguage::JsonPath {
            let selected = fields::select(&state.fields.input_path, scope.input, &scope)?;
            self.inspection.put("afterInputPath", selected);
        }
        let name = |id: usize| machine.states[id].name.clone();
        match &state.kind {
            StateKind::Choice { .. } => {
                let (outcome, next) = decide(state, &scope, world)?;
                Ok(Done::of(outcome, Some(name(next))))
            }
            StateKind::Fail { error, cause } => Err(failure((error.as_ref(), cause.as_ref()), &scope, world)?),
            kind => {
                if let StateKind::Wait(until) = kind {
                    end_of_wait(state, until, &scope, world)?;
                }
                let outcome = fields::outcome(state, &scope, None::<Value>, world, &mut unwatched)?;
                Ok(Done::of(outcome, state.next.map(name)))
            }
        }
    }
}

/// What a Fail state says.
fn failure(
    (error, cause): (Option<&Given<String>>, Option<&Given<String>>),
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<Failure, Failure> {
    let mut text = |given: Option<&Given<String>>, field: &str| {
        given.map(|given| numbers::text(given, field, scope, world)).transpose()
    };
    let error = Error { error: text(error, "Error")?, cause: text(cause, "Cause")? };
    Ok(Failure { is_final: true, ..Failure::of(error) })
}
