//! Randomness by purpose: one value-stable stream per (seed, actor, purpose).
//!
//! Adding an actor, or a draw for another purpose, never shifts the draws of any other stream.

use std::hash::Hasher;

use rand_core::{SeedableRng, TryRng};
use rand_pcg::Pcg64Mcg;
use siphasher::sip128::{Hasher128, SipHasher13};

/// What a stream is drawn for; written once, next to its use.
pub type Purpose = &'static str;

/// A generator pinned by golden vectors.
#[derive(Clone, Debug)]
pub struct Stream(Pcg64Mcg);

impl Stream {
    #[must_use]
    pub fn new(seed: u64, actor: &str, purpose: Purpose) -> Self {
        let mut hasher = SipHasher13::new();
        hasher.write(&seed.to_le_bytes());
        hasher.write(actor.as_bytes());
        hasher.write(&[0xff]);
        hasher.write(purpose.as_bytes());
        Self(Pcg64Mcg::from_seed(hasher.finish128().as_u128().to_le_bytes()))
    }

    /// 64 uniform bits.
    pub fn bits(&mut self) -> u64 {
        match self.0.try_next_u64() {
            Ok(bits) => bits,
        }
    }

    /// A uniform whole number in `0..bound`; 0 when `bound` is 0. Its bias is below `bound`/2⁶⁴.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// True with probability `parts_per_million` / 1,000,000. Draws nothing when the answer is certain.
    pub fn chance(&mut self, parts_per_million: u32) -> bool {
        match parts_per_million {
            0 => false,
            1_000_000.. => true,
            parts => self.below(1_000_000) < u64::from(parts),
        }
    }

    /// A uniform number above 0 and up to 1, in steps of 2⁻⁵³.
    fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Exponentially distributed with mean 1, by inversion: at most 36.8.
    ///
    /// Not `rand_distr`'s ziggurat: its tables would be eight kilobytes of the page that no compression shrinks.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.unit())
    }

    /// Normally distributed with mean 0 and deviation 1, by Marsaglia's polar method.
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * libm::sqrt(-2.0 * libm::log(square) / square);
            }
        }
    }
}

/// The streams of one actor, opened when first drawn from.
#[derive(Clone, Debug)]
pub(super) struct Streams {
    seed: u64,
    actor: String,
    open: Vec<(Purpose, Stream)>,
}

impl Streams {
    pub(super) fn new(seed: u64, actor: &str) -> Self {
        Self { seed, actor: actor.to_owned(), open: Vec::new() }
    }

    pub(super) fn of(&mut self, purpose: Purpose) -> &mut Stream {
        // A purpose is written once, so its address mostly settles it.
        let found = self.open.iter().position(|(name, _)| std::ptr::eq(*name, purpose) || *name == purpose);
        let index = found.unwrap_or_else(|| {
            self.open.push((purpose, Stream::new(self.seed, &self.actor, purpose)));
            self.open.len() - 1
        });
        &mut self.open[index].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Golden vectors: a generator that gave other values would change every published run.
    #[test]
    fn streams_are_value_stable() {
        let mut stream = Stream::new(7, "orders", "arrivals");
        assert_eq!(
            [stream.bits(), stream.bits(), stream.below(1_000)],
            [6_475_365_437_853_178_112, 15_680_386_329_504_989_304, 523]
        );
        assert_eq!(
            [stream.exponential(), stream.normal()].map(f64::to_bits),
            [4_611_657_171_057_159_616, 13_819_295_900_529_009_855]
        );
    }

    /// Mean and variance of a million draws, within five standard errors.
    #[test]
    fn draws_have_the_moments_of_their_distributions() {
        let moments = |draw: fn(&mut Stream) -> f64| {
            let mut stream = Stream::new(7, "orders", "moments");
            let draws: Vec<f64> = (0..1_000_000).map(|_| draw(&mut stream)).collect();
            let mean = draws.iter().sum::<f64>() / 1e6;
            (mean, draws.iter().map(|draw| (draw - mean) * (draw - mean)).sum::<f64>() / 1e6)
        };
        let (mean, variance) = moments(Stream::exponential);
        assert!((mean - 1.0).abs() < 5e-3 && (variance - 1.0).abs() < 15e-3, "{mean} {variance}");
        let (mean, variance) = moments(Stream::normal);
        assert!(mean.abs() < 5e-3 && (variance - 1.0).abs() < 8e-3, "{mean} {variance}");
    }

    #[test]
    fn purposes_and_actors_do_not_share_draws() {
        let first = |actor, purpose| Stream::new(7, actor, purpose).bits();
        assert_ne!(first("a", "x"), first("a", "y"));
        assert_ne!(first("a", "x"), first("b", "x"));
        assert_ne!(first("ab", "c"), first("a", "bc"));
    }
}
