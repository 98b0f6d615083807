//! What all expressions are made of: paths, placeholders, function calls. Syntax errors come at once; what is wrong with
//! names, values and operands is kept until the text is read, and the gravest of it is told.

use super::clause::Operand;
use super::path::{Path, Step};
use super::placeholders::Placeholders;
use super::reserved::is_reserved;
use super::tokens::{Kind, Tokens};

/// Brackets, functions and `NOT` within each other; AWS allows 300 operators in all (DDB-12).
const DEPTH_MAX: usize = 100;

/// In the order in which AWS tells of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grave {
    Parentheses,
    UnknownFunction,
    MisusedFunction,
    Reserved,
    Section,
    Undefined,
    Overlap,
    Count,
    Distinct,
    Operand,
}

pub struct Parser<'a> {
    pub tokens: Tokens<'a>,
    placeholders: &'a mut Placeholders,
    fault: Option<(Grave, String)>,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// # Errors
    /// Where the text is empty or too long.
    pub fn new(text: &'a str, placeholders: &'a mut Placeholders) -> Result<Self, String> {
        Ok(Self { tokens: Tokens::of(text)?, placeholders, fault: None, depth: 0 })
    }

    /// Keeps what is wrong, unless something graver or earlier is.
    pub fn complain(&mut self, grave: Grave, text: impl Into<String>) {
        if self.fault.as_ref().is_none_or(|(worst, _)| grave < *worst) {
            self.fault = Some((grave, text.into()));
        }
    }

    /// # Errors
    /// Where something follows, or something was wrong before.
    pub fn at_end(&mut self) -> Result<(), String> {
        if self.tokens.peek().kind != Kind::End {
            return Err(self.tokens.wrong());
        }
        self.fault.take().map_or(Ok(()), |(_, text)| Err(text))
    }

    /// One level further in.
    ///
    /// # Errors
    /// Where that is too deep.
    pub fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth == DEPTH_MAX {
            return Err("The expression is nested too deeply".to_owned());
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    /// # Errors
    /// Where no path stands next.
    pub fn path(&mut self) -> Result<Path, String> {
        let mut path = vec![self.name()?];
        loop {
            if self.tokens.takes(".") {
                path.push(self.name()?);
            } else if self.tokens.takes("[") {
                if self.tokens.peek().kind != Kind::Number {
                    return Err(self.tokens.wrong());
                }
                path.push(Step::Index(self.tokens.next().text.parse().unwrap_or(usize::MAX)));
                self.tokens.expect("]")?;
            } else {
                return Ok(path);
            }
        }
    }

    fn name(&mut self) -> Result<Step, String> {
        let token = self.tokens.peek();
        if token.kind != Kind::Word || token.text.starts_with(':') {
            return Err(self.tokens.wrong());
        }
        self.tokens.next();
        let name = if token.text.starts_with('#') {
            self.placeholders.name(token.text).unwrap_or_else(|| {
                self.complain(
                    Grave::Undefined,
                    format!(
                        "An expression attribute name used in the document path is not defined; attribute name: {}",
                        token.text
                    ),
                );
                String::new()
            })
        } else {
            if is_reserved(token.text) {
                let text = format!("Attribute name is a reserved keyword; reserved keyword: {}", token.text);
                self.complain(Grave::Reserved, text);
            }
            token.text.to_owned()
        };
        Ok(Step::Name(name))
    }

    /// A path or a value.
    ///
    /// # Errors
    /// Where neither stands next.
    pub fn plain_operand(&mut self) -> Result<Operand, String> {
        let token = self.tokens.peek();
        if token.kind != Kind::Word || !token.text.starts_with(':') {
            return self.path().map(Operand::Path);
        }
        self.tokens.next();
        Ok(Operand::Value(self.placeholders.value(token.text).unwrap_or_else(|| {
            self.complain(
                Grave::Undefined,
                format!(
                    "An expression attribute value used in expression is not defined; attribute value: {}",
                    token.text
                ),
            );
            serde_json::Value::Null
        })))
    }

    /// Whether a name stands next with an opening bracket behind it.
    #[must_use]
    pub fn at_call(&self) -> bool {
        let (name, next) = (self.tokens.peek(), self.tokens.peek_second());
        let is_name = name.kind == Kind::Word && !name.text.starts_with(['#', ':']);
        is_name && next.kind == Kind::Sign && next.text == "("
    }

    /// # Errors
    /// Where the call is not written as one.
    pub fn call<T>(
        &mut self,
        mut operand: impl FnMut(&mut Self) -> Result<T, String>,
    ) -> Result<(&'a str, Vec<T>), String> {
        let name = self.tokens.next().text;
        self.tokens.expect("(")?;
        let mut operands = vec![self.deeper(&mut operand)?];
        while self.tokens.takes(",") {
            operands.push(self.deeper(&mut operand)?);
        }
        self.tokens.expect(")")?;
        Ok((name, operands))
    }

    pub fn complain_of_count(&mut self, function: &str, count: usize) {
        let text = format!(
            "Incorrect number of operands for operator or function; operator or function: {function}, number of operands: {count}"
        );
        self.complain(Grave::Count, text);
    }

    pub fn complain_of_type(&mut self, function: &str, kind: &str) {
        let text = format!(
            "Incorrect operand type for operator or function; operator or function: {function}, operand type: {kind}"
        );
        self.complain(Grave::Operand, text);
    }

    pub fn complain_of_path(&mut self, function: &str) {
        let text = format!("Operator or function requires a document path; operator or function: {function}");
        self.complain(Grave::Operand, text);
    }
}
