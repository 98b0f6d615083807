//! Payload templates of producers: `{{seq}}`, `{{int a b}}`, `{{pick a b c}}`, `{{uuid}}`, `{{now}}`, `{{key n}}`.
//!
//! A template is cut into segments once; rendering only appends. It draws no numbers itself: the caller's generator
//! does, one draw a placeholder (two for `uuid`), in the order they are written.
//! Absent on purpose: templates in the names of fields, and escaping of `{{`.

use std::fmt::Write;

use serde_json::Value;

use super::instant::append_instant;
use super::steps;

/// A compiled payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq)]
enum Segment {
    Text(String),
    Seq,
    Int { low: i64, high: i64 },
    Pick(Vec<String>),
    Uuid,
    Now,
    Key(u64),
}

impl Template {
    /// Compiles a JSON value: placeholders are found in every string. A string that is nothing but `{{seq}}` or
    /// `{{int a b}}` renders as a JSON number.
    pub fn from_value(value: &Value) -> Result<Template, String> {
        let mut segments = Vec::new();
        push_value(&mut segments, value)?;
        Ok(Template { segments })
    }

    /// Compiles plain text, which renders as plain text.
    pub fn from_text(text: &str) -> Result<Template, String> {
        let mut segments = Vec::new();
        for piece in cut(text)? {
            push(&mut segments, piece);
        }
        Ok(Template { segments })
    }

    /// The text, where it has no placeholder.
    #[must_use]
    pub fn constant(&self) -> Option<&str> {
        match &self.segments[..] {
            [] => Some(""),
            [Segment::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Renders one payload: the producer's sequence number, virtual time since the start, and a source of 64 bits.
    pub fn render(&self, seq: u64, now_us: u64, draw: &mut dyn FnMut() -> u64) -> String {
        let mut out = String::new();
        for segment in &self.segments {
            segment.append(&mut out, seq, now_us, draw);
        }
        out
    }
}

impl Segment {
    fn append(&self, out: &mut String, seq: u64, now_us: u64, draw: &mut dyn FnMut() -> u64) {
        let written = match self {
            Segment::Text(text) => {
                out.push_str(text);
                Ok(())
            }
            Segment::Seq => write!(out, "{seq}"),
            Segment::Int { low, high } => {
                let span = (i128::from(*high) - i128::from(*low)) as u128 + 1;
                write!(out, "{}", i128::from(*low) + below(draw(), span) as i128)
            }
            Segment::Pick(choices) => {
                out.push_str(&choices[below(draw(), choices.len() as u128) as usize]);
                Ok(())
            }
            Segment::Uuid => append_uuid(out, draw(), draw()),
            Segment::Now => append_instant(out, now_us),
            Segment::Key(count) => write!(out, "key-{}", below(draw(), u128::from(*count)) + 1),
        };
        debug_assert!(written.is_ok(), "a String takes whatever is written");
    }

    /// Renders as a bare JSON number when it is all of a string.
    fn is_number(&self) -> bool {
        matches!(self, Segment::Seq | Segment::Int { .. })
    }

    /// Makes the literal parts safe between the quotes of a JSON string.
    fn escaped(self) -> Segment {
        match self {
            Segment::Text(text) => Segment::Text(escape(&text)),
            Segment::Pick(choices) => Segment::Pick(choices.iter().map(|choice| escape(choice)).collect()),
            other => other,
        }
    }
}

/// Maps 64 random bits below `span` (at most 2^64) by the high half of the product: no modulo bias worth naming.
fn below(bits: u64, span: u128) -> u64 {
    ((u128::from(bits) * span) >> 64) as u64
}

fn push_value(segments: &mut Vec<Segment>, value: &Value) -> Result<(), String> {
    match value {
        Value::String(text) => {
            let pieces = cut(text)?;
            if let [number] = pieces.as_slice()
                && number.is_number()
            {
                segments.push(number.clone());
                return Ok(());
            }
            push_text(segments, "\"");
            for piece in pieces {
                push(segments, piece.escaped());
            }
            push_text(segments, "\"");
        }
        Value::Array(elements) => {
            push_text(segments, "[");
            for (index, element) in elements.iter().enumerate() {
                push_text(segments, if index > 0 { "," } else { "" });
                push_value(segments, element)?;
            }
            push_text(segments, "]");
        }
        Value::Object(fields) => {
            push_text(segments, "{");
            for (index, (name, field)) in fields.iter().enumerate() {
                push_text(segments, if index > 0 { ",\"" } else { "\"" });
                push_text(segments, &escape(name));
                push_text(segments, "\":");
                push_value(segments, field)?;
            }
            push_text(segments, "}");
        }
        scalar => push_text(segments, &scalar.to_string()),
    }
    Ok(())
}

/// Neighbouring text becomes one segment.
fn push(segments: &mut Vec<Segment>, segment: Segment) {
    match segment {
        Segment::Text(text) => push_text(segments, &text),
        other => segments.push(other),
    }
}

fn push_text(segments: &mut Vec<Segment>, text: &str) {
    match segments.last_mut() {
        Some(Segment::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => segments.push(Segment::Text(text.to_owned())),
    }
}

/// A JSON string without its quotes.
fn escape(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Cuts text at its placeholders.
fn cut(text: &str) -> Result<Vec<Segment>, String> {
    let mut segments = Vec::new();
    let mut rest = text;
    steps::took(text.len());
    while let Some((before, after)) = rest.split_once("{{") {
        steps::took(before.len());
        push_text(&mut segments, before);
        let Some((inside, next)) = after.split_once("}}") else {
            return Err(format!("template {:?} has no closing }}}}", format!("{{{{{after}")));
        };
        steps::took(inside.len());
        segments.push(placeholder(inside)?);
        rest = next;
    }
    push_text(&mut segments, rest);
    Ok(segments)
}

fn placeholder(inside: &str) -> Result<Segment, String> {
    let wrong = |why: &str| Err(format!("template \"{{{{{inside}}}}}\" {why}"));
    let words: Vec<&str> = inside.split_whitespace().collect();
    match words.as_slice() {
        ["seq"] => Ok(Segment::Seq),
        ["uuid"] => Ok(Segment::Uuid),
        ["now"] => Ok(Segment::Now),
        ["int", low, high] => match (low.parse::<i64>(), high.parse::<i64>()) {
            (Ok(low), Ok(high)) if low <= high => Ok(Segment::Int { low, high }),
            (Ok(_), Ok(_)) => wrong("has its bounds the wrong way round"),
            _ => wrong("needs two whole numbers"),
        },
        ["int", ..] => wrong("needs two whole numbers"),
        ["pick"] => wrong("needs something to pick from"),
        ["pick", choices @ ..] => Ok(Segment::Pick(choices.iter().map(|&choice| choice.to_owned()).collect())),
        ["key", count] => match count.parse::<u64>() {
            Ok(count) if count > 0 => Ok(Segment::Key(count)),
            _ => wrong("needs how many keys there are"),
        },
        ["key", ..] => wrong("needs how many keys there are"),
        ["seq" | "uuid" | "now", ..] => wrong("takes no arguments"),
        _ => wrong("is unknown: use seq, int, pick, uuid, now or key"),
    }
}

/// A version 4 UUID of the given bits.
fn append_uuid(out: &mut String, high: u64, low: u64) -> std::fmt::Result {
    let high = (high & 0xffff_ffff_ffff_0fff) | 0x4000;
    let low = (low & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000;
    let (time_mid, time_high) = ((high >> 16) & 0xffff, high & 0xffff);
    write!(out, "{:08x}-{time_mid:04x}-{time_high:04x}-{:04x}-{:012x}", high >> 32, low >> 48, low & 0xffff_ffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::super::instant::DAY_US;
    use super::Template;
    use serde_json::{Value, json};

    #[test]
    fn steps_grow_as_the_payload_does() {
        let pieces = ["{", "{{", "}}", "{{seq}}", "{{pick a b}}", "{{seq", "a{{now}}"];
        super::steps::assert_linear(&pieces, 4, |text| drop(Template::from_text(text)));
    }

    fn rendered(template: &Template, bits: &[u64]) -> String {
        let mut bits = bits.iter().copied();
        template.render(7, 1_500_000, &mut || bits.next().expect("no more draws than given"))
    }

    #[test]
    fn a_value_renders_as_compact_json_with_bare_numbers() {
        let value = json!({
            "order": "{{seq}}", "amount": "{{ int 1 500 }}", "label": "no {{seq}}", "list": [1, null, {"at": "{{now}}"}],
            "say": "\"{{pick a\\b c}}\"", "key": "{{key 4}}", "plain": true,
        });
        let text = rendered(&Template::from_value(&value).expect("valid"), &[u64::MAX, 0, 1 << 63]);
        let expected = json!({
            "order": 7, "amount": 500, "label": "no 7", "list": [1, null, {"at": "2026-01-01T00:00:01.500Z"}],
            "say": "\"a\\b\"", "key": "key-3", "plain": true,
        });
        assert_eq!(text, expected.to_string());
    }

    #[test]
    fn text_renders_as_text() {
        let template = Template::from_text("{{seq}}:{{pick x \"y\"}} {tail}").expect("valid");
        assert_eq!(rendered(&template, &[u64::MAX]), "7:\"y\" {tail}");
        assert_eq!(rendered(&Template::from_text("").expect("valid"), &[]), "");
    }

    #[test]
    fn draws_cover_both_ends_and_nothing_else() {
        let template = Template::from_text("{{int -2 1}}").expect("valid");
        let quarter = 1u64 << 62;
        let results: Vec<String> =
            [0, quarter - 1, quarter, 2 * quarter, u64::MAX].map(|bits| rendered(&template, &[bits])).to_vec();
        assert_eq!(results, ["-2", "-2", "-1", "0", "1"]);
        let widest = Template::from_text(&format!("{{{{int {} {}}}}}", i64::MIN, i64::MAX)).expect("valid");
        assert_eq!(rendered(&widest, &[0]), i64::MIN.to_string());
        assert_eq!(rendered(&widest, &[u64::MAX]), i64::MAX.to_string());
    }

    #[test]
    fn a_uuid_is_of_version_four() {
        let template = Template::from_value(&json!("{{uuid}}")).expect("valid");
        assert_eq!(rendered(&template, &[0, 0]), "\"00000000-0000-4000-8000-000000000000\"");
        assert_eq!(rendered(&template, &[u64::MAX, u64::MAX]), "\"ffffffff-ffff-4fff-bfff-ffffffffffff\"");
    }

    #[test]
    fn now_keeps_the_calendar() {
        let template = Template::from_text("{{now}}").expect("valid");
        let at = |now_us| template.render(0, now_us, &mut || 0);
        assert_eq!(at(0), "2026-01-01T00:00:00.000Z");
        assert_eq!(at(DAY_US - 1), "2026-01-01T23:59:59.999Z");
        assert_eq!(at(58 * DAY_US), "2026-02-28T00:00:00.000Z");
        assert_eq!(at(59 * DAY_US), "2026-03-01T00:00:00.000Z");
        assert_eq!(at((365 * 2 + 59) * DAY_US), "2028-02-29T00:00:00.000Z");
        assert_eq!(at(365 * DAY_US), "2027-01-01T00:00:00.000Z");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = [
            "{{nope}}",
            "{{int 1}}",
            "{{int 5 1}}",
            "{{int a b}}",
            "{{pick}}",
            "{{key 0}}",
            "{{key}}",
            "{{now 1}}",
            "{{}}",
        ];
        for text in wrong {
            let error = Template::from_value(&json!({"a": [Value::from(text)]})).expect_err(text);
            assert!(error.contains(text), "{error}");
        }
        assert!(Template::from_text("x {{seq").expect_err("open").contains("{{seq"));
    }
}
