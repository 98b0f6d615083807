//! What is broken looks broken, for as long as the fault holds: a dashed edge, its name, and the time it has left.

use std::collections::BTreeMap;

use super::frame::{Badge, Frame};
use super::layout::LinkCurves;
use crate::editor::{Rect, card_rect};
use crate::engine::{FaultKind, MICROS_PER_SECOND, Micros};
use crate::figure::{Ink, Primitive, Tone};
use crate::scene::{Scene, SceneLink};
use crate::services::Breakage;
use crate::sim::{Run, Struck};

/// Around a card.
const EDGE: f32 = 4.0;
/// Around a line.
const LINE_EDGE: f32 = 4.0;
/// Of the usual one.
const BADGE_WIDTH: f32 = 110.0;
/// Of a curve, for a line along it.
const CHORDS: u8 = 24;

/// What strikes a node or link: how, and until when.
type Faults = Vec<(FaultKind, Micros)>;

/// Draws what is broken at `at`.
pub fn broken(scene: &Scene, cards: &LinkCurves<'_>, run: &Run, view: &Rect, at: Micros, frame: &mut Frame) {
    for (what, faults) in struck(run, at) {
        match what {
            Struck::Node(id) => node(cards, id, &said(&faults, at), view, frame),
            Struck::Link(id) => {
                if let Some(line) = scene.drawn_link(id) {
                    link(cards, &line, &said(&faults, at), frame);
                }
            }
        }
    }
}

/// What is broken at `at`, for who cannot see it: `broken: Crash`.
#[must_use]
pub fn broken_described(run: &Run, at: Micros) -> Vec<(Struck<'_>, String)> {
    let described = |faults: Faults| {
        let each: Vec<&str> = faults.iter().map(|(kind, _)| label(*kind)).collect();
        format!("broken: {}", each.join(", "))
    };
    struck(run, at).into_iter().map(|(what, faults)| (what, described(faults))).collect()
}

fn struck(run: &Run, at: Micros) -> BTreeMap<Struck<'_>, Faults> {
    let mut struck: BTreeMap<Struck<'_>, Faults> = BTreeMap::new();
    for (what, kind, until) in run.faults_at(at) {
        struck.entry(what).or_default().push((kind, until));
    }
    struck
}

fn label(kind: FaultKind) -> &'static str {
    Breakage::named(kind.name()).map_or(kind.name(), |breakage| breakage.label)
}

/// `Crash · 7.2 s`.
fn said(faults: &Faults, at: Micros) -> String {
    let each = faults.iter().map(|(kind, until)| {
        let label = label(*kind);
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

fn node(cards: &LinkCurves<'_>, id: &str, said: &str, view: &Rect, frame: &mut Frame) {
    let Some(node) = cards.node(id) else { return };
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
    badge(frame, card, id, said);
}

fn link(cards: &LinkCurves<'_>, line: &SceneLink, said: &str, frame: &mut Frame) {
    let Some(curve) = cards.curve(line) else { return };
    frame.dash(&curve, CHORDS, Ink::Danger, 2.5);
    let middle = curve.at(0.5);
    let about =
        Rect { x: middle.x - BADGE_WIDTH / 2.0, y: middle.y - LINE_EDGE, width: BADGE_WIDTH, height: 2.0 * LINE_EDGE };
    badge(frame, about, &line.id, said);
}

fn badge(frame: &mut Frame, about: Rect, of: &str, said: &str) {
    frame.badges.push(Badge::new(about, true, said.to_owned(), Tone::Bad, of.to_owned(), 1.0));
}
