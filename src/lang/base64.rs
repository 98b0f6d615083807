//! Bytes as text that an address takes as it is: base64url without padding (RFC 4648, section 5).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=chunk.len() as u32 {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * at) & 63) as usize]));
        }
    }
    text
}

/// Padding at the end is taken too, and ignored.
///
/// # Errors
/// The place of the first character that cannot stand there, counted from 0; the end, where one is missing.
pub fn bytes_from_base64url(text: &str) -> Result<Vec<u8>, usize> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0_u32, 0);
    for (place, character) in text.bytes().enumerate() {
        bits = bits << 6 | u32::from(digit(character).ok_or(place)?);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    // Six bits that are left over are less than a byte: something was cut off. Two or four are padding, of zeros.
    if held == 6 || bits != 0 { Err(text.len()) } else { Ok(bytes) }
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rfcs_own_examples() {
        for (bytes, text) in
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64url(bytes.as_bytes()), text);
            assert_eq!(bytes_from_base64url(text), Ok(bytes.as_bytes().to_vec()));
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
        assert_eq!(bytes_from_base64url("-_8="), Ok(vec![0xfb, 0xff]));
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        for (text, place) in [("Zm9v!", 4), ("Z", 1), ("Zm9vY", 5), ("Zh", 2), ("Zm 9", 2), ("ä", 0)] {
            assert_eq!(bytes_from_base64url(text), Err(place), "{text}");
        }
    }
}
