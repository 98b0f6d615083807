//! How a stream is drawn: a tape for each shard, newest record at the right, and where its readers stand.

use super::model::Model;
use super::shard::Shard;
use crate::engine::Micros;
use crate::figure::{Figure, Ink, Shape, brief, grouped};

const ROWS_MAX: usize = 4;
const LEFT: f32 = 12.0;
/// What AWS promises, typically (KDS-11).
const PUT_TO_GET: Micros = 1_000_000;
const TOP: f32 = 48.0;
const ROW: f32 = 22.0;
const TAPE: (f32, f32) = (54.0, 170.0);
const TAPE_HEIGHT: f32 = 16.0;
const STEP: f32 = 13.0;
const TOKENS_MAX: usize = 12;
/// The part of a write limit from which a shard is hot.
const HOT: f32 = 0.8;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let records: u64 = self.shards.iter().map(|shard| shard.records.len() as u64).sum();
        let (open, closed): (Vec<&Shard>, Vec<&Shard>) = self.shards.iter().partition(|shard| shard.is_open());
        let mut figure = Figure { headline: records.to_string(), ..Figure::default() };
        let plural = if open.len() == 1 { "" } else { "s" };
        let hours = self.config.retention / 3_600_000_000;
        figure.subtitle = format!("Kinesis · {} shard{plural} · {hours} h", open.len());
        if self.config.on_demand {
            figure.subtitle.push_str(" · on demand");
        }
        if self.config.key.is_some() {
            figure.subtitle.push_str(" · KMS");
        }
        let hot = open.iter().filter(|shard| shard.writes.load(now) > HOT).count();
        figure.spoken = format!("{records} records in {} open shards, {hot} of them hot", open.len());
        // Closed shards are shown while somebody may still read them, first: they are read first.
        let unread = closed.into_iter().filter(|shard| shard.readers.is_empty() || shard.age(now) > 0);
        let kept = unread.filter(|shard| !shard.records.is_empty());
        let rows: Vec<&Shard> = kept.take(ROWS_MAX / 2).chain(open).collect();
        for (row, shard) in rows.iter().take(ROWS_MAX).enumerate() {
            shard.draw(&mut figure, TOP + row as f32 * ROW, now);
        }
        self.draw_below(&mut figure, rows.len(), now);
        figure
    }

    /// Shards beyond the picture, what it is being updated for, and how long it takes from put to get (KDS-11).
    fn draw_below(&self, figure: &mut Figure, rows: usize, now: Micros) {
        let below = TOP + rows.min(ROWS_MAX) as f32 * ROW + 8.0;
        if let Some((_, _, until)) = &self.updating {
            let left = until.saturating_sub(now).div_ceil(1_000_000);
            return figure.text(LEFT, below, format!("UPDATING, {left} s"), Ink::Accent);
        }
        let more = if rows > ROWS_MAX { format!("+{} shards", brief((rows - ROWS_MAX) as u64)) } else { String::new() };
        let (took, ink) = match self.metrics.put_to_get() {
            Some(latency) if latency < PUT_TO_GET => (format!("put → get {} ms", latency / 1_000), Ink::Good),
            Some(latency) => (format!("put → get {} ms", grouped(latency / 1_000)), Ink::Warn),
            None => (String::new(), Ink::Muted),
        };
        figure.text_at_ends((LEFT, TAPE.0 + TAPE.1), below, (&more, Ink::Muted), (&took, ink));
    }
}

impl Shard {
    fn draw(&self, figure: &mut Figure, y: f32, now: Micros) {
        let (x, width) = TAPE;
        let middle = y + TAPE_HEIGHT / 2.0;
        let (label, ink) = if self.is_open() {
            (format!("{:02x}–{:02x}", self.range.0 >> 120, self.range.1 >> 120), Ink::Muted)
        } else {
            ("closed".to_owned(), Ink::Faint)
        };
        figure.code(LEFT, middle + 4.0, label, ink);
        let ground = if self.writes.load(now) > HOT { Ink::Warn } else { Ink::Lane };
        figure.rect(x, y, width, TAPE_HEIGHT, 4.0, ground);
        let right = x + width - 9.0;
        let place_x = |back: usize| right - back as f32 * STEP;
        for (back, record) in self.records.iter().rev().take(TOKENS_MAX).enumerate() {
            let message = &record.message;
            let who = (message.token, message.hue, message.poisoned);
            figure.token(place_x(back), middle, who, Shape::Square, None);
        }
        for reader in &self.readers {
            // Under the gap before the first unread record; off the tape's left end when far behind.
            let unread = self.records.len() - self.place_of(reader.from);
            let tip = place_x(unread.min(TOKENS_MAX)) + STEP / 2.0;
            let (top, foot) = (y + TAPE_HEIGHT - 1.0, y + TAPE_HEIGHT + 4.0);
            figure.line((tip - 3.0, foot), (tip, top), Ink::Accent);
            figure.line((tip, top), (tip + 3.0, foot), Ink::Accent);
        }
    }
}
