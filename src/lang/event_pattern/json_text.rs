//! Going over JSON text without reading what nobody asks for.
//!
//! Each function takes a place in the text, and gives the place behind what it has passed. The text is taken to be
//! JSON: what is passed over is not checked.

use std::borrow::Cow;

use super::number::Num;
use super::scalar::Scalar;

/// The text cannot be JSON.
#[derive(Debug)]
pub(crate) struct NotJson;

/// The byte at a place; behind the end 0, which JSON has nowhere.
#[inline(always)]
pub(crate) fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// The next place without white space.
#[inline(always)]
pub(crate) fn blank(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at] <= b' ' {
        at += 1;
    }
    at
}

/// The quote that ends a string, or the first backslash in it: eight bytes at a time.
#[inline(always)]
pub(crate) fn quote(bytes: &[u8], mut at: usize) -> Result<usize, NotJson> {
    while at + 8 <= bytes.len() {
        let word = u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
        let found = zero_bytes(word ^ all(b'"')) | zero_bytes(word ^ all(b'\\'));
        if found != 0 {
            return Ok(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    while at < bytes.len() {
        if matches!(bytes[at], b'"' | b'\\') {
            return Ok(at);
        }
        at += 1;
    }
    Err(NotJson)
}

const fn all(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The high bit of each byte that is zero; of the bytes above the first of those, perhaps of others too.
#[inline(always)]
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(all(1)) & !word & all(0x80)
}

/// Past a string, from behind its first quote.
#[inline(always)]
pub(crate) fn skip_string(bytes: &[u8], at: usize) -> Result<usize, NotJson> {
    let end = quote(bytes, at)?;
    if bytes[end] == b'"' { Ok(end + 1) } else { skip_escaped(bytes, end) }
}

#[cold]
fn skip_escaped(bytes: &[u8], mut at: usize) -> Result<usize, NotJson> {
    while bytes[at] != b'"' {
        at = quote(bytes, at + 2)?;
    }
    Ok(at + 1)
}

/// Past any value.
pub(crate) fn skip(bytes: &[u8], mut at: usize) -> Result<usize, NotJson> {
    let mut open = 0_usize;
    if !matches!(byte(bytes, at), b'"' | b'{' | b'[') {
        return Ok(skip_word(bytes, at));
    }
    loop {
        match byte(bytes, at) {
            b'"' => at = skip_string(bytes, at + 1)? - 1,
            b'{' | b'[' => open += 1,
            b'}' | b']' => open -= 1,
            0 => return Err(NotJson),
            _ => {}
        }
        at += 1;
        if open == 0 {
            return Ok(at);
        }
    }
}

/// Past a number or a name: all up to what may stand behind a value.
fn skip_word(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && !matches!(bytes[at], b',' | b'}' | b']' | 0..=b' ') {
        at += 1;
    }
    at
}

/// Reads a string, from behind its first quote.
#[inline]
pub(crate) fn string(text: &str, at: usize) -> Result<(Cow<'_, str>, usize), NotJson> {
    let bytes = text.as_bytes();
    let end = quote(bytes, at)?;
    if bytes[end] != b'"' {
        return escaped(text, at, end);
    }
    Ok((Cow::Borrowed(text.get(at..end).ok_or(NotJson)?), end + 1))
}

#[cold]
fn escaped(text: &str, at: usize, backslash: usize) -> Result<(Cow<'_, str>, usize), NotJson> {
    let end = skip_escaped(text.as_bytes(), backslash)?;
    let quoted = text.get(at - 1..end).ok_or(NotJson)?;
    serde_json::from_str(quoted).map(|string| (Cow::Owned(string), end)).map_err(|_| NotJson)
}

/// Reads a scalar that is no string.
pub(crate) fn word(text: &str, at: usize) -> Result<(Scalar<'_>, usize), NotJson> {
    let end = skip_word(text.as_bytes(), at);
    let scalar = match text.get(at..end).ok_or(NotJson)? {
        "null" => Scalar::Null,
        "true" => Scalar::Bool(true),
        "false" => Scalar::Bool(false),
        number => Scalar::Number(Num::read(number).ok_or(NotJson)?),
    };
    Ok((scalar, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_over_ends_where_it_should() {
        let values = [r#""a\"\\""#, r#""long enough \" to be passed in words""#, "-1.5e3", "[[],{\"]\":\"}\"}]", "{}"];
        for value in values {
            let text = format!(" {value} ,");
            let start = blank(text.as_bytes(), 0);
            assert_eq!(skip(text.as_bytes(), start).expect(value), value.len() + 1, "{value}");
        }
        for cut in [r#""a"#, r#""a\""#, r#""a\"#, "[1,{}", "{\"a\":[}"] {
            assert!(skip(cut.as_bytes(), 0).is_err(), "{cut}");
        }
    }

    #[test]
    fn strings_are_unescaped() {
        let read = |text: &str| string(text, 1).map(|(string, end)| (string.into_owned(), end));
        assert_eq!(read(r#""plain","#).expect("valid"), ("plain".to_owned(), 7));
        assert_eq!(read(r#""\u0061\n\"\ud83d\ude00é""#).expect("valid").0, "a\n\"😀é");
        assert!(read(r#""\ud83d""#).is_err());
    }

    #[test]
    fn the_first_quote_is_found_at_every_place() {
        for place in 0..40 {
            let mut bytes = [b'#'; 40];
            bytes[place..].fill(b'"');
            assert_eq!(quote(&bytes, 0).expect("a quote"), place);
            bytes[place] = b'\\';
            assert_eq!(quote(&bytes, place / 2).expect("a backslash"), place);
        }
        assert!(quote(&[b'!'; 40], 0).is_err() && quote(&[], 7).is_err());
    }
}
