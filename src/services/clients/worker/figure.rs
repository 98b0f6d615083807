//! How a worker is drawn: its slots, each message in work with a ring that runs down, an arc that says when its next
//! heartbeat is due, the table of an idempotent one, and a restart as a clock.

use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Figure, Ink, Primitive, Shape, brief, part_left};
use crate::services::Message;

const SLOT: f32 = 26.0;
/// Slots drawn; the rest is a number.
const SLOTS_MAX: usize = 5;
const LEFT: f32 = 12.0;
const TOP: f32 = 48.0;
const STEP: f32 = SLOT + 4.0;
/// Where lines end.
const RIGHT: f32 = 176.0;
/// The base line of the text below the slots.
const BELOW: f32 = TOP + SLOT + 12.0;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let slots = match self.readers.iter().filter(|reader| reader.is_reading()).count() {
            0 => self.config.concurrency,
            shards => shards + self.threads.len(),
        };
        let mut figure = Figure { headline: self.processed.to_string(), ..Figure::default() };
        let noun = if slots == 1 { "slot" } else { "slots" };
        figure.subtitle = format!("worker · {slots} {noun}");
        let (failed, duplicates) = (self.failed, self.effects.duplicates);
        figure.spoken = format!("{} processed, {failed} failed, {duplicates} duplicates", self.processed);
        for slot in 0..slots.min(SLOTS_MAX) {
            figure.rect(LEFT + slot as f32 * STEP, TOP, SLOT, SLOT, 7.0, Ink::Lane);
        }
        let beat = |since: Micros, until: Micros| part_left(since, until, now);
        let threads = self.threads.iter().filter_map(|thread| {
            let heartbeat = thread.heartbeat.map(|heartbeat| beat(heartbeat.since, heartbeat.until));
            Some((thread.work()?, Shape::Disc, heartbeat))
        });
        let readers = self.readers.iter().filter_map(|reader| Some((reader.work()?, Shape::Square, None)));
        let mut busy = 0_usize;
        for ((work, shape, heartbeat), slot) in threads.chain(readers).zip(0_usize..) {
            busy += 1;
            if slot < SLOTS_MAX {
                draw_work(&mut figure, slot, work, shape, now);
                heartbeat.into_iter().for_each(|left| draw_heartbeat(&mut figure, slot, left));
            }
        }
        let more = busy.saturating_sub(SLOTS_MAX);
        let is_calm = self.effects.duplicates + self.lost == 0 && !self.config.idempotency.is_on;
        if self.restarting.is_some() || more > 0 || !is_calm {
            self.draw_below(&mut figure, more, now);
        }
        figure
    }

    /// `more` are at work beside those that are drawn.
    #[inline(never)] // second part
    fn draw_below(&self, figure: &mut Figure, more: usize, now: Micros) {
        if let Some((since, until)) = self.restarting {
            let (part, width) = (part_left(since, until, now), 2.0);
            let clock =
                Primitive::Arc { x: LEFT + 5.0, y: BELOW - 4.0, radius: 4.0, from: 0.0, part, ink: Ink::Danger, width };
            figure.primitives.push(clock);
            return figure.text(LEFT + 15.0, BELOW, "crashed, restarting", Ink::Danger);
        }
        let mut parts = Vec::new();
        if more > 0 {
            parts.push(format!("+{} busy", brief(more as u64)));
        }
        if self.config.idempotency.is_on {
            parts.push(format!(
                "{} known · {} skipped",
                brief(self.effects.keys() as u64),
                brief(self.effects.skipped)
            ));
        } else if self.effects.duplicates > 0 {
            parts.push(format!("{} done again", brief(self.effects.duplicates)));
        }
        if self.lost > 0 {
            parts.push(format!("{} lost", brief(self.lost)));
        }
        let is_calm = self.config.idempotency.is_on || self.effects.duplicates + self.lost == 0;
        let ink = if is_calm { Ink::Muted } else { Ink::Warn };
        if !parts.is_empty() {
            figure.text_within(LEFT, BELOW, RIGHT - LEFT, &parts.join(" · "), ink);
        }
    }
}

fn draw_work(figure: &mut Figure, slot: usize, work: (&Message, Micros, Micros), shape: Shape, now: Micros) {
    let (message, since, until) = work;
    let (x, left) = (centre(slot), part_left(since, until, now));
    figure.token(x, TOP + SLOT / 2.0, (message.token, message.hue, message.poisoned), shape, Some(left));
}

/// Runs along the slot's edge until the next heartbeat.
fn draw_heartbeat(figure: &mut Figure, slot: usize, part: f32) {
    let (x, y) = (centre(slot), TOP + SLOT / 2.0);
    let arc = Primitive::Arc { x, y, radius: SLOT / 2.0 - 1.5, from: 0.0, part, ink: Ink::Accent, width: 1.5 };
    figure.primitives.push(arc);
}

fn centre(slot: usize) -> f32 {
    LEFT + slot as f32 * STEP + SLOT / 2.0
}
