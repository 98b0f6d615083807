//! A message's journey as it is listed and drawn, and how messages are found.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::layout::LinkCurves;
use super::panel::{MessageRow, TraceRow, message_rows, trace_row};
use super::project::project;
use crate::editor::{Camera, Rect, card_rect};
use crate::engine::{Micros, Sort};
use crate::figure::{Curve, Point};
use crate::scene::{Scene, SceneLink};
use crate::services::{Token, token_text};
use crate::sim::{self, Run};

/// Pixels around a message in which a hand hits it.
const REACH: f32 = 9.0;
/// Messages that are searched by what they say: a list is made several times a second.
const SEARCHED_MAX: usize = 5_000;
/// Facts listed of one copy; the last ones tell how it ended.
const FACTS_MAX: usize = 200;

/// One copy's part of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyLeg {
    pub token: Token,
    /// `m0007`.
    pub name: String,
    /// Its colour, if the run remembers it.
    pub hue: Option<u8>,
    /// How many copies it descends from.
    pub depth: usize,
    pub rows: Vec<TraceRow>,
    /// Facts before these that are not listed.
    pub left_out: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct JourneyRows {
    /// Each before the copies made from it.
    pub legs: Vec<JourneyLeg>,
    /// Whether its beginning is still known.
    pub whole: bool,
}

/// The lives of a message and its kin; `None` if nothing is known of it.
#[must_use]
pub fn journey_rows(run: &Run, token: Token) -> Option<JourneyRows> {
    let sim::Journey { legs, whole } = sim::journey(run, token)?;
    let legs = legs.into_iter().map(|leg| {
        let left_out = leg.facts.len().saturating_sub(FACTS_MAX);
        let rows =
            leg.facts[left_out..].iter().map(|record| TraceRow { hue: None, ..trace_row(run, record) }).collect();
        let (token, depth, hue) = (leg.token, leg.depth, run.shared().hue_of(leg.token));
        JourneyLeg { token, name: token_text(token), hue, depth, rows, left_out }
    });
    Some(JourneyRows { legs: legs.collect(), whole })
}

/// Which nodes a message and its kin came to, and from which to which.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JourneyStops {
    nodes: BTreeSet<String>,
    ways: BTreeSet<(String, String)>,
}

/// Where that lies on the canvas.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JourneyPath {
    pub cards: Vec<Rect>,
    pub curves: Vec<Curve>,
}

/// Reads the trace: whoever draws the path again while nothing happens keeps what this gives.
#[must_use]
pub fn journey_stops(run: &Run, token: Token) -> JourneyStops {
    let mut stops = JourneyStops::default();
    for leg in sim::journey(run, token).into_iter().flat_map(|journey| journey.legs) {
        for record in leg.facts {
            let node = run.node_of(record);
            // What led to it, not what was told before it: a topic hears last that a queue has taken its message.
            let from = run.trace().get(record.cause).map(|cause| run.node_of(cause));
            stops.ways.extend(from.filter(|from| *from != node).map(|from| (from.to_owned(), node.to_owned())));
            stops.nodes.insert(node.to_owned());
        }
    }
    stops
}

impl JourneyStops {
    #[must_use]
    pub fn path(&self, scene: &Scene) -> JourneyPath {
        let shown = LinkCurves::of(scene);
        let cards = self.nodes.iter().filter_map(|id| shown.shown(id)).map(card_rect).collect();
        let along = |from: &str, to: &str| self.ways.contains(&(from.to_owned(), to.to_owned()));
        let passed = |link: &&Arc<SceneLink>| along(&link.from, &link.to) || along(&link.to, &link.from);
        let links = scene.drawn_links();
        let curves = links.iter().filter(passed).filter_map(|link| shown.curve(link)).collect();
        JourneyPath { cards, curves }
    }
}

/// The message drawn at a point of the view.
#[must_use]
pub fn message_at(
    scene: &Scene,
    run: &Run,
    camera: &Camera,
    viewport: (f32, f32),
    at: Micros,
    view: Point,
) -> Option<Token> {
    let point = camera.canvas_from_view(view);
    let distance = |x: f32, y: f32| ((x - point.x) * (x - point.x) + (y - point.y) * (y - point.y)).sqrt();
    let dots = project(scene, run, camera, viewport, at).dots;
    let near = dots.iter().map(|dot| (distance(dot.x, dot.y), dot));
    let hit = near.filter(|(distance, dot)| *distance <= dot.radius.max(REACH / camera.zoom));
    // What is drawn later lies on top.
    hit.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, dot)| dot.token)
}

/// Messages by their number, or by a text in their body or what else a look inside shows of them.
#[must_use]
pub fn find_messages(run: &Run, text: &str, limit: usize) -> Vec<MessageRow> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Vec::new();
    }
    // What an envelope quotes is found as it is without one.
    let has = |field: &str| field.replace("\\\"", "\"").to_lowercase().contains(&text);
    let mut found: Vec<MessageRow> =
        message_rows(run, None, SEARCHED_MAX).into_iter().filter(|row| has(&row.name) || has(&row.body)).collect();
    for (id, node) in run.nodes() {
        for row in node.inside(run.now()).into_iter().flat_map(|inside| inside.rows) {
            let Some(token) = row.token.filter(|_| row.cells.iter().any(|cell| has(cell))) else { continue };
            if found.iter().all(|other| other.token != token) {
                let (name, place, body) = (token_text(token), format!("in {id}"), row.cells.join(" · "));
                found.push(MessageRow { token, name, hue: row.hue, poisoned: false, place, body });
            }
        }
    }
    let number = text.strip_prefix('m').unwrap_or(&text).parse().ok();
    if let Some(token) = number.filter(|token| found.iter().all(|row| row.token != *token))
        && run.trace().window().iter().any(|record| record.message == Some(token))
    {
        let (name, place) = (token_text(token), "gone; the trace knows it".to_owned());
        found.push(MessageRow {
            token,
            name,
            hue: run.shared().hue_of(token).unwrap_or_default(),
            poisoned: false,
            place,
            body: String::new(),
        });
    }
    found.order_by_key(|row| row.token);
    found.truncate(limit);
    found
}
