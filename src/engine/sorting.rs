//! Sorting in few bytes. The compiler writes the standard library's sort anew for every type, 4 KB each time; a program that
//! is downloaded to be opened can do with one, that of places. What is sorted at every step keeps its own.

use std::cmp::Ordering;

pub trait Sort<T> {
    /// Stable.
    fn order_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// Stable.
    fn order_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.order_by(|one, other| key(one).cmp(&key(other)));
    }
}

impl<T> Sort<T> for [T] {
    fn order_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let mut from = order(self.len(), &mut |one, other| compare(&self[one], &self[other]));
        // Each item goes to its place along the circle of those that have to make room for one another.
        for start in 0..from.len() {
            let mut place = start;
            while from[place] != start {
                let next = std::mem::replace(&mut from[place], place);
                self.swap(place, next);
                place = next;
            }
            from[place] = place;
        }
    }
}

/// The places of so many items in their order.
#[inline(never)] // second part
fn order(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_by(|one, other| compare(*one, *other));
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(mut ours: Vec<(u8, u16)>) {
            let mut theirs = ours.clone();
            ours.order_by_key(|item| item.0);
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(ours, theirs);
        }
    }
}
