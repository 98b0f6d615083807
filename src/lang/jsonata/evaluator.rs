//! Evaluates what is no path: operators, objects and lists, conditions, variables. Every step is counted, so that each
//! expression ends.

use std::rc::{Rc, Weak};

use super::error::{Outcome, Trouble};
use super::function::{Closure, Frame, Function};
use super::library::{boolean, string};
use super::operators::{arithmetic, compare, identical};
use super::tree::{Kind, Node, Tree};
use super::value::{PLAIN, Value};
use super::{DEPTH_MAX, Surroundings, VALUE_DEPTH_MAX, WORK_MAX};

pub(super) struct Evaluator<'e> {
    pub tree: &'e Tree,
    pub surroundings: &'e mut dyn Surroundings,
    /// Milliseconds: the same all through an evaluation.
    pub now: f64,
    pub work: u64,
    depth: usize,
    /// Values within the one that is walked through.
    nesting: usize,
    /// Frames that hold functions which hold them: they are cleared at the end.
    entangled: Vec<Weak<Frame>>,
}

/// What something that was made weighs, beside one step.
pub(super) const ITEM_WORK: u64 = 2;

impl<'e> Evaluator<'e> {
    pub fn new(tree: &'e Tree, now: f64, surroundings: &'e mut dyn Surroundings) -> Self {
        Self { tree, surroundings, now, work: 0, depth: 0, nesting: 0, entangled: Vec::new() }
    }

    pub fn finish(&mut self) {
        for frame in self.entangled.drain(..) {
            if let Some(frame) = frame.upgrade() {
                frame.clear();
            }
        }
    }

    /// Counts work that is done.
    pub fn spend(&mut self, work: u64) -> Outcome<()> {
        self.work += work;
        if self.work > WORK_MAX {
            return Err(stopped("Expression evaluation timeout: Check for infinite loop"));
        }
        Ok(())
    }

    pub fn spend_text(&mut self, text: &str) -> Outcome<()> {
        self.spend(text.len() as u64 / 4)
    }

    /// Goes one value deeper.
    pub fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.nesting == VALUE_DEPTH_MAX {
            return Err(stopped("The value has too many values within one another"));
        }
        self.nesting += 1;
        let result = work(self);
        self.nesting -= 1;
        result
    }

    pub fn bind(&mut self, frame: &Rc<Frame>, name: &str, value: Value) {
        let holds_function = match &value {
            Value::Function(_) => true,
            Value::List(items, _) => items.iter().any(|item| matches!(item, Value::Function(_))),
            _ => false,
        };
        if holds_function {
            self.entangled.push(Rc::downgrade(frame));
        }
        frame.bind(name, value);
    }

    pub fn evaluate(&mut self, node: &Node, input: &Value, frame: &Rc<Frame>) -> Outcome {
        self.spend(1)?;
        if self.depth == DEPTH_MAX {
            return Err(stopped(
                "Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive.",
            ));
        }
        self.depth += 1;
        let result = self.dispatch(node, input, frame);
        self.depth -= 1;
        let mut result = result?;
        for predicate in &node.predicates {
            result = self.filter(predicate, result, frame)?;
        }
        if let Some(group) = node.group.as_deref().filter(|_| !matches!(node.kind, Kind::Path(_))) {
            result = self.group(&group.pairs, group.position, result, frame)?;
        }
        if let Value::List(items, mut marks) = result {
            if !marks.is_sequence {
                return Ok(Value::List(items, marks));
            }
            marks.keeps_singleton |= node.keeps_list;
            return Ok(match items.len() {
                0 => Value::Undefined,
                1 if !marks.keeps_singleton => items[0].clone(),
                _ => Value::List(items, marks),
            });
        }
        Ok(result)
    }

    fn dispatch(&mut self, node: &Node, input: &Value, frame: &Rc<Frame>) -> Outcome {
        match &node.kind {
            Kind::Path(steps) => self.path(node, steps, input, frame),
            Kind::Binary(operator, left, right) => self.binary(operator, left, right, node.position, input, frame),
            Kind::Negate(inner) => match self.evaluate(inner, input, frame)? {
                Value::Undefined => Ok(Value::Undefined),
                Value::Number(number) => finite(number).map(|number| Value::Number(-number)),
                other => Err(Trouble::with("D1002", other).near(node.position, "-")),
            },
            Kind::List(items) => self.list(node, items, input, frame),
            Kind::Object(pairs) => self.group(pairs, node.position, input.clone(), frame),
            Kind::Name(name) => self.lookup(input, name),
            Kind::Text(text) => Ok((&**text).into()),
            Kind::Number(number) => Ok(Value::Number(*number)),
            Kind::Bool(is) => Ok(Value::Bool(*is)),
            Kind::Null => Ok(Value::Null),
            Kind::Regex(regex) => Ok(function(Function::Regex(regex.clone()))),
            Kind::Variable(name) if name.is_empty() => Ok(unwrapped(input)),
            Kind::Variable(name) => self.variable(name, frame),
            Kind::Parent(slot) => self.variable(&self.tree.slots[*slot], frame),
            Kind::Wildcard => self.wildcard(input),
            Kind::Descendants => self.descendants(input),
            Kind::Condition(condition, then, other) => {
                let condition = self.evaluate(condition, input, frame)?;
                match (boolean(&condition)?.unwrap_or_default(), other) {
                    (true, _) => self.evaluate(then, input, frame),
                    (false, Some(other)) => self.evaluate(other, input, frame),
                    (false, None) => Ok(Value::Undefined),
                }
            }
            Kind::Block(parts) => {
                let inner = Frame::within(frame);
                let mut result = Value::Undefined;
                for part in parts {
                    result = self.evaluate(part, input, &inner)?;
                }
                Ok(result)
            }
            Kind::Bind(name, value) => {
                let value = self.evaluate(value, input, frame)?;
                self.bind(frame, name, value.clone());
                Ok(value)
            }
            Kind::Call(procedure, arguments) => self.call(procedure, arguments, node.position, None, input, frame),
            Kind::Partial(procedure, arguments) => self.partial(procedure, arguments, node.position, input, frame),
            Kind::Lambda(lambda) => Ok(function(Function::Lambda(Closure {
                lambda: lambda.clone(),
                input: input.clone(),
                frame: frame.clone(),
                open: None,
            }))),
            Kind::Thunk(call) => {
                Ok(function(Function::Thunk { call: call.clone(), input: input.clone(), frame: frame.clone() }))
            }
            Kind::Apply(left, right) => self.apply_operator(left, right, node.position, input, frame),
            Kind::Transform(transform) => {
                Ok(function(Function::Transform { transform: transform.clone(), frame: frame.clone() }))
            }
            Kind::Sort(_) => Ok(Value::Undefined),
        }
    }

    pub fn variable(&mut self, name: &str, frame: &Rc<Frame>) -> Outcome {
        let mut looks = 0;
        let found = frame.find(name, &mut looks);
        self.spend(looks / 4)?;
        Ok(match found {
            Some(value) => value,
            None => super::library::native(name).map_or(Value::Undefined, |native| function(Function::Native(native))),
        })
    }

    fn list(&mut self, node: &Node, items: &[Node], input: &Value, frame: &Rc<Frame>) -> Outcome {
        let mut list = Value::list(Vec::new());
        for item in items {
            let value = self.evaluate(item, input, frame)?;
            if value.is_undefined() {
                continue;
            }
            if matches!(item.kind, Kind::List(_)) {
                self.spend(ITEM_WORK)?;
                push(&mut list, value);
            } else {
                list = self.append(list, value)?;
            }
        }
        if let Value::List(_, marks) = &mut list {
            marks.is_sequence = false;
            marks.is_constructed = node.is_constructed;
        }
        Ok(list)
    }

    /// One list of both; what is undefined counts for nothing.
    pub fn append(&mut self, left: Value, right: Value) -> Outcome {
        if left.is_undefined() {
            return Ok(right);
        }
        if right.is_undefined() {
            return Ok(left);
        }
        let mut items = left.items();
        let more = right.items();
        if items.is_empty() {
            return Ok(Value::List(more, PLAIN));
        }
        self.spend(ITEM_WORK * more.len() as u64)?;
        if Rc::strong_count(&items) > 1 {
            self.spend(ITEM_WORK * items.len() as u64)?;
        }
        Rc::make_mut(&mut items).extend(more.iter().cloned());
        Ok(Value::List(items, PLAIN))
    }

    fn binary(
        &mut self,
        operator: &str,
        left: &Node,
        right: &Node,
        position: usize,
        input: &Value,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let left = self.evaluate(left, input, frame)?;
        let truth = |value: &Value| boolean(value).map(Option::unwrap_or_default);
        let operated = |mut trouble: Box<Trouble>| {
            trouble.position = Some(position);
            trouble.token = Some(operator.to_owned());
            trouble
        };
        if matches!(operator, "and" | "or") {
            let decided = operator == "or";
            if truth(&left).map_err(operated)? == decided {
                return Ok(Value::Bool(decided));
            }
            let right = self.evaluate(right, input, frame).and_then(|right| truth(&right));
            return right.map(Value::Bool).map_err(operated);
        }
        let right = self.evaluate(right, input, frame)?;
        self.operation(operator, left, right).map_err(operated)
    }

    fn operation(&mut self, operator: &str, left: Value, right: Value) -> Outcome {
        match operator {
            "=" | "!=" => {
                if left.is_undefined() || right.is_undefined() {
                    return Ok(Value::Bool(false));
                }
                Ok(Value::Bool(self.equal(&left, &right)? == (operator == "=")))
            }
            "&" => {
                let mut text = string(self, &left, false)?.map_or_else(String::new, |text| text.to_string());
                if let Some(right) = string(self, &right, false)? {
                    text.push_str(&right);
                }
                self.spend_text(&text)?;
                Ok(text.into())
            }
            "in" => {
                if left.is_undefined() || right.is_undefined() {
                    return Ok(Value::Bool(false));
                }
                let items = right.items();
                self.spend(items.len() as u64)?;
                Ok(Value::Bool(items.iter().any(|item| identical(item, &left))))
            }
            ".." => self.range(left, right),
            "<" | "<=" | ">" | ">=" => compare(operator, left, right),
            _ => arithmetic(operator, left, right),
        }
    }

    fn range(&mut self, left: Value, right: Value) -> Outcome {
        let integer = |code, value: &Value| match value {
            Value::Undefined => Ok(None),
            Value::Number(number) if *number == libm::trunc(*number) && number.is_finite() => Ok(Some(*number)),
            other => Err(Trouble::with(code, other.clone())),
        };
        let (Some(first), Some(last)) = (integer("T2003", &left)?, integer("T2004", &right)?) else {
            return Ok(Value::Undefined);
        };
        if first > last {
            return Ok(Value::Undefined);
        }
        let size = last - first + 1.0;
        if size > 1e7 {
            return Err(Trouble::with("D2014", Value::Number(size)));
        }
        self.spend(size as u64)?;
        Ok(Value::sequence((0..size as u64).map(|step| Value::Number(first + step as f64)).collect()))
    }
}

pub(super) fn function(function: Function) -> Value {
    Value::Function(Rc::new(function))
}

pub(super) fn stopped(message: &str) -> Box<Trouble> {
    let mut trouble = Trouble::new("U1001");
    trouble.message = Some(message.to_owned());
    trouble
}

fn push(list: &mut Value, item: Value) {
    if let Value::List(items, _) = list {
        Rc::make_mut(items).push(item);
    }
}

/// The input of the whole expression, if it is a list, is held by another.
pub(super) fn unwrapped(input: &Value) -> Value {
    match input {
        Value::List(items, marks) if marks.is_outer => items.first().cloned().unwrap_or(Value::Undefined),
        other => other.clone(),
    }
}

pub(super) fn finite(number: f64) -> Outcome<f64> {
    if number.is_infinite() { Err(Trouble::with("D1001", Value::Number(number))) } else { Ok(number) }
}
