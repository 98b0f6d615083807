//! How a queue is drawn: a lane of tokens, delayed ones behind a line, those in flight ringed.

use super::backlog::State;
use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Figure, Ink, Shape};

const LANE: (f32, f32, f32, f32) = (12.0, 48.0, 196.0, 34.0);
const STEP: f32 = 15.0;
/// Entries looked at for one picture: what does not fit is a number anyway.
const LOOKED_AT_MAX: usize = 400;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let (visible, hidden, delayed) = (self.backlog.visible(), self.backlog.in_flight, self.backlog.delayed);
        let mut figure = Figure { headline: visible.to_string(), ..Figure::default() };
        figure.subtitle = if self.is_dead_letter_queue() {
            "dead-letter queue".to_owned()
        } else {
            format!("SQS · standard · {} s", self.config.visibility_timeout / 1_000_000)
        };
        figure.spoken = format!("{visible} visible, {hidden} in flight, {delayed} delayed");
        let (x, y, width, height) = LANE;
        figure.rect(x, y, width, height, 8.0, Ink::Lane);
        let middle = y + height / 2.0;
        let split = x + 132.0;
        figure.line((split, y + 6.0), (split, y + height - 6.0), Ink::Line);
        let (mut waiting, mut flying) = (0_u64, 0_u64);
        for entry in self.backlog.iter().take(LOOKED_AT_MAX) {
            let who = (entry.message.token, entry.message.hue, entry.message.poisoned);
            match entry.state {
                State::Visible | State::VisibleAgain if waiting < 8 => {
                    figure.token(x + 14.0 + waiting as f32 * STEP, middle, who, Shape::Disc, None);
                    waiting += 1;
                }
                State::Delayed { since, until, .. } if waiting < 8 => {
                    let ring = Some(part_left(since, until, now));
                    figure.token(x + 14.0 + waiting as f32 * STEP, middle, who, Shape::Disc, ring);
                    waiting += 1;
                }
                State::InFlight { since, until, .. } if flying < 3 => {
                    let ring = Some(part_left(since, until, now));
                    figure.token(split + 14.0 + flying as f32 * 20.0, middle, who, Shape::Disc, ring);
                    flying += 1;
                }
                _ => {}
            }
        }
        if hidden > flying {
            figure.text(split + 4.0, y + height + 14.0, format!("+{} in flight", hidden - flying), Ink::Muted);
        }
        if visible + delayed > waiting {
            figure.text(x + 2.0, y + height + 14.0, format!("+{} waiting", visible + delayed - waiting), Ink::Muted);
        }
        figure
    }
}

/// The part of a wait that is still left, for the ring that runs down.
fn part_left(since: Micros, until: Micros, now: Micros) -> f32 {
    let whole = until.saturating_sub(since).max(1) as f32;
    (until.saturating_sub(now) as f32 / whole).clamp(0.0, 1.0)
}
