//! What lies inside a node, as data for a table: its rows, and the API calls that make sense for each.

use std::borrow::Cow;

use serde_json::Value;

use crate::services::Token;

/// Rows of one look inside: what is beyond them is a number.
pub const ROWS_MAX: usize = 500;

/// A look inside a node at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inside {
    pub columns: Vec<Cow<'static, str>>,
    pub rows: Vec<Row>,
    /// All there are, of which `rows` are the first.
    pub total: u64,
    /// Calls for the node as a whole.
    pub calls: Vec<SuggestedCall>,
}

impl Inside {
    /// The names of columns that are always the same.
    #[must_use]
    pub fn named(columns: &[&'static str]) -> Vec<Cow<'static, str>> {
        columns.iter().copied().map(Cow::Borrowed).collect()
    }
}

/// One thing inside, with a cell for each column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub token: Option<Token>,
    pub hue: u8,
    pub cells: Vec<String>,
    pub calls: Vec<SuggestedCall>,
    /// One can look into it: what the way there is called.
    pub opens: Option<String>,
}

/// A call of the node's API, ready to be made: a script's `call` and `input`.
#[derive(Clone, Debug, PartialEq)]
pub struct SuggestedCall {
    pub action: &'static str,
    pub input: Value,
}
