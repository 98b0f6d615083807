//! Clauses by what a value must be or have for them to accept it, where too many name one field to ask each.

use super::scalar::{Fnv, Scalar};

/// The part of a value that is looked up; of texts a number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Start(usize),
    End(usize),
}

impl Part {
    /// The hash of this part of a value, if it has one.
    fn hash(self, value: &Scalar<'_>) -> Option<u64> {
        let part = match (self, value) {
            (Part::Whole, _) => return Some(Fnv::of(value)),
            (Part::Start(bytes), Scalar::Text(text)) => text.get(..bytes)?,
            (Part::End(bytes), Scalar::Text(text)) => text.get(text.len().checked_sub(bytes)?..)?,
            _ => return None,
        };
        Some(Fnv::of(&Scalar::Text(part)))
    }
}

/// A table of hashes without order; clauses of one hash hang in a chain.
#[derive(Clone, Debug, Default)]
pub(crate) struct Anchors {
    parts: Vec<Part>,
    /// A power of two, at least twice the entries; each is an entry's number and one, or 0.
    slots: Vec<u32>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    clause: u32,
    /// The number of the next of this hash and one, or 0.
    next: u32,
}

impl Anchors {
    pub(crate) fn new(named: &[(Part, Scalar<'_>, u32)]) -> Anchors {
        let mut table = Anchors { slots: vec![0; (named.len() * 2).next_power_of_two()], ..Anchors::default() };
        for (part, value, clause) in named {
            if !table.parts.contains(part) {
                table.parts.push(*part);
            }
            let hash = Fnv::of(value);
            let slot = table.slot(hash);
            table.entries.push(Entry { hash, clause: *clause, next: table.slots[slot] });
            table.slots[slot] = table.entries.len() as u32;
        }
        table
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The clauses that may accept this value: not all of them need to.
    pub(crate) fn find<'a>(&'a self, value: &'a Scalar<'_>) -> impl Iterator<Item = u32> + 'a {
        self.parts.iter().filter_map(|part| part.hash(value)).flat_map(|hash| {
            let entry = |number: u32| number.checked_sub(1).map(|place| &self.entries[place as usize]);
            let first = entry(self.slots[self.slot(hash)]);
            std::iter::successors(first, move |one| entry(one.next)).map(|one| one.clause)
        })
    }

    /// Where the chain of a hash hangs, or may be hung.
    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = (hash ^ (hash >> 32)) as usize & mask;
        while self.slots[slot].checked_sub(1).is_some_and(|place| self.entries[place as usize].hash != hash) {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_leads_to_its_clauses() {
        let texts: Vec<String> = (0..1_000).map(|number| (number / 2).to_string()).collect();
        let whole = texts.iter().zip(0..).map(|(text, clause)| (Part::Whole, Scalar::Text(text), clause));
        let table = Anchors::new(&whole.collect::<Vec<_>>());
        for number in 0..500_u32 {
            let found: Vec<u32> = table.find(&Scalar::Text(&number.to_string())).collect();
            assert_eq!(found, [number * 2 + 1, number * 2]);
        }
        assert_eq!(table.find(&Scalar::Text("500")).count() + table.find(&Scalar::Null).count(), 0);
        assert_eq!(Anchors::default().find(&Scalar::Null).count(), 0);
    }

    #[test]
    fn texts_are_found_by_their_ends() {
        let start = |text, clause| (Part::Start(2), Scalar::Text(text), clause);
        let table = Anchors::new(&[start("ab", 0), start("é", 1), (Part::End(3), Scalar::Text("xyz"), 2)]);
        let find = |text| table.find(&Scalar::Text(text)).collect::<Vec<_>>();
        assert_eq!((find("ab"), find("été"), find("abxyz")), (vec![0], vec![1], vec![0, 2]));
        assert_eq!((find("a"), find("aé"), find("yz")), (vec![], vec![], vec![]));
    }
}
