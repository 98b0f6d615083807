//! An expression's text, cut into tokens.

/// Bytes of an expression, at most (DDB-12).
const SIZE_MAX: usize = 4_096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name as it stands, `#name` or `:value`.
    Word,
    Number,
    /// `=`, `<=`, `(`, …
    Sign,
    /// What no expression has.
    Stray,
    End,
}

#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    start: usize,
    end: usize,
}

pub struct Tokens<'a> {
    text: &'a str,
    all: Vec<Token<'a>>,
    /// By token: where the bracket that opens there is closed.
    closed_at: Vec<Option<usize>>,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// # Errors
    /// What AWS says of a text that is empty or too long.
    pub fn of(text: &'a str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("The expression can not be empty;".to_owned());
        }
        if text.len() > SIZE_MAX {
            return Err(format!(
                "Expression size has exceeded the maximum allowed size; expression size: {}",
                text.len()
            ));
        }
        let mut all = Vec::new();
        let mut start = 0;
        while let Some(first) = text[start..].chars().next() {
            if first.is_whitespace() {
                start += first.len_utf8();
                continue;
            }
            let (kind, length) = first_of(&text[start..], first);
            all.push(Token { kind, text: &text[start..start + length], start, end: start + length });
            start += length;
        }
        all.push(Token { kind: Kind::End, text: "<EOF>", start, end: start });
        let closed_at = closing(&all);
        Ok(Self { text, all, closed_at, at: 0 })
    }

    #[must_use]
    pub fn peek(&self) -> Token<'a> {
        self.all[self.at]
    }

    #[must_use]
    pub fn peek_second(&self) -> Token<'a> {
        self.all[(self.at + 1).min(self.all.len() - 1)]
    }

    pub fn next(&mut self) -> Token<'a> {
        let token = self.peek();
        self.at = (self.at + 1).min(self.all.len() - 1);
        token
    }

    pub fn takes(&mut self, sign: &str) -> bool {
        let is_it = self.peek().kind == Kind::Sign && self.peek().text == sign;
        if is_it {
            self.next();
        }
        is_it
    }

    #[must_use]
    pub fn is_word(&self, word: &str) -> bool {
        self.peek().kind == Kind::Word && self.peek().text.eq_ignore_ascii_case(word)
    }

    pub fn takes_word(&mut self, word: &str) -> bool {
        let is_it = self.is_word(word);
        if is_it {
            self.next();
        }
        is_it
    }

    /// Whether the bracket just taken has nothing in it but another pair.
    #[must_use]
    pub fn is_doubled(&self) -> bool {
        let outer = self.at.checked_sub(1).and_then(|before| self.closed_at[before]);
        self.closed_at[self.at].is_some_and(|inner| outer == Some(inner + 1))
    }

    /// # Errors
    /// Where something else stands next.
    pub fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(self.wrong()) }
    }

    /// What AWS says of the token that stands next: it, and what is around it.
    #[must_use]
    pub fn wrong(&self) -> String {
        let token = self.peek();
        let before = self.at.checked_sub(1).map_or(token.start, |before| self.all[before].start);
        let behind = self.peek_second().end;
        format!("Syntax error; token: \"{}\", near: \"{}\"", token.text, &self.text[before..behind])
    }
}

fn closing(all: &[Token<'_>]) -> Vec<Option<usize>> {
    let (mut closed_at, mut open) = (vec![None; all.len()], Vec::new());
    for (place, token) in all.iter().enumerate() {
        match token.text {
            "(" => open.push(place),
            ")" => {
                if let Some(opened) = open.pop() {
                    closed_at[opened] = Some(place);
                }
            }
            _ => {}
        }
    }
    closed_at
}

fn first_of(text: &str, first: char) -> (Kind, usize) {
    let run = |from: usize, holds: fn(char) -> bool| {
        from + text[from..].find(|char: char| !holds(char)).unwrap_or(text.len() - from)
    };
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    match first {
        '#' | ':' => match run(1, is_part) {
            1 => (Kind::Stray, 1),
            length => (Kind::Word, length),
        },
        _ if first.is_ascii_digit() => (Kind::Number, run(0, |char| char.is_ascii_digit())),
        _ if is_part(first) => (Kind::Word, run(0, is_part)),
        '<' if text[1..].starts_with(['=', '>']) => (Kind::Sign, 2),
        '>' if text[1..].starts_with('=') => (Kind::Sign, 2),
        '=' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | '.' | '+' | '-' => (Kind::Sign, 1),
        _ => (Kind::Stray, first.len_utf8()),
    }
}
