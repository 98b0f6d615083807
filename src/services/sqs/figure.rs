//! How a queue is drawn: a lane of tokens, delayed ones behind a line, those in flight ringed. A FIFO queue has a
//! lane for each message group, with a lock while one of it is in flight, and the ids it remembers as fading rings.

use super::groups::Group;
use super::model::Model;
use super::slots::{Entry, State};
use crate::engine::{Micros, Sort};
use crate::figure::{CODE_SIZE, Face, Figure, Ink, Primitive, Shape, brief, part_left, text_width};

const LANE: (f32, f32, f32, f32) = (12.0, 48.0, 196.0, 34.0);
const STEP: f32 = 15.0;
/// Entries looked at for one picture: what does not fit is a number anyway.
const LOOKED_AT_MAX: usize = 400;
/// Lanes of groups, and their height.
const LANES_MAX: usize = 3;
const LANE_STEP: f32 = 15.0;
/// Groups looked at for the busiest ones.
const GROUPS_MAX: usize = 200;
/// Room for the name of a group: at least, and at most.
const GROUP_NAME: (f32, f32) = (34.0, 90.0);
/// Rings of remembered deduplication ids.
const GHOSTS_MAX: usize = 9;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let backlog = &self.backlog;
        let (visible, hidden, delayed) = (backlog.visible(), backlog.in_flight(), backlog.delayed());
        let mut figure = Figure { headline: visible.to_string(), ..Figure::default() };
        let kind = match (self.config.fifo, backlog.fairness.is_on) {
            (true, _) => "FIFO",
            (false, true) => "fair queue",
            (false, false) => "standard",
        };
        figure.subtitle = match (self.is_dead_letter_queue, self.config.fifo) {
            (true, false) => "dead-letter queue".to_owned(),
            (true, true) => "dead-letter queue · FIFO".to_owned(),
            _ => format!("SQS · {kind} · {} s", self.config.visibility_timeout / 1_000_000),
        };
        figure.spoken = format!("{visible} visible, {hidden} in flight, {delayed} delayed");
        if self.config.fifo {
            self.draw_groups(&mut figure, now);
        } else {
            self.draw_lane(&mut figure, now);
        }
        figure
    }

    fn draw_lane(&self, figure: &mut Figure, now: Micros) {
        let (x, y, width, height) = LANE;
        figure.rect(x, y, width, height, 8.0, Ink::Lane);
        let middle = y + height / 2.0;
        let split = x + 132.0;
        figure.line((split, y + 6.0), (split, y + height - 6.0), Ink::Line);
        let (mut waiting, mut flying) = (0_u64, 0_u64);
        for slot in self.backlog.iter().take(LOOKED_AT_MAX) {
            let entry = self.backlog.slots.entry(slot);
            let ring = left(entry, now);
            match entry.state {
                State::InFlight if flying < 3 => {
                    token(figure, (split + 14.0 + flying as f32 * 20.0, middle), entry, ring);
                    flying += 1;
                }
                State::InFlight => {}
                _ if waiting < 8 => {
                    let at = (x + 14.0 + waiting as f32 * STEP, middle);
                    token(figure, at, entry, ring);
                    if self.backlog.groups.get(entry.group).is_some_and(|group| group.noisy) {
                        figure.line((at.0 - 6.0, y + height - 4.0), (at.0 + 6.0, y + height - 4.0), Ink::Warn);
                    }
                    waiting += 1;
                }
                _ => {}
            }
        }
        let (hidden, all) = (self.backlog.in_flight(), self.backlog.visible() + self.backlog.delayed());
        let beyond = |count: u64, shown: u64, what: &str| match count.saturating_sub(shown) {
            0 => String::new(),
            more => format!("+{} {what}", brief(more)),
        };
        let noisy = self.backlog.fairness.noisy.first().and_then(|id| self.backlog.groups.get(*id));
        let (flight, line) = (beyond(hidden, flying, "in flight"), (x + 2.0, x + width - 2.0));
        let (first, ink) = match noisy {
            Some(group) => (format!("noisy: {}", group.name), Ink::Warn),
            None => (beyond(all, waiting, "waiting"), Ink::Muted),
        };
        figure.text_at_ends(line, y + height + 14.0, (&first, ink), (&flight, Ink::Muted));
    }

    /// The groups with most messages, each a lane.
    #[inline(never)] // second part
    fn draw_groups(&self, figure: &mut Figure, now: Micros) {
        let mut groups: Vec<&Group> = self.backlog.groups.iter().take(GROUPS_MAX).map(|(_, group)| group).collect();
        groups.order_by_key(|group| std::cmp::Reverse(group.len()));
        let shown = groups.len().min(LANES_MAX);
        groups.truncate(LANES_MAX);
        // A lane keeps its place while counts change.
        groups.order_by(|a, b| a.name.cmp(&b.name));
        let (x, top, width, _) = LANE;
        // As wide as the longest of the names, all three alike.
        let names = groups.iter().map(|group| text_width(&group.name, CODE_SIZE, Face::Mono));
        let named = names.fold(0.0, f32::max).clamp(GROUP_NAME.0, GROUP_NAME.1);
        for lane in 0..LANES_MAX {
            let y = top + lane as f32 * LANE_STEP - 4.0;
            figure.rect(x, y, width, LANE_STEP - 2.0, 6.0, Ink::Lane);
            if let Some(group) = groups.get(lane) {
                self.draw_group(figure, group, (x, y + LANE_STEP / 2.0 - 1.0, named), now);
            }
        }
        let more = self.backlog.groups.len() - shown;
        if more > 0 {
            let noun = if more == 1 { "group" } else { "groups" };
            figure.text(x + 2.0, 98.0, format!("+{} {noun}", brief(more as u64)), Ink::Muted);
        }
        self.draw_ghosts(figure, now);
    }

    fn draw_group(&self, figure: &mut Figure, group: &Group, (x, middle, named): (f32, f32, f32), now: Micros) {
        figure.code_within(x + 4.0, middle + 3.5, named, &group.name, Ink::Muted);
        let lock = x + 4.0 + named + 4.0;
        if group.in_flight > 0 {
            draw_lock(figure, lock, middle);
        }
        let first = lock + 22.0;
        let most = ((x + LANE.2 - 8.0 - first) / STEP) as usize + 1;
        let held = group.line.iter().filter_map(|(slot, generation)| self.backlog.slots.get(*slot, *generation));
        for (index, entry) in held.take(most).enumerate() {
            token(figure, (first + index as f32 * STEP, middle), entry, left(entry, now));
        }
    }

    /// What was sent in the last five minutes and is compared with what comes.
    fn draw_ghosts(&self, figure: &mut Figure, now: Micros) {
        for (index, (original, left)) in self.deduplication.remembered(now).take(GHOSTS_MAX).enumerate() {
            figure.primitives.push(Primitive::Arc {
                x: 200.0 - index as f32 * 11.0,
                y: 96.0,
                radius: 3.5,
                from: 0.0,
                part: left,
                ink: Ink::Hue(original.hue),
                width: 1.0,
            });
        }
    }
}

fn draw_lock(figure: &mut Figure, x: f32, middle: f32) {
    figure.rect(x, middle - 1.0, 9.0, 6.0, 1.5, Ink::Warn);
    let (from, part, ink, width) = (-0.25, 0.5, Ink::Warn, 1.5);
    figure.primitives.push(Primitive::Arc { x: x + 4.5, y: middle - 1.0, radius: 3.0, from, part, ink, width });
}

fn token(figure: &mut Figure, (x, y): (f32, f32), entry: &Entry, ring: Option<f32>) {
    let message = &entry.message;
    figure.token(x, y, (message.token, message.hue, message.poisoned), Shape::Disc, ring);
}

/// The part of the wait that is still left to one that is hidden.
fn left(entry: &Entry, now: Micros) -> Option<f32> {
    entry.hidden().map(|(since, until)| part_left(since, until, now))
}
