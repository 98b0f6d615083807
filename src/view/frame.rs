//! One painted frame: everything that moves, in canvas coordinates.

use crate::editor::Rect;
use crate::figure::{Curve, Ink, Primitive, Shape, Tone};

/// A message where it is now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    pub x: f32,
    pub y: f32,
    pub radius: f32,
    pub token: u64,
    pub hue: u8,
    pub shape: Shape,
    /// The part of its wait still left, if it waits.
    pub ring: Option<f32>,
    /// 0 to 1.
    pub opacity: f32,
    pub poisoned: bool,
}

/// Why something failed, at the place where it did.
#[derive(Clone, Debug, PartialEq)]
pub struct Badge {
    /// The card, or the place on a line, that it is about.
    pub about: Rect,
    /// Rather above than below that.
    pub is_above: bool,
    pub text: String,
    pub tone: Tone,
    pub node: String,
    pub opacity: f32,
    /// Where it has come to lie, and what stands in it: lengths within are so many times as long as usual.
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
    pub scale: f32,
    pub lines: Vec<String>,
}

impl Badge {
    /// One that has no place yet.
    #[must_use]
    pub fn new(about: Rect, is_above: bool, text: String, tone: Tone, node: String, opacity: f32) -> Self {
        let (x, y, width, height, scale) = (about.x, about.bottom(), 0.0, 0.0, 1.0);
        Self { about, is_above, text, tone, node, opacity, x, y, width, height, scale, lines: Vec::new() }
    }

    #[must_use]
    pub fn place(&self) -> Rect {
        Rect { x: self.x, y: self.y, width: self.width, height: self.height }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// Painted first: lanes, slots, small texts inside the cards.
    pub grounds: Vec<Primitive>,
    pub dots: Vec<Dot>,
    /// How many of the dots, the first ones, lie in cards; the others travel.
    pub inside: usize,
    pub badges: Vec<Badge>,
    /// Messages travelling, the ones not drawn included.
    pub travelling: u64,
}

impl Frame {
    /// Draws every second of so many chords of a curve.
    pub(super) fn dash(&mut self, curve: &Curve, chords: u8, ink: Ink, width: f32) {
        let at = |step: u8| curve.at(f32::from(step) / f32::from(chords));
        for step in (0..chords).step_by(2) {
            let (from, to) = (at(step), at(step + 1));
            let (from, to) = ((from.x, from.y), (to.x, to.y));
            self.grounds.push(Primitive::Line { from, to, ink, width, dashed: false });
        }
    }
}
