//! `TestState`: one state, tried without an execution (SFN-5…18): what each of its stages made of the input, what a mocked
//! result or error leads to.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html>
//!
//! Absent on purpose: the request and response of HTTP tasks at the level `TRACE`.

mod choosing;
mod inspection;
mod map_run;
mod mock;
mod outcome;
mod request;
mod response_shape;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use self::inspection::Inspection;
use self::mock::{Mock, Mocked};
use self::outcome::Done;
use self::request::{Configuration, Level};
use super::execution::failure::{Error, Failure};
use super::execution::fields;
use super::execution::scope::{Scope, World};
use super::machine::{Machine, QueryLanguage, State, StateId, StateKind};
use super::resource::Resource;
use crate::lang::instant::instant_text;

pub use request::Refused;

/// The scope of the state under test beside its inspection, both borrowed at once.
macro_rules! scope {
    ($test:expr) => {
        (Scope { input: &$test.input, context: &$test.context, variables: &$test.variables }, &mut $test.inspection)
    };
}

/// What came of a test.
#[derive(Clone, Debug)]
pub enum Tested {
    /// `TestState`'s answer.
    Answer(Value),
    /// A task without a mock calls its service; [`Test::answered`] goes on from there.
    Call(Box<Test>),
}

/// A state under test.
#[derive(Clone, Debug)]
pub struct Test {
    machine: Arc<Machine>,
    state: StateId,
    level: Level,
    input: Value,
    context: Value,
    variables: Map<String, Value>,
    mock: Option<Mock>,
    configuration: Configuration,
    inspection: Inspection,
    /// Of a task that calls its service: what it is called with.
    parameters: Value,
}

/// Tries a state. `machine_arn` says in which Region and account it lies.
///
/// # Errors
/// AWS's refusal of the request.
pub fn test_state(request: &Value, machine_arn: &str, world: &mut dyn World) -> Result<Tested, Refused> {
    let mut test = request::read(request, machine_arn, world)?;
    test.check_mocked_fields()?;
    let done = match test.begin(world)? {
        Begun::Done(done) => done,
        Begun::Call(parameters) => {
            test.parameters = parameters;
            return Ok(Tested::Call(Box::new(test)));
        }
    };
    Ok(Tested::Answer(test.answer(done, world)))
}

/// What the beginning of a state's work came to.
enum Begun {
    Done(Result<Done, Failure>),
    Call(Value),
}

impl Test {
    #[must_use]
    pub fn resource(&self) -> Option<&Resource> {
        match &self.state().kind {
            StateKind::Task(task) => Some(&task.resource),
            _ => None,
        }
    }

    /// What the service is called with.
    #[must_use]
    pub fn parameters(&self) -> &Value {
        &self.parameters
    }

    /// The answer, once the service has given its own.
    #[must_use]
    pub fn answered(mut self, result: Result<Value, Error>, world: &mut dyn World) -> Value {
        let done = match result {
            Ok(result) => self.finish(result, world),
            Err(error) => Err(Failure::of(error)),
        };
        self.answer(done, world)
    }

    fn state(&self) -> &State {
        &self.machine.states[self.state]
    }

    fn begin(&mut self, world: &mut dyn World) -> Result<Begun, Refused> {
        let machine = Arc::clone(&self.machine);
        let state = &machine.states[self.state];
        self.inspection.put("input", self.input.clone());
        let done = match &state.kind {
            StateKind::Task(_) => match self.task_input(state, world) {
                Ok(parameters) => return Ok(self.task(parameters, world)),
                Err(failure) => Err(failure),
            },
            StateKind::Pass { result } => self.pass(state, result.is_some(), world),
            StateKind::Parallel { branches } => {
                if let Some(refused) = self.mocked_list(Some(branches.len())) {
                    return Err(refused);
                }
                self.parallel(state, world)
            }
            StateKind::Map(map) => return self.map(state, map, world).map(Begun::Done),
            _ => self.choose(state, world),
        };
        Ok(Begun::Done(done))
    }

    /// Shows a state's input stages, which a task has always.
    fn task_input(&mut self, state: &State, world: &mut dyn World) -> Result<Value, Failure> {
        let (scope, inspection) = scope!(self);
        let input = fields::effective_input(state, &scope, world, &mut |stage, value| inspection.see(stage, value))?;
        let name = if state.language == QueryLanguage::Jsonata { "afterArguments" } else { "afterParameters" };
        inspection.put_if_absent(name, &input);
        Ok(input)
    }

    fn task(&mut self, parameters: Value, world: &mut dyn World) -> Begun {
        match self.mock.as_ref().map(|mock| mock.mocked.clone()) {
            None => Begun::Call(parameters),
            Some(Mocked::Error(error)) => Begun::Done(Err(Failure::of(error))),
            Some(Mocked::Result(result)) => Begun::Done(self.finish(result, world)),
        }
    }

    fn pass(&mut self, state: &State, has_result: bool, world: &mut dyn World) -> Result<Done, Failure> {
        // What a literal result replaces is not looked at.
        let input = if has_result { Value::Null } else { self.task_input(state, world)? };
        let result = fields::pass_result(state, input);
        let done = self.finish(result, world);
        if !has_result {
            self.inspection.remove("result");
        }
        if state.language == QueryLanguage::Jsonata {
            self.inspection.remove("afterArguments");
        }
        done
    }

    fn parallel(&mut self, state: &State, world: &mut dyn World) -> Result<Done, Failure> {
        let (scope, inspection) = scope!(self);
        fields::effective_input(state, &scope, world, &mut |stage, value| inspection.see(stage, value))?;
        if state.fields.input_path == super::machine::Selection::Whole {
            inspection.remove("afterInputPath");
        }
        self.mocked(world)
    }

    /// Goes on with what the mock gives for all branches or items.
    fn mocked(&mut self, world: &mut dyn World) -> Result<Done, Failure> {
        let done = match self.mock.as_ref().map(|mock| mock.mocked.clone()) {
            Some(Mocked::Error(error)) => return Err(Failure::of(error)),
            Some(Mocked::Result(result)) => self.finish(result, world),
            None => self.finish(Value::Null, world),
        };
        self.inspection.remove("result");
        done
    }

    /// What the state makes of the result of its work.
    fn finish(&mut self, result: Value, world: &mut dyn World) -> Result<Done, Failure> {
        let machine = Arc::clone(&self.machine);
        let state = &machine.states[self.state];
        let (scope, inspection) = scope!(self);
        let mut watch = |stage, value: &Value| inspection.see(stage, value);
        let outcome = fields::outcome(state, &scope, Some(result.clone()), world, &mut watch)?;
        if state.language == QueryLanguage::JsonPath {
            self.inspection.put_if_absent("afterResultSelector", &result);
        }
        Ok(Done::of(outcome, state.next.map(|next| machine.states[next].name.clone())))
    }
}

/// The context object of a test (SFN-15).
fn default_context(
    state: &State,
    input: &Value,
    role: Option<&str>,
    machine_arn: &str,
    world: &mut dyn World,
) -> Value {
    let (machine, execution) = (world.uuid(), world.uuid());
    let place = machine_arn.split(":stateMachine:").next().unwrap_or_default();
    let mut context = json!({
        "Execution": {
            "Id": format!("{place}:express:{machine}:{execution}"),
            "Input": input,
            "Name": execution,
            "StartTime": instant_text(world.now()),
        },
        "StateMachine": { "Id": format!("{place}:stateMachine:{machine}"), "Name": machine },
        "State": { "Name": state.name, "EnteredTime": instant_text(world.now()) },
    });
    if let Some(role) = role {
        context["Execution"]["RoleArn"] = role.into();
    }
    if matches!(state.kind, StateKind::Task(_) | StateKind::Parallel { .. } | StateKind::Map(_)) {
        context["State"]["RetryCount"] = 0.into();
    }
    context
}
