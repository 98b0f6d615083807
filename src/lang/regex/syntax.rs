//! Reads an expression to a tree.

use super::DEPTH_MAX;
use super::class::Class;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    Char(char),
    Any,
    Class(Class),
    Sequence(Vec<Tree>),
    Either(Vec<Tree>),
    /// With its number, from 1 on.
    Group(usize, Box<Tree>),
    Repeat {
        tree: Box<Tree>,
        least: usize,
        most: Option<usize>,
        is_lazy: bool,
        groups: (usize, usize),
    },
    Start,
    End,
    Boundary {
        is_negated: bool,
    },
    Back(usize),
    Look {
        tree: Box<Tree>,
        is_behind: bool,
        is_negated: bool,
    },
}

struct Reader {
    chars: Vec<char>,
    place: usize,
    groups: usize,
    names: Vec<(String, usize)>,
}

pub(super) fn parse(source: &str) -> Result<Tree, String> {
    let mut reader = Reader { chars: source.chars().collect(), place: 0, groups: 0, names: Vec::new() };
    let tree = reader.either(0)?;
    match reader.peek() {
        None => Ok(tree),
        Some(_) => Err("A bracket is closed that was not opened".to_owned()),
    }
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.place).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.place += usize::from(c.is_some());
        c
    }

    fn take(&mut self, expected: &str) -> bool {
        let length = expected.chars().count();
        let is_there = self.chars[self.place..].iter().take(length).copied().eq(expected.chars());
        self.place += if is_there { length } else { 0 };
        is_there
    }

    fn either(&mut self, depth: usize) -> Result<Tree, String> {
        if depth > DEPTH_MAX {
            return Err(format!("There are more than {DEPTH_MAX} groups within groups"));
        }
        let mut options = vec![self.sequence(depth)?];
        while self.take("|") {
            options.push(self.sequence(depth)?);
        }
        Ok(if options.len() == 1 { options.remove(0) } else { Tree::Either(options) })
    }

    fn sequence(&mut self, depth: usize) -> Result<Tree, String> {
        let mut trees = Vec::new();
        while let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            let groups_before = self.groups;
            let tree = self.atom(c, depth)?;
            trees.push(self.repeated(tree, groups_before)?);
        }
        Ok(Tree::Sequence(trees))
    }

    fn repeated(&mut self, tree: Tree, groups_before: usize) -> Result<Tree, String> {
        let Some((least, most)) = self.quantifier()? else { return Ok(tree) };
        if matches!(tree, Tree::Start | Tree::End | Tree::Boundary { .. }) {
            return Err("Nothing to repeat".to_owned());
        }
        if most.is_some_and(|most| most < least) {
            return Err("The numbers of a quantifier are out of order".to_owned());
        }
        let is_lazy = self.take("?");
        Ok(Tree::Repeat { tree: Box::new(tree), least, most, is_lazy, groups: (groups_before, self.groups) })
    }

    fn quantifier(&mut self) -> Result<Option<(usize, Option<usize>)>, String> {
        Ok(match self.peek() {
            Some('*') => {
                self.place += 1;
                Some((0, None))
            }
            Some('+') => {
                self.place += 1;
                Some((1, None))
            }
            Some('?') => {
                self.place += 1;
                Some((0, Some(1)))
            }
            Some('{') => {
                let start = self.place;
                self.place += 1;
                let counted = self.counted();
                if counted.is_none() {
                    // A brace that is no quantifier stands for itself.
                    self.place = start;
                }
                counted
            }
            _ => None,
        })
    }

    fn counted(&mut self) -> Option<(usize, Option<usize>)> {
        let least = self.number()?;
        let most = if !self.take(",") {
            Some(least)
        } else if self.peek() == Some('}') {
            None
        } else {
            Some(self.number()?)
        };
        self.take("}").then_some((least, most))
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.place;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.place += 1;
        }
        self.chars[start..self.place].iter().collect::<String>().parse().ok()
    }

    fn atom(&mut self, c: char, depth: usize) -> Result<Tree, String> {
        self.place += 1;
        match c {
            '.' => Ok(Tree::Any),
            '^' => Ok(Tree::Start),
            '$' => Ok(Tree::End),
            '[' => self.class(),
            '(' => self.group(depth),
            '\\' => self.escape(),
            '*' | '+' | '?' => Err("Nothing to repeat".to_owned()),
            c => Ok(Tree::Char(c)),
        }
    }

    fn group(&mut self, depth: usize) -> Result<Tree, String> {
        let looks = [("?=", false, false), ("?!", false, true), ("?<=", true, false), ("?<!", true, true)];
        let look = looks.into_iter().find(|(mark, ..)| self.take(mark));
        let mut number = None;
        if look.is_none() && !self.take("?:") {
            self.groups += 1;
            number = Some(self.groups);
            if self.take("?<") {
                let start = self.place;
                while self.peek().is_some_and(|c| c != '>') {
                    self.place += 1;
                }
                self.names.push((self.chars[start..self.place].iter().collect(), self.groups));
                self.place += 1;
            } else if self.peek() == Some('?') {
                return Err("Invalid group".to_owned());
            }
        }
        let tree = Box::new(self.either(depth + 1)?);
        if !self.take(")") {
            return Err("Unterminated group".to_owned());
        }
        Ok(match (look, number) {
            (Some((_, is_behind, is_negated)), _) => Tree::Look { tree, is_behind, is_negated },
            (None, Some(number)) => Tree::Group(number, tree),
            (None, None) => *tree,
        })
    }

    fn escape(&mut self) -> Result<Tree, String> {
        let Some(c) = self.next() else { return Err("\\ at the end".to_owned()) };
        Ok(match c {
            'b' => Tree::Boundary { is_negated: false },
            'B' => Tree::Boundary { is_negated: true },
            '1'..='9' => {
                self.place -= 1;
                Tree::Back(self.number().unwrap_or(usize::MAX))
            }
            'k' if self.take("<") => {
                let start = self.place;
                while self.peek().is_some_and(|c| c != '>') {
                    self.place += 1;
                }
                let name: String = self.chars[start..self.place].iter().collect();
                self.place += 1;
                let found = self.names.iter().find(|(known, _)| *known == name);
                Tree::Back(found.ok_or_else(|| format!("There is no group {name:?}"))?.1)
            }
            c => match Class::of_escape(c) {
                Some(class) => Tree::Class(class),
                None => Tree::Char(self.character(c)),
            },
        })
    }

    /// What an escape stands for that is one character.
    fn character(&mut self, letter: char) -> char {
        match letter {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'f' => '\u{c}',
            '0' => '\0',
            'c' => {
                let control = self.peek().filter(char::is_ascii_alphabetic);
                self.place += usize::from(control.is_some());
                control.map_or('c', |c| char::from(c as u8 % 32))
            }
            'x' => self.hexadecimal(2).unwrap_or('x'),
            'u' => self.hexadecimal(4).unwrap_or('u'),
            other => other,
        }
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<char> {
        let text: String = self.chars[self.place..].iter().take(digits).collect();
        if text.len() != digits || !text.chars().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        self.place += digits;
        Some(u32::from_str_radix(&text, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'))
    }

    fn class(&mut self) -> Result<Tree, String> {
        let mut class = Class { is_negated: self.take("^"), ..Class::default() };
        loop {
            let Some(c) = self.next() else { return Err("Unterminated character class".to_owned()) };
            if c == ']' {
                return Ok(Tree::Class(class));
            }
            let Some(first) = self.class_member(c, &mut class)? else { continue };
            let is_range = self.peek() == Some('-') && self.chars.get(self.place + 1).is_some_and(|c| *c != ']');
            if !is_range {
                class.ranges.push((first, first));
                continue;
            }
            self.place += 1;
            let Some(c) = self.next() else { return Err("Unterminated character class".to_owned()) };
            match self.class_member(c, &mut class)? {
                Some(last) if last < first => return Err("Range out of order in character class".to_owned()),
                Some(last) => class.ranges.push((first, last)),
                None => class.ranges.extend([(first, first), ('-', '-')]),
            }
        }
    }

    /// None where it stands for a class, which is added.
    fn class_member(&mut self, c: char, class: &mut Class) -> Result<Option<char>, String> {
        if c != '\\' {
            return Ok(Some(c));
        }
        let Some(letter) = self.next() else { return Err("\\ at the end".to_owned()) };
        match Class::of_escape(letter) {
            Some(other) => {
                class.add(&other);
                Ok(None)
            }
            None if letter == 'b' => Ok(Some('\u{8}')),
            None => Ok(Some(self.character(letter))),
        }
    }
}
