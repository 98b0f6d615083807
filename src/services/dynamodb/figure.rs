//! How a table is drawn: its rows, the one written last lit up for a moment.

use super::inside::{attributes, plain};
use super::model::Model;
use crate::engine::Micros;
use crate::figure::{CODE_SIZE, Face, Figure, Ink, brief, text_width};

const ROWS_MAX: usize = 5;
const TOP: f32 = 48.0;
const ROW: f32 = 17.0;
const LEFT: f32 = 12.0;
const WIDTH: f32 = 276.0;
/// Between columns.
const GAP: f32 = 10.0;
/// How long a row stays lit.
const LIT: Micros = 700_000;
/// Attributes beside the key: of a lease its owner, counter and checkpoint.
const COLUMNS: usize = 3;
/// Characters of a cell, at most.
const CHARS_MAX: [usize; 4] = [16, 12, 7, 13];
/// Of a number with more digits, so many are shown, the last ones.
const DIGITS_MAX: usize = 8;

/// A cell's text: the end of a long number tells more than its beginning.
fn cell_text(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        text.to_owned()
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("#{}", &text[count - DIGITS_MAX.min(most - 1)..])
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
        let lit = self.last_written.as_ref().filter(|(_, at)| now < at + LIT).map(|(key, _)| key);
        let shown = self.items().take(ROWS_MAX);
        let names = attributes(shown.clone().map(|(_, item)| item), &self.config.schema, COLUMNS);
        let mut rows = Vec::new();
        for (row, (key, item)) in shown.enumerate() {
            let y = TOP + row as f32 * ROW;
            figure.rect(LEFT - 4.0, y, WIDTH + 8.0, ROW - 2.0, 3.0, Ink::Lane);
            let ink = if lit == Some(key) { Ink::Warn } else { Ink::Text };
            if lit == Some(key) {
                figure.rect(LEFT - 4.0, y, 3.0, ROW - 2.0, 1.5, ink);
            }
            let cell = |place: usize| names.get(place).and_then(|name| item.get(*name)).map(plain).unwrap_or_default();
            let key = key.to_string();
            let short = key.strip_prefix("shardId-").map_or(&*key, |digits| digits.trim_start_matches('0'));
            let short = if short.is_empty() { "0" } else { short };
            let shard = if key.starts_with("shardId-") { format!("shard {short}") } else { key.clone() };
            rows.push(([shard, cell(0), cell(1), cell(2)], y + 11.0, ink));
        }
        draw_columns(&mut figure, rows);
        if count > ROWS_MAX {
            figure.text(
                LEFT,
                TOP + ROWS_MAX as f32 * ROW + 10.0,
                format!("+{} items", brief((count - ROWS_MAX) as u64)),
                Ink::Muted,
            );
        }
        figure
    }
}

/// Columns are as wide as the widest of their cells; what then has no room is cut there.
fn draw_columns(figure: &mut Figure, rows: Vec<([String; 4], f32, Ink)>) {
    let mut x = LEFT;
    for (column, most) in CHARS_MAX.into_iter().enumerate() {
        let texts: Vec<String> = rows.iter().map(|(cells, ..)| cell_text(&cells[column], most)).collect();
        let room = LEFT + WIDTH - x;
        for (text, (_, y, ink)) in texts.iter().zip(&rows) {
            figure.code_within(x, *y, room, text, *ink);
        }
        let widest = texts.iter().map(|text| text_width(text, CODE_SIZE, Face::Mono)).fold(0.0, f32::max);
        x += if widest > 0.0 { widest + GAP } else { 0.0 };
    }
}
