//! The request of `TestState`: which state with which input, and what AWS refuses of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::inspection::Inspection;
use super::mock::{Mock, Mocked};
use super::response_shape::Strictness;
use super::{Test, default_context};
use crate::lang::asl::execution::failure::Error;
use crate::lang::asl::execution::scope::World;
use crate::lang::asl::machine::{Machine, State, StateId, StateKind};
use crate::lang::asl::read::{self, json_error};
use crate::lang::asl::resource::{Pattern, Resource};

/// A state that is tested alone has this name.
const NAME: &str = "StateName";

/// AWS's refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub code: &'static str,
    pub message: String,
}

impl Refused {
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self { code: "ValidationException", message: message.into() }
    }

    fn definition(message: impl Into<String>) -> Self {
        Self { code: "InvalidDefinition", message: message.into() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Info,
    Debug,
    Trace,
}

/// `stateConfiguration`.
#[derive(Clone, Debug, Default)]
pub(super) struct Configuration {
    pub(super) retrier_retry_count: u64,
    pub(super) map_iteration_failure_count: Option<u64>,
    pub(super) map_item_reader_data: Option<String>,
}

pub(super) fn read(request: &Value, machine_arn: &str, world: &mut dyn World) -> Result<Test, Refused> {
    let level = level(request)?;
    let (machine, state) = definition(request)?;
    let mocked = request.get("mock").filter(|mock| !mock.is_null());
    let configuration = configuration(request, mocked.is_some())?;
    check_mock(request, mocked, &machine.states[state])?;
    let mock = mocked.map(read_mock).transpose()?;
    let text = optional_text(request, "input");
    let input = parsed(text.as_deref().unwrap_or("{}"))?;
    let variables = object(request, "variables")?.unwrap_or_default();
    let role = request.get("roleArn").and_then(Value::as_str);
    let context = match object(request, "context")? {
        Some(context) => Value::Object(context),
        None => {
            let state = &machine.states[state];
            let mut context = default_context(state, &input, role, machine_arn, world);
            if configuration.retrier_retry_count > 0 && context["State"].get("RetryCount").is_some() {
                context["State"]["RetryCount"] = configuration.retrier_retry_count.into();
            }
            if waits_for_token(state) {
                context["Task"] = json!({ "Token": world.uuid() });
            }
            context
        }
    };
    let mock_text = mocked.and_then(|mock| mock.get("result")?.as_str());
    let is_spaced = [text.as_deref(), mock_text].into_iter().flatten().any(is_written_with_blanks);
    let inspection = Inspection::written_with_blanks(is_spaced);
    let machine = Arc::new(machine);
    let parameters = Value::Null;
    Ok(Test { machine, state, level, input, context, variables, mock, configuration, inspection, parameters })
}

/// A text of the request; a scene may write it as a value.
fn optional_text(request: &Value, name: &str) -> Option<String> {
    match request.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    }
}

fn level(request: &Value) -> Result<Level, Refused> {
    match request.get("inspectionLevel").and_then(Value::as_str) {
        None | Some("INFO") => Ok(Level::Info),
        Some("DEBUG") => Ok(Level::Debug),
        Some("TRACE") => Ok(Level::Trace),
        Some(other) => Err(not_in_enumeration(other, "inspectionLevel", "INFO, DEBUG, TRACE")),
    }
}

fn not_in_enumeration(value: &str, name: &str, words: &str) -> Refused {
    Refused::validation(format!(
        "1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: Member must satisfy enum \
         value set: [{words}]"
    ))
}

/// The machine, and which of its states is meant.
fn definition(request: &Value) -> Result<(Machine, StateId), Refused> {
    let Some(text) = optional_text(request, "definition") else {
        return Err(Refused::validation(
            "1 validation error detected: Value null at 'definition' failed to satisfy constraint: Member must not be null",
        ));
    };
    let name = request.get("stateName").and_then(Value::as_str);
    let Ok(value) = serde_json::from_str::<Value>(&text) else {
        let (_, problems) = read::read_text(&text, false);
        return Err(Refused::definition(read::refusal(&problems).unwrap_or_default()));
    };
    let (whole, alone) = match name {
        Some(_) => (value, false),
        None => (around(value), true),
    };
    let (machine, problems) = read::read(&whole);
    if let Some(message) = read::refusal(&problems) {
        // A state alone lies at the top of its definition.
        let message = if alone { message.replace(&format!("/States/{NAME}"), "") } else { message };
        return Err(Refused::definition(message.replace(" at '", " at /'").replace(" at ,", " at /,")));
    }
    let machine = machine.ok_or_else(|| Refused::definition("Invalid State Machine Definition"))?;
    let name = name.unwrap_or(NAME);
    let outer = machine.flow.states.iter().copied().find(|id| machine.states[*id].name == name);
    match outer.or_else(|| machine.states.iter().position(|state| state.name == name)) {
        Some(state) => Ok((machine, state)),
        None => Err(Refused::validation(format!("State '{name}' does not exist in the state machine definition."))),
    }
}

/// A machine of one state, and of an end for each state that it leads to.
fn around(state: Value) -> Value {
    let mut names = BTreeSet::new();
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    names.extend(text(&state, "Next").into_iter().chain(text(&state, "Default")));
    for list in ["Choices", "Catch"] {
        let items = state.get(list).and_then(Value::as_array);
        names.extend(items.into_iter().flatten().filter_map(|item| text(item, "Next")));
    }
    let mut states = Map::from_iter([(NAME.to_owned(), state)]);
    for name in names {
        states.entry(name).or_insert_with(|| json!({ "Type": "Succeed" }));
    }
    if states.len() == 1 && states[NAME].get("End").is_none() && has_no_end(&states[NAME]) {
        states.insert("End".to_owned(), json!({ "Type": "Succeed" }));
    }
    json!({ "StartAt": NAME, "States": states })
}

/// A Choice without a rule that leads on is told of as such, and not for lack of an end.
fn has_no_end(state: &Value) -> bool {
    state.get("Type").and_then(Value::as_str) == Some("Choice")
}

fn configuration(request: &Value, is_mocked: bool) -> Result<Configuration, Refused> {
    let Some(given) = request.get("stateConfiguration").filter(|given| given.is_object()) else {
        return Ok(Configuration::default());
    };
    let failures = given.get("mapIterationFailureCount").and_then(Value::as_u64);
    if failures.is_some() && !is_mocked {
        return Err(Refused::validation(
            "TestState does not support MapIterationFailureCount when a mock is not specified.",
        ));
    }
    Ok(Configuration {
        retrier_retry_count: given.get("retrierRetryCount").and_then(Value::as_u64).unwrap_or_default(),
        map_iteration_failure_count: failures,
        map_item_reader_data: optional_text(given, "mapItemReaderData"),
    })
}

/// Whether the state may be mocked as asked for, or must be and is not.
fn check_mock(request: &Value, mock: Option<&Value>, state: &State) -> Result<(), Refused> {
    let Some(mock) = mock else { return check_unmocked(request, state) };
    if mock.get("result").is_some() && mock.get("errorOutput").is_some() {
        let text = "A test mock should have only one of the following fields: [result, errorOutput].";
        return Err(Refused::validation(text));
    }
    if request.get("revealSecrets").and_then(Value::as_bool) == Some(true) {
        return Err(Refused::validation("TestState does not support RevealSecrets when a mock is specified."));
    }
    let works = matches!(state.kind, StateKind::Task(_) | StateKind::Parallel { .. } | StateKind::Map(_));
    if !works {
        let kind = state.kind.name();
        return Err(Refused::validation(format!("State type '{kind}' is not supported when a mock is specified")));
    }
    Ok(())
}

fn check_unmocked(request: &Value, state: &State) -> Result<(), Refused> {
    match &state.kind {
        StateKind::Map(_) | StateKind::Parallel { .. } => Err(Refused::definition(
            "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, \
             Succeed, Fail, Choice]",
        )),
        StateKind::Task(task) => {
            let pattern = match &task.resource {
                Resource::Service { pattern, .. } => *pattern,
                Resource::Activity { .. } => {
                    let text = "TestState API does not support Activity tasks when a mock is not specified";
                    return Err(Refused::definition(text));
                }
                _ => Pattern::RequestResponse,
            };
            if pattern != Pattern::RequestResponse {
                let suffix = pattern.suffix();
                return Err(Refused::definition(format!(
                    "TestState API does not support {suffix} service integration patterns when a mock is not specified"
                )));
            }
            if request.get("roleArn").and_then(Value::as_str).is_none() {
                return Err(Refused::validation("RoleArn must be specified when testing a Task state"));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn read_mock(mock: &Value) -> Result<Mock, Refused> {
    let strictness = match mock.get("fieldValidationMode").and_then(Value::as_str) {
        None | Some("STRICT") => Strictness::Strict,
        Some("PRESENT") => Strictness::Present,
        Some("NONE") => Strictness::None,
        Some(other) => {
            return Err(not_in_enumeration(other, "mock.fieldValidationMode", "STRICT, PRESENT, NONE"));
        }
    };
    if let Some(error) = mock.get("errorOutput") {
        let text = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
        return Ok(Mock { mocked: Mocked::Error(Error { error: text("error"), cause: text("cause") }), strictness });
    }
    let Some(text) = optional_text(mock, "result") else {
        let text = "A test mock should have one of the following fields: [result, errorOutput].";
        return Err(Refused::validation(text));
    };
    match serde_json::from_str(&text) {
        Ok(result) => Ok(Mock { mocked: Mocked::Result(result), strictness }),
        Err(_) => Err(Refused::validation("Mocked result must be a valid JSON string.")),
    }
}

fn parsed(text: &str) -> Result<Value, Refused> {
    serde_json::from_str(text)
        .map_err(|_| Refused { code: "InvalidExecutionInput", message: read::input_refusal(text) })
}

/// `variables` and `context`: an object as text.
fn object(request: &Value, name: &str) -> Result<Option<Map<String, Value>>, Refused> {
    let Some(text) = optional_text(request, name) else { return Ok(None) };
    match serde_json::from_str(&text) {
        Ok(Value::Object(map)) => Ok(Some(map)),
        _ => {
            let why = json_error(&text).map_or_else(|| "it must be a JSON object".to_owned(), |error| error.message);
            Err(Refused::validation(format!("The {name} provided is not valid: {why}")))
        }
    }
}

fn waits_for_token(state: &State) -> bool {
    match &state.kind {
        StateKind::Task(task) => match &task.resource {
            Resource::Activity { .. } => true,
            Resource::Service { pattern, .. } => *pattern == Pattern::WaitForTaskToken,
            _ => false,
        },
        _ => false,
    }
}

/// Whether a JSON text has a blank behind a colon or comma, and stands in one line.
fn is_written_with_blanks(text: &str) -> bool {
    let (mut is_quoted, mut is_escaped, mut before, mut has_blank) = (false, false, ' ', false);
    for character in text.chars() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '\n' if !is_quoted => return false,
            ' ' if !is_quoted && matches!(before, ':' | ',') => has_blank = true,
            _ => {}
        }
        before = character;
    }
    has_blank
}
