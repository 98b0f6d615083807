//! The clipboard: chosen nodes as JSON text, in the words of the scene file. So they go from tab to tab, and into a
//! message or an editor of text and back.

use serde_json::{Map, Value, json};

use super::change::refuse;
use super::chosen::delete;
use super::duplicate::merged;
use super::effect::Effect;
use super::layout::snapped;
use super::layout::{bounds_of, card_rect};
use super::open;
use super::recording::commit;
use super::selection::Selection;
use super::state::State;
use crate::figure::{Point, Tone};
use crate::scene::{Edit, Frames, Scene, read_scene, write_scene};

/// Tells a piece from a whole scene, which would be opened instead.
const MARK: &str = "clip";
/// From a copy that would cover its original.
const STEP: f32 = 32.0;

/// What is chosen as a text; `None` if nothing is.
#[must_use]
pub fn text_of(scene: &Scene, chosen: &Selection) -> Option<String> {
    // With a boundary go its members.
    let frames = Frames::of(scene);
    let inside = |id: &str| frames.around(id).any(|outer| chosen.nodes.contains(&outer.id));
    let goes = |id: &String| chosen.nodes.contains(id) || inside(id);
    let nodes: Vec<_> = scene.nodes.iter().filter(|node| goes(&node.id)).cloned().collect();
    if nodes.is_empty() {
        return None;
    }
    let links = scene.links.iter().filter(|link| goes(&link.from) && goes(&link.to)).cloned().collect();
    let piece = Scene { nodes, links, ..Scene::default() };
    let Ok(Value::Object(file)) = serde_json::from_str(&write_scene(&piece)) else { return None };
    let mut map = Map::new();
    map.insert(MARK.to_owned(), json!(true));
    map.extend(file.into_iter().filter(|(name, _)| ["version", "nodes", "links"].contains(&&**name)));
    serde_json::to_string_pretty(&map).ok()
}

pub fn copy(state: &mut State) -> Vec<Effect> {
    match text_of(&state.scene, &state.selection) {
        Some(text) => vec![Effect::Copy(text)],
        None => Vec::new(),
    }
}

pub fn cut(state: &mut State) -> Vec<Effect> {
    let mut effects = copy(state);
    if !effects.is_empty() {
        effects.extend(delete(state));
    }
    effects
}

/// Puts a piece into the scene, its middle at a canvas point or beside where it came from. A whole scene is opened.
pub fn paste(state: &mut State, text: &str, at: Option<Point>) -> Vec<Effect> {
    let Some(piece) = piece_of(text) else { return open::open_text(state, "clipboard", text) };
    let (piece, problems) = read_scene(&piece);
    let all = Selection { nodes: piece.nodes.iter().map(|node| node.id.clone()).collect(), ..Selection::default() };
    if all.nodes.is_empty() {
        let why = problems.first().map_or_else(|| "it holds no nodes".to_owned(), ToString::to_string);
        return refuse(state, format!("Nothing was pasted: {why}. Copy the nodes again."));
    }
    let by = way(state, &piece, at);
    let ids = all.nodes.clone();
    let piece = piece.with([Edit::MoveNodes { ids, by: (f64::from(by.x), f64::from(by.y)) }]);
    match merged(&state.scene, &piece, &all, 0.0) {
        Err(why) => refuse(state, why),
        Ok((scene, names)) => {
            let effects = commit(state, scene, None);
            state.selection = Selection { nodes: names.into_values().collect(), ..Selection::default() };
            if let Some(problem) = problems.first() {
                let count = problems.len();
                state
                    .say(format!("Pasted, but for {count} of its parts that cannot be opened: {problem}."), Tone::Warn);
            }
            effects
        }
    }
}

/// A piece without its mark; `None` if the text is something else.
fn piece_of(text: &str) -> Option<String> {
    let Ok(Value::Object(mut map)) = serde_json::from_str(text) else { return None };
    map.shift_remove(MARK)?;
    Some(Value::Object(map).to_string())
}

/// How far the piece moves: to the point, else so far that it covers nothing of the same place, and into view.
fn way(state: &State, piece: &Scene, at: Option<Point>) -> Point {
    let Some(bounds) = bounds_of(piece.nodes.iter().map(|node| &**node)) else { return Point::default() };
    let middle = bounds.middle();
    let to = |point: Point| Point::new(snapped(point.x - middle.x), snapped(point.y - middle.y));
    if let Some(at) = at {
        return to(at);
    }
    let view = state.camera.seen(state.viewport);
    let from = if bounds.meets(&view) { Point::default() } else { to(view.middle()) };
    let covers = |by: f32| {
        let same = |a: f32, b: f32, by: f32| (a + by - b).abs() < 1.0;
        let mut cards = piece.nodes.iter().map(|node| card_rect(node));
        cards.any(|card| {
            let mut others = state.scene.nodes.iter().map(|node| card_rect(node));
            others.any(|other| same(card.x, other.x, from.x + by) && same(card.y, other.y, from.y + by))
        })
    };
    let steps = (0..100_u8).map(|n| f32::from(n) * STEP);
    let by = steps.into_iter().find(|by| !covers(*by)).unwrap_or_default();
    Point::new(from.x + by, from.y + by)
}
