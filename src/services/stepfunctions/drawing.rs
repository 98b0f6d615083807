//! A machine's drawing as a display list: what of it no run changes, made once.

use std::fmt::Write;

use super::graph::{Area, DOES_SIZE, DOT, Edge, End, Graph, LABEL_SIZE, NAME_SIZE, Place, STRIP, TEXT_X, Why};
use crate::figure::{Anchor, Figure, Ink, Primitive};
use crate::lang::asl::Machine;
use crate::lang::asl::machine::{StateId, StateKind};

/// Of the card: what stands above the drawing, and around it.
pub const TOP: f32 = 48.0;
pub const SIDE: f32 = 12.0;
/// In a card with much room it is drawn a little larger.
const SCALE_MAX: f32 = 1.4;
const ARROW: f32 = 4.5;
const TILE: f32 = 18.0;
const RADIUS: f32 = 7.0;

/// What one state's box shows on its tile: a drawing around its middle, in relative commands.
const GLYPHS: [(&str, &str); 8] = [
    ("Task", "m-4.5 -1.5l4.5 -3l4.5 3v4l-4.5 3l-4.5 -3zm0 0l4.5 2.8l4.5 -2.8m-4.5 2.8v4.2"),
    ("Pass", "m-4.5 0h8m-3 -3l3 3l-3 3"),
    ("Choice", "m0 -5l5 5l-5 5l-5 -5z"),
    ("Wait", "m0 -5a5 5 0 1 1 -.01 0m0 2v3.2l2.2 1.6"),
    ("Parallel", "m-3.5 -4.5v9m3.5 -9v9m3.5 -9v9"),
    ("Map", "m-4.5 -4.5h3.5v3.5h-3.5zm5.5 0h3.5v3.5h-3.5zm-5.5 5.5h3.5v3.5h-3.5zm5.5 0h3.5v3.5h-3.5z"),
    ("Succeed", "m-4 .5l3 3l5.5 -6.5"),
    ("Fail", "m-3.5 -3.5l7 7m0 -7l-7 7"),
];

/// Where a drawing lies in its card: its own lengths times `scale`, moved.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    pub x: f32,
    pub y: f32,
    pub scale: f32,
}

impl Fit {
    #[must_use]
    pub fn at(&self, (x, y): (f32, f32)) -> (f32, f32) {
        (self.x + x * self.scale, self.y + y * self.scale)
    }

    #[must_use]
    pub fn area(&self, area: &Area) -> Area {
        let (x, y) = self.at((area.x, area.y));
        Area { x, y, width: area.width * self.scale, height: area.height * self.scale }
    }
}

/// Paths that are the same in every frame.
#[derive(Clone, Debug, Default)]
struct Strokes {
    ways: String,
    heads: String,
    caught: String,
    caught_heads: String,
    partings: String,
    glyphs: String,
}

#[derive(Clone, Debug)]
pub struct Drawing {
    pub graph: Graph,
    strokes: Strokes,
    /// By state.
    tiles: Vec<Ink>,
    is_map: Vec<bool>,
}

impl Drawing {
    #[must_use]
    #[inline(never)] // second part
    pub fn of(machine: &Machine) -> Self {
        let graph = Graph::of(machine);
        let mut strokes = Strokes::default();
        for edge in &graph.edges {
            let (way, heads) = match edge.why {
                Why::Catch => (&mut strokes.caught, &mut strokes.caught_heads),
                _ => (&mut strokes.ways, &mut strokes.heads),
            };
            trace(&edge.points, way);
            head(&edge.points, heads);
        }
        for ((x1, y1), (x2, y2)) in &graph.partings {
            let _ = write!(strokes.partings, "M{x1} {y1}L{x2} {y2}");
        }
        for (state, place) in machine.states.iter().zip(&graph.places) {
            let (x, y) = tile_of(place);
            let glyph = GLYPHS.iter().find(|(kind, _)| *kind == state.kind.name()).map_or("", |(_, glyph)| glyph);
            let _ = write!(strokes.glyphs, "M{} {}{glyph}", x + TILE / 2.0, y + TILE / 2.0);
        }
        let tiles = machine.states.iter().map(|state| ink_of(&state.kind)).collect();
        let is_map = machine.states.iter().map(|state| matches!(state.kind, StateKind::Map(_))).collect();
        Self { graph, strokes, tiles, is_map }
    }

    /// How large a card has to be for it.
    #[must_use]
    pub fn room(&self) -> (f32, f32) {
        (self.graph.size.0 + 2.0 * SIDE, self.graph.size.1 + TOP + SIDE)
    }

    /// In the middle of a card.
    #[must_use]
    pub fn fit(&self, (width, height): (f32, f32)) -> Fit {
        let room = (width - 2.0 * SIDE, height - TOP - SIDE);
        let size = (self.graph.size.0.max(1.0), self.graph.size.1.max(1.0));
        let scale = (room.0 / size.0).min(room.1 / size.1).clamp(0.01, SCALE_MAX);
        Fit { x: SIDE + (room.0 - size.0 * scale) / 2.0, y: TOP + (room.1 - size.1 * scale) / 2.0, scale }
    }

    /// All but what a run adds. `lit` says how a state stands out.
    pub fn draw(&self, fit: &Fit, lit: &dyn Fn(StateId) -> Option<Ink>, figure: &mut Figure) {
        let frames = self.graph.places.iter().enumerate().filter(|(_, place)| place.is_frame);
        frames.for_each(|(state, place)| self.frame(fit, place, lit(state), figure));
        let mut path = |d: &str, fill: Option<Ink>, stroke: Option<Ink>, dashed: bool| {
            if !d.is_empty() {
                let (d, width) = (d.to_owned(), 1.3);
                figure.primitives.push(Primitive::Path {
                    d,
                    x: fit.x,
                    y: fit.y,
                    scale: fit.scale,
                    fill,
                    stroke,
                    width,
                    dashed,
                });
            }
        };
        path(&self.strokes.partings, None, Some(Ink::Faint), true);
        path(&self.strokes.ways, None, Some(Ink::Link), false);
        path(&self.strokes.heads, Some(Ink::Link), None, false);
        path(&self.strokes.caught, None, Some(Ink::Danger), true);
        path(&self.strokes.caught_heads, Some(Ink::Danger), None, false);
        for (state, place) in self.graph.places.iter().enumerate().filter(|(_, place)| !place.is_frame) {
            self.state(fit, place, lit(state), figure);
        }
        for (state, place) in self.graph.places.iter().enumerate() {
            self.tile(fit, place, self.tiles[state], figure);
        }
        figure.primitives.push(Primitive::Path {
            d: self.strokes.glyphs.clone(),
            x: fit.x,
            y: fit.y,
            scale: fit.scale,
            fill: None,
            stroke: Some(Ink::Glyph),
            width: 1.4,
            dashed: false,
        });
        self.graph.edges.iter().for_each(|edge| label(fit, edge, figure));
        self.dots(fit, figure);
    }

    fn frame(&self, fit: &Fit, place: &Place, lit: Option<Ink>, figure: &mut Figure) {
        let stroke = lit.unwrap_or(Ink::Line);
        rect(fit, &place.area, RADIUS + 3.0, Some(Ink::Lane), Some(stroke), figure);
        texts(fit, place, figure);
    }

    fn state(&self, fit: &Fit, place: &Place, lit: Option<Ink>, figure: &mut Figure) {
        let (fill, stroke) = match lit {
            Some(Ink::Danger) => (Ink::DangerSoft, Ink::Danger),
            Some(Ink::Warn) => (Ink::WarnSoft, Ink::Warn),
            Some(ink) => (Ink::AccentSoft, ink),
            None => (Ink::Card, Ink::Line),
        };
        rect(fit, &place.area, RADIUS, Some(fill), Some(stroke), figure);
        texts(fit, place, figure);
    }

    fn tile(&self, fit: &Fit, place: &Place, ink: Ink, figure: &mut Figure) {
        let (x, y) = tile_of(place);
        let area = Area { x, y, width: TILE, height: TILE };
        rect(fit, &area, 5.0, Some(ink), None, figure);
    }

    fn dots(&self, fit: &Fit, figure: &mut Figure) {
        let dot = |(x, y): (f32, f32), radius: f32, fill: Option<Ink>, stroke: Option<Ink>, figure: &mut Figure| {
            let area = Area { x: x - radius, y: y - radius, width: 2.0 * radius, height: 2.0 * radius };
            rect(fit, &area, radius, fill, stroke, figure);
        };
        dot(self.graph.start, DOT / 2.0, Some(Ink::Muted), None, figure);
        if let Some(finish) = self.graph.finish {
            dot(finish, DOT / 2.0, Some(Ink::Card), Some(Ink::Muted), figure);
            dot(finish, DOT / 2.0 - 3.0, Some(Ink::Muted), None, figure);
        }
    }

    /// The strip under a Map's head.
    #[must_use]
    pub fn strip(&self, state: StateId) -> Option<Area> {
        let place = self.graph.places.get(state).filter(|_| self.is_map[state])?;
        let Area { x, y, width, .. } = place.area;
        Some(Area { x: x + 10.0, y: y + super::graph::HEAD - 6.0, width: width - 20.0, height: STRIP - 12.0 })
    }

    /// The line from one to the other.
    #[must_use]
    pub fn edge(&self, from: End, to: End, is_caught: bool) -> Option<&Edge> {
        self.graph.edges.iter().find(|edge| edge.from == from && edge.to == to && (edge.why == Why::Catch) == is_caught)
    }
}

fn tile_of(place: &Place) -> (f32, f32) {
    (place.area.x + 7.0, place.area.y + if place.is_frame { 8.0 } else { (place.area.height - TILE) / 2.0 })
}

fn ink_of(kind: &StateKind) -> Ink {
    match kind {
        StateKind::Task(_) => Ink::Compute,
        StateKind::Choice { .. } | StateKind::Wait(_) => Ink::Analytics,
        StateKind::Parallel { .. } | StateKind::Map(_) => Ink::Integration,
        StateKind::Pass { .. } => Ink::Source,
        StateKind::Succeed => Ink::Good,
        StateKind::Fail { .. } => Ink::Danger,
    }
}

fn rect(fit: &Fit, area: &Area, radius: f32, fill: Option<Ink>, stroke: Option<Ink>, figure: &mut Figure) {
    let Area { x, y, width, height } = fit.area(area);
    figure.primitives.push(Primitive::Rect { x, y, width, height, radius: radius * fit.scale, fill, stroke });
}

fn text(fit: &Fit, at: (f32, f32), words: &str, size: f32, ink: Ink, anchor: Anchor, figure: &mut Figure) {
    let ((x, y), text) = (fit.at(at), words.to_owned());
    figure.primitives.push(Primitive::Text { x, y, text, size: size * fit.scale, ink, anchor, mono: false });
}

fn texts(fit: &Fit, place: &Place, figure: &mut Figure) {
    let Area { x, y, .. } = place.area;
    text(fit, (x + TEXT_X, y + 16.0), &place.name, NAME_SIZE, Ink::Text, Anchor::Start, figure);
    text(fit, (x + TEXT_X, y + 28.5), &place.does, DOES_SIZE, Ink::Muted, Anchor::Start, figure);
}

fn label(fit: &Fit, edge: &Edge, figure: &mut Figure) {
    let Some((area, words)) = &edge.label else { return };
    let (fill, ink) = match edge.why {
        Why::Catch => (Ink::DangerSoft, Ink::Danger),
        _ => (Ink::Card, Ink::Muted),
    };
    rect(fit, area, area.height / 2.0, Some(fill), None, figure);
    let middle = area.middle();
    text(fit, (middle.0, middle.1 + 3.2), words, LABEL_SIZE, ink, Anchor::Middle, figure);
}

/// A line through its points: straight along its lanes, and bent where it changes them.
pub fn trace(points: &[(f32, f32)], d: &mut String) {
    let Some((x, y)) = points.first() else { return };
    let _ = write!(d, "M{x} {y}");
    for pair in points.windows(2) {
        let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
        if (x1 - x2).abs() < 0.1 || (y1 - y2).abs() < 0.1 {
            let _ = write!(d, "L{x2} {y2}");
        } else {
            let middle = (y1 + y2) / 2.0;
            let _ = write!(d, "C{x1} {middle} {x2} {middle} {x2} {y2}");
        }
    }
}

/// The arrow at the end of a line.
fn head(points: &[(f32, f32)], d: &mut String) {
    let Some(((x, y), before)) = points.last().zip(points.iter().rev().find(|point| Some(*point) != points.last()))
    else {
        return;
    };
    // A bent line ends upright.
    let (across, along) = if (y - before.1).abs() < 0.1 {
        ((0.0, ARROW * 0.75), ((x - before.0).signum() * ARROW, 0.0))
    } else {
        ((ARROW * 0.75, 0.0), (0.0, (y - before.1).signum() * ARROW))
    };
    let (bx, by) = (x - along.0 * 1.5, y - along.1 * 1.5);
    let _ = write!(d, "M{x} {y}L{} {}L{} {}Z", bx + across.0, by + across.1, bx - across.0, by - across.1);
}

/// Where along a line one is at `part` of its length.
#[must_use]
pub fn along(points: &[(f32, f32)], part: f32) -> Option<(f32, f32)> {
    let length = |pair: &[(f32, f32)]| libm::hypotf(pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
    let whole: f32 = points.windows(2).map(length).sum();
    let mut left = whole * part.clamp(0.0, 1.0);
    for pair in points.windows(2) {
        let length = length(pair);
        if left <= length && length > 0.0 {
            let part = left / length;
            return Some((pair[0].0 + (pair[1].0 - pair[0].0) * part, pair[0].1 + (pair[1].1 - pair[0].1) * part));
        }
        left -= length;
    }
    points.last().copied()
}
