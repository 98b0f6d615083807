//! Reads tokens to a tree, by the operators' binding powers (Pratt's method).

use super::error::{Outcome, Trouble};
use super::raw::{Raw, RawKind, RawTerm};
use super::signature::Signature;
use super::token::{Lexer, Token};
use super::value::Value;
use super::{HEIGHT_MAX, NESTING_MAX};

struct Parser {
    lexer: Lexer,
    token: Token,
    position: usize,
    nesting: usize,
}

pub(super) fn parse(text: &str) -> Outcome<Raw> {
    let mut parser = Parser { lexer: Lexer::new(text), token: Token::End, position: 0, nesting: 0 };
    parser.advance(false)?;
    let raw = parser.expression(0)?;
    match parser.token {
        Token::End => Ok(raw),
        _ => Err(Trouble::at("S0201", parser.position, &parser.token_text())),
    }
}

/// How strongly an operator binds what stands before it.
fn power(operator: &str) -> u32 {
    match operator {
        "[" | "(" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" => 60,
        "+" | "-" | "&" => 50,
        "=" | "<" | ">" | "^" | "!=" | "<=" | ">=" | "~>" | "in" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}

impl Parser {
    fn advance(&mut self, is_behind_operand: bool) -> Outcome<()> {
        (self.token, self.position) = self.lexer.next(is_behind_operand)?;
        Ok(())
    }

    fn is(&self, operator: &str) -> bool {
        matches!(self.token, Token::Operator(token) if token == operator)
    }

    fn token_text(&self) -> String {
        match &self.token {
            Token::Operator(text) => (*text).to_owned(),
            Token::Name(text) | Token::Variable(text) | Token::Text(text) => text.clone(),
            Token::Number(number) => super::number::number_text(*number),
            Token::Bool(is) => is.to_string(),
            Token::Null => "null".to_owned(),
            Token::Regex(regex) => regex.source().to_owned(),
            Token::End => "(end)".to_owned(),
        }
    }

    fn expect(&mut self, operator: &'static str, is_behind_operand: bool) -> Outcome<()> {
        if self.is(operator) {
            return self.advance(is_behind_operand);
        }
        let code = if self.token == Token::End { "S0203" } else { "S0202" };
        let mut trouble = Trouble::at(code, self.position, &self.token_text());
        trouble.value = operator.into();
        Err(trouble)
    }

    fn raw(&self, kind: RawKind, position: usize) -> Outcome<Raw> {
        let height = kind.height() + 1;
        if height > HEIGHT_MAX {
            return Err(too_nested(position));
        }
        Ok(Raw { kind, position, keeps_list: false, height })
    }

    fn expression(&mut self, power_before: u32) -> Outcome<Raw> {
        if self.nesting == NESTING_MAX {
            return Err(too_nested(self.position));
        }
        self.nesting += 1;
        let mut left = self.operand()?;
        while let Token::Operator(operator) = self.token {
            if power_before >= power(operator) {
                break;
            }
            let position = self.position;
            self.advance(false)?;
            left = self.operation(operator, left, position)?;
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// What stands where no operand is before it.
    fn operand(&mut self) -> Outcome<Raw> {
        let (token, position) = (std::mem::replace(&mut self.token, Token::End), self.position);
        self.advance(true)?;
        let kind = match token {
            Token::Name(name) => RawKind::Name(name),
            Token::Variable(name) => RawKind::Variable(name),
            Token::Text(text) => RawKind::Text(text),
            Token::Number(number) => RawKind::Number(number),
            Token::Bool(is) => RawKind::Bool(is),
            Token::Null => RawKind::Null,
            Token::Regex(regex) => RawKind::Regex(regex),
            Token::End => RawKind::End,
            Token::Operator(operator) => return self.prefix(operator, position),
        };
        self.raw(kind, position)
    }

    fn prefix(&mut self, operator: &'static str, position: usize) -> Outcome<Raw> {
        let kind = match operator {
            // Keywords can be names too.
            "and" | "or" | "in" => RawKind::Name(operator.to_owned()),
            "*" => RawKind::Wildcard,
            "**" => RawKind::Descendants,
            "%" => RawKind::Parent,
            "-" => RawKind::Negate(Box::new(self.at_operand(|parser| parser.expression(70))?)),
            "(" => self.at_operand(Self::block)?,
            "[" => self.at_operand(Self::list)?,
            "{" => RawKind::Object(self.at_operand(Self::pairs)?),
            "|" => self.at_operand(Self::transform)?,
            _ => return Err(Trouble::at("S0211", position, operator)),
        };
        self.raw(kind, position)
    }

    /// Reads on where an operand may begin: the token that is there was read as if it stood behind one.
    fn at_operand<T>(&mut self, read: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.is("/") {
            self.lexer.place = self.position;
            self.advance(false)?;
        }
        read(self)
    }

    fn block(&mut self) -> Outcome<RawKind> {
        let mut parts = Vec::new();
        while !self.is(")") {
            parts.push(self.expression(0)?);
            if !self.is(";") {
                break;
            }
            self.advance(false)?;
        }
        self.expect(")", true)?;
        Ok(RawKind::Block(parts))
    }

    fn list(&mut self) -> Outcome<RawKind> {
        let mut items = Vec::new();
        while !self.is("]") {
            let mut item = self.expression(0)?;
            if self.is("..") {
                let position = self.position;
                self.advance(false)?;
                let end = self.expression(0)?;
                item = self.raw(RawKind::Binary("..", Box::new(item), Box::new(end)), position)?;
            }
            items.push(item);
            if !self.is(",") {
                break;
            }
            self.advance(false)?;
            if self.is("]") {
                return Err(Trouble::at("S0211", self.position, "]"));
            }
        }
        self.expect("]", true)?;
        Ok(RawKind::List(items))
    }

    fn pairs(&mut self) -> Outcome<Vec<(Raw, Raw)>> {
        let mut pairs = Vec::new();
        if !self.is("}") {
            loop {
                let key = self.expression(0)?;
                self.expect(":", false)?;
                pairs.push((key, self.expression(0)?));
                if !self.is(",") {
                    break;
                }
                self.advance(false)?;
            }
        }
        self.expect("}", true)?;
        Ok(pairs)
    }

    fn transform(&mut self) -> Outcome<RawKind> {
        let pattern = Box::new(self.expression(0)?);
        self.expect("|", false)?;
        let update = Box::new(self.expression(0)?);
        let mut delete = None;
        if self.is(",") {
            self.advance(false)?;
            delete = Some(Box::new(self.expression(0)?));
        }
        self.expect("|", false)?;
        Ok(RawKind::Transform { pattern, update, delete })
    }

    /// What an operator makes of the operand before it. The operator was read.
    fn operation(&mut self, operator: &'static str, mut left: Raw, position: usize) -> Outcome<Raw> {
        let kind = match operator {
            "(" => return self.call(left, position),
            "[" if self.is("]") => {
                keep_list(&mut left);
                self.advance(false)?;
                return Ok(left);
            }
            "[" => {
                let filter = self.expression(0)?;
                self.expect("]", true)?;
                RawKind::Filter(Box::new(left), Box::new(filter))
            }
            "{" => RawKind::Group(Box::new(left), self.pairs()?),
            "^" => RawKind::OrderBy(Box::new(left), self.terms()?),
            "?" => {
                let then = Box::new(self.expression(0)?);
                let mut other = None;
                if self.is(":") {
                    self.advance(false)?;
                    other = Some(Box::new(self.expression(0)?));
                }
                RawKind::Condition(Box::new(left), then, other)
            }
            ":=" => {
                if !matches!(left.kind, RawKind::Variable(_)) {
                    return Err(Trouble::at("S0212", left.position, ""));
                }
                RawKind::Binary(operator, Box::new(left), Box::new(self.expression(power(":=") - 1)?))
            }
            _ => {
                let right = self.expression(power(operator))?;
                if matches!(operator, "@" | "#") && !matches!(right.kind, RawKind::Variable(_)) {
                    return Err(Trouble::at("S0214", right.position, operator));
                }
                RawKind::Binary(operator, Box::new(left), Box::new(right))
            }
        };
        self.raw(kind, position)
    }

    fn terms(&mut self) -> Outcome<Vec<RawTerm>> {
        self.expect("(", false)?;
        let mut terms = Vec::new();
        loop {
            let is_descending = self.is(">");
            if is_descending || self.is("<") {
                self.advance(false)?;
            }
            terms.push(RawTerm { is_descending, expression: self.expression(0)? });
            if !self.is(",") {
                break;
            }
            self.advance(false)?;
        }
        self.expect(")", false)?;
        Ok(terms)
    }

    fn call(&mut self, left: Raw, position: usize) -> Outcome<Raw> {
        let mut arguments = Vec::new();
        if !self.is(")") {
            loop {
                if self.is("?") {
                    arguments.push(None);
                    self.advance(false)?;
                } else {
                    arguments.push(Some(self.expression(0)?));
                }
                if !self.is(",") {
                    break;
                }
                self.advance(false)?;
            }
        }
        self.expect(")", true)?;
        let kind = if matches!(&left.kind, RawKind::Name(name) if name == "function" || name == "λ") {
            self.lambda(arguments)?
        } else if arguments.iter().any(Option::is_none) {
            RawKind::Partial(Box::new(left), arguments)
        } else {
            RawKind::Call(Box::new(left), arguments.into_iter().flatten().collect())
        };
        self.raw(kind, position)
    }

    fn lambda(&mut self, arguments: Vec<Option<Raw>>) -> Outcome<RawKind> {
        let mut parameters = Vec::new();
        for (place, argument) in arguments.into_iter().enumerate() {
            match argument {
                Some(Raw { kind: RawKind::Variable(name), .. }) => parameters.push(name),
                other => {
                    let mut trouble = Trouble::at("S0208", other.map_or(self.position, |raw| raw.position), "");
                    trouble.value = Value::Number(place as f64 + 1.0);
                    return Err(trouble);
                }
            }
        }
        let mut signature = None;
        if self.is("<") {
            signature = Some(self.signature()?);
        }
        self.expect("{", false)?;
        let body = Box::new(self.expression(0)?);
        self.expect("}", false)?;
        Ok(RawKind::Lambda { parameters, signature, body })
    }

    fn signature(&mut self) -> Outcome<Signature> {
        let position = self.position;
        let (mut depth, mut text) = (1, "<".to_owned());
        while depth > 0 && !self.is("{") && self.token != Token::End {
            self.advance(false)?;
            depth += i32::from(self.is("<")) - i32::from(self.is(">"));
            text.push_str(&self.token_text());
        }
        self.expect(">", false)?;
        Signature::parse(&text).map_err(|trouble| trouble.near(position, ""))
    }
}

/// A `[]` is about the step before its filters.
fn keep_list(raw: &mut Raw) {
    match &mut raw.kind {
        RawKind::Filter(left, _) => keep_list(left),
        _ => raw.keeps_list = true,
    }
}

fn too_nested(position: usize) -> Box<Trouble> {
    let mut trouble = Trouble::at("U1001", position, "");
    trouble.message = Some("The expression has too many parts within one another".to_owned());
    trouble
}
