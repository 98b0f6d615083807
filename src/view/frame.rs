//! One painted frame: everything that moves, in canvas coordinates.

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
    /// Its top left corner, just under the node's card.
    pub x: f32,
    pub y: f32,
    pub text: String,
    pub tone: Tone,
    pub node: String,
    pub opacity: f32,
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

/// Longer sentences go on in a second line and are cut there; the trace has them whole.
const LINE_CHARS: usize = 40;

/// The lines of a badge: one, or two of about the same length.
#[must_use]
pub fn badge_lines(text: &str) -> Vec<String> {
    let starts = |text: &str, count: usize| text.char_indices().nth(count).map(|(index, _)| index);
    let Some(end) = starts(text, LINE_CHARS) else { return vec![text.to_owned()] };
    let half = starts(text, text.chars().count() / 2).map_or(end, |half| half.min(end));
    let space = text[half..end].find(' ').map(|space| half + space).or_else(|| text[..end].rfind(' '));
    let (first, rest) = text.split_at(space.unwrap_or(end));
    let rest = rest.trim_start();
    let second = starts(rest, LINE_CHARS).map_or_else(|| rest.to_owned(), |end| format!("{}…", rest[..end].trim_end()));
    vec![first.to_owned(), second]
}
