//! One frame: the live insides of the cards in view, the messages on their way, and why things failed.

use super::badges::badges;
use super::broken::broken;
use super::frame::{Dot, Frame};
use super::layout::LinkCurves;
use super::settle::settle;
use super::still::{Look, look_of};
use super::travel::travelling;
use crate::editor::{Camera, Rect, card_rect};
use crate::engine::Micros;
use crate::figure::{Ink, Primitive};
use crate::scene::{Scene, SceneNode};
use crate::sim::Run;

/// Pixels around the view in which things are still drawn, so that nothing pops up at its edge.
const MARGIN: f32 = 80.0;
/// Primitives of one frame: what lies beyond cannot be told apart anyway.
const GROUNDS_MAX: usize = 20_000;
/// Of the curve of a line that is drawn here.
const CHORDS: u8 = 16;
/// Below this zoom the insides of cards are smaller than a pixel or two.
const INSIDES_ZOOM_MIN: f32 = 0.2;
/// Below this zoom texts inside cards cannot be read.
const TEXT_ZOOM_MIN: f32 = 0.45;

/// What is drawn at virtual time `at`, which is the run's present or a little later. The viewport is in pixels.
#[must_use]
pub fn project(scene: &Scene, run: &Run, camera: &Camera, viewport: (f32, f32), at: Micros) -> Frame {
    let view = camera.seen(viewport).grown(MARGIN / camera.zoom);
    let mut frame = Frame::default();
    let cards = LinkCurves::of(scene);
    // What the document does not have: no element stands for it.
    for curve in run.added_links().filter_map(|link| cards.curve(link)) {
        frame.dash(&curve, CHORDS, Ink::Line, 1.5);
    }
    if camera.zoom >= INSIDES_ZOOM_MIN {
        let lives = scene.nodes.iter().filter(|node| node.kind.runs() && !cards.hides(&node.id));
        let in_view = lives.filter(|node| card_rect(node).meets(&view));
        for node in in_view {
            if frame.grounds.len() >= GROUNDS_MAX {
                break;
            }
            inside(node, run, camera.zoom, at, &mut frame);
        }
    }
    frame.inside = frame.dots.len();
    frame.travelling = travelling(scene, &cards, run, &view, at, &mut frame.dots);
    // What lasts comes first: badges that come and go find places around it.
    broken(scene, &cards, run, &view, at, &mut frame);
    frame.badges.extend(badges(&cards, run, &view, at));
    if !frame.badges.is_empty() {
        settled(scene, &cards, &camera.seen(viewport), camera.zoom, &mut frame);
    }
    frame
}

#[inline(never)] // second part
fn settled(scene: &Scene, cards: &LinkCurves<'_>, seen: &Rect, zoom: f32, frame: &mut Frame) {
    let solid = scene.nodes.iter().filter(|node| look_of(node) != Look::Frame && !cards.hides(&node.id));
    let solid: Vec<Rect> = solid.map(|node| card_rect(node)).filter(|card| card.meets(seen)).collect();
    settle(&mut frame.badges, &solid, seen, zoom);
}

/// A node's figure, moved from its card to the canvas.
fn inside(node: &SceneNode, run: &Run, zoom: f32, at: Micros, frame: &mut Frame) {
    let Some(model) = run.node(&node.id) else { return };
    let card = card_rect(node);
    for primitive in model.figure_in(at, (card.width, card.height)).primitives {
        match primitive {
            Primitive::Token { x, y, radius, token, hue, shape, ring, poisoned } => {
                let (x, y) = (x + card.x, y + card.y);
                frame.dots.push(Dot { x, y, radius, token, hue, shape, ring, opacity: 1.0, poisoned });
            }
            Primitive::Text { .. } if zoom < TEXT_ZOOM_MIN => {}
            other => frame.grounds.push(shifted(other, card.x, card.y)),
        }
    }
}

fn shifted(mut primitive: Primitive, by_x: f32, by_y: f32) -> Primitive {
    match &mut primitive {
        Primitive::Rect { x, y, .. }
        | Primitive::Arc { x, y, .. }
        | Primitive::Text { x, y, .. }
        | Primitive::Token { x, y, .. }
        | Primitive::Path { x, y, .. }
        | Primitive::Label { x, y, .. } => {
            *x += by_x;
            *y += by_y;
        }
        Primitive::Line { from, to, .. } => {
            for end in [from, to] {
                end.0 += by_x;
                end.1 += by_y;
            }
        }
    }
    primitive
}
