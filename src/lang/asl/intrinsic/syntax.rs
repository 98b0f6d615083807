//! Reads an intrinsic function from left to right.

use serde_json::Value;

use super::functions::Function;
use super::{Argument, Call, Intrinsic, NESTING_MAX};
use crate::lang::asl::path::Path;
use crate::lang::steps::took;

pub(super) fn parse(text: &str) -> Result<Intrinsic, String> {
    let mut reader = Reader { rest: text };
    let call = reader.call(1)?;
    reader.skip_space();
    if !reader.rest.is_empty() {
        return Err(format!("{:?} cannot stand behind the function.", reader.rest));
    }
    Ok(Intrinsic { text: text.to_owned(), call })
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn skip_space(&mut self) {
        let rest = self.rest.trim_start();
        took(self.rest.len() - rest.len());
        self.rest = rest;
    }

    fn take(&mut self, expected: char) -> bool {
        self.skip_space();
        self.rest.strip_prefix(expected).map(|rest| self.rest = rest).is_some()
    }

    fn take_to(&mut self, end: usize) -> &'t str {
        took(end + 1);
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn call(&mut self, depth: usize) -> Result<Call, String> {
        if depth > NESTING_MAX {
            return Err(format!("There are more than {NESTING_MAX} functions within functions."));
        }
        self.skip_space();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(self.rest.len());
        let name = self.take_to(end);
        let function = name.strip_prefix("States.").and_then(Function::from_name);
        let function = function.ok_or_else(|| format!("There is no intrinsic function {name:?}."))?;
        if !self.take('(') {
            return Err(format!("A bracket is missing behind {name}."));
        }
        let mut arguments = Vec::new();
        if !self.take(')') {
            loop {
                arguments.push(self.argument(depth)?);
                if self.take(')') {
                    break;
                }
                if !self.take(',') {
                    return Err(format!("The arguments of {name} have no end."));
                }
            }
        }
        if !function.takes(arguments.len()) {
            return Err(format!("{name} does not take {} arguments.", arguments.len()));
        }
        Ok(Call { function, arguments })
    }

    fn argument(&mut self, depth: usize) -> Result<Argument, String> {
        self.skip_space();
        match self.rest.chars().next() {
            Some('\'') => self.text().map(Argument::Text),
            Some('$') => {
                let end = path_end(self.rest);
                let text = self.take_to(end).trim_end();
                Path::parse(text).map(Argument::Path).map_err(|error| format!("{text} is no path: {}", error.message))
            }
            Some('S') => self.call(depth + 1).map(Argument::Call),
            _ => {
                let end = self.rest.find([',', ')', '(', ' ']).unwrap_or(self.rest.len());
                let text = self.take_to(end);
                match serde_json::from_str(text) {
                    Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => Ok(Argument::Constant(value)),
                    _ => Err(format!("{text:?} is no argument; a text stands between single quotes.")),
                }
            }
        }
    }

    fn text(&mut self) -> Result<String, String> {
        let mut chars = self.rest.chars();
        chars.next();
        let mut text = String::new();
        loop {
            took(1);
            match chars.next() {
                Some('\'') => break,
                Some('\\') => match chars.next() {
                    Some(c @ ('\'' | '\\')) => text.push(c),
                    Some(c) => text.extend(['\\', c]),
                    None => return Err("A text has no closing quote.".to_owned()),
                },
                Some(c) => text.push(c),
                None => return Err("A text has no closing quote.".to_owned()),
            }
        }
        self.rest = chars.as_str();
        Ok(text)
    }
}

/// Where a path among arguments ends: at a comma or a bracket that is not its own.
fn path_end(text: &str) -> usize {
    let (mut open, mut quote, mut is_escaped) = (0_usize, None, false);
    for (place, c) in text.char_indices() {
        match (quote, c) {
            _ if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(end), c) if c == end => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => open += 1,
            (None, ')' | ',') if open == 0 => return place,
            (None, ')' | ']' | '}') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}
