//! How a function is drawn: slots, with what runs in them, ringed by the time that is left.

use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Figure, Ink, Shape};

const SLOTS_MAX: usize = 8;
const LEFT: f32 = 12.0;
const TOP: f32 = 48.0;
const SLOT: f32 = 19.0;
const STEP: f32 = 22.4;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let (running, most) = (self.running.len(), self.config.concurrency_max());
        let waiting = self.events.len() + self.retrying.len();
        let mut figure = Figure { headline: running.to_string(), ..Figure::default() };
        figure.subtitle = match self.config.reserved {
            Some(most) => format!("Lambda · concurrency {most}"),
            None => "Lambda · unreserved".to_owned(),
        };
        figure.spoken = format!("{running} of {most} invocations running, {waiting} events waiting");
        let slots = usize::try_from(most).unwrap_or(SLOTS_MAX).min(SLOTS_MAX);
        for slot in 0..slots {
            figure.rect(LEFT + slot as f32 * STEP, TOP, SLOT, SLOT, 4.0, Ink::Lane);
        }
        for (slot, invocation) in self.running.iter().take(SLOTS_MAX).enumerate() {
            let whole = (invocation.until - invocation.since).max(1) as f32;
            let left = (invocation.until.saturating_sub(now) as f32 / whole).clamp(0.0, 1.0);
            let first = &invocation.messages[0];
            let is_poisoned = first.poisoned || self.poisoned.contains(&first.token);
            let centre = LEFT + slot as f32 * STEP + SLOT / 2.0;
            figure.token(centre, TOP + SLOT / 2.0, (first.token, first.hue, is_poisoned), Shape::Disc, Some(left));
        }
        let below = TOP + SLOT + 15.0;
        if running > SLOTS_MAX {
            figure.text(LEFT, below, format!("+{} running", running - SLOTS_MAX), Ink::Muted);
        }
        if waiting > 0 {
            figure.text(LEFT + 100.0, below, format!("{waiting} waiting"), Ink::Warn);
        } else if slots == 0 {
            figure.text(LEFT, TOP + SLOT / 2.0, "concurrency 0: nothing runs", Ink::Danger);
        }
        figure
    }
}
