//! How a schedule is drawn: a clock whose ring runs down to the next firing.

use super::super::pattern_text::cut;
use super::model::Model;
use crate::engine::{Micros, clock_text};
use crate::figure::{Figure, Ink, Primitive, Shape, part_left};

const CLOCK: (f32, f32) = (30.0, 66.0);
const RADIUS: f32 = 12.0;
const CODE_CHARS: usize = 21;

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
        figure.code(52.0, 62.0, cut(&self.config.text, CODE_CHARS), Ink::Text);
        if self.invoker.stored() > 0 {
            self.invoker.deliveries().draw(&mut figure, (58.0, 77.0), Shape::Diamond, now);
        } else {
            figure.text(52.0, 77.0, next, Ink::Muted);
        }
        figure
    }
}
