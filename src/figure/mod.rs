//! Pictures as display lists: primitives with colour tokens and plain geometry. No AWS, no scene, no web.

mod curve;
mod primitive;

pub use curve::{Curve, Point};
pub use primitive::{Anchor, Figure, Ink, Primitive, Shape, Tone};
