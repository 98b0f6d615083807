//! What a run adds to a machine's drawing: executions at their states, each in its colour, what they wait for, how the items
//! of a Map stand, and the way that an execution has just gone.

use std::collections::BTreeMap;

use super::drawing::{Drawing, Fit, along, trace};
use super::executions::Held;
use super::graph::{Area, End};
use super::model::Model;
use crate::engine::{MICROS_PER_MILLI, MICROS_PER_SECOND, Micros};
use crate::figure::{Anchor, Figure, Ink, Primitive, Shape, brief};
use crate::lang::asl::execution::event::{Event, EventKind, TaskEvent};
use crate::lang::asl::execution::forking::Fork;
use crate::lang::asl::execution::thread::{Phase, Thread};
use crate::lang::asl::machine::StateId;
use crate::services::hue_of;

/// How long an execution is seen on its way into a state, and how long a caught error stays on its line.
const TRAVEL: Micros = 350 * MICROS_PER_MILLI;
const CAUGHT: Micros = 1_500 * MICROS_PER_MILLI;
/// Tokens beside each other at one state; more are a number.
const TOKENS_MAX: usize = 6;
/// Executions that are looked at, the latest first.
const EXECUTIONS_MAX: usize = 400;
const LIT: Micros = 600 * MICROS_PER_MILLI;

/// A token at a state or on its way there.
struct At {
    token: u64,
    hue: u8,
    ring: Option<f32>,
}

type Points = Vec<(f32, f32)>;

/// What is drawn of all executions at a moment.
#[derive(Default)]
struct Scene<'a> {
    at: BTreeMap<StateId, Vec<At>>,
    lit: BTreeMap<StateId, Ink>,
    /// Beside a state: how long it still waits, and what for.
    waits: BTreeMap<StateId, (Micros, String, Ink)>,
    on_way: Vec<(Points, f32, u64, u8)>,
    caught: Vec<(Points, String)>,
    forks: BTreeMap<StateId, (u64, &'a Held, u64, &'a Fork)>,
}

impl Model {
    pub(super) fn draw(&self, now: Micros, size: (f32, f32)) -> Figure {
        let running = self.executions.running;
        let mut figure = Figure { headline: running.to_string(), ..Figure::default() };
        let kind = if self.config.is_express { "Express" } else { "Standard" };
        figure.subtitle = format!("Step Functions · {kind}");
        figure.spoken = format!("{running} executions running");
        match self.config.drawing() {
            Some(drawing) => self.draw_machine(drawing, now, size, &mut figure),
            None => figure.text(12.0, 66.0, "The definition cannot be used", Ink::Danger),
        }
        figure
    }

    #[inline(never)] // second part
    fn draw_machine(&self, drawing: &Drawing, now: Micros, size: (f32, f32), figure: &mut Figure) {
        let fit = drawing.fit(size);
        let scene = self.scene_of(drawing, now);
        drawing.draw(&fit, &|state| scene.lit.get(&state).copied(), figure);
        scene.draw(drawing, &fit, figure, self);
    }

    fn scene_of<'a>(&'a self, drawing: &Drawing, now: Micros) -> Scene<'a> {
        let mut scene = Scene::default();
        for (state, at) in &self.latest {
            if now < at + LIT && *state < drawing.graph.places.len() {
                scene.lit.insert(*state, Ink::Accent);
            }
        }
        for (number, held) in self.executions.iter().rev().take(EXECUTIONS_MAX) {
            // Whoever began with an older definition goes through other states.
            let is_of_this =
                self.config.machine.as_ref().is_some_and(|machine| **machine == **held.execution.machine());
            if !is_of_this {
                continue;
            }
            let ended = held.execution.ended();
            if ended.is_some_and(|ended| now >= ended + CAUGHT) {
                continue;
            }
            let seen = self.seen_as(number);
            scene.ways(drawing, held, seen, now);
            if ended.is_none() {
                for (id, thread) in held.execution.threads() {
                    scene.thread((number, held), (id, thread), seen, now);
                }
            }
        }
        scene
    }
}

impl Model {
    /// An execution's token and colour; an item has those of the execution whose item it is.
    fn seen_as(&self, number: u64) -> (u64, u8) {
        match self.root_message(number) {
            Some(message) => (message.token, message.hue),
            None => (0, hue_of(&number.to_string())),
        }
    }
}

impl<'a> Scene<'a> {
    fn thread(
        &mut self,
        (number, held): (u64, &'a Held),
        (id, thread): (u64, &'a Thread),
        (token, hue): (u64, u8),
        now: Micros,
    ) {
        let state = thread.state;
        if !thread.is_inside() {
            return;
        }
        let mut ring = None;
        let mut lit = Ink::Accent;
        match &thread.phase {
            Phase::BackingOff { since, until, .. } => {
                ring = Some(part_left(*since, *until, now));
                lit = Ink::Warn;
                let retries = thread.retries + 1;
                self.waits.insert(state, (until.saturating_sub(now), format!("retry {retries} in "), Ink::Warn));
            }
            Phase::Waiting { until, .. } if *until < u64::MAX => {
                ring = Some(part_left(thread.entered_at, *until, now));
                self.waits.insert(state, (until.saturating_sub(now), String::new(), Ink::Accent));
            }
            Phase::Task(run) => {
                if let Some((until, _)) = run.timeout {
                    ring = Some(part_left(thread.entered_at, until, now));
                }
                if run.is_submitted && run.token.is_some() {
                    self.waits.entry(state).or_insert((0, "waits to be called back".to_owned(), Ink::Muted));
                }
            }
            Phase::Forked(fork) => {
                self.forks.entry(state).or_insert((number, held, id, fork));
            }
            _ => {}
        }
        if lit == Ink::Warn || !self.lit.get(&state).is_some_and(|ink| *ink == Ink::Warn) {
            self.lit.insert(state, lit);
        }
        // On its way here it is drawn on the line.
        if now >= thread.entered_at + TRAVEL || matches!(thread.phase, Phase::Forked(_)) {
            self.at.entry(state).or_default().push(At { token, hue, ring });
        }
    }

    /// The ways that an execution has gone lately.
    fn ways(&mut self, drawing: &Drawing, held: &Held, (token, hue): (u64, u8), now: Micros) {
        let history = held.execution.history();
        for event in history.iter().rev().take_while(|event| now < event.at + CAUGHT) {
            let EventKind::Entered { state, .. } = event.kind else { continue };
            let (from, error) = came_from(event, history);
            let Some(edge) = drawing.edge(from, End::State(state), error.is_some()) else { continue };
            if now < event.at + TRAVEL {
                let part = (now - event.at) as f32 / TRAVEL as f32;
                self.on_way.push((edge.points.clone(), part, token, hue));
            }
            if let Some(error) = error {
                self.caught.push((edge.points.clone(), error));
            }
        }
    }

    fn draw(&self, drawing: &Drawing, fit: &Fit, figure: &mut Figure, model: &Model) {
        for (points, error) in &self.caught {
            let mut d = String::new();
            trace(points, &mut d);
            let (stroke, width) = (Some(Ink::Danger), 2.6);
            figure.primitives.push(Primitive::Path {
                d,
                x: fit.x,
                y: fit.y,
                scale: fit.scale,
                fill: None,
                stroke,
                width,
                dashed: false,
            });
            if let Some(at) = along(points, 0.5) {
                let (x, y) = fit.at(at);
                let size = (9.5 * fit.scale).max(6.0);
                let (text, ink, anchor) = (error.clone(), Ink::Danger, Anchor::Start);
                figure.primitives.push(Primitive::Text { x: x + 5.0, y, text, size, ink, anchor, mono: true });
            }
        }
        for (state, (number, held, thread, fork)) in &self.forks {
            if let Some(strip) = drawing.strip(*state) {
                let of = (*number, *held, *thread, *fork);
                items(&fit.area(&strip), &model.item_states(of), figure);
            }
        }
        for (state, (left, what, ink)) in &self.waits {
            let Some(place) = drawing.graph.places.get(*state) else { continue };
            let left = if *left > 0 { span(*left) } else { String::new() };
            let (x, y) = fit.at((place.area.x, place.area.bottom()));
            let (text, size, anchor) = (format!("{what}{left}"), (9.0 * fit.scale).max(5.5), Anchor::Start);
            figure.primitives.push(Primitive::Text {
                x,
                y: y + 9.0 * fit.scale,
                text,
                size,
                ink: *ink,
                anchor,
                mono: false,
            });
        }
        for (state, tokens) in &self.at {
            if let Some(place) = drawing.graph.places.get(*state) {
                beside(&fit.area(&place.area), fit, tokens, figure);
            }
        }
        for (points, part, token, hue) in &self.on_way {
            if let Some(at) = along(points, *part) {
                let (x, y) = fit.at(at);
                figure.primitives.push(dot((x, y), radius(fit), *token, *hue, None));
            }
        }
    }
}

fn radius(fit: &Fit) -> f32 {
    (5.0 * fit.scale).clamp(2.5, 5.0)
}

fn dot((x, y): (f32, f32), radius: f32, token: u64, hue: u8, ring: Option<f32>) -> Primitive {
    Primitive::Token { x, y, radius, token, hue, shape: Shape::Diamond, ring, poisoned: false }
}

/// Tokens along a box's upper right edge.
fn beside(area: &Area, fit: &Fit, tokens: &[At], figure: &mut Figure) {
    let radius = radius(fit);
    let step = radius * if tokens.iter().any(|at| at.ring.is_some()) { 3.2 } else { 2.4 };
    let shown = tokens.len().min(TOKENS_MAX);
    for (place, at) in tokens.iter().take(shown).enumerate() {
        let x = area.right() - radius - place as f32 * step;
        figure.primitives.push(dot((x, area.y), radius, at.token, at.hue, at.ring));
    }
    if tokens.len() > shown {
        let x = area.right() - shown as f32 * step - radius;
        let text = format!("+{}", brief((tokens.len() - shown) as u64));
        let (size, ink, anchor) = ((9.0 * fit.scale).max(6.0), Ink::Muted, Anchor::End);
        figure.primitives.push(Primitive::Text { x, y: area.y + 3.0, text, size, ink, anchor, mono: false });
    }
}

fn part_left(since: Micros, until: Micros, now: Micros) -> f32 {
    let (whole, left) = (until.saturating_sub(since).max(1), until.saturating_sub(now));
    left as f32 / whole as f32
}

/// `3.2 s`, `12 min`.
fn span(left: Micros) -> String {
    let seconds = left as f64 / MICROS_PER_SECOND as f64;
    match seconds {
        _ if seconds < 60.0 => format!("{seconds:.1} s"),
        _ if seconds < 7_200.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.0} h", seconds / 3_600.0),
    }
}

/// Where an execution was before it entered a state, and the error that brought it there, if one did.
fn came_from(entered: &Event, history: &[Event]) -> (End, Option<String>) {
    let event = |id: u64| usize::try_from(id).ok()?.checked_sub(1).and_then(|place| history.get(place));
    let Some(before) = event(entered.previous) else { return (End::Start, None) };
    match &before.kind {
        EventKind::Exited { state, .. } => (End::State(*state), event(before.previous).and_then(error_of)),
        _ => (End::Start, None),
    }
}

fn error_of(event: &Event) -> Option<String> {
    match &event.kind {
        EventKind::Task { event: TaskEvent::Failed(error) | TaskEvent::TimedOut(error), .. }
        | EventKind::EvaluationFailed { error, .. } => Some(error.name().to_owned()),
        EventKind::ParallelFailed | EventKind::MapFailed => Some("failed".to_owned()),
        _ => None,
    }
}

/// How one item of a Map stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemState {
    Pending,
    Succeeded,
    Running,
    Failed,
}

impl Model {
    /// How the items of a Map stand, in their order.
    pub(super) fn item_states(&self, (number, held, thread, fork): (u64, &Held, u64, &Fork)) -> Vec<ItemState> {
        let mut states: Vec<ItemState> = fork
            .results
            .iter()
            .enumerate()
            .map(|(place, result)| match result {
                Some(_) => ItemState::Succeeded,
                None if place >= fork.next => ItemState::Pending,
                None => ItemState::Failed,
            })
            .collect();
        let mut run = |place: usize| {
            if let Some(state) = states.get_mut(place) {
                *state = ItemState::Running;
            }
        };
        held.execution
            .threads()
            .filter(|(_, child)| child.parent == Some(thread))
            .for_each(|(_, child)| run(child.place));
        if fork.is_distributed {
            let children = self.executions.iter().filter(|(_, child)| child.execution.ended().is_none());
            for (_, child) in children {
                if let Some((of, of_thread, item)) = child.parent
                    && (of, of_thread) == (number, thread)
                {
                    run(usize::try_from(item).unwrap_or(usize::MAX));
                }
            }
        }
        states
    }
}

/// A Map's items as a grid: one square each, or one for several where there are many.
fn items(area: &Area, states: &[ItemState], figure: &mut Figure) {
    if states.is_empty() {
        return;
    }
    let side = (area.height / 2.0 - 0.5).max(1.5);
    let columns = ((area.width / (side + 1.0)) as usize).max(1);
    let each = states.len().div_ceil(columns * 2).max(1);
    for (place, chunk) in states.chunks(each).enumerate() {
        let worst = chunk.iter().max().copied().unwrap_or(ItemState::Pending);
        let ink = match worst {
            ItemState::Pending => Ink::Faint,
            ItemState::Succeeded => Ink::Good,
            ItemState::Running => Ink::Accent,
            ItemState::Failed => Ink::Danger,
        };
        let (x, y) = (area.x + (place / 2) as f32 * (side + 1.0), area.y + (place % 2) as f32 * (side + 1.0));
        figure.primitives.push(Primitive::Rect {
            x,
            y,
            width: side,
            height: side,
            radius: 1.0,
            fill: Some(ink),
            stroke: None,
        });
    }
}
