//! Numbers and digests in hexadecimal, and the ids that are written so: without the formatter, which is slow.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Two digits a byte.
#[must_use]
pub fn hex_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    push_hex(&mut text, bytes);
    text
}

pub fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(DIGITS[usize::from(digit)]));
        }
    }
}

/// The digits of `bits` in the shape of a UUID, two of them replaced by those of its version and variant.
#[must_use]
pub fn id_text(bits: u128, version: char, variant: char) -> String {
    let hex = hex_text(&bits.to_be_bytes());
    let mut text = String::with_capacity(36);
    for (place, digit) in hex.chars().enumerate() {
        if [8, 12, 16, 20].contains(&place) {
            text.push('-');
        }
        text.push(match place {
            12 => version,
            16 => variant,
            _ => digit,
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_two_digits_each() {
        assert_eq!(hex_text(&[0, 1, 0x9f, 0xff]), "00019fff");
    }

    #[test]
    fn an_id_has_its_version_and_variant() {
        let text = id_text(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef, '4', 'a');
        assert_eq!(text, "01234567-89ab-4def-a123-456789abcdef");
    }
}
