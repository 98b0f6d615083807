//! `wildcard`: `*` stands for any run of characters, `\*` and `\\` for themselves (EB-9).

use super::anchors::Part;
use crate::lang::steps;

/// The literal runs between the stars; one run alone means that there is no star.
#[derive(Clone, Debug, Hash, PartialEq)]
pub(crate) struct Wildcard {
    runs: Vec<String>,
    text: String,
}

impl Wildcard {
    /// Compiles the text, or says what the service says.
    pub(crate) fn parse(text: &str) -> Result<Wildcard, String> {
        let mut runs = vec![String::new()];
        let mut characters = text.chars().enumerate().peekable();
        while let Some((position, character)) = characters.next() {
            let run = runs.last_mut().expect("starts with one run and only grows");
            match character {
                '*' if characters.peek().is_some_and(|(_, next)| *next == '*') => {
                    return Err(format!("Consecutive wildcard characters at pos {position}"));
                }
                '*' => runs.push(String::new()),
                '\\' => match characters.next() {
                    Some((_, escaped @ ('*' | '\\'))) => run.push(escaped),
                    _ => return Err(format!("Invalid escape character at pos {position}")),
                },
                _ => run.push(character),
            }
        }
        Ok(Wildcard { runs, text: text.to_owned() })
    }

    pub(crate) fn stars(&self) -> usize {
        self.runs.len() - 1
    }

    /// The text as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What a text that fits is, begins with or ends with.
    pub(crate) fn anchor(&self) -> Option<(Part, &str)> {
        match self.runs.as_slice() {
            [only] => Some((Part::Whole, only)),
            [first, ..] if !first.is_empty() => Some((Part::Start(first.len()), first)),
            [.., last] if !last.is_empty() => Some((Part::End(last.len()), last)),
            _ => None,
        }
    }

    /// A text that fits, with nothing for the stars.
    pub(crate) fn shortest(&self) -> String {
        self.runs.concat()
    }

    /// Taking each middle run at its earliest place is enough: a later place leaves less room for the rest.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.runs.as_slice() else {
            return self.runs.first().is_some_and(|only| only == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        for run in middle {
            let Some(at) = rest.find(run.as_str()) else {
                steps::took(rest.len());
                return false;
            };
            steps::took(at + run.len());
            rest = &rest[at + run.len()..];
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{Wildcard, steps};

    #[test]
    fn the_last_run_may_not_overlap_what_was_taken() {
        let wildcard = Wildcard::parse("ab*ba").expect("valid");
        assert!(wildcard.matches("abba") && wildcard.matches("abxba"));
        assert!(!wildcard.matches("aba"));
    }

    #[test]
    fn steps_grow_as_the_text_does() {
        for wildcard in ["*a*b*c*d", "*aaaaab*aaaaab*", "a*a*a*a*a*b", "*"] {
            let wildcard = Wildcard::parse(wildcard).expect("valid");
            steps::assert_linear(&["a", "ab", "aab", "aaaaab", "é"], 4, |text| {
                steps::took(1);
                let _ = wildcard.matches(text);
            });
        }
        let steps_of = |stars: usize| {
            let wildcard = Wildcard::parse(&("*a".repeat(stars) + "*b")).expect("valid");
            steps::counted(|| assert!(!wildcard.matches(&"a".repeat(4_000))))
        };
        assert!(steps_of(100) <= 4_200, "however many stars there are");
    }

    #[test]
    fn escapes_stand_for_themselves() {
        let wildcard = Wildcard::parse(r"a\*b\\*").expect("valid");
        assert!(wildcard.matches(r"a*b\tail") && !wildcard.matches(r"axb\tail"));
        assert_eq!(Wildcard::parse(r"a\b"), Err("Invalid escape character at pos 1".to_owned()));
        assert_eq!(Wildcard::parse("a**"), Err("Consecutive wildcard characters at pos 1".to_owned()));
    }
}
