//! A definition as text: what is no JSON is told with its line and column and in the words of AWS's own reader, and so are
//! names that are given twice.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Code, Diagnostic, Level, Problem, quoted};
use crate::lang::asl::machine::Machine;
use crate::lang::steps;

/// SFN-2.
pub const DEFINITION_BYTES_MAX: usize = 1_048_576;

/// So many names that are given twice are told.
const DOUBLES_MAX: usize = 50;

/// As deep as JSON can be read.
const DEPTH_MAX: usize = 127;

/// The machine of a text, and what is wrong with it.
#[must_use]
pub fn read_text(text: &str, is_express: bool) -> (Option<Machine>, Vec<Problem>) {
    let refused = |code: Code, place: String, aws: String, message: String| {
        let aws = Diagnostic { code, message: aws, location: None };
        (None, vec![Problem { place, level: Level::Error, message, aws: Some(aws) }])
    };
    if text.len() > DEFINITION_BYTES_MAX {
        let aws = "The definition exceeds 1048576 characters".to_owned();
        let message =
            format!("The definition has {} bytes; 1 MB is allowed. Let another machine do a part of it.", text.len());
        return refused(Code::InvalidJsonDescription, String::new(), aws, message);
    }
    if text.trim().is_empty() {
        let aws = "Received a null or empty workflow input".to_owned();
        return refused(Code::MissingDescription, String::new(), aws, "There is no definition; write one.".to_owned());
    }
    let mut scan = Scan::new(text);
    let value = match scan.document() {
        Ok(()) => serde_json::from_str::<Value>(text).map_err(|error| JsonError {
            message: error.to_string(),
            line: error.line(),
            column: error.column(),
        }),
        Err(message) => Err(scan.located(message)),
    };
    match value {
        Ok(value) => {
            let (machine, mut problems) = super::read_as(&value, is_express);
            problems.splice(0..0, scan.doubles);
            (machine, problems)
        }
        Err(JsonError { message, line, column }) => {
            let place = format!("line {line}, column {column}");
            let ours = format!("is no JSON: {message}");
            refused(Code::InvalidJsonDescription, place, message, ours)
        }
    }
}

/// Why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// In the words of Jackson, which is what AWS reads with.
    pub message: String,
    pub line: usize,
    pub column: usize,
}

/// `None` for JSON.
#[must_use]
pub fn json_error(text: &str) -> Option<JsonError> {
    let mut scan = Scan::new(text);
    scan.document().err().map(|message| scan.located(message))
}

/// AWS's refusal of an execution's input that is no JSON.
#[must_use]
pub fn input_refusal(text: &str) -> String {
    let why = match json_error(text) {
        Some(error) if !text.trim().is_empty() => error.message,
        _ => "Invalid execution input.".to_owned(),
    };
    format!("Invalid State Machine Execution Input: '{why}'")
}

const VALUE: &str = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'";

/// An object or a list that is open.
struct Open {
    start: usize,
    /// The names so far, and the latest; `None` for a list.
    names: Option<(BTreeSet<String>, String)>,
    items: usize,
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Open>,
    doubles: Vec<Problem>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, open: Vec::new(), doubles: Vec::new() }
    }

    fn located(&self, message: String) -> JsonError {
        let (line, column) = self.position(self.at);
        JsonError { message, line, column }
    }

    fn position(&self, at: usize) -> (usize, usize) {
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (1 + before.matches('\n').count(), 1 + before[line_start..].chars().count())
    }

    fn next(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        steps::took(rest.len() - trimmed.len() + 1);
        self.at += rest.len() - trimmed.len();
        trimmed.chars().next()
    }

    fn unexpected(character: char, expected: &str) -> String {
        format!("Unexpected character ('{character}' (code {})): {expected}", character as u32)
    }

    fn end_of_input(&self) -> String {
        let Some(open) = self.open.last() else { return "No content to map due to end-of-input".to_owned() };
        let kind = if open.names.is_some() { "Object" } else { "Array" };
        let (line, column) = self.position(open.start);
        format!(
            "Unexpected end-of-input: expected close marker for {kind} (start marker at [Source: UNKNOWN; line: {line}, column: {column}])"
        )
    }

    /// One value with nothing behind it.
    fn document(&mut self) -> Result<(), String> {
        self.value()?;
        while let Some(open) = self.open.last() {
            let (is_object, is_first) = (open.names.is_some(), open.items == 0);
            let Some(character) = self.next() else { return Err(self.end_of_input()) };
            let close = if is_object { '}' } else { ']' };
            if character == close {
                self.at += 1;
                self.open.pop();
                continue;
            }
            if !is_first {
                if character != ',' {
                    let of = if is_object { "Object" } else { "Array" };
                    return Err(Self::unexpected(character, &format!("was expecting comma to separate {of} entries")));
                }
                self.at += 1;
            }
            if let Some(open) = self.open.last_mut() {
                open.items += 1;
            }
            if is_object {
                self.name()?;
            }
            self.value()?;
        }
        match self.next() {
            None => Ok(()),
            Some(character) => Err(self.token_or_character(character)),
        }
    }

    fn name(&mut self) -> Result<(), String> {
        let Some(character) = self.next() else { return Err(self.end_of_input()) };
        if character != '"' {
            return Err(Self::unexpected(character, "was expecting double-quote to start field name"));
        }
        let start = self.at;
        self.string()?;
        let written = &self.text[start..self.at];
        let name = serde_json::from_str::<String>(written).unwrap_or_else(|_| written.to_owned());
        self.named(name, start);
        let Some(character) = self.next() else { return Err(self.end_of_input()) };
        if character != ':' {
            return Err(Self::unexpected(character, "was expecting a colon to separate field name and value"));
        }
        self.at += 1;
        Ok(())
    }

    fn named(&mut self, name: String, start: usize) {
        let is_state = self
            .open
            .iter()
            .rev()
            .nth(1)
            .is_some_and(|outer| outer.names.as_ref().is_some_and(|(_, latest)| latest == "States"));
        let Some((names, latest)) = self.open.last_mut().and_then(|open| open.names.as_mut()) else { return };
        latest.clone_from(&name);
        if names.insert(name.clone()) || self.doubles.len() >= DOUBLES_MAX {
            return;
        }
        let (line, column) = self.position(start);
        let aws = Diagnostic {
            code: Code::DuplicateStateName,
            message: format!("Duplicate State name: {}", super::short(&name, 80)),
            location: None,
        };
        self.doubles.push(Problem {
            place: format!("line {line}, column {column}"),
            level: if is_state { Level::Error } else { Level::Warning },
            message: format!("{} is given twice; the last one is read. Keep one of them", quoted(&name)),
            aws: is_state.then_some(aws),
        });
    }

    fn value(&mut self) -> Result<(), String> {
        let Some(character) = self.next() else { return Err(self.end_of_input()) };
        match character {
            '{' | '[' => {
                if self.open.len() >= DEPTH_MAX {
                    return Err(format!("Document nesting depth ({}) exceeds the maximum allowed", DEPTH_MAX + 1));
                }
                let names = (character == '{').then(|| (BTreeSet::new(), String::new()));
                self.open.push(Open { start: self.at, names, items: 0 });
                self.at += 1;
                Ok(())
            }
            '"' => self.string(),
            '-' | '0'..='9' => self.number(),
            _ => {
                let word = self.word();
                if matches!(word, "true" | "false" | "null") {
                    self.at += word.len();
                    return Ok(());
                }
                Err(self.token_or_character(character))
            }
        }
    }

    fn word(&self) -> &'a str {
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())]
    }

    fn token_or_character(&self, character: char) -> String {
        let word = self.word();
        if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
            return Self::unexpected(character, &format!("expected a valid value ({VALUE})"));
        }
        format!("Unrecognized token '{}': was expecting ({VALUE})", super::short(word, 256))
    }

    fn string(&mut self) -> Result<(), String> {
        let start = self.at;
        let mut characters = self.text[start + 1..].char_indices();
        while let Some((offset, character)) = characters.next() {
            steps::took(1);
            let here = start + 1 + offset;
            match character {
                '"' => {
                    self.at = here + 1;
                    return Ok(());
                }
                '\\' => match characters.next() {
                    Some((_, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {}
                    Some((_, 'u')) => {
                        let digits = self.text[here + 2..].bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
                        if digits < 4 {
                            self.at = here;
                            return Err("Unexpected character in a Unicode escape: expected a hex-digit".to_owned());
                        }
                    }
                    Some((_, other)) => {
                        self.at = here;
                        return Err(format!("Unrecognized character escape '{other}' (code {})", other as u32));
                    }
                    None => break,
                },
                '\0'..='\u{1f}' => {
                    self.at = here;
                    let code = character as u32;
                    return Err(format!(
                        "Illegal unquoted character ((CTRL-CHAR, code {code})): has to be escaped using backslash to be included in string value"
                    ));
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        Err("Unexpected end-of-input: was expecting closing quote for a string value".to_owned())
    }

    fn number(&mut self) -> Result<(), String> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(rest.len());
        steps::took(end);
        if serde_json::from_str::<f64>(&rest[..end]).is_err() {
            return Err(format!("Unexpected character in numeric value: {}", super::short(&rest[..end], 64)));
        }
        self.at += end;
        Ok(())
    }
}
