//! What is broken looks broken, for as long as the fault holds: a dashed edge, its name, and the time it has left.

use std::collections::BTreeMap;

use super::frame::{Badge, Frame};
use super::layout::link_curve;
use crate::editor::{Rect, card_rect};
use crate::engine::{FaultKind, MICROS_PER_SECOND, Micros};
use crate::figure::{Ink, Point, Primitive, Tone};
use crate::scene::{Scene, SceneLink};
use crate::services::Breakage;
use crate::sim::{Run, Struck};

/// Around a card.
const EDGE: f32 = 4.0;
const ABOVE_CARD: f32 = 36.0;
/// Of the usual one.
const BADGE_WIDTH: f32 = 110.0;
/// Of a curve, for a line along it.
const CHORDS: u8 = 24;

/// What strikes a node or link: how, and until when.
type Faults = Vec<(FaultKind, Micros)>;

/// Draws what is broken at `at`.
pub fn broken(scene: &Scene, run: &Run, view: &Rect, at: Micros, frame: &mut Frame) {
    let mut struck: BTreeMap<Struck<'_>, Faults> = BTreeMap::new();
    for (what, kind, until) in run.faults_at(at) {
        struck.entry(what).or_default().push((kind, until));
    }
    if struck.is_empty() {
        return;
    }
    let drawn = scene.drawn_links();
    for (what, faults) in struck {
        match what {
            Struck::Node(id) => node(scene, id, &said(&faults, at), view, frame),
            Struck::Link(id) => {
                if let Some(line) = drawn.iter().find(|link| link.id == id) {
                    link(scene, line, &said(&faults, at), frame);
                }
            }
        }
    }
}

/// `Crash · 7.2 s`.
fn said(faults: &Faults, at: Micros) -> String {
    let each = faults.iter().map(|(kind, until)| {
        let label = Breakage::named(kind.name()).map_or(kind.name(), |breakage| breakage.label);
        match until {
            &Micros::MAX => label.to_owned(),
            until => format!("{label} · {} left", left(until.saturating_sub(at))),
        }
    });
    each.collect::<Vec<String>>().join(", ")
}

fn left(time: Micros) -> String {
    let tenths = time.div_ceil(MICROS_PER_SECOND / 10);
    if tenths >= 600 { format!("{} min", tenths.div_ceil(600)) } else { format!("{}.{} s", tenths / 10, tenths % 10) }
}

fn node(scene: &Scene, id: &str, said: &str, view: &Rect, frame: &mut Frame) {
    let Some(node) = scene.node(id) else { return };
    let card = card_rect(node);
    if !card.meets(view) {
        return;
    }
    let (left, top, right, bottom) = (card.x - EDGE, card.y - EDGE, card.right() + EDGE, card.bottom() + EDGE);
    let r = 14.0;
    let d = format!(
        "M{} {top}H{}A{r} {r} 0 0 1 {right} {}V{}A{r} {r} 0 0 1 {} {bottom}H{}A{r} {r} 0 0 1 {left} {}V{}A{r} {r} 0 0 1 {} {top}Z",
        left + r,
        right - r,
        top + r,
        bottom - r,
        right - r,
        left + r,
        bottom - r,
        top + r,
        left + r
    );
    let (fill, stroke) = (None, Some(Ink::Danger));
    frame.grounds.push(Primitive::Path { d, x: 0.0, y: 0.0, scale: 1.0, fill, stroke, width: 2.0, dashed: true });
    badge(frame, Point::new(card.x, card.y - ABOVE_CARD), id, said);
}

fn link(scene: &Scene, line: &SceneLink, said: &str, frame: &mut Frame) {
    let Some(curve) = link_curve(scene, line) else { return };
    let at = |step: u8| curve.at(f32::from(step) / f32::from(CHORDS));
    for step in (0..CHORDS).step_by(2) {
        let (from, to) = (at(step), at(step + 1));
        let (from, to) = ((from.x, from.y), (to.x, to.y));
        frame.grounds.push(Primitive::Line { from, to, ink: Ink::Danger, width: 2.5, dashed: false });
    }
    let middle = curve.at(0.5);
    // Between cards that stand close, what is said goes over them.
    let cards = [&line.from, &line.to].map(|id| scene.node(id).map(|node| card_rect(node)));
    let room = (curve.points[3].x - curve.points[0].x).abs();
    let top = cards.iter().flatten().map(|card| card.y).fold(middle.y, f32::min);
    let y = if room < BADGE_WIDTH { top } else { middle.y };
    badge(frame, Point::new(middle.x - BADGE_WIDTH / 2.0, y - ABOVE_CARD), &line.id, said);
}

fn badge(frame: &mut Frame, at: Point, of: &str, said: &str) {
    let (text, node) = (said.to_owned(), of.to_owned());
    frame.badges.push(Badge { x: at.x, y: at.y, text, tone: Tone::Bad, node, opacity: 1.0 });
}
