//! Paths of Amazon States Language.

/// A path as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('$') {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("\"{text}\" is not a path; it begins with $"))
        }
    }
}
