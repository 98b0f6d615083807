//! The drawing of a state machine: a box for each state, in layers from the start to the ends, with the lines of `Next`,
//! of a Choice's rules, of `Default` and of `Catch`. A Parallel's branches lie beside each other in a frame, a Map's item
//! processor in one of its own. It is made once for a definition; nothing in it depends on a run.

mod layers;
mod lines;
mod order;
mod straighten;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::layers::{Cell, Laid};
use self::lines::{FlowLine, lines_of};
use crate::figure::{Face, elided, text_width};
use crate::lang::asl::Machine;
use crate::lang::asl::machine::{Flow, State, StateId, StateKind};

pub use self::words::{does, of_rule, of_test};

pub const NAME_SIZE: f32 = 11.0;
pub const DOES_SIZE: f32 = 9.5;
pub const LABEL_SIZE: f32 = 9.5;
/// Where a box's texts begin, behind its glyph.
pub const TEXT_X: f32 = 30.0;
const EDGE: f32 = 10.0;
const BOX_HEIGHT: f32 = 38.0;
const BOX_WIDTH: (f32, f32) = (104.0, 220.0);
/// A frame's head, where its name stands, and the room around what lies in it.
pub const HEAD: f32 = 42.0;
const INSET: f32 = 14.0;
/// Under a Map's head: how its items stand.
pub const STRIP: f32 = 26.0;
const LABEL_HEIGHT: f32 = 16.0;
const LABEL_WIDTH_MAX: f32 = 240.0;
pub const DOT: f32 = 12.0;
/// To the right of a state that leads to itself.
const LOOP: f32 = 20.0;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Area {
    #[must_use]
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    #[must_use]
    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    #[must_use]
    pub fn middle(&self) -> (f32, f32) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    #[must_use]
    pub fn holds(&self, x: f32, y: f32) -> bool {
        x >= self.x && x <= self.right() && y >= self.y && y <= self.bottom()
    }

    fn moved(self, x: f32, y: f32) -> Self {
        Self { x: self.x + x, y: self.y + y, ..self }
    }
}

/// A state as it is drawn: a box, or the frame of what lies in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub area: Area,
    pub name: String,
    pub does: String,
    pub is_frame: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    Start,
    State(StateId),
    /// Of the machine's own flow; those inside end in their frames.
    Finish,
}

/// What makes a line, by its place in the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    Next,
    Rule,
    Default,
    Catch,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    pub from: End,
    pub to: End,
    pub why: Why,
    pub points: Vec<(f32, f32)>,
    pub label: Option<(Area, String)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    pub size: (f32, f32),
    /// By state.
    pub places: Vec<Place>,
    pub edges: Vec<Edge>,
    pub start: (f32, f32),
    pub finish: Option<(f32, f32)>,
    /// Between the branches of a Parallel.
    pub partings: Vec<((f32, f32), (f32, f32))>,
}

/// A flow that is laid out, from its own corner.
#[derive(Default)]
struct Block {
    size: (f32, f32),
    places: Vec<(StateId, Place)>,
    edges: Vec<Edge>,
    partings: Vec<((f32, f32), (f32, f32))>,
    dots: Vec<(End, (f32, f32))>,
}

impl Graph {
    #[must_use]
    #[inline(never)] // second part
    pub fn of(machine: &Machine) -> Self {
        let block = block_of(machine, &machine.flow, true);
        let mut graph = Self { size: block.size, edges: block.edges, partings: block.partings, ..Self::default() };
        let nowhere = Place { area: Area::default(), name: String::new(), does: String::new(), is_frame: false };
        graph.places = vec![nowhere; machine.states.len()];
        for (state, place) in block.places {
            graph.places[state] = place;
        }
        for (end, at) in block.dots {
            match end {
                End::Start => graph.start = at,
                _ => graph.finish = Some(at),
            }
        }
        graph
    }

    /// The innermost state at a point.
    #[must_use]
    pub fn state_at(&self, x: f32, y: f32) -> Option<StateId> {
        let there =
            self.places.iter().enumerate().filter(|(_, place)| place.area.width > 0.0 && place.area.holds(x, y));
        let smallest = there.min_by(|(_, one), (_, two)| one.area.width.total_cmp(&two.area.width));
        smallest.map(|(state, _)| state)
    }
}

/// One cell of a flow's layout.
enum Content {
    Dot(End),
    /// A state, and of a frame the blocks in it.
    State(StateId, Vec<Block>),
    Label(usize),
}

impl Content {
    fn end(&self) -> Option<End> {
        match self {
            Self::Dot(end) => Some(*end),
            Self::State(state, _) => Some(End::State(*state)),
            Self::Label(_) => None,
        }
    }
}

fn block_of(machine: &Machine, flow: &Flow, is_outermost: bool) -> Block {
    let lines = lines_of(machine, flow, is_outermost);
    let mut contents = Vec::new();
    if is_outermost {
        contents.push(Content::Dot(End::Start));
    }
    // The state that a flow begins with comes first: the walk that finds lines back up begins there.
    let states = std::iter::once(flow.start).chain(flow.states.iter().copied().filter(|state| *state != flow.start));
    contents.extend(states.map(|state| Content::State(state, blocks_in(machine, &machine.states[state]))));
    if lines.iter().any(|line| line.to == End::Finish) {
        contents.push(Content::Dot(End::Finish));
    }
    let mut cells_by_end = BTreeMap::new();
    for (cell, content) in contents.iter().enumerate() {
        cells_by_end.insert(content.end(), cell);
    }
    let cell_of = |end: End| cells_by_end.get(&Some(end)).copied();
    // A line with a label leads to the label and on from it.
    let mut parts: Vec<(layers::Line, usize)> = Vec::new();
    let mut labels = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let Some((from, to)) = cell_of(line.from).zip(cell_of(line.to)) else { continue };
        let is_aside = line.why == Why::Catch;
        if line.label.is_empty() || from == to {
            parts.push((layers::Line { from, to, is_aside }, place));
        } else {
            let label = contents.len() + labels.len();
            labels.push(place);
            parts.push((layers::Line { from, to: label, is_aside }, place));
            parts.push((layers::Line { from: label, to, is_aside }, place));
        }
    }
    contents.extend(labels.into_iter().map(Content::Label));
    let mut loops = BTreeSet::new();
    loops.extend(lines.iter().filter(|line| line.from == line.to).map(|line| line.from));
    let own = |state: StateId| loops.contains(&End::State(state));
    let cells: Vec<Cell> = contents.iter().map(|content| cell(machine, content, &lines, &own)).collect();
    let layered: Vec<layers::Line> = parts.iter().map(|(line, _)| *line).collect();
    let laid = layers::lay(&cells, &layered);
    assembled(machine, contents, &lines, &parts, &laid)
}

fn blocks_in(machine: &Machine, state: &State) -> Vec<Block> {
    match &state.kind {
        StateKind::Parallel { branches } => branches.iter().map(|branch| block_of(machine, branch, false)).collect(),
        StateKind::Map(map) => vec![block_of(machine, &map.processor, false)],
        _ => Vec::new(),
    }
}

fn box_width(state: &State) -> f32 {
    let name = text_width(&state.name, NAME_SIZE, Face::Strong);
    let does = text_width(&does(state), DOES_SIZE, Face::Plain);
    (TEXT_X + name.max(does) + EDGE).clamp(BOX_WIDTH.0, BOX_WIDTH.1)
}

/// How high a frame's head is.
fn head_of(state: &State) -> f32 {
    HEAD + if matches!(state.kind, StateKind::Map(_)) { STRIP } else { 0.0 }
}

fn state_height(state: &State, blocks: &[Block]) -> f32 {
    if blocks.is_empty() { BOX_HEIGHT } else { head_of(state) + inner_size(blocks).1 + INSET }
}

/// How much room the blocks in a frame take beside each other.
fn inner_size(blocks: &[Block]) -> (f32, f32) {
    let width: f32 = blocks.iter().map(|block| block.size.0 + 2.0 * INSET).sum();
    let height = blocks.iter().map(|block| block.size.1).fold(0.0, f32::max);
    (width, height)
}

fn cell(machine: &Machine, content: &Content, lines: &[FlowLine], own: &dyn Fn(StateId) -> bool) -> Cell {
    match content {
        Content::Dot(_) => Cell { width: DOT, height: DOT },
        Content::Label(place) => {
            let text = text_width(&lines[*place].label, LABEL_SIZE, Face::Plain).min(LABEL_WIDTH_MAX);
            Cell { width: text + EDGE, height: LABEL_HEIGHT }
        }
        Content::State(state, blocks) => {
            let width = box_width(&machine.states[*state]);
            let aside = if own(*state) { LOOP } else { 0.0 };
            let height = state_height(&machine.states[*state], blocks);
            Cell { width: width.max(inner_size(blocks).0) + aside, height }
        }
    }
}

fn assembled(
    machine: &Machine,
    contents: Vec<Content>,
    lines: &[FlowLine],
    parts: &[(layers::Line, usize)],
    laid: &Laid,
) -> Block {
    let mut block = Block { size: laid.size, ..Block::default() };
    let mut labels = vec![None; lines.len()];
    for (content, (x, y)) in contents.into_iter().zip(laid.corners.iter().copied()) {
        match content {
            Content::Dot(end) => block.dots.push((end, (x + DOT / 2.0, y + DOT / 2.0))),
            Content::Label(place) => {
                let text = elided(&lines[place].label, LABEL_WIDTH_MAX, LABEL_SIZE, Face::Plain);
                let width = text_width(&lines[place].label, LABEL_SIZE, Face::Plain).min(LABEL_WIDTH_MAX) + EDGE;
                labels[place] = Some((Area { x, y, width, height: LABEL_HEIGHT }, text));
            }
            Content::State(state, blocks) => put_state(machine, state, blocks, (x, y), &mut block),
        }
    }
    let mut routes = vec![Vec::new(); lines.len()];
    for ((_, place), route) in parts.iter().zip(&laid.routes) {
        routes[*place].extend(route.iter().copied());
    }
    for ((line, points), label) in lines.iter().zip(routes).zip(labels) {
        let points = match line.from {
            End::State(state) if line.from == line.to => around(&block, state),
            _ => points,
        };
        block.edges.push(Edge { from: line.from, to: line.to, why: line.why, points, label });
    }
    block
}

fn put_state(machine: &Machine, id: StateId, blocks: Vec<Block>, (x, y): (f32, f32), into: &mut Block) {
    let state = &machine.states[id];
    let inner = inner_size(&blocks);
    let width = box_width(state).max(inner.0);
    let is_frame = !blocks.is_empty();
    let (head, height) = (head_of(state), state_height(state, &blocks));
    let area = Area { x, y, width, height };
    let room = width - TEXT_X - EDGE;
    let name = elided(&state.name, room, NAME_SIZE, Face::Strong);
    let does = elided(&does(state), room, DOES_SIZE, Face::Plain);
    into.places.push((id, Place { area, name, does, is_frame }));
    let mut left = x + (width - inner.0) / 2.0;
    for (number, inside) in blocks.into_iter().enumerate() {
        if number > 0 {
            into.partings.push(((left, y + head), (left, y + height - INSET / 2.0)));
        }
        let (by_x, by_y) = (left + INSET, y + head);
        left += inside.size.0 + 2.0 * INSET;
        take_in(into, inside, by_x, by_y);
    }
}

fn take_in(into: &mut Block, inside: Block, x: f32, y: f32) {
    let moved = |(px, py): (f32, f32)| (px + x, py + y);
    into.places
        .extend(inside.places.into_iter().map(|(id, place)| (id, Place { area: place.area.moved(x, y), ..place })));
    into.partings.extend(inside.partings.into_iter().map(|(from, to)| (moved(from), moved(to))));
    into.edges.extend(inside.edges.into_iter().map(|edge| Edge {
        points: edge.points.into_iter().map(moved).collect(),
        label: edge.label.map(|(area, text)| (area.moved(x, y), text)),
        ..edge
    }));
}

/// From a state's right side around to it again.
fn around(block: &Block, state: StateId) -> Vec<(f32, f32)> {
    let place = block.places.iter().find(|(id, _)| *id == state);
    let Some((_, place)) = place else { return Vec::new() };
    let (right, middle) = (place.area.right(), place.area.y + BOX_HEIGHT / 2.0);
    let (top, bottom) = (middle - 9.0, middle + 9.0);
    vec![(right, bottom), (right + LOOP * 0.7, bottom), (right + LOOP * 0.7, top), (right, top)]
}
