//! The way of data through a state (SFN-6, SFN-7): what its fields make of its input, and of what its work gave.

use serde_json::{Map, Value, json};

use super::failure::{Error, Failure, RESULT_PATH_MATCH_FAILURE};
use super::query;
use super::scope::{Scope, Stage, Watch, World};
use crate::lang::asl::machine::{Catcher, QueryLanguage, Selection, State, StateKind};

/// What a state hands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub output: Value,
    pub assigned: Option<Map<String, Value>>,
}

/// What a state's work begins with: its input after `InputPath` and `Parameters`, or its `Arguments`.
///
/// # Errors
/// What cannot be found or evaluated.
pub fn effective_input(
    state: &State,
    scope: &Scope<'_>,
    world: &mut dyn World,
    watch: Watch<'_>,
) -> Result<Value, Failure> {
    watch(Stage::Input, scope.input);
    let fields = &state.fields;
    if state.language == QueryLanguage::Jsonata {
        let Some(arguments) = &fields.arguments else { return Ok(scope.input.clone()) };
        let value = query::jsonata(arguments, "Arguments", (scope, &[]), world)?;
        watch(Stage::AfterArguments, &value);
        return Ok(value);
    }
    let selected = select(&fields.input_path, scope.input, scope)?;
    watch(Stage::AfterInputPath, &selected);
    let Some(parameters) = fields.parameters.as_ref() else { return Ok(selected) };
    let value = query::template(parameters, &selected, scope, world)?;
    watch(Stage::AfterParameters, &value);
    Ok(value)
}

/// The part of a value that a path names.
///
/// # Errors
/// A path that finds nothing.
pub fn select(selection: &Selection, value: &Value, scope: &Scope<'_>) -> Result<Value, Failure> {
    match selection {
        Selection::Whole => Ok(value.clone()),
        Selection::Nothing => Ok(json!({})),
        Selection::At(path) => query::find(path, value, scope),
    }
}

/// What a state hands on once its work gave `result`; `None` for a state that does none.
///
/// # Errors
/// What cannot be found or evaluated.
pub fn outcome(
    state: &State,
    scope: &Scope<'_>,
    result: Option<Value>,
    world: &mut dyn World,
    watch: Watch<'_>,
) -> Result<Outcome, Failure> {
    if let Some(result) = &result {
        watch(Stage::Result, result);
    }
    let outcome = match state.language {
        QueryLanguage::JsonPath => by_paths(state, scope, result, world, watch)?,
        QueryLanguage::Jsonata => by_expressions(state, scope, result, world)?,
    };
    if let Some(assigned) = &outcome.assigned {
        watch(Stage::Assigned, &Value::Object(assigned.clone()));
    }
    watch(Stage::Output, &outcome.output);
    Ok(outcome)
}

fn by_paths(
    state: &State,
    scope: &Scope<'_>,
    result: Option<Value>,
    world: &mut dyn World,
    watch: Watch<'_>,
) -> Result<Outcome, Failure> {
    let fields = &state.fields;
    let Some(result) = result else { return handed_on(state, fields.assign.as_ref(), scope, world) };
    let assigned = assigned_by_paths(fields.assign.as_ref(), &result, scope, world)?;
    let result = match &fields.result_selector {
        Some(selector) => {
            let selected = query::template(selector, &result, scope, world)?;
            watch(Stage::AfterResultSelector, &selected);
            selected
        }
        None => result,
    };
    let placed = place(&fields.result_path, scope.input, result)?;
    watch(Stage::AfterResultPath, &placed);
    let output = select(&fields.output_path, &placed, scope)?;
    Ok(Outcome { output, assigned })
}

/// What a state of paths that does no work hands on.
///
/// # Errors
/// What cannot be found.
pub fn handed_on(
    state: &State,
    assign: Option<&Map<String, Value>>,
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<Outcome, Failure> {
    let selected = select(&state.fields.input_path, scope.input, scope)?;
    let assigned = assigned_by_paths(assign, &selected, scope, world)?;
    let output = select(&state.fields.output_path, &selected, scope)?;
    Ok(Outcome { output, assigned })
}

/// `ResultPath`: a result put into the state's input.
fn place(result_path: &Selection, input: &Value, result: Value) -> Result<Value, Failure> {
    match result_path {
        Selection::Whole => Ok(result),
        Selection::Nothing => Ok(input.clone()),
        Selection::At(path) => path.set(input.clone(), result).map_err(|why| {
            let error = Error::new(RESULT_PATH_MATCH_FAILURE, why.cause(input));
            Failure { is_told: false, ..Failure::of(error) }
        }),
    }
}

fn assigned_by_paths(
    assign: Option<&Map<String, Value>>,
    whole: &Value,
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<Option<Map<String, Value>>, Failure> {
    let Some(assign) = assign else { return Ok(None) };
    match query::template(&Value::Object(assign.clone()), whole, scope, world)? {
        Value::Object(assigned) => Ok(Some(assigned)),
        _ => unreachable!("a template of an object gives an object"),
    }
}

fn by_expressions(
    state: &State,
    scope: &Scope<'_>,
    result: Option<Value>,
    world: &mut dyn World,
) -> Result<Outcome, Failure> {
    let given: Vec<(&str, &Value)> = result.iter().map(|result| ("result", result)).collect();
    let assigned = assigned_by_expressions(state.fields.assign.as_ref(), "Assign", (scope, &given), world)?;
    let output = match &state.fields.output {
        Some(output) => query::jsonata(output, "Output", (scope, &given), world)?,
        None => result.unwrap_or_else(|| scope.input.clone()),
    };
    Ok(Outcome { output, assigned })
}

/// The variables that an `Assign` of JSONata sets; `given` is what `$states` holds beside input and context.
///
/// # Errors
/// What cannot be evaluated.
pub fn assigned_by_expressions(
    assign: Option<&Map<String, Value>>,
    place: &str,
    (scope, given): (&Scope<'_>, &[(&str, &Value)]),
    world: &mut dyn World,
) -> Result<Option<Map<String, Value>>, Failure> {
    let Some(assign) = assign else { return Ok(None) };
    match query::jsonata(&Value::Object(assign.clone()), place, (scope, given), world)? {
        Value::Object(assigned) => Ok(Some(assigned)),
        _ => unreachable!("an object of expressions gives an object"),
    }
}

/// What a catcher hands on to the state that it leads to (SFN-18).
///
/// # Errors
/// What cannot be found or evaluated.
pub fn caught(
    state: &State,
    catcher: (usize, &Catcher),
    scope: &Scope<'_>,
    error: &Error,
    world: &mut dyn World,
) -> Result<Outcome, Failure> {
    let (number, catcher) = catcher;
    let told = error.output();
    if state.language == QueryLanguage::JsonPath {
        let assigned = assigned_by_paths(catcher.assign.as_ref(), &told, scope, world)?;
        return Ok(Outcome { output: place(&catcher.result_path, scope.input, told)?, assigned });
    }
    let given = [("errorOutput", &told)];
    let place = format!("Catch[{number}]/Assign");
    let assigned = assigned_by_expressions(catcher.assign.as_ref(), &place, (scope, &given), world)?;
    let output = match &catcher.output {
        Some(output) => query::jsonata(output, &format!("Catch[{number}]/Output"), (scope, &given), world)?,
        None => told,
    };
    Ok(Outcome { output, assigned })
}

/// What the work of a Pass gives: its `Result`, else what came in.
#[must_use]
pub fn pass_result(state: &State, input: Value) -> Value {
    match &state.kind {
        StateKind::Pass { result: Some(result) } => result.clone(),
        _ => input,
    }
}
