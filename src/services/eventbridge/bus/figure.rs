//! How a bus is drawn: a bar on which the latest events pass.

use serde_json::json;

use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Figure, Ink, Shape, compact};
use crate::services::contract::inside::{Inside, Row, SuggestedCall};

const BAR: (f32, f32, f32, f32) = (12.0, 52.0, 172.0, 22.0);
const STEP: f32 = 26.0;

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let rules = self.rules.len();
        let named = if rules == 1 { "rule" } else { "rules" };
        let mut figure = Figure { headline: self.taken.to_string(), ..Figure::default() };
        figure.subtitle = format!("{} bus · {rules} {named}", self.what_it_is());
        figure.spoken = format!("{} events taken, {} entries refused, {rules} {named}", self.taken, self.failed);
        let (x, y, width, height) = BAR;
        let middle = y + height / 2.0;
        figure.rect(x, y, width, height, height / 2.0, Ink::Lane);
        figure.line((x + 10.0, middle), (x + width - 10.0, middle), Ink::Line);
        // The newest enters at the left and pushes the older ones on.
        for (place, (token, hue)) in self.passing.iter().rev().enumerate() {
            figure.token(x + 20.0 + place as f32 * STEP, middle, (*token, *hue, false), Shape::Diamond, None);
        }
        if self.deliveries.stored() > 0 {
            self.deliveries.draw(&mut figure, (x + 8.0, y + height + 12.0), Shape::Diamond, now);
        } else if rules == 0 {
            figure.text(x + 2.0, y + height + 14.0, "no rule: events vanish", Ink::Warn);
        } else if self.unmatched > 0 {
            figure.text(
                x + 2.0,
                y + height + 14.0,
                format!("{} matched by no rule", compact(self.unmatched)),
                Ink::Muted,
            );
        }
        figure
    }

    fn what_it_is(&self) -> &'static str {
        match (self.origin.is_default, &self.origin.partner) {
            (true, _) => "default",
            (false, Some(_)) => "partner",
            (false, None) => "custom",
        }
    }

    /// Its discovered schemas, each with a call that shows it.
    pub(super) fn look_inside(&self) -> Inside {
        let row = |(name, versions): (&str, usize)| Row {
            token: None,
            hue: 0,
            cells: vec![name.to_owned(), versions.to_string()],
            calls: vec![SuggestedCall { action: "DescribeSchema", input: json!({ "SchemaName": name }) }],
            opens: None,
        };
        let rows: Vec<Row> = self.schemas.iter().map(row).collect();
        let total = rows.len() as u64;
        let calls = vec![SuggestedCall { action: "ListSchemas", input: json!({}) }];
        Inside { columns: Inside::named(&["Schema", "Versions"]), rows, total, calls }
    }
}
