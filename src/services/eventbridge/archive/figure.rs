//! How an archive is drawn: a shelf with the latest events, and the replay that runs.

use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Figure, Ink, Shape};

const SHOWN_MAX: usize = 8;

impl Model {
    pub(super) fn draw(&self, _now: Micros) -> Figure {
        let mut figure = Figure { headline: self.events.len().to_string(), ..Figure::default() };
        let running = self.replays.iter().find(|replay| replay.is_running());
        figure.subtitle = match running {
            Some(replay) => format!("{} · {}", replay.what.name, replay.state.name()),
            None => "archive".to_owned(),
        };
        figure.spoken = format!("{} events kept, {} replayed", self.events.len(), self.replayed);
        figure.rect(12.0, 52.0, 160.0, 28.0, 8.0, Ink::Lane);
        for (place, event) in self.events.iter().rev().take(SHOWN_MAX).enumerate() {
            let who = (event.message.token, event.message.hue, event.message.poisoned);
            figure.token(26.0 + place as f32 * 19.0, 66.0, who, Shape::Diamond, None);
        }
        figure
    }
}
