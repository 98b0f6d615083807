//! How a pipe is drawn: a tube with its three stages, and the batches in it.

use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Figure, Ink, Shape};

const TUBE: (f32, f32, f32, f32) = (12.0, 52.0, 172.0, 26.0);
const SHOWN_MAX: usize = 7;

impl Model {
    pub(super) fn draw(&self, _now: Micros) -> Figure {
        let mut figure = Figure { headline: self.metrics.events.to_string(), ..Figure::default() };
        let state = if self.config.running { "running" } else { "stopped" };
        let stage = if self.enrichment.is_some() { " · enriches" } else { "" };
        let filter = if self.config.filters.is_empty() { "" } else { " · filters" };
        figure.subtitle = match self.config.running {
            true if !filter.is_empty() || !stage.is_empty() => format!("pipe{filter}{stage}"),
            _ => format!("pipe · {state}{filter}{stage}"),
        };
        figure.spoken = format!("{state}, {} items, {} filtered out", self.metrics.events, self.metrics.filtered);
        let (x, y, width, height) = TUBE;
        figure.rect(x, y, width, height, height / 2.0, Ink::Lane);
        let items = self.batches.iter().flat_map(|batch| &batch.items);
        for (place, item) in items.take(SHOWN_MAX).enumerate() {
            let who = (item.message.token, item.message.hue, item.message.poisoned);
            figure.token(x + 18.0 + place as f32 * 22.0, y + height / 2.0, who, Shape::Disc, None);
        }
        if self.source.is_none() || self.target.is_none() {
            figure.text(x + 12.0, y + 17.0, "no source or no target", Ink::Warn);
        }
        figure
    }
}
