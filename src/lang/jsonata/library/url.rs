//! Parts of addresses, and base64.

use super::{Line, argument};
use crate::lang::base64::{base64, bytes_from_base64};
use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::value::{Value, is_lone_surrogate};

pub(super) const TABLE: &[Line] = &[
    ("base64decode", "<s-:s>", 1, |it, arguments| {
        let Value::Text(text) = argument(&mut arguments.into_iter()) else { return Ok(Value::Undefined) };
        it.spend_text(&text)?;
        Ok(bytes_from_base64(&text).into_iter().map(char::from).collect::<String>().into())
    }),
    ("base64encode", "<s-:s>", 1, |it, arguments| {
        let Value::Text(text) = argument(&mut arguments.into_iter()) else { return Ok(Value::Undefined) };
        it.spend_text(&text)?;
        // A byte for each character: what is beyond Latin-1 keeps its lower half.
        let bytes: Vec<u8> = text.encode_utf16().map(|unit| unit as u8).collect();
        Ok(base64(&bytes).into())
    }),
    ("decodeUrl", "<s-:s>", 1, |_, arguments| decoded(arguments, ";/?:@&=+$,#", "decodeUrl")),
    ("decodeUrlComponent", "<s-:s>", 1, |_, arguments| decoded(arguments, "", "decodeUrlComponent")),
    ("encodeUrl", "<s-:s>", 1, |_, arguments| encoded(arguments, "-_.!~*'();/?:@&=+$,#", "encodeUrl")),
    ("encodeUrlComponent", "<s-:s>", 1, |_, arguments| encoded(arguments, "-_.!~*'()", "encodeUrlComponent")),
];

fn malformed(text: Value, function: &str) -> Box<Trouble> {
    let mut trouble = Trouble::with("D3140", text);
    trouble.token = Some(function.to_owned());
    trouble
}

fn encoded(arguments: Vec<Value>, kept: &str, function: &str) -> Outcome {
    let Value::Text(text) = argument(&mut arguments.into_iter()) else { return Ok(Value::Undefined) };
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if is_lone_surrogate(c) {
            return Err(malformed(Value::Text(text), function));
        }
        if c.is_ascii_alphanumeric() || kept.contains(c) {
            encoded.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(encoded.into())
}

/// What stands for a character that is kept stays as it is.
fn decoded(arguments: Vec<Value>, kept: &str, function: &str) -> Outcome {
    let Value::Text(text) = argument(&mut arguments.into_iter()) else { return Ok(Value::Undefined) };
    let bytes = text.as_bytes();
    let mut decoded: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while let Some(&byte) = bytes.get(place) {
        if byte != b'%' {
            decoded.push(byte);
            place += 1;
            continue;
        }
        let digits = bytes.get(place + 1..place + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let Some(code) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) else {
            return Err(malformed(Value::Text(text.clone()), function));
        };
        if code.is_ascii() && kept.contains(char::from(code)) {
            decoded.extend(&bytes[place..place + 3]);
        } else {
            decoded.push(code);
        }
        place += 3;
    }
    String::from_utf8(decoded).map(Value::from).map_err(|_| malformed(Value::Text(text.clone()), function))
}
