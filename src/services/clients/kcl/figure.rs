//! How an application is drawn: a row for each worker, its leases as slots with the record in work, and what it is up to.

use super::model::Model;
use super::worker::{Held, State, Worker};
use crate::engine::Micros;
use crate::figure::{Face, Figure, Ink, Shape, TEXT_SIZE, brief, part_left, text_width};

const ROWS_MAX: usize = 4;
const LEFT: f32 = 12.0;
const TOP: f32 = 48.0;
const ROW: f32 = 22.0;
const NAME: f32 = 42.0;
const SLOT: f32 = 26.0;
const SLOT_HEIGHT: f32 = 18.0;
const SLOTS_MAX: usize = 5;
/// Where rows end.
const RIGHT: f32 = 230.0;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let mut figure = Figure { headline: self.counts.processed.to_string(), ..Figure::default() };
        let alive = self.workers.iter().filter(|worker| worker.is_alive()).count();
        let leases: usize = self.workers.iter().map(|worker| worker.owned().count()).sum();
        let version = if self.config.assigns { 3 } else { 2 };
        figure.subtitle = format!("KCL {version} · {alive} workers · {leases} leases");
        let (again, processed) = (self.effects.duplicates, self.counts.processed);
        figure.spoken = format!("{processed} processed, {again} of them again, {alive} workers with {leases} leases");
        for (row, worker) in self.workers.iter().take(ROWS_MAX).enumerate() {
            draw_worker(&mut figure, row, worker, now);
        }
        let below = TOP + self.workers.len().min(ROWS_MAX) as f32 * ROW + 9.0;
        let mut parts = Vec::new();
        if self.workers.len() > ROWS_MAX {
            parts.push(format!("+{} workers", brief((self.workers.len() - ROWS_MAX) as u64)));
        }
        if again > 0 {
            parts.push(format!("{} done again", brief(again)));
        }
        if self.counts.skipped > 0 {
            parts.push(format!("{} skipped", brief(self.counts.skipped)));
        }
        if !parts.is_empty() {
            figure.text_within(LEFT, below, RIGHT - LEFT, &parts.join(" · "), Ink::Warn);
        }
        figure
    }
}

fn draw_worker(figure: &mut Figure, row: usize, worker: &Worker, now: Micros) {
    let y = TOP + row as f32 * ROW;
    let base = y + SLOT_HEIGHT / 2.0 + 4.0;
    let leader = if worker.leads.is_some() { "*" } else { "" };
    figure.code(LEFT, base, format!("w{}{leader}", row + 1), Ink::Muted);
    let text = match worker.state {
        State::Down => Some(("down".to_owned(), Ink::Danger)),
        State::Paused(until) => {
            let left = until.saturating_sub(now).div_ceil(1_000_000);
            Some((format!("stands still, {left} s"), Ink::Warn))
        }
        State::Stopping => Some(("stops".to_owned(), Ink::Muted)),
        State::Up if worker.held.is_empty() => Some(("idle: no lease".to_owned(), Ink::Faint)),
        State::Up => None,
    };
    // What it is up to is said whole.
    let said = text.as_ref().map_or(0.0, |(text, _)| text_width(text, TEXT_SIZE, Face::Plain) + 8.0);
    let most = (((RIGHT - NAME - said) / (SLOT + 4.0)) as usize).min(SLOTS_MAX);
    let slots = worker.held.len().min(most);
    for (slot, held) in worker.held.iter().take(slots).enumerate() {
        draw_lease(figure, NAME + slot as f32 * (SLOT + 4.0), y, held, now);
    }
    let right = NAME + slots as f32 * (SLOT + 4.0) + 4.0;
    if let Some((text, ink)) = text {
        figure.text(right, base, text, ink);
    } else if worker.held.len() > SLOTS_MAX {
        figure.text(right, base, format!("+{}", worker.held.len() - SLOTS_MAX), Ink::Muted);
    }
}

/// The shard's number, and in work the record with a ring that runs down.
fn draw_lease(figure: &mut Figure, x: f32, y: f32, held: &Held, now: Micros) {
    let ground = if held.is_lost { Ink::Danger } else { Ink::Lane };
    figure.rect(x, y, SLOT, SLOT_HEIGHT, 4.0, ground);
    match held.work() {
        Some((message, since, until)) => {
            let who = (message.token, message.hue, message.poisoned);
            let ring = Some(part_left(since, until, now));
            figure.token(x + SLOT / 2.0, y + SLOT_HEIGHT / 2.0, who, Shape::Square, ring);
        }
        None => figure.code(x + 8.0, y + SLOT_HEIGHT / 2.0 + 4.0, held.lease.shard.to_string(), Ink::Muted),
    }
}
