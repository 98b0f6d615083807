//! What a service waits for, by number: calls under way, timers that were set.

use std::collections::BTreeMap;

/// Things by number, in the order of their numbers.
///
/// They lie in boxes so that all maps have one shape, and with it one copy of their code in the page.
#[derive(Clone, Debug)]
pub struct Pending<T>(BTreeMap<u64, Box<T>>);

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Pending<T> {
    pub fn insert(&mut self, number: u64, thing: T) {
        self.0.insert(number, Box::new(thing));
    }

    pub fn get(&self, number: u64) -> Option<&T> {
        self.0.get(&number).map(|thing| &**thing)
    }

    pub fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        self.0.get_mut(&number).map(|thing| &mut **thing)
    }

    pub fn remove(&mut self, number: u64) -> Option<T> {
        self.0.remove(&number).map(|thing| *thing)
    }

    /// The number of the first that fits.
    #[must_use]
    pub fn find(&self, fits: impl Fn(&T) -> bool) -> Option<u64> {
        self.0.iter().find(|(_, thing)| fits(thing)).map(|(number, _)| *number)
    }

    /// Takes everything, in order.
    pub fn take(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::take(&mut self.0).into_values().map(|thing| *thing)
    }

    pub fn retain(&mut self, mut stays: impl FnMut(&T) -> bool) {
        self.0.retain(|_, thing| stays(thing));
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.values().map(|thing| &**thing)
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.values_mut().map(|thing| &mut **thing)
    }

    pub fn numbered(&self) -> impl Iterator<Item = (u64, &T)> {
        self.0.iter().map(|(number, thing)| (*number, &**thing))
    }

    pub fn numbered_mut(&mut self) -> impl Iterator<Item = (u64, &mut T)> {
        self.0.iter_mut().map(|(number, thing)| (*number, &mut **thing))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
