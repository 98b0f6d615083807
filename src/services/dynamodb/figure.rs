//! How a table is drawn: its rows, the one written last lit up for a moment.

use super::inside::plain;
use super::model::Model;
use crate::engine::Micros;
use crate::figure::{Figure, Ink};

const ROWS_MAX: usize = 5;
const TOP: f32 = 48.0;
const ROW: f32 = 17.0;
const LEFT: f32 = 12.0;
const WIDTH: f32 = 228.0;
/// Where the columns begin: key, owner, counter, checkpoint.
const COLUMNS: [f32; 4] = [LEFT, 62.0, 150.0, 186.0];
/// How long a row stays lit.
const LIT: Micros = 700_000;
/// Characters of a cell.
const CHARS_MAX: usize = 13;

/// The end of a long text says more than its beginning.
fn end_of(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        text.to_owned()
    } else {
        format!("…{}", text.chars().skip(count - most + 1).collect::<String>())
    }
}

impl Model {
    pub(super) fn draw(&self, now: Micros) -> Figure {
        let count = self.items().count();
        let mut figure = Figure { headline: count.to_string(), ..Figure::default() };
        figure.subtitle = match self.config.capacity {
            None => "DynamoDB · on demand".to_owned(),
            Some((reads, writes)) => format!("DynamoDB · {reads} read, {writes} write units/s"),
        };
        figure.spoken = format!("{count} items, {} conditions failed", self.metrics.conditions_failed);
        let lit = self.last_written.as_ref().filter(|(_, at)| now < at + LIT).map(|(key, _)| &**key);
        for (row, (key, item)) in self.items().take(ROWS_MAX).enumerate() {
            let y = TOP + row as f32 * ROW;
            figure.rect(LEFT - 4.0, y, WIDTH + 8.0, ROW - 2.0, 3.0, Ink::Lane);
            let ink = if lit == Some(key) { Ink::Warn } else { Ink::Text };
            if lit == Some(key) {
                figure.rect(LEFT - 4.0, y, 3.0, ROW - 2.0, 1.5, ink);
            }
            let cell = |name: &str| item.get(name).map(plain).unwrap_or_default();
            let short = key.strip_prefix("shardId-").map_or(key, |digits| digits.trim_start_matches('0'));
            let short = if short.is_empty() { "0" } else { short };
            let shard = if key.starts_with("shardId-") { format!("shard {short}") } else { end_of(key, 8) };
            let texts = [shard, cell("leaseOwner"), cell("leaseCounter"), cell("checkpoint")];
            for ((text, x), most) in texts.iter().zip(COLUMNS).zip([8, CHARS_MAX, 5, 8]) {
                figure.code(x, y + 11.0, end_of(text, most), ink);
            }
        }
        if count > ROWS_MAX {
            figure.text(LEFT, TOP + ROWS_MAX as f32 * ROW + 10.0, format!("+{} items", count - ROWS_MAX), Ink::Muted);
        }
        figure
    }
}
