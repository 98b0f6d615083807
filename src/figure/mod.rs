//! Pictures as display lists: primitives with colour tokens and plain geometry. No AWS, no scene, no web.

mod curve;
mod gif;
mod measure;
mod number;
mod primitive;
mod svg;

pub use self::gif::Gif;
pub use curve::{Curve, Point};
pub use measure::{Face, elided, fitting, of_parts, text_width, wrapped};
pub use number::{brief, compact, grouped};
pub use primitive::{Anchor, CODE_SIZE, Figure, Ink, Primitive, Shape, TEXT_SIZE, Tone};
pub use svg::{Frontispiece, Svg, TokenMark};

/// The part of a wait that is still left, for the ring that runs down.
#[must_use]
pub fn part_left(since: u64, until: u64, now: u64) -> f32 {
    let whole = until.saturating_sub(since).max(1) as f32;
    (until.saturating_sub(now) as f32 / whole).clamp(0.0, 1.0)
}
