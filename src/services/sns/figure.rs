//! How a topic is drawn: a hub, and a spoke with a gate for each subscription.

use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Figure, Ink, Primitive, Shape};

const HUB: (f32, f32) = (24.0, 70.0);
const HUB_RADIUS: f32 = 8.0;
const GATE_X: f32 = 58.0;
const TEXT_X: f32 = 68.0;
const FIRST_Y: f32 = 56.0;
const STEP: f32 = 14.0;
const ROWS_MAX: usize = 3;
const HELD_Y: f32 = 97.0;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let count = self.subscriptions.len();
        let named = if count == 1 { "subscription" } else { "subscriptions" };
        let mut figure = Figure { headline: self.metrics.published.to_string(), ..Figure::default() };
        figure.subtitle = format!("SNS · {count} {named}");
        figure.spoken = format!(
            "{} published, {} delivered, {} filtered out, {} waiting for a retry",
            self.metrics.published,
            self.metrics.delivered,
            self.metrics.filtered_out(),
            self.deliveries.stored()
        );
        let (x, y) = HUB;
        let whole = Primitive::Arc { x, y, radius: HUB_RADIUS, from: 0.0, part: 1.0, ink: Ink::Accent, width: 2.0 };
        figure.primitives.push(whole);
        if count == 0 {
            figure.text(TEXT_X - 24.0, y + 4.0, "nobody is subscribed", Ink::Warn);
        }
        self.draw_spokes(&mut figure);
        self.deliveries.draw(&mut figure, (24.0, HELD_Y), Shape::Disc, now);
        figure
    }

    fn draw_spokes(&self, figure: &mut Figure) {
        let (x, y) = HUB;
        let count = self.subscriptions.len();
        // One subscription stands level with the hub; more than fit give the last row to their number.
        let rows = if count > ROWS_MAX { ROWS_MAX - 1 } else { count };
        let first = if count == 1 { FIRST_Y + STEP } else { FIRST_Y };
        for (row, subscription) in self.subscriptions.iter().take(rows).enumerate() {
            let at = first + row as f32 * STEP;
            figure.line((x + HUB_RADIUS, y), (GATE_X - 6.0, at), Ink::Line);
            match subscription.passed {
                Some(false) => figure.line((GATE_X, at - 5.0), (GATE_X, at + 5.0), Ink::Warn),
                Some(true) => figure.line((GATE_X - 6.0, at), (GATE_X + 5.0, at), Ink::Good),
                None => figure.line((GATE_X - 6.0, at), (GATE_X + 5.0, at), Ink::Line),
            }
            figure.code(TEXT_X, at + 4.0, subscription.label.clone(), Ink::Text);
        }
        if count > rows {
            let at = FIRST_Y + rows as f32 * STEP;
            figure.text(TEXT_X, at + 4.0, format!("and {} more", count - rows), Ink::Muted);
        }
    }
}
