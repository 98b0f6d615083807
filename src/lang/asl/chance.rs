//! Chance, of which the caller has streams: no expression reads a clock or the machine's own randomness.

use crate::lang::hex::id_text;

pub trait Chance {
    fn random_u64(&mut self) -> u64;

    /// A UUID of version 4.
    fn uuid(&mut self) -> String {
        let bits = u128::from(self.random_u64()) << 64 | u128::from(self.random_u64());
        let variant = ['8', '9', 'a', 'b'][(bits & 3) as usize];
        id_text(bits, '4', variant)
    }

    /// In 0..1, with 53 bits.
    fn random_unit(&mut self) -> f64 {
        (self.random_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The numbers of a seed: the same seed gives the same ones (SplitMix64).
pub struct Seeded(pub u64);

impl Chance for Seeded {
    fn random_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

/// A whole number of `start..end`.
pub fn random_integer(chance: &mut dyn Chance, start: i64, end: i64) -> i64 {
    let span = end.abs_diff(start).max(1);
    start.wrapping_add(((u128::from(chance.random_u64()) * u128::from(span)) >> 64) as i64)
}
