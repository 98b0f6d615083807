//! Reads a path from left to right, each character once.

use super::filter_syntax::filter;
use super::function::Function;
use super::{Path, PathError, Root, STEPS_MAX, Step};
use crate::lang::steps::took;

/// Names of variables end here (SFN-8).
const VARIABLE_NAME_MAX: usize = 80;

pub(super) struct Reader<'t> {
    pub rest: &'t str,
    /// Brackets that are open.
    pub depth: usize,
}

pub(super) fn wrong<T>(message: impl Into<String>) -> Result<T, PathError> {
    Err(PathError { message: message.into() })
}

impl<'t> Reader<'t> {
    pub fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub fn take(&mut self, expected: &str) -> bool {
        match self.rest.strip_prefix(expected) {
            Some(rest) => {
                took(expected.len());
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// The next character, as text.
    pub fn take_one(&mut self) -> &'t str {
        let length = self.peek().map_or(0, char::len_utf8);
        let (taken, rest) = self.rest.split_at(length);
        took(length);
        self.rest = rest;
        taken
    }

    pub fn skip_space(&mut self) {
        let rest = self.rest.trim_start();
        took(self.rest.len() - rest.len());
        self.rest = rest;
    }

    pub fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        took(taken.len() + 1);
        self.rest = rest;
        taken
    }

    /// A text between quotes, which stand before the rest, with its escapes resolved.
    pub fn quoted(&mut self) -> Result<String, PathError> {
        let mut chars = self.rest.chars();
        let quote = chars.next().unwrap_or('\'');
        let mut text = String::new();
        loop {
            took(1);
            match chars.next() {
                None => return wrong("A text in it has no closing quote."),
                Some(c) if c == quote => break,
                Some('\\') => text.push(match chars.next() {
                    None => return wrong("A text in it has no closing quote."),
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('t') => '\t',
                    Some('b') => '\u{8}',
                    Some('f') => '\u{c}',
                    Some('u') => {
                        let digits: String = chars.by_ref().take(4).collect();
                        let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                        code.filter(|_| digits.len() == 4)
                            .map_or_else(|| wrong("An escape in it is no character."), Ok)?
                    }
                    Some(other) => other,
                }),
                Some(c) => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Ok(text)
    }

    fn whole_number(&mut self) -> Result<Option<i64>, PathError> {
        self.skip_space();
        let digits = self.take_while(|c| c.is_ascii_digit() || c == '-');
        self.skip_space();
        match digits {
            "" => Ok(None),
            digits => {
                digits.parse::<i32>().map(|index| Some(index.into())).or_else(|_| wrong("An index in it is no number."))
            }
        }
    }

    /// The steps up to where none begins.
    pub fn steps(&mut self) -> Result<Vec<Step>, PathError> {
        let mut steps = Vec::new();
        loop {
            let before = steps.len();
            if self.take("..") {
                steps.push(Step::Deep);
                match self.peek() {
                    Some('[') => self.bracket(&mut steps)?,
                    _ => self.dotted(&mut steps)?,
                }
            } else if self.rest.starts_with(".[") || self.rest.starts_with('[') {
                self.take(".");
                self.bracket(&mut steps)?;
            } else if self.take(".") {
                self.dotted(&mut steps)?;
            } else {
                return Ok(steps);
            }
            if steps.len() > STEPS_MAX {
                return wrong(format!("It has more than {STEPS_MAX} steps."));
            }
            if steps[..before].iter().any(|step| matches!(step, Step::Apply(_))) {
                return wrong("A function stands at its end alone.");
            }
        }
    }

    /// What stands behind a dot.
    fn dotted(&mut self, steps: &mut Vec<Step>) -> Result<(), PathError> {
        if self.take("*") {
            steps.push(Step::Every);
            return Ok(());
        }
        let inside = self.depth > 0;
        let ends = |c: char| matches!(c, '.' | '[' | '(' | ' ' | '*' | '\'' | '"' | ']' | '\n' | '\t');
        // Within a filter, operators end a name too.
        let ends_inside = |c: char| inside && matches!(c, '=' | '<' | '>' | '!' | '&' | '|' | ')' | ',' | '~');
        let name = self.take_while(|c| !ends(c) && !ends_inside(c));
        if name.is_empty() {
            return wrong("A name is missing behind a dot.");
        }
        if self.take("(") {
            self.skip_space();
            if !self.take(")") {
                return wrong(format!("The function {name} takes no argument."));
            }
            steps.push(Step::Apply(
                Function::from_name(name).map_or_else(|| wrong(format!("There is no function {name}.")), Ok)?,
            ));
        } else {
            steps.push(Step::Name(name.to_owned()));
        }
        Ok(())
    }

    fn bracket(&mut self, steps: &mut Vec<Step>) -> Result<(), PathError> {
        self.take("[");
        self.skip_space();
        let step = match self.peek() {
            Some('*') => {
                self.take("*");
                Step::Every
            }
            Some('\'' | '"') => self.names()?,
            Some('?') => {
                self.take("?");
                Step::Filter(Box::new(filter(self)?))
            }
            _ => self.indexes()?,
        };
        self.skip_space();
        if !self.take("]") {
            return wrong("A bracket in it is not closed.");
        }
        steps.push(step);
        Ok(())
    }

    fn names(&mut self) -> Result<Step, PathError> {
        let mut names = Vec::new();
        loop {
            self.skip_space();
            if !matches!(self.peek(), Some('\'' | '"')) {
                return wrong("A name in brackets has no quotes.");
            }
            names.push(self.quoted()?);
            self.skip_space();
            if !self.take(",") {
                break;
            }
        }
        Ok(if names.len() == 1 { Step::Name(names.remove(0)) } else { Step::Names(names) })
    }

    fn indexes(&mut self) -> Result<Step, PathError> {
        let first = self.whole_number()?;
        if self.take(":") {
            let to = self.whole_number()?;
            return if first.is_none() && to.is_none() {
                wrong("A slice in it has no ends.")
            } else {
                Ok(Step::Slice(first, to))
            };
        }
        let Some(first) = first else { return wrong("A bracket in it is empty.") };
        let mut indexes = vec![first];
        while self.take(",") {
            indexes.push(self.whole_number()?.map_or_else(|| wrong("An index in it is missing."), Ok)?);
        }
        Ok(if indexes.len() == 1 { Step::Index(first) } else { Step::Indexes(indexes) })
    }
}

pub(super) fn parse(text: &str) -> Result<Path, PathError> {
    let Some(rest) = text.strip_prefix('$') else { return wrong("It does not begin with $.") };
    let mut reader = Reader { rest, depth: 0 };
    let root = match reader.peek() {
        Some('$') => {
            reader.take("$");
            Root::Context
        }
        Some(c) if c.is_alphabetic() || c == '_' => {
            let name = reader.take_while(|c| c.is_alphanumeric() || c == '_');
            if name.chars().count() > VARIABLE_NAME_MAX {
                return wrong(format!("The name of its variable is longer than {VARIABLE_NAME_MAX} characters."));
            }
            Root::Variable(name.to_owned())
        }
        _ => Root::Input,
    };
    let steps = reader.steps()?;
    match reader.peek() {
        None => Ok(Path { text: text.to_owned(), root, steps }),
        Some(c) => wrong(format!("{c:?} cannot stand there.")),
    }
}
