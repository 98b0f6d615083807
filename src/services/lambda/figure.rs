//! How a function is drawn: slots, with what runs in them, ringed by the time that is left; below them, how many
//! batches each mapping may have at a time, and events that wait for their next attempt, ringed by that wait.

use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Face, Figure, Ink, Shape, TEXT_SIZE, brief, part_left, text_width};

const SLOTS_MAX: usize = 8;
const LEFT: f32 = 12.0;
const TOP: f32 = 48.0;
const SLOT: f32 = 19.0;
const STEP: f32 = 22.4;
/// Events drawn that wait; the rest is a number.
const WAITING_MAX: usize = 4;
/// The middle of the row below the slots, and where waiting events begin in it.
const ROW: f32 = TOP + SLOT + 14.0;
const WAITING: f32 = 136.0;
/// Where the row ends.
const RIGHT: f32 = 190.0;
const WAITING_STEP: f32 = 15.0;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let (running, waiting) = (self.running.len(), self.retrying.len());
        let mut figure = Figure { headline: running.to_string(), ..Figure::default() };
        figure.subtitle = match self.config.reserved {
            Some(most) => format!("Lambda · concurrency {most}"),
            None => "Lambda · unreserved".to_owned(),
        };
        let batches: u64 = self.queues.iter().map(|mapping| mapping.scaling.allowed).sum();
        figure.spoken = format!("{running} invocations running, {waiting} events waiting, {batches} batches allowed");
        let most = self.config.reserved.unwrap_or(SLOTS_MAX as u64);
        let slots = usize::try_from(most).unwrap_or(SLOTS_MAX).min(SLOTS_MAX);
        for slot in 0..slots {
            figure.rect(LEFT + slot as f32 * STEP, TOP, SLOT, SLOT, 4.0, Ink::Lane);
        }
        for (slot, invocation) in self.running.iter().take(SLOTS_MAX).enumerate() {
            let centre = LEFT + slot as f32 * STEP + SLOT / 2.0;
            let ring = Some(part_left(invocation.since, invocation.until, now));
            let Some(first) = invocation.messages.first() else {
                figure.code(centre - 3.0, TOP + SLOT / 2.0 + 4.0, "Σ", Ink::Muted);
                continue;
            };
            let is_poisoned = first.poisoned || self.poisoned.contains(&first.token);
            figure.token(centre, TOP + SLOT / 2.0, (first.token, first.hue, is_poisoned), Shape::Disc, ring);
        }
        if slots == 0 {
            figure.text(LEFT, TOP + SLOT / 2.0, "concurrency 0: nothing runs", Ink::Danger);
        }
        let right = if self.retrying.is_empty() { RIGHT } else { self.draw_waiting(&mut figure, now) };
        figure.text_within(LEFT, ROW + 4.0, right - LEFT, &self.below(running), Ink::Muted);
        figure
    }

    /// What stands below the slots: batches that mappings may have at a time or, as AWS counts them there, event
    /// pollers; and what found no room in the picture.
    fn below(&self, running: usize) -> String {
        let mut parts = Vec::new();
        let pollers = self.queues.iter().filter_map(|mapping| mapping.scaling.pollers(mapping.open()));
        let batches = self.queues.iter().filter(|mapping| mapping.config.provisioned.is_none());
        let join = |numbers: Vec<u64>| numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" + ");
        let (pollers, batches): (Vec<u64>, Vec<u64>) =
            (pollers.collect(), batches.map(|mapping| mapping.scaling.allowed).collect());
        if !batches.is_empty() {
            parts.push(format!("≤ {} batches", join(batches)));
        }
        if !pollers.is_empty() {
            parts.push(format!("{} pollers", join(pollers)));
        }
        if running > SLOTS_MAX {
            parts.push(format!("+{} running", brief((running - SLOTS_MAX) as u64)));
        }
        parts.join(" · ")
    }

    /// Gives the right end of the room before them.
    #[inline(never)] // second part
    fn draw_waiting(&self, figure: &mut Figure, now: Micros) -> f32 {
        for (place, (event, _)) in self.retrying.iter().take(WAITING_MAX).enumerate() {
            let who = (event.message.token, event.message.hue, event.message.poisoned);
            let ring = Some(part_left(event.since, event.until, now));
            figure.token(WAITING + place as f32 * WAITING_STEP, ROW, who, Shape::Disc, ring);
        }
        let more = self.retrying.len().saturating_sub(WAITING_MAX);
        if more == 0 {
            return WAITING - 14.0;
        }
        let text = format!("+{}", brief(more as u64));
        let x = WAITING - 12.0 - text_width(&text, TEXT_SIZE, Face::Plain);
        figure.text(x, ROW + 4.0, text, Ink::Warn);
        x - 6.0
    }
}
