//! The metrics over time as comma-separated values (RFC 4180): a row for each point of the history and a last of the present, a
//! column for each metric of each node. Values are exact.

use std::fmt::Write;

use crate::engine::{ActorId, Micros};
use crate::services::Metric;
use crate::sim::Run;

/// The table of all nodes.
#[must_use]
pub fn metrics_csv(run: &Run) -> String {
    let now = run.now();
    let mut columns: Vec<(ActorId, &'static str)> = Vec::new();
    let mut text = String::from("Time (s)");
    for (id, node) in run.nodes() {
        let Some(actor) = run.actor_of(id) else { continue };
        for (name, metric) in node.metrics(now) {
            let unit = match metric {
                Metric::Count(_) | Metric::Level(_) => "",
                Metric::Seconds(_) => " (s)",
                Metric::Milliseconds(_) => " (ms)",
            };
            text.push(',');
            text.push_str(&field(&format!("{id} {name}{unit}")));
            columns.push((actor, name));
        }
    }
    text.push_str("\r\n");
    let points = run.history().points();
    for point in points.iter().filter(|point| point.at < now) {
        row(&mut text, point.at, columns.iter().map(|(actor, name)| point.value(*actor, name)));
    }
    let last: Vec<Option<Metric>> = run.nodes().flat_map(|(_, node)| node.metrics(now)).map(|(_, m)| Some(m)).collect();
    row(&mut text, now, last.into_iter());
    text
}

fn row(text: &mut String, at: Micros, values: impl Iterator<Item = Option<Metric>>) {
    decimal(text, at, 1_000_000);
    for value in values {
        text.push(',');
        match value {
            // Of before the node was there.
            None => {}
            Some(Metric::Count(count) | Metric::Level(count)) => {
                let _ = write!(text, "{count}");
            }
            Some(Metric::Seconds(micros)) => decimal(text, micros, 1_000_000),
            Some(Metric::Milliseconds(micros)) => decimal(text, micros, 1_000),
        }
    }
    text.push_str("\r\n");
}

/// A number of parts, so many of which are one: no digit is lost, and none is there that says nothing.
fn decimal(text: &mut String, parts: u64, one: u64) {
    let _ = write!(text, "{}", parts / one);
    let rest = parts % one;
    if rest > 0 {
        let places = one.ilog10() as usize;
        let digits = format!("{rest:0places$}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
}

/// Quoted where it must be. What a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises.
fn field(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let safe = if is_formula { format!("'{text}") } else { text.to_owned() };
    if is_formula || safe.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_quoted_and_never_a_formula() {
        assert_eq!(field("orders Processed"), "orders Processed");
        assert_eq!(field("a,\"b\""), "\"a,\"\"b\"\"\"");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert_eq!(field(formula), format!("\"'{formula}\""));
        }
    }

    #[test]
    fn a_decimal_loses_no_digit() {
        let text = |parts, one| {
            let mut text = String::new();
            decimal(&mut text, parts, one);
            text
        };
        assert_eq!(text(0, 1_000_000), "0");
        assert_eq!(text(1_000_001, 1_000_000), "1.000001");
        assert_eq!(text(250_000, 1_000_000), "0.25");
        assert_eq!(text(12_040, 1_000), "12.04");
    }
}
