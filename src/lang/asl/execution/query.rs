//! Paths, templates and expressions as the fields of a state use them, with their failures in AWS's words.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::failure::{Error, Failure, RUNTIME};
use super::scope::{Scope, World};
use crate::lang::asl::path::Path;
use crate::lang::asl::scope as asl;
use crate::lang::asl::template::{self, Expression};
use crate::lang::jsonata::{self, Document};

impl<'a> Scope<'a> {
    /// The same with another value as `$`.
    #[must_use]
    pub fn with_input(&self, input: &'a Value) -> Self {
        Self { input, ..*self }
    }

    fn of_paths(&self, input: &'a Value) -> asl::Scope<'a> {
        asl::Scope { input, context: self.context, variables: self.variables }
    }
}

/// The value at a path of `InputPath` or `OutputPath`.
///
/// # Errors
/// It finds nothing.
pub fn find(path: &Path, value: &Value, scope: &Scope<'_>) -> Result<Value, Failure> {
    path.find_in(&scope.of_paths(value))
        .map(Cow::into_owned)
        .map_err(|why| Failure::runtime(format!("Invalid path '{path}' : {}", why.message)))
}

/// The value at the path of a Choice's rule, if there is one.
#[must_use]
pub fn look(path: &Path, input: &Value, scope: &Scope<'_>) -> Option<Value> {
    path.find_in(&scope.of_paths(input)).ok().map(Cow::into_owned)
}

/// A payload template, filled in; `$` is `value`.
///
/// # Errors
/// A path that finds nothing, an intrinsic function that fails.
pub fn template(template: &Value, value: &Value, scope: &Scope<'_>, world: &mut dyn World) -> Result<Value, Failure> {
    template::evaluate_template(template, &scope.of_paths(value), world).map_err(failed)
}

/// A field whose name ends in `Path`: a path, or an intrinsic function where one may stand.
///
/// # Errors
/// A path that finds nothing, an intrinsic function that fails.
pub fn path_or_intrinsic(
    text: &str,
    field: &str,
    value: &Value,
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<Value, Failure> {
    match Expression::parse(text) {
        Ok(Expression::Path(path)) => find(&path, value, scope),
        Ok(intrinsic) => intrinsic.value(field, &scope.of_paths(value), world).map_err(failed),
        Err(why) => Err(Failure::runtime(why)),
    }
}

fn failed(failure: template::Failure) -> Failure {
    if failure.error == RUNTIME {
        return Failure::runtime(failure.cause);
    }
    Failure { is_told: false, ..Failure::of(Error::new(failure.error, failure.cause)) }
}

/// A value with JSONata's expressions in it, evaluated; `given` is what `$states` holds beside input and context.
///
/// # Errors
/// An expression that fails, or gives nothing.
pub fn jsonata(
    value: &Value,
    field: &str,
    (scope, given): (&Scope<'_>, &[(&str, &Value)]),
    world: &mut dyn World,
) -> Result<Value, Failure> {
    if !has_expressions(value) {
        return Ok(value.clone());
    }
    let mut states = vec![("input", Document::new(scope.input)), ("context", Document::new(scope.context))];
    states.extend(given.iter().map(|(name, value)| (*name, Document::new(value))));
    let variables = scope.variables.iter().map(|(name, value)| (&**name, Document::new(value)));
    let mut bindings: Vec<(&str, Document)> = variables.collect();
    bindings.push(("states", Document::object(&states)));
    evaluated(value, field, &bindings, world)
}

fn has_expressions(value: &Value) -> bool {
    match value {
        Value::String(text) => is_expression(text),
        Value::Array(items) => items.iter().any(has_expressions),
        Value::Object(fields) => fields.values().any(has_expressions),
        _ => false,
    }
}

fn evaluated(
    value: &Value,
    field: &str,
    bindings: &[(&str, Document)],
    world: &mut dyn World,
) -> Result<Value, Failure> {
    Ok(match value {
        Value::String(text) if is_expression(text) => expression(text, field, bindings, world)?,
        Value::Array(items) => {
            let each = |(place, item)| evaluated(item, &format!("{field}[{place}]"), bindings, world);
            Value::Array(items.iter().enumerate().map(each).collect::<Result<_, Failure>>()?)
        }
        Value::Object(fields) => {
            let mut filled = Map::new();
            for (name, inner) in fields {
                filled.insert(name.clone(), evaluated(inner, &format!("{field}/{name}"), bindings, world)?);
            }
            Value::Object(filled)
        }
        other => other.clone(),
    })
}

/// Whether a text is `{% … %}`.
#[must_use]
pub fn is_expression(text: &str) -> bool {
    text.starts_with("{%") && text.ends_with("%}") && text.len() >= 4
}

/// What stands in `{% … %}`.
#[must_use]
pub fn inside(text: &str) -> &str {
    text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}")).unwrap_or(text).trim()
}

fn expression(text: &str, field: &str, bindings: &[(&str, Document)], world: &mut dyn World) -> Result<Value, Failure> {
    let text = inside(text);
    let said = |what: &str| {
        Failure::evaluation(field, format!("The JSONata expression '{text}' specified for the field '{field}' {what}"))
    };
    let evaluated = jsonata::Expression::parse(text)
        .and_then(|expression| expression.evaluate(&Document::undefined(), bindings, &mut Around(world)));
    match evaluated {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(said("returned nothing (undefined).")),
        // What was stopped by a bound has no code of JSONata's.
        Err(error) if error.code.starts_with('U') => {
            Err(said(&format!("threw an error during evaluation: {}", error.message)))
        }
        Err(error) => Err(said(&format!("threw an error during evaluation. {}: {}", error.code, error.message))),
    }
}

/// The world as JSONata asks for it.
struct Around<'a>(&'a mut dyn World);

impl jsonata::Surroundings for Around<'_> {
    fn now(&mut self) -> u64 {
        self.0.now()
    }

    fn random(&mut self) -> f64 {
        self.0.random_unit()
    }

    fn uuid(&mut self) -> String {
        self.0.uuid()
    }
}

/// An expression that gave a value of another type than its field needs.
#[must_use]
pub fn unexpected(expression: &str, field: &str, wanted: &str, value: &Value) -> Failure {
    let text = inside(expression);
    Failure::evaluation(
        field,
        format!(
            "The JSONata expression '{text}' specified for the field '{field}' returned an unexpected result type. \
             Expected '{wanted}', but was '{}' for value: {}",
            type_name(value),
            shown(value)
        ),
    )
}

fn shown(value: &Value) -> String {
    value.to_string()
}

/// What AWS calls a value's type.
#[must_use]
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A rule's `Condition`.
///
/// # Errors
/// It fails, or gives no boolean.
pub fn condition(condition: &Value, place: usize, scope: &Scope<'_>, world: &mut dyn World) -> Result<bool, Failure> {
    let field = format!("Choices[{place}]/Condition");
    match jsonata(condition, &field, (scope, &[]), world)? {
        Value::Bool(holds) => Ok(holds),
        other => Err(unexpected(condition.as_str().unwrap_or_default(), &field, "boolean", &other)),
    }
}
