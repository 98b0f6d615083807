//! What lies on the canvas beside the cards of services, as display lists: notes, frames, and frames folded to a card.

use super::card::card_name;
use crate::editor::{CARD_TEXT_X, NAME_GAP, Rect, card_rect, note_layout};
use crate::figure::{Anchor, Face, Ink, Primitive, elided, text_width};
use crate::scene::{Frames, SceneNode};
use crate::services::Still;

const FRAME_NAME_SIZE: f32 = 12.5;
const FRAME_TYPE_SIZE: f32 = 11.0;
const FRAME_TEXT_X: f32 = 14.0;

/// How a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Card,
    Note,
    /// Below links and cards.
    Frame,
    /// A boundary that is folded to a card.
    Folded,
}

#[must_use]
pub fn look_of(node: &SceneNode) -> Look {
    match node.kind.still() {
        Some(Still::Note) => Look::Note,
        Some(Still::Boundary) if node.is_collapsed() => Look::Folded,
        Some(Still::Boundary) => Look::Frame,
        None => Look::Card,
    }
}

/// A frame's type as the scene names it, and as people read it.
#[must_use]
pub fn frame_type(node: &SceneNode) -> (&str, &str) {
    match node.properties.get("Type").and_then(serde_json::Value::as_str) {
        Some("VPC") => ("VPC", "VPC"),
        Some("Region") => ("Region", "Region"),
        Some("Group") => ("Group", "Group"),
        _ => ("AvailabilityZone", "Availability Zone"),
    }
}

/// The name of a boundary and what it is, on its upper edge.
#[must_use]
pub fn frame_title(node: &SceneNode, width: f32) -> (String, &str) {
    let (kind, told) = frame_type(node);
    let told = if kind == "Group" { "" } else { told };
    let beside = if told.is_empty() { 0.0 } else { NAME_GAP + text_width(told, FRAME_TYPE_SIZE, Face::Plain) };
    let room = width - 2.0 * FRAME_TEXT_X;
    // In a narrow one the name matters more.
    let told = if beside > room / 2.0 { "" } else { told };
    let room = if told.is_empty() { room } else { room - beside };
    (elided(&node.id, room, FRAME_NAME_SIZE, Face::Strong), told)
}

/// `3 members`, those of its members among them.
#[must_use]
pub fn folded_summary(frames: &Frames<'_>, id: &str) -> String {
    match frames.inside(id).len() {
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    }
}

/// The colour of a note's paper.
#[must_use]
pub fn note_colour(node: &SceneNode) -> &str {
    node.properties.get("Colour").and_then(serde_json::Value::as_str).unwrap_or("Yellow")
}

pub(super) fn note_figure(node: &SceneNode) -> Vec<Primitive> {
    let (layout, card) = (note_layout(node), card_rect(node));
    let paper = match note_colour(node) {
        "Blue" => Ink::AccentSoft,
        "Red" => Ink::DangerSoft,
        "Plain" => Ink::Card,
        _ => Ink::WarnSoft,
    };
    let Rect { x, y, width, height } = card;
    let boxed = |y: f32, fill: Option<Ink>, stroke| Primitive::Rect { x, y, width, height, radius: 6.0, fill, stroke };
    let mut drawn = vec![boxed(y + 1.5, Some(Ink::CardShade), None), boxed(y, Some(paper), Some(Ink::CardLine))];
    for (from, to) in &layout.codes {
        let (x, y, width, height) = (x + 10.0, y + from, width - 20.0, to - from);
        drawn.push(Primitive::Rect { x, y, width, height, radius: 4.0, fill: Some(Ink::Lane), stroke: None });
    }
    for at in &layout.rules {
        let (from, to) = ((x + 14.0, y + at), (x + width - 14.0, y + at));
        drawn.push(Primitive::Line { from, to, ink: Ink::Line, width: 1.0, dashed: false });
    }
    for line in &layout.lines {
        for (at, span) in &line.spans {
            drawn.push(Primitive::Label {
                x: x + at,
                y: y + line.y,
                text: span.text.clone(),
                size: if span.code { line.size - 1.0 } else { line.size },
                weight: if span.strong || line.heading { 650 } else { 400 },
                ink: if span.link.is_some() {
                    Ink::Accent
                } else if line.quiet {
                    Ink::Muted
                } else {
                    Ink::Text
                },
                anchor: Anchor::Start,
                mono: span.code,
            });
        }
    }
    drawn
}

/// The colour of a frame's line and name.
fn frame_ink(node: &SceneNode) -> Ink {
    match frame_type(node).0 {
        "VPC" => Ink::Analytics,
        "Region" => Ink::Good,
        "Group" => Ink::Muted,
        _ => Ink::Source,
    }
}

pub(super) fn frame_figure(node: &SceneNode) -> Vec<Primitive> {
    let Rect { x, y, width, height } = card_rect(node);
    let ink = frame_ink(node);
    let (right, bottom) = (x + width, y + height);
    let edge = |from, to| Primitive::Line { from, to, ink, width: 1.0, dashed: true };
    vec![
        edge((x, y), (right, y)),
        edge((right, y), (right, bottom)),
        edge((right, bottom), (x, bottom)),
        edge((x, bottom), (x, y)),
        Primitive::Label {
            x: x + 12.0,
            y: y + 20.0,
            text: frame_title(node, width).0,
            size: 12.0,
            weight: 600,
            ink,
            anchor: Anchor::Start,
            mono: false,
        },
    ]
}

pub(super) fn folded_figure(node: &SceneNode, frames: &Frames<'_>) -> Vec<Primitive> {
    let Rect { x, y, width, height } = card_rect(node);
    let ink = frame_ink(node);
    let rect = |x, y, width, height, radius, fill: Ink, stroke| Primitive::Rect {
        x,
        y,
        width,
        height,
        radius,
        fill: Some(fill),
        stroke,
    };
    let label = |y: f32, text: String, size: f32, weight: u16, ink: Ink| Primitive::Label {
        x: x + CARD_TEXT_X,
        y,
        text,
        size,
        weight,
        ink,
        anchor: Anchor::Start,
        mono: false,
    };
    let glyph = Primitive::Path {
        d: node.kind.spec().glyph.to_owned(),
        x: x + 16.0,
        y: y + 16.0,
        scale: 0.75,
        fill: None,
        stroke: Some(Ink::Glyph),
        width: 2.0,
        dashed: false,
    };
    vec![
        rect(x + 5.0, y + 5.0, width, height, 12.0, Ink::Card, Some(Ink::CardLine)),
        rect(x, y, width, height, 12.0, Ink::Card, Some(ink)),
        rect(x + 12.0, y + 12.0, 26.0, 26.0, 7.0, ink, None),
        glyph,
        label(y + 23.0, card_name(&node.id, width, ""), 13.5, 650, Ink::Text),
        label(y + 37.0, frame_type(node).1.to_owned(), 11.0, 400, Ink::Muted),
        Primitive::Label {
            x: x + width / 2.0,
            y: y + 70.0,
            text: folded_summary(frames, &node.id),
            size: 12.0,
            weight: 500,
            ink: Ink::Muted,
            anchor: Anchor::Middle,
            mono: false,
        },
    ]
}
