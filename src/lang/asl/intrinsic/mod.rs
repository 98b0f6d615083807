//! The intrinsic functions of JSONPath states (SFN-14): `States.Format('Hello {}', $.name)`.
//!
//! AWS documents `States.IntrinsicFailure` for what they refuse; what it answers is `States.Runtime`, with the whole
//! expression in its cause.

mod functions;
pub(crate) use functions::digest;
mod syntax;
#[cfg(test)]
mod tests;
mod text;

use serde_json::Value;

use super::chance::Chance;
use super::path::Path;
use super::scope::Scope;
use super::template::Failure;
use functions::Function;

/// Calls within calls.
const NESTING_MAX: usize = 10;
/// Items that `ArrayRange` makes.
const RANGE_MAX: usize = 1_000;
/// Characters that `Base64Encode`, `Base64Decode` and `Hash` take.
const TEXT_MAX: usize = 10_000;
/// What a result may be made of: values, and bytes of text.
const WEIGHT_MAX: usize = 2_000_000;

#[derive(Clone, Debug, PartialEq)]
pub struct Intrinsic {
    text: String,
    call: Call,
}

#[derive(Clone, Debug, PartialEq)]
struct Call {
    function: Function,
    arguments: Vec<Argument>,
}

#[derive(Clone, Debug, PartialEq)]
enum Argument {
    Constant(Value),
    /// A text between quotes; `\{` and `\}` keep their backslash, which says that they are no place of `States.Format`.
    Text(String),
    Path(Path),
    Call(Call),
}

/// Why a call has no value.
enum Refusal {
    /// The function does not take these arguments.
    Arguments,
    Sentence(String),
}

impl Intrinsic {
    /// # Errors
    /// A sentence of its own.
    pub fn parse(text: &str) -> Result<Self, String> {
        syntax::parse(text)
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The paths among its arguments, those of inner calls too.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        let (mut paths, mut open) = (Vec::new(), vec![&self.call]);
        while let Some(call) = open.pop() {
            for argument in &call.arguments {
                match argument {
                    Argument::Path(path) => paths.push(path),
                    Argument::Call(call) => open.push(call),
                    Argument::Constant(_) | Argument::Text(_) => {}
                }
            }
        }
        paths
    }

    /// # Errors
    /// A path leads nowhere, or a function refuses its arguments.
    pub fn evaluate(&self, scope: &Scope, chance: &mut dyn Chance) -> Result<Value, Failure> {
        evaluate(&self.call, scope, chance).map_err(|refusal| {
            let sentence = match refusal {
                (_, Refusal::Sentence(sentence)) => sentence,
                (function, Refusal::Arguments) => format!("Invalid arguments in States.{}", function.name()),
            };
            Failure::runtime(format!("The function '{}' had the following error: {sentence}", self.text))
        })
    }
}

fn evaluate(call: &Call, scope: &Scope, chance: &mut dyn Chance) -> Result<Value, (Function, Refusal)> {
    let refused = |refusal| (call.function, refusal);
    let mut values = Vec::with_capacity(call.arguments.len());
    let mut weight = 0;
    for (place, argument) in call.arguments.iter().enumerate() {
        let value = match argument {
            Argument::Constant(value) => value.clone(),
            Argument::Text(text) if call.function == Function::Format && place == 0 => text.clone().into(),
            Argument::Text(text) => text.replace("\\{", "{").replace("\\}", "}").into(),
            Argument::Call(call) => evaluate(call, scope, chance)?,
            Argument::Path(path) => path.find_in(scope).map(|value| value.into_owned()).map_err(|missing| {
                refused(Refusal::Sentence(match scope.root(path.root()) {
                    Some(whole) => {
                        format!(
                            "The JsonPath argument for the field '{path}' could not be found in the input '{whole}'"
                        )
                    }
                    None => missing.message,
                }))
            })?,
        };
        weight += text::weight(&value, WEIGHT_MAX);
        if weight > WEIGHT_MAX {
            return Err(refused(Refusal::Sentence("The arguments are too large".to_owned())));
        }
        values.push(value);
    }
    functions::apply(call.function, values, chance).map_err(refused)
}
