//! Cuts an expression into tokens.

use std::sync::Arc;

use super::error::{Outcome, Trouble};
use super::value::lone_surrogate;
use crate::lang::regex::Regex;
use crate::lang::steps::took;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Operator(&'static str),
    Name(String),
    Variable(String),
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
    Regex(Arc<Regex>),
    End,
}

/// Those of two characters come first.
const OPERATORS: [&str; 33] = [
    "..", ":=", "!=", ">=", "<=", "**", "~>", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+",
    "-", "*", "/", "%", "|", "=", "<", ">", "^", "&", "!", "~",
];
const SPACES: [char; 5] = [' ', '\t', '\n', '\r', '\u{b}'];

pub(super) struct Lexer {
    chars: Vec<char>,
    pub place: usize,
}

impl Lexer {
    pub fn new(text: &str) -> Self {
        Self { chars: text.chars().collect(), place: 0 }
    }

    fn at(&self, place: usize) -> Option<char> {
        self.chars.get(place).copied()
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.chars[from..to].iter().collect()
    }

    /// The next token and its place. Behind an operand, a slash divides; elsewhere it opens a regular expression.
    pub fn next(&mut self, is_behind_operand: bool) -> Outcome<(Token, usize)> {
        self.skip_space()?;
        let start = self.place;
        let Some(c) = self.at(start) else { return Ok((Token::End, start)) };
        if c == '/' && !is_behind_operand {
            self.place += 1;
            return Ok((Token::Regex(self.regex()?), start));
        }
        if let Some(operator) = self.operator() {
            self.place += operator.len();
            return Ok((Token::Operator(operator), start));
        }
        let token = match c {
            '"' | '\'' => Token::Text(self.quoted(c)?),
            '0'..='9' => self.number()?,
            '`' => {
                self.place += 1;
                let end = (self.place..self.chars.len()).find(|place| self.chars[*place] == '`');
                let end = end.ok_or_else(|| Trouble::at("S0105", self.chars.len(), ""))?;
                let name = self.text(self.place, end);
                self.place = end + 1;
                Token::Name(name)
            }
            _ => self.name(),
        };
        took(self.place - start);
        Ok((token, start))
    }

    fn skip_space(&mut self) -> Outcome<()> {
        loop {
            while self.at(self.place).is_some_and(|c| SPACES.contains(&c)) {
                self.place += 1;
                took(1);
            }
            if self.at(self.place) != Some('/') || self.at(self.place + 1) != Some('*') {
                return Ok(());
            }
            let start = self.place;
            self.place += 2;
            while self.at(self.place) != Some('*') || self.at(self.place + 1) != Some('/') {
                took(1);
                if self.place >= self.chars.len() {
                    return Err(Trouble::at("S0106", start, ""));
                }
                self.place += 1;
            }
            self.place += 2;
        }
    }

    fn operator(&self) -> Option<&'static str> {
        OPERATORS
            .into_iter()
            .find(|operator| operator.chars().enumerate().all(|(k, c)| self.at(self.place + k) == Some(c)))
    }

    fn quoted(&mut self, quote: char) -> Outcome<String> {
        let mut text = String::new();
        let mut high: Option<u32> = None;
        loop {
            self.place += 1;
            let Some(c) = self.at(self.place) else { return Err(Trouble::at("S0101", self.place, "")) };
            let mut unit = None;
            let c = match c {
                c if c == quote => break,
                '\\' => {
                    self.place += 1;
                    match self.at(self.place) {
                        Some(c @ ('"' | '\\' | '/')) => c,
                        Some('b') => '\u{8}',
                        Some('f') => '\u{c}',
                        Some('n') => '\n',
                        Some('r') => '\r',
                        Some('t') => '\t',
                        Some('u') => {
                            let code = self.hexadecimal()?;
                            unit = Some(code);
                            char::from_u32(code).unwrap_or_else(|| lone_surrogate(code))
                        }
                        other => {
                            let token = other.map(String::from).unwrap_or_default();
                            return Err(Trouble::at("S0103", self.place, &token));
                        }
                    }
                }
                c => c,
            };
            // Two halves of a pair, written one after the other, are one character.
            if let (Some(high), Some(low @ 0xdc00..=0xdfff)) = (high, unit) {
                text.pop();
                text.extend(char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)));
            } else {
                text.push(c);
            }
            high = unit.filter(|unit| (0xd800..0xdc00).contains(unit));
        }
        self.place += 1;
        Ok(text)
    }

    fn hexadecimal(&mut self) -> Outcome<u32> {
        let end = (self.place + 5).min(self.chars.len());
        let digits = self.text(self.place + 1, end);
        let is_hexadecimal = digits.len() == 4 && digits.chars().all(|c| c.is_ascii_hexdigit());
        let code = u32::from_str_radix(&digits, 16).ok().filter(|_| is_hexadecimal);
        let code = code.ok_or_else(|| Trouble::at("S0104", self.place, ""))?;
        self.place += 4;
        Ok(code)
    }

    fn digits(&self, from: usize) -> usize {
        (from..self.chars.len()).find(|place| !self.chars[*place].is_ascii_digit()).unwrap_or(self.chars.len())
    }

    fn number(&mut self) -> Outcome<Token> {
        let start = self.place;
        // Nothing may follow a zero: the next digit is another token.
        let mut end = if self.at(start) == Some('0') { start + 1 } else { self.digits(start) };
        if self.at(end) == Some('.') && self.digits(end + 1) > end + 1 {
            end = self.digits(end + 1);
        }
        if matches!(self.at(end), Some('e' | 'E')) {
            let from = end + 1 + usize::from(matches!(self.at(end + 1), Some('+' | '-')));
            if self.digits(from) > from {
                end = self.digits(from);
            }
        }
        let text = self.text(start, end);
        self.place = end;
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Token::Number(number)),
            _ => Err(Trouble::at("S0102", start, &text)),
        }
    }

    fn name(&mut self) -> Token {
        let start = self.place;
        while self.at(self.place).is_some_and(|c| !SPACES.contains(&c)) && self.operator().is_none() {
            self.place += 1;
        }
        let name = self.text(start, self.place);
        match &*name {
            "or" => Token::Operator("or"),
            "in" => Token::Operator("in"),
            "and" => Token::Operator("and"),
            "true" => Token::Bool(true),
            "false" => Token::Bool(false),
            "null" => Token::Null,
            _ => match name.strip_prefix('$') {
                Some(variable) => Token::Variable(variable.to_owned()),
                None => Token::Name(name),
            },
        }
    }

    /// From behind the slash that opens it.
    fn regex(&mut self) -> Outcome<Arc<Regex>> {
        let start = self.place;
        let mut depth = 0_i64;
        let mut backslashes = 0;
        loop {
            let Some(c) = self.at(self.place) else { return Err(Trouble::at("S0302", self.place, "")) };
            took(1);
            match c {
                '/' if depth == 0 && backslashes % 2 == 0 => break,
                '(' | '[' | '{' if backslashes == 0 => depth += 1,
                ')' | ']' | '}' if backslashes == 0 => depth -= 1,
                _ => {}
            }
            backslashes = if c == '\\' { backslashes + 1 } else { 0 };
            self.place += 1;
        }
        let source = self.text(start, self.place);
        if source.is_empty() {
            return Err(Trouble::at("S0301", self.place, ""));
        }
        self.place += 1;
        let flags = self.place;
        while matches!(self.at(self.place), Some('i' | 'm')) {
            self.place += 1;
        }
        let flags = &self.chars[flags..self.place];
        let regex = Regex::new(&source, flags.contains(&'i'), flags.contains(&'m'));
        regex.map(Arc::new).map_err(|message| {
            let mut trouble = Trouble::with("S0303", message.into());
            trouble.position = Some(start);
            trouble
        })
    }
}
