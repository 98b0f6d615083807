//! How a schedule is drawn: a clock whose ring runs down to the next firing.

use super::model::Model;
use crate::engine::{Micros, clock_text};
use crate::figure::{CODE_SIZE, Face, Figure, Ink, Primitive, Shape, part_left, wrapped};

const CLOCK: (f32, f32) = (30.0, 66.0);
const RADIUS: f32 = 12.0;
const TEXT_X: f32 = 52.0;
/// Where lines end, and from one to the next.
const RIGHT: f32 = 208.0;
const LINE_STEP: f32 = 13.0;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let mut figure = Figure { headline: self.fired.to_string(), ..Figure::default() };
        let state = if self.config.enabled { "enabled" } else { "disabled" };
        figure.subtitle = format!("schedule · {state}");
        let (x, y) = CLOCK;
        let arc = |part: f32, ink: Ink| Primitive::Arc { x, y, radius: RADIUS, from: 0.0, part, ink, width: 2.0 };
        figure.primitives.push(arc(1.0, Ink::Line));
        let next = match self.next {
            Some(next) => {
                figure.primitives.push(arc(part_left(next.since, next.at, now), Ink::Accent));
                format!("next at {}", clock_text(next.at))
            }
            None => "fires no more".to_owned(),
        };
        figure.spoken = format!("{state}, fired {} times, {next}", self.fired);
        let lines = wrapped(&self.config.text, RIGHT - TEXT_X, CODE_SIZE, Face::Mono, 2);
        let below = 62.0 + lines.len() as f32 * LINE_STEP + 2.0;
        for (line, text) in lines.into_iter().enumerate() {
            figure.code(TEXT_X, 62.0 + line as f32 * LINE_STEP, text, Ink::Text);
        }
        if self.invoker.stored() > 0 {
            self.invoker.deliveries().draw(&mut figure, (TEXT_X + 6.0, below), Shape::Diamond, now);
        } else {
            figure.text_within(TEXT_X, below, RIGHT - TEXT_X, &next, Ink::Muted);
        }
        figure
    }
}
