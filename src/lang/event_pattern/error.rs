//! Why a pattern was refused, in the service's own words.
//!
//! The texts are those recorded against AWS (`[LS]` snapshots of SNS; EventBridge wraps the same ones), without the
//! parser's `at [Source: …; line, column]`: the path says where, in terms of the pattern.

use super::Dialect;
use std::fmt;

/// A pattern that the service would refuse to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// `InvalidEventPatternException` (EventBridge) or `InvalidParameter` (SNS).
    pub code: &'static str,
    /// Where in the pattern, such as `detail.amount[0].numeric`; empty when it is the whole.
    pub path: String,
    /// The service's sentence.
    pub message: String,
}

impl PatternError {
    pub(crate) fn new(dialect: Dialect, path: &str, reason: impl fmt::Display) -> PatternError {
        let (code, message) = match dialect {
            Dialect::EventBridge => {
                ("InvalidEventPatternException", format!("Event pattern is not valid. Reason: {reason}"))
            }
            _ => ("InvalidParameter", format!("Invalid parameter: FilterPolicy: {reason}")),
        };
        PatternError { code, path: path.to_owned(), message }
    }

    /// The one refusal of SNS that does not name `FilterPolicy` in front (SNS-22).
    pub(crate) fn nested_attributes(path: &str) -> PatternError {
        PatternError {
            code: "InvalidParameter",
            path: path.to_owned(),
            message: "Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy"
                .to_owned(),
        }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        if self.path.is_empty() { Ok(()) } else { write!(f, " (at {})", self.path) }
    }
}

impl std::error::Error for PatternError {}

/// The sentence for text that is not JSON.
pub(crate) fn invalid_json(dialect: Dialect) -> &'static str {
    if dialect.is_sns() { "failed to parse JSON." } else { "Filter is not valid JSON" }
}
