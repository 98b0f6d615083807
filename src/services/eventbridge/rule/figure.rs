//! How a rule is drawn: a gate, what it asks for, and what it refused last.

use super::super::pattern_text::cut;
use super::config::State;
use super::model::{Model, Seen};
use crate::engine::{Micros, clock_text};
use crate::figure::{Figure, Ink, Shape};

/// The gate's left post; its right one stands `GATE_WIDTH` further.
const GATE: (f32, f32) = (16.0, 54.0);
const GATE_WIDTH: f32 = 22.0;
const GATE_HEIGHT: f32 = 26.0;
const TEXT_X: f32 = 52.0;
/// Monospaced characters that fit beside the gate, and plain ones under it.
const CODE_CHARS: usize = 21;
const LINE_CHARS: usize = 29;

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
            self.invoker.deliveries().draw(&mut figure, (20.0, 94.0), Shape::Diamond, now);
        } else if let Seen::Refused(clause) = &self.seen {
            figure.text(14.0, 97.0, cut(clause, LINE_CHARS), Ink::Muted);
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
        let conditions = &self.config.conditions;
        if let (None, Some((at, _))) = (&self.config.pattern, self.next_fire) {
            figure.code(TEXT_X, 64.0, cut(&self.config.schedule_text, CODE_CHARS), Ink::Text);
            return figure.code(TEXT_X, 78.0, format!("next at {}", clock_text(at)), Ink::Muted);
        }
        if matches!(self.config.pattern, Some(Err(_))) {
            return figure.code(TEXT_X, 66.0, "pattern not valid", Ink::Danger);
        }
        match conditions.as_slice() {
            [] => figure.code(TEXT_X, 66.0, "every event", Ink::Text),
            [one] => {
                figure.code(TEXT_X, 64.0, cut(&one.path, CODE_CHARS), Ink::Text);
                figure.code(TEXT_X, 78.0, cut(&one.test, CODE_CHARS), Ink::Text);
            }
            [first, second] => {
                figure.code(TEXT_X, 64.0, cut(&first.line(), CODE_CHARS), Ink::Text);
                figure.code(TEXT_X, 78.0, cut(&second.line(), CODE_CHARS), Ink::Text);
            }
            [first, rest @ ..] => {
                figure.code(TEXT_X, 64.0, cut(&first.line(), CODE_CHARS), Ink::Text);
                figure.code(TEXT_X, 78.0, format!("and {} more", rest.len()), Ink::Muted);
            }
        }
    }
}
