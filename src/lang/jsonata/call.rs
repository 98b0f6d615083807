//! Calls of functions, whole and partial, and the operator that passes a value on.

use std::rc::Rc;

use super::error::{Outcome, Trouble};
use super::evaluator::{Evaluator, function};
use super::function::{Closure, Frame, Function};
use super::matching::match_object;
use super::tree::{Kind, Node};
use super::value::Value;

impl Evaluator<'_> {
    pub fn call(
        &mut self,
        procedure: &Node,
        arguments: &[Node],
        position: usize,
        first: Option<Value>,
        input: &Value,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let called = self.evaluate(procedure, input, frame)?;
        self.check_name("T1005", &called, procedure, position, frame)?;
        let mut values: Vec<Value> = first.into_iter().collect();
        for argument in arguments {
            values.push(self.evaluate(argument, input, frame)?);
        }
        self.apply(&called, values, input, procedure.token())
            .map_err(|trouble| trouble.near(position, procedure.token()))
    }

    /// Helps who forgot the dollar before a function's name.
    fn check_name(
        &mut self,
        code: &'static str,
        called: &Value,
        procedure: &Node,
        position: usize,
        frame: &Rc<Frame>,
    ) -> Outcome<()> {
        if called.is_undefined()
            && matches!(procedure.kind, Kind::Path(_))
            && !self.variable(procedure.token(), frame)?.is_undefined()
        {
            return Err(Trouble::at(code, position, procedure.token()));
        }
        Ok(())
    }

    /// Calls what is called at the end of a function too, one after the other.
    pub fn apply(&mut self, called: &Value, arguments: Vec<Value>, input: &Value, token: &str) -> Outcome {
        let mut result = self.apply_once(called, arguments, input, token)?;
        loop {
            let thunk = match &result {
                Value::Function(function) => function.clone(),
                _ => return Ok(result),
            };
            let Function::Thunk { call, input: seen, frame } = &*thunk else { return Ok(result) };
            let Kind::Call(procedure, parts) = &call.kind else { return Ok(Value::Undefined) };
            self.spend(1)?;
            let next = self.evaluate(procedure, seen, frame)?;
            let mut values = Vec::with_capacity(parts.len());
            for part in parts {
                values.push(self.evaluate(part, seen, frame)?);
            }
            result = self
                .apply_once(&next, values, input, procedure.token())
                .map_err(|trouble| trouble.near(call.position, procedure.token()))?;
        }
    }

    fn apply_once(&mut self, called: &Value, arguments: Vec<Value>, input: &Value, token: &str) -> Outcome {
        self.spend(1 + arguments.len() as u64)?;
        let Value::Function(called) = called else { return Err(Trouble::new("T1006")) };
        match &**called {
            Function::Lambda(closure) => {
                let arguments = match &closure.lambda.signature {
                    Some(signature) if closure.open.is_none() => signature.validate(arguments, input, token)?,
                    _ => arguments,
                };
                let inner = Frame::within(&closure.frame);
                let mut arguments = arguments.into_iter();
                for parameter in closure.parameters() {
                    self.bind(&inner, parameter, arguments.next().unwrap_or(Value::Undefined));
                }
                self.evaluate(&closure.lambda.body, &closure.input, &inner)
            }
            Function::Native(native) => {
                let token = if token.is_empty() { native.name } else { token };
                let arguments = native.signature.validate(arguments, input, token)?;
                (native.implementation)(self, arguments).map_err(|trouble| named(trouble, token))
            }
            Function::Partial { native, arguments: bound, is_open } => {
                let mut more = arguments.into_iter();
                let filled = bound.iter().zip(is_open).map(|(value, is_open)| {
                    if *is_open { more.next().unwrap_or(Value::Undefined) } else { value.clone() }
                });
                let arguments = native.signature.validate(filled.collect(), &Value::Undefined, native.name)?;
                (native.implementation)(self, arguments)
            }
            Function::Regex(regex) => {
                let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Undefined) };
                self.spend_text(text)?;
                let text: Rc<[char]> = text.chars().collect();
                match_object(self, regex, &text, 0)
            }
            Function::NextMatch { regex, text, from } => match_object(self, regex, text, *from),
            Function::Transform { transform, frame } => match arguments.first() {
                None | Some(Value::Undefined) => Ok(Value::Undefined),
                Some(value @ (Value::Object(_) | Value::List(..))) => self.transform(transform, value, frame),
                Some(_) => {
                    let mut trouble = Trouble::new("T0410");
                    trouble.index = 1;
                    Err(trouble.near(transform.position, token))
                }
            },
            Function::Chain(pair) => {
                let between = self.apply(&pair[0], arguments, input, "")?;
                self.apply(&pair[1], vec![between], input, "")
            }
            Function::Thunk { .. } => Err(Trouble::new("T1006")),
        }
    }

    pub fn partial(
        &mut self,
        procedure: &Node,
        arguments: &[Option<Node>],
        position: usize,
        input: &Value,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(argument.as_ref().map(|argument| self.evaluate(argument, input, frame)).transpose()?);
        }
        let called = self.evaluate(procedure, input, frame)?;
        self.check_name("T1007", &called, procedure, position, frame)?;
        let refused = || Trouble::at("T1008", position, procedure.token());
        let Value::Function(called) = called else { return Err(refused()) };
        match &*called {
            Function::Lambda(closure) => {
                let inner = Frame::within(&closure.frame);
                let mut open = Vec::new();
                let mut values = values.into_iter();
                for parameter in closure.parameters() {
                    match values.next() {
                        Some(None) => open.push(parameter.clone()),
                        value => self.bind(&inner, parameter, value.flatten().unwrap_or(Value::Undefined)),
                    }
                }
                Ok(function(Function::Lambda(Closure {
                    lambda: closure.lambda.clone(),
                    input: closure.input.clone(),
                    frame: inner,
                    open: Some(open),
                })))
            }
            Function::Native(native) => {
                values.resize(native.arity.max(values.len()), Some(Value::Undefined));
                let is_open = values.iter().map(Option::is_none).collect();
                let arguments: Vec<Value> = values.into_iter().map(|value| value.unwrap_or(Value::Undefined)).collect();
                Ok(function(Function::Partial { native, arguments: arguments.into(), is_open }))
            }
            _ => Err(refused()),
        }
    }

    /// `left ~> right`: the left value is the right function's first argument; two functions become one.
    pub fn apply_operator(
        &mut self,
        left: &Node,
        right: &Node,
        position: usize,
        input: &Value,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let value = self.evaluate(left, input, frame)?;
        if let Kind::Call(procedure, arguments) = &right.kind {
            return self.call(procedure, arguments, right.position, Some(value), input, frame);
        }
        let called = self.evaluate(right, input, frame)?;
        if !matches!(called, Value::Function(_)) {
            return Err(Trouble::with("T2006", called).near(position, "~>"));
        }
        match value {
            Value::Function(_) => Ok(function(Function::Chain(vec![value, called].into()))),
            value => self.apply(&called, vec![value], &Value::Undefined, right.token()),
        }
    }
}

fn named(mut trouble: Box<Trouble>, token: &str) -> Box<Trouble> {
    trouble.token.get_or_insert_with(|| token.to_owned());
    trouble
}
