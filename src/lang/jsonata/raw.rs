//! An expression as it is written, before its paths are flattened.

use std::sync::Arc;

use super::signature::Signature;
use crate::lang::regex::Regex;

pub(super) struct Raw {
    pub kind: RawKind,
    pub position: usize,
    /// `[]` stands behind it.
    pub keeps_list: bool,
    /// Nodes from here down to the deepest.
    pub height: usize,
}

pub(super) struct RawTerm {
    pub is_descending: bool,
    pub expression: Raw,
}

pub(super) enum RawKind {
    /// Nothing stands where an operand should.
    End,
    Name(String),
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
    Regex(Arc<Regex>),
    Variable(String),
    Wildcard,
    Descendants,
    Parent,
    /// `.`, `@`, `#`, `~>`, `:=` and the operators of values.
    Binary(&'static str, Box<Raw>, Box<Raw>),
    Filter(Box<Raw>, Box<Raw>),
    Group(Box<Raw>, Vec<(Raw, Raw)>),
    OrderBy(Box<Raw>, Vec<RawTerm>),
    Negate(Box<Raw>),
    List(Vec<Raw>),
    Object(Vec<(Raw, Raw)>),
    Condition(Box<Raw>, Box<Raw>, Option<Box<Raw>>),
    Block(Vec<Raw>),
    Call(Box<Raw>, Vec<Raw>),
    Partial(Box<Raw>, Vec<Option<Raw>>),
    Lambda {
        parameters: Vec<String>,
        signature: Option<Signature>,
        body: Box<Raw>,
    },
    Transform {
        pattern: Box<Raw>,
        update: Box<Raw>,
        delete: Option<Box<Raw>>,
    },
}

impl RawKind {
    /// The tallest part.
    pub fn height(&self) -> usize {
        let pairs = |pairs: &[(Raw, Raw)]| pairs.iter().map(|(key, value)| key.height.max(value.height)).max();
        let all = |parts: &[Raw]| parts.iter().map(|part| part.height).max();
        match self {
            Self::Binary(_, left, right) | Self::Filter(left, right) => left.height.max(right.height),
            Self::Group(left, fields) => left.height.max(pairs(fields).unwrap_or_default()),
            Self::OrderBy(left, terms) => {
                terms.iter().map(|term| term.expression.height).max().unwrap_or_default().max(left.height)
            }
            Self::Negate(part) => part.height,
            Self::List(parts) | Self::Block(parts) => all(parts).unwrap_or_default(),
            Self::Object(fields) => pairs(fields).unwrap_or_default(),
            Self::Condition(condition, then, other) => {
                condition.height.max(then.height).max(other.as_ref().map_or(0, |other| other.height))
            }
            Self::Call(procedure, parts) => all(parts).unwrap_or_default().max(procedure.height),
            Self::Partial(procedure, parts) => {
                parts.iter().flatten().map(|part| part.height).max().unwrap_or_default().max(procedure.height)
            }
            Self::Lambda { body, .. } => body.height,
            Self::Transform { pattern, update, delete } => {
                pattern.height.max(update.height).max(delete.as_ref().map_or(0, |delete| delete.height))
            }
            _ => 0,
        }
    }
}
