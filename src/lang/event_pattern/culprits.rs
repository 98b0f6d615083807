//! What a search that fails goes back to.

/// The earlier steps that a failure depends on. Beyond 127 they share a bit, which only costs a few vain tries.
#[derive(Clone, Copy, Default)]
pub(crate) struct Culprits(u128);

impl Culprits {
    const LAST: usize = 127;

    pub(crate) fn add(&mut self, step: usize) {
        self.0 |= 1 << step.min(Self::LAST);
    }

    pub(crate) fn has(self, step: usize) -> bool {
        self.0 & (1 << step.min(Self::LAST)) != 0
    }

    /// A step is not to blame for its own failure.
    pub(crate) fn join(&mut self, other: Culprits, step: usize) {
        let own = if step < Self::LAST { 1 << step } else { 0 };
        self.0 |= other.0 & !own;
    }
}
