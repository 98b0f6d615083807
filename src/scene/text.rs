//! The text of a scene file: what can be read as one JSON object, and what is said of all else.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::limits;
use super::problem::Problem;

/// The text that a file holds.
///
/// # Errors
/// What the bytes are instead, and the remedy.
pub fn of_bytes(bytes: &[u8]) -> Result<&str, Problem> {
    too_large(bytes.len())?;
    std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => utf_16(),
            _ => Problem::new(
                "",
                format!("This is not UTF-8: line {line} has a byte of another encoding. Save it as UTF-8."),
            ),
        }
    })
}

/// The JSON object of a text, and a problem for each name that it gives twice.
///
/// # Errors
/// What the text is instead, and the remedy.
pub fn object(text: &str) -> Result<(Map<String, Value>, Vec<Problem>), Problem> {
    too_large(text.len())?;
    // Editors on Windows begin a file so; a reader of JSON may pass over it (RFC 8259, 8.1).
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.chars().take(4).any(|character| character == '\0') {
        return Err(utf_16());
    }
    let value: Value = serde_json::from_str(text).map_err(|error| no_json(&error))?;
    // A colon follows each name.
    let colons = outside_strings(text).filter(|byte| *byte == b':').count();
    let doubles = if colons == names(&value) { Vec::new() } else { doubles(text) };
    match value {
        Value::Object(map) => Ok((map, doubles)),
        _ => Err(Problem::new(
            "",
            "This is not a scene: a scene is a JSON object with \"version\", \"nodes\" and \"links\".",
        )),
    }
}

fn too_large(length: usize) -> Result<(), Problem> {
    let (size, most) = (length / 1_048_576, limits::FILE_BYTES_MAX / 1_048_576);
    if length <= limits::FILE_BYTES_MAX {
        return Ok(());
    }
    Err(Problem::new("", format!("The file has {size} MB; a scene may have {most} MB. Nothing was opened.")))
}

#[inline(never)] // second part
fn utf_16() -> Problem {
    Problem::new(
        "",
        "This is UTF-16 text, as some editors save it; a scene is UTF-8. Save it again with the encoding UTF-8.",
    )
}

#[inline(never)] // second part
fn no_json(error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    Problem::new(
        "",
        match message.strip_prefix("recursion limit exceeded at ") {
            Some(place) => format!(
                "This JSON is nested too deep at {place}: 127 levels can be read, and no scene needs ten. Take out the \
             brackets that open there."
            ),
            None => format!("This is not JSON: {message}."),
        },
    )
}

/// The bytes of a JSON text that stand in none of its strings.
pub(super) fn outside_strings(text: &str) -> impl Iterator<Item = u8> {
    let (mut quoted, mut escaped) = (false, false);
    text.bytes().filter(move |byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => return !quoted,
        }
        false
    })
}

/// So many names were taken in: a name that is given twice is one.
fn names(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.len() + map.values().map(names).sum::<usize>(),
        Value::Array(list) => list.iter().map(names).sum(),
        _ => 0,
    }
}

#[inline(never)] // second part
fn doubles(text: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    // The text was read once already.
    let _ = Names { place: String::new(), found: &mut found }.deserialize(&mut reader);
    found
}

/// Looks through a value for names that are given twice.
struct Names<'a> {
    place: String,
    found: &'a mut Vec<Problem>,
}

impl<'de> DeserializeSeed<'de> for Names<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Names<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            let place = if self.place.is_empty() { name.clone() } else { format!("{}.{name}", self.place) };
            if !seen.insert(name) {
                let text = "is given twice; the last one is read. Keep one of them";
                self.found.push(Problem::new(place.clone(), text));
            }
            map.next_value_seed(Names { place, found: self.found })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for index in 0.. {
            let place = format!("{}[{index}]", self.place);
            if list.next_element_seed(Names { place, found: self.found })?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
