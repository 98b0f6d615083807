//! Bytes as text: base64 as services have it, and base64url without padding, which an address takes as it is (RFC 4648,
//! sections 4 and 5).

use data_encoding::{BASE64URL_NOPAD, DecodeError};

// One alphabet alone is given to the library: where it is known while the program is compiled, the compiler leaves out
// what the library has for others, and the page carries less.

#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    let mut text = base64url(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// The bytes that a value stands for; characters outside the alphabet are passed over.
#[must_use]
pub fn bytes_from_base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'+' => Some(b'-'),
        b'/' => Some(b'_'),
        _ => Some(byte).filter(u8::is_ascii_alphanumeric),
    };
    decoded(text.bytes().filter_map(digit).collect()).map(|(bytes, _)| bytes).unwrap_or_default()
}

#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Padding at the end is taken too, and ignored.
///
/// # Errors
/// The place of the first character that cannot stand there, counted from 0; the end, where one is missing.
pub fn bytes_from_base64url(text: &str) -> Result<Vec<u8>, usize> {
    let text = text.trim_end_matches('=');
    let (bytes, is_whole) = decoded(text.into()).map_err(|error| error.position)?;
    if is_whole { Ok(bytes) } else { Err(text.len()) }
}

/// The bytes of digits, and whether nothing was cut off. Zeros make the last four whole: so a wrong digit is told by its
/// place, however many there are.
fn decoded(mut digits: Vec<u8>) -> Result<(Vec<u8>, bool), DecodeError> {
    let count = digits.len();
    digits.resize(count.next_multiple_of(4), b'A');
    let mut bytes = BASE64URL_NOPAD.decode(&digits)?;
    let rest = bytes.split_off(count * 6 / 8);
    // Six bits that are left over are less than a byte; two or four are padding, of zeros.
    Ok((bytes, count % 4 != 1 && rest.iter().all(|byte| *byte == 0)))
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
        assert_eq!((base64(&[0xfb, 0xff]), bytes_from_base64("+/8=")), ("+/8=".to_owned(), vec![0xfb, 0xff]));
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        for (text, place) in
            [("Zm9v!", 4), ("Z", 1), ("Zm9vY", 5), ("Zh", 2), ("Zm 9", 2), ("ä", 0), ("!", 0), ("Zm9v!Zm", 4)]
        {
            assert_eq!(bytes_from_base64url(text), Err(place), "{text}");
        }
    }

    #[test]
    fn what_is_no_digit_is_passed_over() {
        for text in ["aGVsbG8=", "aGVs bG8", "aGVs\nbG8_-"] {
            assert_eq!(bytes_from_base64(text), b"hello", "{text}");
        }
        assert_eq!((bytes_from_base64("Z"), bytes_from_base64("Zh")), (Vec::new(), b"f".to_vec()));
    }
}
