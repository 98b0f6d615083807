//! A picture of the whole scene at a moment, for a file: cards and links as display lists under the same frame that the
//! page paints. Never made from the page's elements, so it is the same without a page.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::card::{card_headline, card_name, card_subtitle, ports};
use super::frame::{Badge, Frame};
use super::layout::LinkCurves;
use super::project::project;
use super::still::{Look, folded_figure, frame_figure, look_of, note_figure};
use crate::editor::{CARD_EDGE, CARD_TEXT_X, Camera, Rect, card_rect, scene_bounds};
use crate::engine::{Micros, Sort, clock_text};
use crate::figure::{Anchor, Frontispiece, Ink, Primitive, Svg, TokenMark, Tone};
use crate::scene::{Frames, Scene, SceneNode};
use crate::services::{Family, LinkKind};
use crate::sim::Run;

/// Around the scene; below it is room for the badges of the last row.
const MARGIN: f32 = 40.0;

/// Everything that is to be drawn, in its order: links, cards, the frame.
#[derive(Clone, Debug)]
pub struct Picture {
    pub title: String,
    pub described: String,
    pub bounds: Rect,
    /// Below the links: frames, the outer ones first.
    pub frames: Vec<(String, Vec<Primitive>)>,
    pub links: Vec<Primitive>,
    /// Each card with its node's name.
    pub cards: Vec<(String, Vec<Primitive>)>,
    pub frame: Frame,
}

#[must_use]
pub fn picture(scene: &Scene, run: &Run, at: Micros) -> Picture {
    let nothing = Rect { x: 0.0, y: 0.0, width: 320.0, height: 200.0 };
    let bounds = scene_bounds(scene).unwrap_or(nothing).grown(MARGIN);
    let camera = Camera { x: bounds.x, y: bounds.y, zoom: 1.0 };
    let drawn = scene.drawn_links();
    let (curves, frames) = (LinkCurves::of(scene), Frames::of(scene));
    let mut failures = BTreeSet::<&str>::new();
    failures.extend(drawn.iter().filter(|link| link.kind == LinkKind::Redrive).map(|link| &*link.to));
    let mut faulty = BTreeSet::<String>::new();
    faulty.extend(scene.problems().into_iter().filter_map(|problem| problem.subject));
    let link = |link: &std::sync::Arc<crate::scene::SceneLink>| {
        let d = curves.curve(link)?.svg_path();
        let ink = if link.kind == LinkKind::Redrive { Ink::Danger } else { Ink::Link };
        let (x, y, scale, fill, dashed) = (0.0, 0.0, 1.0, None, !link.kind.is_written());
        Some(Primitive::Path { d, x, y, scale, fill, stroke: Some(ink), width: 1.75, dashed })
    };
    let card = |node: &std::sync::Arc<SceneNode>| {
        let marks = (failures.contains(&*node.id), faulty.contains(&node.id));
        let drawn = match look_of(node) {
            _ if frames.hides(&node.id) => return None,
            Look::Frame => return None,
            Look::Note => note_figure(node),
            Look::Folded => folded_figure(node, &frames),
            Look::Card => card(node, run, at, marks),
        };
        Some((node.id.clone(), drawn))
    };
    Picture {
        title: scene.name.clone(),
        described: format!("{} nodes at {}", scene.nodes.len(), clock_text(at)),
        bounds,
        frames: frames_of(scene, &frames).into_iter().map(|node| (node.id.clone(), frame_figure(node))).collect(),
        links: drawn.iter().filter_map(link).collect(),
        cards: scene.nodes.iter().filter_map(card).collect(),
        frame: project(scene, run, &camera, (bounds.width, bounds.height), at),
    }
}

/// The frames to be seen, the outer ones first.
#[must_use]
pub fn frames_of<'a>(scene: &'a Scene, frames: &Frames<'_>) -> Vec<&'a Arc<SceneNode>> {
    let mut seen: Vec<&Arc<SceneNode>> =
        scene.nodes.iter().filter(|node| node.is_frame() && !frames.hides(&node.id)).collect();
    seen.order_by_key(|node| frames.around(&node.id).count());
    seen
}

fn card(node: &SceneNode, run: &Run, at: Micros, marks: (bool, bool)) -> Vec<Primitive> {
    let (card, spec) = (card_rect(node), node.kind.spec());
    let figure = run.node(&node.id).map(|model| model.figure_in(at, (card.width, card.height))).unwrap_or_default();
    let family = match spec.family {
        _ if marks.0 => Ink::Failure,
        Family::Source => Ink::Source,
        Family::Integration => Ink::Integration,
        Family::Analytics => Ink::Analytics,
        Family::Compute => Ink::Compute,
        Family::Canvas => Ink::Muted,
    };
    let boxed = |x: f32, y: f32, size: (f32, f32), radius: f32, fill: Ink, stroke: Option<Ink>| Primitive::Rect {
        x: card.x + x,
        y: card.y + y,
        width: size.0,
        height: size.1,
        radius,
        fill: Some(fill),
        stroke,
    };
    let label = |x: f32, y: f32, text: String, face: (f32, u16), ink: Ink, anchor: Anchor| Primitive::Label {
        x: card.x + x,
        y: card.y + y,
        text,
        size: face.0,
        weight: face.1,
        ink,
        anchor,
        mono: anchor == Anchor::End,
    };
    let whole = (card.width, card.height);
    let headline = card_headline(&figure.headline);
    let name = card_name(&node.id, card.width, &headline);
    let mut drawn = vec![
        boxed(0.0, 1.5, whole, 12.0, Ink::CardShade, None),
        boxed(0.0, 0.0, whole, 12.0, Ink::Card, Some(Ink::CardLine)),
        boxed(12.0, 12.0, (26.0, 26.0), 7.0, family, None),
        Primitive::Path {
            d: spec.glyph.to_owned(),
            x: card.x + 16.0,
            y: card.y + 16.0,
            scale: 0.75,
            fill: None,
            stroke: Some(Ink::Glyph),
            width: 2.0,
            dashed: false,
        },
        label(CARD_TEXT_X, 23.0, name, (13.5, 650), Ink::Text, Anchor::Start),
        label(CARD_TEXT_X, 37.0, card_subtitle(&figure.subtitle, card.width), (11.0, 400), Ink::Muted, Anchor::Start),
        label(card.width - CARD_EDGE, 24.0, headline, (13.0, 700), Ink::Text, Anchor::End),
    ];
    let (enters, leaves) = ports(node.kind);
    for (x, is_there) in [(0.0, enters), (card.width, leaves)] {
        if is_there {
            drawn.push(boxed(x - 4.5, card.height / 2.0 - 4.5, (9.0, 9.0), 4.5, Ink::Card, Some(Ink::Port)));
        }
    }
    if marks.1 {
        drawn.push(boxed(card.width - 10.0, -8.0, (16.0, 16.0), 8.0, Ink::Warn, Some(Ink::Card)));
        drawn.push(label(card.width - 2.0, 4.0, "!".to_owned(), (11.0, 700), Ink::Card, Anchor::Middle));
    }
    drawn
}

/// A badge as primitives: its box, then its lines.
#[must_use]
pub fn badge_figure(badge: &Badge) -> Vec<Primitive> {
    let (ground, line, ink) = match badge.tone {
        Tone::Bad => (Ink::DangerSoft, Ink::Danger, Ink::Danger),
        Tone::Warn => (Ink::WarnSoft, Ink::Warn, Ink::Warn),
        Tone::Quiet | Tone::Plain | Tone::Good => (Ink::Card, Ink::Line, Ink::Muted),
    };
    let Badge { x, y, width, height, .. } = *badge;
    let radius = 7.0;
    let mut drawn = vec![Primitive::Rect { x, y, width, height, radius, fill: Some(ground), stroke: Some(line) }];
    drawn.extend(badge.lines.iter().cloned().zip(0_u8..).map(|(text, index)| Primitive::Label {
        x: x + 10.0,
        y: y + 17.0 + 14.0 * f32::from(index),
        text,
        size: 11.0,
        weight: 500,
        ink,
        anchor: Anchor::Start,
        mono: false,
    }));
    drawn
}

impl Picture {
    /// How far the drawing reaches, badges included.
    #[must_use]
    pub fn reach(&self) -> Rect {
        let boxes = self.frame.badges.iter().map(|badge| badge.place().grown(MARGIN / 2.0));
        boxes.fold(self.bounds, |all, badge| all.joined(&badge))
    }

    /// As an SVG file that needs nothing else.
    #[must_use]
    pub fn svg(&self, colour: &dyn Fn(Ink) -> String) -> String {
        let mut svg = Svg::new(colour);
        let named = |parts: &[(String, Vec<Primitive>)], svg: &mut Svg<'_>| {
            for (name, part) in parts {
                svg.begin_group(name);
                part.iter().for_each(|primitive| svg.push(primitive));
                svg.end_group();
            }
        };
        named(&self.frames, &mut svg);
        self.links.iter().for_each(|link| svg.push(link));
        named(&self.cards, &mut svg);
        self.frame.grounds.iter().for_each(|primitive| svg.push(primitive));
        for dot in &self.frame.dots {
            let at = (dot.x, dot.y);
            let super::frame::Dot { radius, hue, shape, ring, opacity, poisoned, .. } = *dot;
            svg.token(&TokenMark { at, radius, hue, shape, ring, opacity, poisoned });
        }
        for badge in &self.frame.badges {
            svg.begin_group(&badge.text);
            badge_figure(badge).iter().for_each(|primitive| svg.push(primitive));
            svg.end_group();
        }
        let Rect { x, y, width, height } = self.reach();
        svg.finish(&Frontispiece { title: &self.title, described: &self.described, bounds: (x, y, width, height) })
    }
}
