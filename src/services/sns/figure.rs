//! How a topic is drawn: a hub, and a spoke with a gate for each subscription. What waits for a subscription stands
//! at the end of its spoke, what waits for another attempt under the hub, with a ring that runs down.

use super::model::Model;
use super::subscription::Subscription;
use crate::engine::Micros;
use crate::figure::{Face, Figure, Ink, Primitive, Shape, TEXT_SIZE, wrapped};

const HUB: (f32, f32) = (24.0, 67.0);
const HUB_RADIUS: f32 = 8.0;
const GATE_X: f32 = 58.0;
const TEXT_X: f32 = 68.0;
const FIRST_Y: f32 = 54.0;
const STEP: f32 = 13.0;
const ROWS_MAX: usize = 3;
const HELD_Y: f32 = 98.0;
/// Where the messages of held groups stand, the first at the right.
const GROUPS_X: f32 = 182.0;
const GROUPS_STEP: f32 = 13.0;
const GROUPS_MAX: usize = 3;
/// The right end of labels, and of the lines under the hub.
const RIGHT: f32 = 188.0;
const LINE_STEP: f32 = 13.0;
const LINES_MAX: usize = 2;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let count = self.subscriptions.len();
        let named = if count == 1 { "subscription" } else { "subscriptions" };
        let mut figure = Figure { headline: self.metrics.published.to_string(), ..Figure::default() };
        let kind = if self.config.fifo { "SNS FIFO" } else { "SNS" };
        figure.subtitle = match self.archive.stored() {
            0 => format!("{kind} · {count} {named}"),
            archived => format!("{kind} · {count} {named} · {archived} kept"),
        };
        figure.spoken = format!(
            "{} published, {} delivered, {} filtered out, {} waiting for a retry, {} waiting for their group, {} given \
             to dead-letter queues",
            self.metrics.published,
            self.metrics.delivered,
            self.metrics.filtered_out(),
            self.deliveries.stored(),
            self.groups.stored(),
            self.metrics.redriven
        );
        let (x, y) = HUB;
        let whole = Primitive::Arc { x, y, radius: HUB_RADIUS, from: 0.0, part: 1.0, ink: Ink::Accent, width: 2.0 };
        figure.primitives.push(whole);
        if count == 0 {
            figure.text(TEXT_X - 24.0, y + 4.0, "nobody is subscribed", Ink::Warn);
        }
        self.draw_spokes(now, &mut figure);
        if self.deliveries.stored() > 0 {
            self.deliveries.draw(&mut figure, (24.0, HELD_Y), Shape::Disc, now);
        } else if let Some(clause) = &self.refused {
            draw_refused(clause, &mut figure);
        }
        figure
    }

    fn draw_spokes(&self, now: Micros, figure: &mut Figure) {
        let (x, y) = HUB;
        let count = self.subscriptions.len();
        // One subscription stands level with the hub; more than fit give the last row to their number.
        let rows = if count > ROWS_MAX { ROWS_MAX - 1 } else { count };
        let first = if count == 1 { FIRST_Y + STEP } else { FIRST_Y };
        for (row, subscription) in self.subscriptions.iter().take(rows).enumerate() {
            let at = first + row as f32 * STEP;
            figure.line((x + HUB_RADIUS, y), (GATE_X - 6.0, at), Ink::Line);
            match subscription.passed {
                _ if !subscription.takes(now) => figure.line((GATE_X, at - 5.0), (GATE_X, at + 5.0), Ink::Faint),
                Some(false) => figure.line((GATE_X, at - 5.0), (GATE_X, at + 5.0), Ink::Warn),
                Some(true) => figure.line((GATE_X - 6.0, at), (GATE_X + 5.0, at), Ink::Good),
                None => figure.line((GATE_X - 6.0, at), (GATE_X + 5.0, at), Ink::Line),
            }
            self.draw_label(subscription, subscription.takes(now), at, figure);
        }
        if count > rows {
            let at = FIRST_Y + rows as f32 * STEP;
            figure.text(TEXT_X, at + 4.0, format!("and {} more", count - rows), Ink::Muted);
        }
    }

    /// What it asks for, or why it gets nothing, and the first message of each group that is held for it.
    fn draw_label(&self, subscription: &Subscription, takes: bool, at: f32, figure: &mut Figure) {
        let link = subscription.route.link;
        let held = self.groups.held().filter(|((lane, _), ..)| *lane == link);
        let mut shown = 0;
        for (_, message, _) in held.take(GROUPS_MAX) {
            let who = (message.token, message.hue, message.poisoned);
            figure.token(GROUPS_X - shown as f32 * GROUPS_STEP, at, who, Shape::Disc, None);
            shown += 1;
        }
        if subscription.is_pending() {
            return figure.text(TEXT_X, at + 4.0, "not confirmed", Ink::Warn);
        }
        if !takes {
            return figure.text_within(TEXT_X, at + 4.0, RIGHT - TEXT_X, "replayed, paused", Ink::Warn);
        }
        let right = if shown == 0 { RIGHT } else { GROUPS_X - shown as f32 * GROUPS_STEP };
        figure.code_within(TEXT_X, at + 4.0, right - TEXT_X, &subscription.label, Ink::Text);
    }
}

/// The clause that refused the latest message.
#[inline(never)] // second part
fn draw_refused(clause: &str, figure: &mut Figure) {
    let lines = wrapped(clause, RIGHT - 14.0, TEXT_SIZE, Face::Plain, LINES_MAX);
    for (line, text) in lines.into_iter().enumerate() {
        figure.text(14.0, HELD_Y + line as f32 * LINE_STEP, text, Ink::Muted);
    }
}
