//! JSONata 2.0.6 as Step Functions has it (SFN-7): `{% $states.input.orders[total > 100].id %}`. AWS adds `$partition`,
//! `$range`, `$hash`, `$random` with a seed, `$uuid` and `$parse`; there is no `$eval`. A path that finds one value gives
//! that value and not a list of it, as JSONata always does.
//!
//! An interpreter of our own: each step, copy and match is counted, so that any expression ends; the clock and chance are
//! the caller's, so that the same run gives the same result.

mod call;
mod error;
mod evaluator;
mod function;
mod library;
mod matching;
mod number;
mod operators;
mod parser;
mod path;
mod raw;
mod references;
mod shaping;
mod signature;
#[cfg(test)]
mod tests;
mod token;
mod transform;
mod tree;
mod value;
mod walk;

use std::rc::Rc;

use serde_json::Value as Json;

use crate::lang::instant::BEGIN_UNIX;
pub use error::JsonataError;
use error::Trouble;
use evaluator::{Evaluator, stopped};
use function::Frame;
pub use references::References;
use tree::Tree;
use value::{Marks, SEQUENCE, Value};

/// Operands within operands, as they are read.
const NESTING_MAX: usize = 100;
/// Nodes of the tree within one another.
const HEIGHT_MAX: usize = 250;
/// Evaluations within one another, those of functions that call themselves among them.
const DEPTH_MAX: usize = 302;
/// Values within the one that is walked through.
const VALUE_DEPTH_MAX: usize = 400;
/// Values within one another in a result: more is no JSON that could be read again.
const RESULT_DEPTH_MAX: usize = 120;
/// Steps of an evaluation, and what it makes: AWS stops an expression after a second.
const WORK_MAX: u64 = 3_000_000;
/// Steps of a regular expression that count as one.
const MATCH_WORK: u64 = 4;

/// The clock and chance of an evaluation.
pub trait Surroundings {
    /// Microseconds of virtual time, which begins with 2026.
    fn now(&mut self) -> u64;
    /// In 0..1.
    fn random(&mut self) -> f64;
    fn uuid(&mut self) -> String;
}

/// An expression that was read; without the `{%` and `%}` around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    text: String,
    tree: Tree,
}

/// JSON as evaluations take it: made once for several expressions of a state.
#[derive(Clone)]
pub struct Document(Value);

impl Document {
    #[must_use]
    pub fn new(json: &Json) -> Self {
        Self(Value::from_json(json))
    }

    /// No input at all.
    #[must_use]
    pub fn undefined() -> Self {
        Self(Value::Undefined)
    }

    /// An object of documents, which are not copied: `$states` of a state's input, context and result.
    #[must_use]
    pub fn object(fields: &[(&str, Self)]) -> Self {
        Self(Value::object(fields.iter().map(|(name, document)| ((*name).into(), document.0.clone()))))
    }
}

impl Expression {
    /// # Errors
    /// What is wrong with the text, by JSONata's code.
    pub fn parse(text: &str) -> Result<Self, JsonataError> {
        let tree = parser::parse(text).and_then(shaping::shape).map_err(|trouble| trouble.finish())?;
        Ok(Self { text: text.to_owned(), tree })
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The result; none where it is undefined. `bindings` are variables by their names, without the dollar.
    ///
    /// # Errors
    /// JSONata's errors; a function is no result; and whoever takes too long, too deep or too much is stopped with `U1001`.
    pub fn evaluate(
        &self,
        data: &Document,
        bindings: &[(&str, Document)],
        surroundings: &mut dyn Surroundings,
    ) -> Result<Option<Json>, JsonataError> {
        let now = BEGIN_UNIX * 1_000.0 + (surroundings.now() / 1_000) as f64;
        let mut evaluator = Evaluator::new(&self.tree, now, surroundings);
        let frame = Rc::new(Frame::default());
        for (name, document) in bindings {
            frame.bind(name, document.0.clone());
        }
        frame.bind("$", data.0.clone());
        // A list as input is one input.
        let input = match &data.0 {
            list @ Value::List(..) => {
                Value::List(Rc::new(vec![list.clone()].into()), Marks { is_outer: true, ..SEQUENCE })
            }
            other => other.clone(),
        };
        let result = evaluator.evaluate(&self.tree.root, &input, &frame);
        evaluator.finish();
        frame.clear();
        result.and_then(|result| answer(&result)).map_err(|trouble| trouble.finish())
    }
}

fn answer(result: &Value) -> Result<Option<Json>, Box<Trouble>> {
    match result {
        Value::Undefined => Ok(None),
        Value::Number(number) if !number.is_finite() => Err(Trouble::with("D1001", result.clone())),
        Value::Function(_) => {
            let mut trouble = Trouble::new("T2013");
            trouble.message = Some("The result is a function, which is no JSON".to_owned());
            Err(trouble)
        }
        list @ Value::List(items, marks) if marks.is_outer => answer(items.first().unwrap_or(list)),
        other => match other.to_json() {
            Some(json) => Ok(Some(json)),
            None => Err(stopped("The result holds a function, or has too many values within one another")),
        },
    }
}
