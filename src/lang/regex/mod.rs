//! Regular expressions as JavaScript has them, matched by backtracking with a bound on its steps: so a hostile one ends
//! with an error instead of taking forever. Places count characters.

mod class;
mod matcher;
mod program;
mod syntax;
#[cfg(test)]
mod tests;

use program::Program;

/// Instructions of one expression; what repeats a counted number of times is there as often.
const PROGRAM_MAX: usize = 20_000;
/// Bytes of a pattern: a longer one would not fit into a program anyway.
const SOURCE_BYTES_MAX: usize = 4 * PROGRAM_MAX;
/// Groups within groups.
const DEPTH_MAX: usize = 50;

#[derive(Clone, Debug)]
pub struct Regex {
    source: String,
    program: Program,
}

/// Where an expression matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub start: usize,
    pub end: usize,
    /// The places of the groups, from the first on; none where a group took no part.
    pub groups: Vec<Option<(usize, usize)>>,
}

/// The steps that a search may take were used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManySteps;

/// Two expressions are equal where they are written alike.
impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.program.flags() == other.program.flags()
    }
}

impl Regex {
    /// # Errors
    /// A sentence of its own.
    pub fn new(source: &str, ignores_case: bool, is_multiline: bool) -> Result<Self, String> {
        if source.len() > SOURCE_BYTES_MAX {
            return Err(format!("a regular expression has at most {SOURCE_BYTES_MAX} bytes"));
        }
        let tree = syntax::parse(source)?;
        Ok(Self { source: source.to_owned(), program: Program::compile(&tree, ignores_case, is_multiline)? })
    }

    /// As it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The first match that begins at a place or behind it; each step takes one of `steps`.
    ///
    /// # Errors
    /// No step is left.
    pub fn find(&self, text: &[char], from: usize, steps: &mut u64) -> Result<Option<Match>, TooManySteps> {
        for start in from..=text.len() {
            if let Some(found) = matcher::match_at(&self.program, text, start, steps)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
