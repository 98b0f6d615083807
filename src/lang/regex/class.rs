//! Sets of characters: `[a-z]`, `\d` and their like.

#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Class {
    pub ranges: Vec<(char, char)>,
    pub is_negated: bool,
}

const DIGITS: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const SPACE: &[(char, char)] = &[
    ('\t', '\r'),
    (' ', ' '),
    ('\u{a0}', '\u{a0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{2000}', '\u{200a}'),
    ('\u{2028}', '\u{2029}'),
    ('\u{202f}', '\u{202f}'),
    ('\u{205f}', '\u{205f}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{feff}', '\u{feff}'),
];

impl Class {
    /// What `\d`, `\W` and so on stand for.
    pub fn of_escape(letter: char) -> Option<Self> {
        let ranges = match letter.to_ascii_lowercase() {
            'd' => DIGITS,
            'w' => WORD,
            's' => SPACE,
            _ => return None,
        };
        Some(Self { ranges: ranges.to_vec(), is_negated: letter.is_ascii_uppercase() })
    }

    /// Takes in all of another class.
    pub fn add(&mut self, other: &Self) {
        if !other.is_negated {
            self.ranges.extend(&other.ranges);
            return;
        }
        let mut next = '\0';
        for (first, last) in &other.ranges {
            if let Some(before) = char_before(*first).filter(|before| *before >= next) {
                self.ranges.push((next, before));
            }
            next = char_after(*last);
        }
        self.ranges.push((next, char::MAX));
    }

    pub fn holds(&self, c: char, ignores_case: bool) -> bool {
        let within = |c: char| self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
        let is_within = within(c) || ignores_case && (within(lower(c)) || within(upper(c)));
        is_within != self.is_negated
    }
}

fn char_before(c: char) -> Option<char> {
    (c as u32).checked_sub(1).map(|code| char::from_u32(code).unwrap_or('\u{d7ff}'))
}

fn char_after(c: char) -> char {
    char::from_u32(c as u32 + 1).unwrap_or(if c < '\u{e000}' { '\u{e000}' } else { char::MAX })
}

/// The one character that it is in lower case; itself where that would be several.
pub(super) fn lower(c: char) -> char {
    let mut all = c.to_lowercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

pub(super) fn upper(c: char) -> char {
    let mut all = c.to_uppercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}
