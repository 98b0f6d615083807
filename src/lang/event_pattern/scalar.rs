//! One value of an event as tests see it, whether it was read from text or stands in a `Value`.

use std::hash::{Hash, Hasher};

use super::number::Num;
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scalar<'e> {
    Null,
    Bool(bool),
    Number(Num),
    Text(&'e str),
}

impl<'e> Scalar<'e> {
    /// Objects and arrays are none.
    pub(crate) fn of(value: &'e Value) -> Option<Scalar<'e>> {
        match value {
            Value::Null => Some(Scalar::Null),
            Value::Bool(given) => Some(Scalar::Bool(*given)),
            Value::Number(given) => Some(Scalar::Number(Num::of(given))),
            Value::String(given) => Some(Scalar::Text(given)),
            Value::Object(_) | Value::Array(_) => None,
        }
    }
}

/// Values that are equal have one hash.
impl Hash for Scalar<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Scalar::Null => state.write_u8(0),
            Scalar::Bool(given) => state.write_u8(1 + u8::from(*given)),
            Scalar::Number(given) => given.hash(state),
            Scalar::Text(given) => state.write(given.as_bytes()),
        }
    }
}

/// Fowler, Noll and Vo's hash: small, quick for short texts, the same everywhere.
pub(crate) struct Fnv(u64);

impl Fnv {
    pub(crate) fn of(what: &(impl Hash + ?Sized)) -> u64 {
        let mut state = Fnv(0xcbf2_9ce4_8422_2325);
        what.hash(&mut state);
        state.0
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
