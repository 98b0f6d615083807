//! The JSONPath of Amazon States Language (SFN-6). AWS reads it with Jayway's library, so its operators and its sentences
//! are that library's. `$.order.lines[0]` looks in a state's input, `$$.Execution.Id` in the context, `$total.net` in a
//! variable.
//!
//! A *definite* path leads to one value, or fails. An indefinite one (`[*]`, a slice, a filter, `..`) gives the list of what
//! it finds, also an empty one. A *reference path* (`ResultPath`) has names and indexes alone.

mod filter;
mod filter_syntax;
mod function;
mod operator;
#[cfg(test)]
mod oracle;
mod placing;
mod search;
mod syntax;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use filter::Filter;
use function::Function;
pub use placing::Conflict;
pub use search::NotFound;

use super::scope::Scope;

/// Steps of a path and brackets within brackets of a filter: more is no path that anybody writes.
pub const STEPS_MAX: usize = 100;
const FILTER_DEPTH_MAX: usize = 20;
/// What the answer of an indefinite path may be made of: values, and bytes of text.
const WEIGHT_MAX: usize = 2_000_000;
/// Values of an input that one step may look at.
const LOOKS_MAX: usize = 200_000;

/// Where a path begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`: the state's input, or what stands for it.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`.
    Variable(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    text: String,
    root: Root,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Name(String),
    /// `['a','b']`.
    Names(Vec<String>),
    /// From the end, if negative.
    Index(i64),
    Indexes(Vec<i64>),
    Slice(Option<i64>, Option<i64>),
    /// `*`.
    Every,
    /// `..`: the value itself and whatever lies in it.
    Deep,
    Filter(Box<Filter>),
    /// `.length()`, at the end alone.
    Apply(Function),
}

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// A sentence of its own, without the path.
    pub message: String,
}

impl Path {
    /// # Errors
    /// The text is no path.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        syntax::parse(text)
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// `$`, `$$` or `$name` alone.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether it leads to one value; otherwise to a list.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        is_definite(&self.steps)
    }

    /// Whether it has names and indexes alone, as `ResultPath` must.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Name(_) | Step::Index(0..)))
    }

    /// The name of a step that lies at the end, if it has one: `total` of `$.order.total`.
    #[must_use]
    pub fn last_name(&self) -> Option<&str> {
        match self.steps.last() {
            Some(Step::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// What lies there in the value that its root stands for. An indefinite path gives a list, also where nothing is.
    ///
    /// # Errors
    /// A definite path leads to nothing.
    pub fn find<'a>(&self, whole: &'a Value) -> Result<Cow<'a, Value>, NotFound> {
        search::find(&self.steps, whole, &mut 0)
    }

    /// What lies there in the input, the context or a variable.
    ///
    /// # Errors
    /// As `find`; or there is no such variable.
    pub fn find_in<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, NotFound> {
        match scope.root(&self.root) {
            Some(whole) => self.find(whole),
            None => Err(NotFound::variable(&self.root)),
        }
    }

    /// The value at a reference path, as `ItemsPath` and its like look for it.
    ///
    /// # Errors
    /// A step of it leads nowhere.
    pub fn follow<'a>(&self, whole: &'a Value) -> Result<&'a Value, Conflict> {
        placing::follow(&self.steps, whole)
    }

    /// The input with the value at a reference path: `ResultPath`. Missing objects on the way are made.
    ///
    /// # Errors
    /// Something else lies where an object or a list is needed, or the list is too short.
    pub fn set(&self, input: Value, value: Value) -> Result<Value, Conflict> {
        placing::set(&self.steps, input, value)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_definite(steps: &[Step]) -> bool {
    let last = steps.len().wrapping_sub(1);
    steps.iter().enumerate().all(|(place, step)| match step {
        Step::Name(_) | Step::Index(_) => true,
        // At the end, several names are one object of them.
        Step::Names(_) => place == last,
        _ => false,
    }) || matches!(steps.last(), Some(Step::Apply(_)))
}

/// The steps as Jayway writes them in its sentences: `$['order']['lines'][0]`.
fn canonical(steps: &[Step]) -> String {
    let mut text = "$".to_owned();
    for step in steps {
        match step {
            Step::Name(name) => text.push_str(&format!("['{name}']")),
            Step::Names(names) => text.push_str(&format!("['{}']", names.join("','"))),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Indexes(indexes) => {
                let indexes: Vec<String> = indexes.iter().map(i64::to_string).collect();
                text.push_str(&format!("[{}]", indexes.join(",")));
            }
            Step::Slice(from, to) => {
                let written = |end: &Option<i64>| end.map(|end| end.to_string()).unwrap_or_default();
                text.push_str(&format!("[{}:{}]", written(from), written(to)));
            }
            Step::Every => text.push_str("[*]"),
            Step::Deep => text.push_str(".."),
            Step::Filter(_) => text.push_str("[?]"),
            Step::Apply(function) => text.push_str(&format!(".{}()", function.name())),
        }
    }
    text
}
