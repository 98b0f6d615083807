//! Where the document of a visit is kept.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The visitor's own work.
    Own,
    /// Somebody else's scene, not touched yet.
    Shared,
    /// The visitor's copy of a shared scene, by its number.
    Copy(u32),
    /// A frame that only shows something.
    Nowhere,
}
