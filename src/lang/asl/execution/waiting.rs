//! Wait: until a number of seconds has passed, or until a moment (SFN-9).

use std::sync::Arc;

use super::failure::Failure;
use super::fields;
use super::scope::{World, unwatched};
use super::thread::{Phase, ThreadId};
use super::{Execution, numbers, query};
use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::lang::asl::machine::{Given, State, Until};
use crate::lang::asl::timestamp::timestamp;

/// A longer wait is refused (recorded: 24,855 days pass, 24,856 do not).
const SECONDS_MAX: i64 = i32::MAX as i64;

impl Execution {
    pub(super) fn begin_wait(&mut self, id: ThreadId, state: &State, until: &Until, world: &mut dyn World) {
        let now = world.now();
        let found = self.in_scope(id, world, |scope, world| end_of_wait(state, until, scope, world));
        match found {
            Ok(until) if until > now.saturating_add(SECONDS_MAX.unsigned_abs() * MICROS_PER_SECOND) => {
                self.fail(id, Failure::runtime("Wait state delay is too long."), world);
            }
            Ok(until) if until <= now => self.end_wait(id, world),
            Ok(until) => {
                let wake = self.wake_at(id, until);
                self.thread(id).phase = Phase::Waiting { until, wake };
            }
            Err(failure) => self.fail(id, failure, world),
        }
    }

    pub(super) fn end_wait(&mut self, id: ThreadId, world: &mut dyn World) {
        let machine = Arc::clone(&self.machine);
        let state = &machine.states[self.thread(id).state];
        let outcome =
            self.in_scope(id, world, |scope, world| fields::outcome(state, scope, None, world, &mut unwatched));
        match outcome {
            Ok(outcome) => self.exit(id, outcome, state.next, world),
            Err(failure) => self.fail(id, failure, world),
        }
    }
}

/// When a Wait is over.
///
/// # Errors
/// What cannot be found or evaluated, or is no time.
pub fn end_of_wait(
    state: &State,
    until: &Until,
    scope: &super::Scope<'_>,
    world: &mut dyn World,
) -> Result<Micros, Failure> {
    // Paths look into what `InputPath` leaves.
    let input = fields::select(&state.fields.input_path, scope.input, scope)?;
    let scope = &scope.with_input(&input);
    match until {
        Until::Seconds(given) => {
            let seconds = seconds(given, scope, world)?;
            Ok(world.now().saturating_add(seconds.unsigned_abs() * MICROS_PER_SECOND))
        }
        Until::Timestamp(given) => moment(given, scope, world),
    }
}

fn seconds(given: &Given<i64>, scope: &super::Scope<'_>, world: &mut dyn World) -> Result<i64, Failure> {
    let (path, value) = match given {
        Given::Value(seconds) => return Ok(*seconds),
        Given::Path(path) => (path, query::path_or_intrinsic(path, "SecondsPath", scope.input, scope, world)?),
        Given::Expression(_) => {
            let seconds = numbers::integer(given, "Seconds", scope, world)?;
            if seconds < 0 {
                let cause = format!("The Seconds field must be zero or above, but was {seconds}");
                return Err(Failure::evaluation("Seconds", cause));
            }
            return Ok(seconds);
        }
    };
    let text = numbers::shown(&value);
    match value.as_i64() {
        Some(seconds @ 0..) => Ok(seconds),
        Some(_) => {
            Err(Failure::runtime(format!("The SecondsPath parameter references a negative value: {path} == {text}")))
        }
        None => Err(Failure::runtime(format!(
            "The SecondsPath parameter cannot be parsed as a long value: {path} == {text}"
        ))),
    }
}

fn moment(given: &Given<String>, scope: &super::Scope<'_>, world: &mut dyn World) -> Result<Micros, Failure> {
    let wrong = |text: &str| match given {
        Given::Path(path) => Failure::runtime(format!(
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: \
             {path} == {text}"
        )),
        Given::Expression(expression) => Failure::evaluation(
            "Timestamp",
            format!(
                "The JSONata expression '{}' specified for the field 'Timestamp' returned an unexpected result type. \
                 Expected a valid ISO-8601 extended offset date-time format string, but was: {text}",
                query::inside(expression)
            ),
        ),
        Given::Value(_) => {
            Failure::runtime(format!("The Timestamp parameter is not a valid date-time format string: {text}"))
        }
    };
    let text = match given {
        Given::Value(text) => text.clone(),
        Given::Path(path) => {
            numbers::shown(&query::path_or_intrinsic(path, "TimestampPath", scope.input, scope, world)?)
        }
        Given::Expression(_) => numbers::text(given, "Timestamp", scope, world)?,
    };
    timestamp(&text).map(|at| at.max(0) as Micros).ok_or_else(|| wrong(&text))
}
