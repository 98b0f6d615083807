//! What lies over the canvas for a moment: a menu, a chooser, a name that is being typed.

use crate::engine::Micros;
use crate::figure::Point;

/// Places are viewport points: CSS pixels from the canvas's top left.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// What can be done with the subject.
    Menu { at: Point, subject: Subject },
    /// A list that typing narrows; without a place, in the middle.
    Chooser { at: Option<Point>, purpose: Purpose },
    /// The name of a node, typed where it stands.
    Renaming { node: String },
}

/// What a menu is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Canvas,
    Node(String),
    Link(String),
    /// All that is chosen.
    Chosen,
}

/// What is chosen from, and what for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// Everything that can be done.
    Command,
    /// What the palette holds, to be placed at a canvas point.
    Add { at: Option<Point> },
    /// What a node can reach: one that is there, or a new one at a canvas point.
    After { from: String, at: Option<Point> },
    /// What fits into a link.
    Into { link: String },
    /// How something breaks, just after a time.
    Break { subject: crate::scene::Subject, at: Micros },
    /// A node, to go there.
    Find,
}
