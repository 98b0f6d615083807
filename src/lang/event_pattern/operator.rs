//! One element of a leaf array: a literal or an operator, ready to be asked about a scalar (EB-9, SNS-21).

use super::anchors::Part;
use super::cidr::Cidr;
use super::number::{Num, Range};
use super::scalar::Scalar;
use super::wildcard::Wildcard;

/// What one element accepts.
#[derive(Clone, Debug, Hash, PartialEq)]
pub(crate) enum Test {
    Null,
    Bool(bool),
    Text(String),
    Number(Num),
    Prefix(String),
    Suffix(String),
    Folded(Folded),
    FoldedPrefix(Folded),
    FoldedSuffix(Folded),
    Wildcard(Wildcard),
    Range(Range),
    Cidr(Cidr),
    AnythingBut(Exclusion),
    /// `exists: true`.
    Present,
    /// `exists: false`; no scalar satisfies it, only the lack of one.
    Absent,
}

/// What `anything-but` keeps out. Everything else is let in: null, booleans, and scalars of another type.
#[derive(Clone, Debug, Hash, PartialEq)]
pub(crate) enum Exclusion {
    Texts(Vec<String>),
    Numbers(Vec<Num>),
    Prefixes(Vec<String>),
    Suffixes(Vec<String>),
    Folded(Vec<Folded>),
    Wildcards(Vec<Wildcard>),
}

/// Text to compare without regard to case.
#[derive(Clone, Debug, Hash, PartialEq)]
pub(crate) struct Folded {
    lower: String,
    text: String,
}

impl Folded {
    pub(crate) fn new(text: &str) -> Folded {
        Folded { lower: fold(text).collect(), text: text.to_owned() }
    }

    /// The text as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn equals(&self, text: &str) -> bool {
        fold(text).eq(self.lower.chars())
    }

    fn begins(&self, text: &str) -> bool {
        let mut given = fold(text);
        self.lower.chars().all(|wanted| given.next() == Some(wanted))
    }

    fn ends(&self, text: &str) -> bool {
        let mut given = fold(text).rev();
        self.lower.chars().rev().all(|wanted| given.next() == Some(wanted))
    }
}

/// Lower case one character at a time, so that the hot path builds no string.
fn fold(text: &str) -> impl DoubleEndedIterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}

impl Test {
    /// Whether one scalar of the event passes.
    pub(crate) fn accepts(&self, given: Scalar<'_>) -> bool {
        match (self, given) {
            (Test::Present, _) => true,
            (Test::AnythingBut(exclusion), _) => !exclusion.excludes(given),
            (Test::Null, Scalar::Null) => true,
            (Test::Bool(wanted), Scalar::Bool(given)) => *wanted == given,
            (Test::Number(wanted), Scalar::Number(given)) => wanted.equals(&given),
            (Test::Range(range), Scalar::Number(given)) => range.contains(&given),
            (_, Scalar::Text(given)) => self.accepts_text(given),
            _ => false,
        }
    }

    /// What a scalar has to be, to begin with or to end with, where that is known.
    pub(crate) fn anchor(&self) -> Option<(Part, Scalar<'_>)> {
        match self {
            Test::Null => Some((Part::Whole, Scalar::Null)),
            Test::Bool(wanted) => Some((Part::Whole, Scalar::Bool(*wanted))),
            Test::Text(wanted) => Some((Part::Whole, Scalar::Text(wanted))),
            Test::Number(wanted) => Some((Part::Whole, Scalar::Number(*wanted))),
            Test::Prefix(prefix) => Some((Part::Start(prefix.len()), Scalar::Text(prefix))),
            Test::Suffix(suffix) => Some((Part::End(suffix.len()), Scalar::Text(suffix))),
            Test::Wildcard(wildcard) => wildcard.anchor().map(|(part, text)| (part, Scalar::Text(text))),
            _ => None,
        }
    }

    fn accepts_text(&self, given: &str) -> bool {
        match self {
            Test::Text(wanted) => wanted == given,
            Test::Prefix(prefix) => given.starts_with(prefix.as_str()),
            Test::Suffix(suffix) => given.ends_with(suffix.as_str()),
            Test::Folded(folded) => folded.equals(given),
            Test::FoldedPrefix(folded) => folded.begins(given),
            Test::FoldedSuffix(folded) => folded.ends(given),
            Test::Wildcard(wildcard) => wildcard.matches(given),
            Test::Cidr(cidr) => cidr.contains(given),
            _ => false,
        }
    }
}

impl Exclusion {
    fn excludes(&self, given: Scalar<'_>) -> bool {
        match (self, given) {
            (Exclusion::Numbers(numbers), Scalar::Number(given)) => numbers.iter().any(|number| number.equals(&given)),
            (_, Scalar::Text(given)) => match self {
                Exclusion::Texts(texts) => texts.iter().any(|text| text == given),
                Exclusion::Prefixes(prefixes) => prefixes.iter().any(|prefix| given.starts_with(prefix.as_str())),
                Exclusion::Suffixes(suffixes) => suffixes.iter().any(|suffix| given.ends_with(suffix.as_str())),
                Exclusion::Folded(texts) => texts.iter().any(|text| text.equals(given)),
                Exclusion::Wildcards(wildcards) => wildcards.iter().any(|wildcard| wildcard.matches(given)),
                Exclusion::Numbers(_) => false,
            },
            _ => false,
        }
    }
}
