//! How a producer is drawn: its rate as a dial, and what it is going to send again, ringed by the wait.

use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Anchor, Figure, Ink, Primitive, Shape, brief, compact, part_left};

/// Calls drawn that wait for their retry.
const WAITING_MAX: usize = 3;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let config = &self.config;
        let mut figure = Figure { headline: config.rate_text.clone(), ..Figure::default() };
        figure.subtitle = format!("Producer · {}", config.arrivals_name);
        figure.spoken = format!("{} messages sent, {} failed", self.made, self.failed);
        let part = config.rate.on_dial().max(0.02) as f32;
        let (x, y, radius, width) = (46.0, 78.0, 22.0, 4.0);
        let arc = |from: f32, part: f32, ink| Primitive::Arc { x, y, radius, from, part, ink, width };
        figure.primitives.push(arc(-0.25, 0.5, Ink::Lane));
        figure.primitives.push(arc(-0.25, 0.5 * part, Ink::Accent));
        let text = |y: f32, text: String, ink| Primitive::Text {
            x: 84.0,
            y,
            text,
            size: 11.0,
            ink,
            anchor: Anchor::Start,
            mono: false,
        };
        let sent = if self.is_alone() { "not connected".to_owned() } else { format!("{} sent", compact(self.made)) };
        figure.primitives.push(text(71.0, sent, Ink::Muted));
        if self.failed > 0 {
            figure.primitives.push(text(85.0, format!("{} refused", brief(self.failed)), Ink::Danger));
        }
        for ((message, since, until), place) in self.retries.waits().take(WAITING_MAX).zip(0_u8..) {
            let left = part_left(since, until, now);
            let who = (message.token, message.hue, message.poisoned);
            figure.token(136.0 + f32::from(place) * 15.0, 52.0, who, Shape::Disc, Some(left));
        }
        figure
    }
}
