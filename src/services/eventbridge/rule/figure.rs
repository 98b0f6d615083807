//! How a rule is drawn: a gate, what it asks for, and what it refused last.

use super::super::pattern_text::Condition;
use super::config::State;
use super::model::{Model, Seen};
use crate::engine::{Micros, clock_text};
use crate::figure::{CODE_SIZE, Face, Figure, Ink, Shape, TEXT_SIZE, wrapped};

/// The gate's left post; its right one stands `GATE_WIDTH` further.
const GATE: (f32, f32) = (16.0, 54.0);
const GATE_WIDTH: f32 = 22.0;
const GATE_HEIGHT: f32 = 26.0;
const TEXT_X: f32 = 52.0;
/// Where lines end.
const RIGHT: f32 = 220.0;
/// Base lines beside the gate: of what it asks for, and under it: of what it refused.
const CODE_Y: f32 = 61.0;
const CODE_LINES: usize = 3;
const REFUSED: (f32, f32) = (14.0, 106.0);
const REFUSED_LINES: usize = 2;
const LINE_STEP: f32 = 13.0;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let mut figure = Figure { headline: self.metrics.matched.to_string(), ..Figure::default() };
        let targets = self.invoker.targets.len();
        let named = if targets == 1 { "target" } else { "targets" };
        let state = if self.is_enabled() { "enabled" } else { "disabled" };
        figure.subtitle = format!("rule · {state} · {targets} {named}");
        figure.spoken = format!("{state}, {} events matched, {} not", self.metrics.matched, self.metrics.refused);
        self.draw_gate(&mut figure);
        self.draw_pattern(&mut figure);
        if self.invoker.deliveries().stored() > 0 {
            self.invoker.deliveries().draw(&mut figure, (20.0, 106.0), Shape::Diamond, now);
        } else if let Seen::Refused(clause) = &self.seen {
            let (x, y) = REFUSED;
            let lines = refused(clause, RIGHT - x);
            for (line, text) in lines.into_iter().enumerate() {
                figure.text(x, y + line as f32 * LINE_STEP, text, Ink::Muted);
            }
        }
        figure
    }

    /// Its arm stands up after a match, lies across after a refusal, and lies faint while the rule is disabled.
    fn draw_gate(&self, figure: &mut Figure) {
        let (left, top) = GATE;
        let (right, bottom, arm) = (left + GATE_WIDTH, top + GATE_HEIGHT, top + 8.0);
        figure.line((left, top), (left, bottom), Ink::Line);
        figure.line((right, top), (right, bottom), Ink::Line);
        match &self.seen {
            _ if !self.is_enabled() => figure.line((left, arm), (right, arm), Ink::Faint),
            Seen::Nothing => figure.line((left, arm), (right, arm), Ink::Muted),
            Seen::Matched => figure.line((left, arm), (left + 13.0, arm - 12.0), Ink::Good),
            Seen::Refused(_) => figure.line((left, arm), (right, arm), Ink::Warn),
        }
    }

    fn is_enabled(&self) -> bool {
        self.config.state != State::Disabled
    }

    fn draw_pattern(&self, figure: &mut Figure) {
        let mut lines = Vec::new();
        if let (None, Some((at, _))) = (&self.config.pattern, self.next_fire) {
            lines.extend(code_lines(&self.config.schedule_text, CODE_LINES - 1, Ink::Text));
            lines.push((format!("next at {}", clock_text(at)), Ink::Muted));
        } else if matches!(self.config.pattern, Some(Err(_))) {
            lines.push(("pattern not valid".to_owned(), Ink::Danger));
        } else {
            lines = conditions(&self.config.conditions);
        }
        for (line, (text, ink)) in lines.into_iter().enumerate() {
            figure.code(TEXT_X, CODE_Y + line as f32 * LINE_STEP, text, ink);
        }
    }
}

fn code_lines(text: &str, most: usize, ink: Ink) -> impl Iterator<Item = (String, Ink)> + use<> {
    wrapped(text, RIGHT - TEXT_X, CODE_SIZE, Face::Mono, most).into_iter().map(move |line| (line, ink))
}

/// What a pattern asks for: each condition from a line of its own, and how many found no room.
fn conditions(all: &[Condition]) -> Vec<(String, Ink)> {
    let mut lines: Vec<(String, Ink)> = Vec::new();
    if all.is_empty() {
        lines.push(("every event".to_owned(), Ink::Text));
    }
    for (index, condition) in all.iter().enumerate() {
        let left = all.len() - index;
        // The last line is needed for the number of those that are left, unless this is the only one.
        let room = CODE_LINES - lines.len() - usize::from(left > 1);
        let needed: Vec<(String, Ink)> = code_lines(&condition.line(), CODE_LINES, Ink::Text).collect();
        if room == 0 || (index > 0 && needed.len() > room) {
            let more = format!("and {left} more");
            lines.push((more, Ink::Muted));
            break;
        }
        lines.extend(code_lines(&condition.line(), room, Ink::Text));
    }
    lines
}

/// As many of the clauses that refused an event as two lines hold, and the number of the others.
fn refused(clauses: &str, room: f32) -> Vec<String> {
    let ends = clauses.match_indices("; ").map(|(at, _)| at).chain([clauses.len()]);
    let shown = ends.enumerate().map(|(index, end)| {
        let more = clauses[end..].matches("; ").count();
        let text = if more == 0 { clauses.to_owned() } else { format!("{} (+{more})", &clauses[..end]) };
        (index, wrapped(&text, room, TEXT_SIZE, Face::Plain, REFUSED_LINES))
    });
    // The first clause, however long it is, else the last text that is whole.
    let whole =
        |(index, lines): &(usize, Vec<String>)| *index == 0 || !lines.last().is_some_and(|line| line.ends_with('…'));
    shown.filter(whole).last().map(|(_, lines)| lines).unwrap_or_default()
}
