//! What can be called.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::library::Native;
use super::tree::{Lambda, Node, Transform};
use super::value::{Items, Remains, Value, discard};
use crate::lang::regex::Regex;

pub(super) enum Function {
    Lambda(Closure),
    /// A call that its caller makes.
    Thunk {
        call: Arc<Node>,
        input: Value,
        frame: Rc<Frame>,
    },
    Native(&'static Native),
    /// A built-in function with some of its arguments; the open ones are still to come.
    Partial {
        native: &'static Native,
        arguments: Items,
        is_open: Vec<bool>,
    },
    Regex(Arc<Regex>),
    /// The next match of a regular expression.
    NextMatch {
        regex: Arc<Regex>,
        text: Rc<[char]>,
        from: usize,
    },
    Transform {
        transform: Arc<Transform>,
        frame: Rc<Frame>,
    },
    /// Two functions: the first one's result is the second one's argument.
    Chain(Items),
}

/// A function of the expression, with what it saw where it was written.
pub(super) struct Closure {
    pub lambda: Arc<Lambda>,
    pub input: Value,
    pub frame: Rc<Frame>,
    /// The parameters that are still open, where others are bound.
    pub open: Option<Vec<String>>,
}

impl Closure {
    pub fn parameters(&self) -> &[String] {
        self.open.as_deref().unwrap_or(&self.lambda.parameters)
    }
}

/// Variables, and where to look for others.
#[derive(Default)]
pub(super) struct Frame {
    variables: RefCell<Vec<(Rc<str>, Value)>>,
    outer: Option<Rc<Frame>>,
}

impl Frame {
    pub fn within(outer: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self { variables: RefCell::default(), outer: Some(outer.clone()) })
    }

    pub fn bind(&self, name: &str, value: Value) {
        let mut variables = self.variables.borrow_mut();
        match variables.iter_mut().find(|(known, _)| &**known == name) {
            Some((_, old)) => *old = value,
            None => variables.push((name.into(), value)),
        }
    }

    /// None where no frame knows the name; the looks are counted.
    pub fn find(self: &Rc<Self>, name: &str, looks: &mut u64) -> Option<Value> {
        let mut here = Some(self);
        while let Some(frame) = here {
            let variables = frame.variables.borrow();
            *looks += 1 + variables.len() as u64 / 8;
            if let Some((_, value)) = variables.iter().find(|(known, _)| &**known == name) {
                return Some(value.clone());
            }
            here = frame.outer.as_ref();
        }
        None
    }

    /// Lets go of what it holds: functions in it hold the frame itself.
    pub fn clear(&self) {
        let variables = std::mem::take(&mut *self.variables.borrow_mut());
        drop(variables);
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        let values = self.variables.get_mut().drain(..).map(|(_, value)| Remains::Value(value));
        discard(values.chain(self.outer.take().map(Remains::Frame)));
    }
}

impl Function {
    /// How many arguments it says to take.
    pub fn arity(&self) -> usize {
        match self {
            Self::Lambda(closure) => closure.parameters().len(),
            Self::Native(native) => native.arity,
            Self::Partial { is_open, .. } => is_open.iter().filter(|is_open| **is_open).count(),
            Self::Regex(_) => 2,
            Self::Thunk { .. } | Self::NextMatch { .. } => 0,
            Self::Transform { .. } | Self::Chain(..) => 1,
        }
    }
}
