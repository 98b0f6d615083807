//! Where a reader stands in a shard (KDS-8).

use crate::engine::{Micros, seconds};
use crate::services::ApiError;

/// How long an iterator may lie unused (KDS-8).
const ITERATOR_AGE_MAX: Micros = seconds(300);

/// Where an iterator is to begin; AWS's `ShardIteratorType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IteratorKind {
    TrimHorizon,
    Latest,
    AtSequenceNumber(u128),
    AfterSequenceNumber(u128),
    AtTimestamp(Micros),
}

/// Its text form is what AWS calls the shard iterator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShardIterator {
    pub shard: u32,
    /// The least sequence number it reads.
    pub from: u128,
    pub made: Micros,
}

impl ShardIterator {
    #[must_use]
    pub fn to_text(self) -> String {
        format!("AAAA{:08x}{:032x}{:016x}", self.shard, self.from, self.made)
    }

    /// # Errors
    /// `InvalidArgumentException` for anything that is not an iterator.
    pub fn from_text(text: &str) -> Result<Self, ApiError> {
        let invalid = || ApiError::client("InvalidArgumentException", "Invalid ShardIterator.");
        let digits =
            text.strip_prefix("AAAA").filter(|rest| rest.len() == 56 && rest.is_ascii()).ok_or_else(invalid)?;
        let part = |from: usize, to: usize| u128::from_str_radix(&digits[from..to], 16).map_err(|_| invalid());
        let shard = u32::try_from(part(0, 8)?).map_err(|_| invalid())?;
        let made = Micros::try_from(part(40, 56)?).map_err(|_| invalid())?;
        Ok(Self { shard, from: part(8, 40)?, made })
    }

    #[must_use]
    pub fn is_expired(self, now: Micros) -> bool {
        now.saturating_sub(self.made) > ITERATOR_AGE_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iterator_survives_its_text() {
        let iterator = ShardIterator { shard: 7, from: (8 << 96) + 5, made: 1_234_567 };
        assert_eq!(ShardIterator::from_text(&iterator.to_text()), Ok(iterator));
        assert_eq!(ShardIterator::from_text("AAAA12").map_err(|error| error.code), Err("InvalidArgumentException"));
    }

    /// KDS-E15.
    #[test]
    fn an_iterator_lives_five_minutes() {
        let iterator = ShardIterator { shard: 0, from: 0, made: seconds(10) };
        assert!(!iterator.is_expired(seconds(310)));
        assert!(iterator.is_expired(seconds(311)));
    }
}
