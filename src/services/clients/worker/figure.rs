//! How a worker is drawn: its slots, each message in work with a ring that runs down.

use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Figure, Ink, Shape};
use crate::services::Message;

const SLOT: f32 = 26.0;
/// Slots drawn; the rest is a number.
const SLOTS_MAX: usize = 5;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let slots = match self.readers.iter().filter(|reader| reader.is_reading()).count() {
            0 => self.config.concurrency,
            shards => shards + self.threads.len(),
        };
        let mut figure = Figure { headline: self.processed.to_string(), ..Figure::default() };
        let noun = if slots == 1 { "slot" } else { "slots" };
        figure.subtitle = format!("worker · {slots} {noun}");
        let failed = self.failed;
        figure.spoken = format!("{} processed, {failed} failed, {} duplicates", self.processed, self.duplicates);
        for slot in 0..slots.min(SLOTS_MAX) {
            figure.rect(12.0 + slot as f32 * (SLOT + 4.0), 54.0, SLOT, SLOT, 7.0, Ink::Lane);
        }
        let threads = self.threads.iter().filter_map(|thread| thread.work()).map(|work| (work, Shape::Disc));
        let readers = self.readers.iter().filter_map(|reader| reader.work()).map(|work| (work, Shape::Square));
        let mut busy = 0;
        for (((message, since, until), shape), slot) in threads.chain(readers).zip(0_usize..) {
            busy += 1;
            if slot < SLOTS_MAX {
                draw_work(&mut figure, slot, (message, since, until), shape, now);
            }
        }
        if slots > SLOTS_MAX {
            figure.text(12.0 + SLOTS_MAX as f32 * (SLOT + 4.0), 71.0, format!("{busy}"), Ink::Muted);
        }
        figure
    }
}

fn draw_work(figure: &mut Figure, slot: usize, work: (&Message, Micros, Micros), shape: Shape, now: Micros) {
    let (message, since, until) = work;
    let whole = until.saturating_sub(since).max(1) as f32;
    let left = (until.saturating_sub(now) as f32 / whole).clamp(0.0, 1.0);
    let x = 12.0 + slot as f32 * (SLOT + 4.0) + SLOT / 2.0;
    figure.token(x, 54.0 + SLOT / 2.0, (message.token, message.hue, message.poisoned), shape, Some(left));
}
