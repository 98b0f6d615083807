//! Whether the clauses of a branch hold together in what was read of an event: where arrays of objects are met, by one
//! choice of an element in each (EB-8).
//!
//! The search goes as that of `matcher`, over what each clause has found instead of over the event.

use super::culprits::Culprits;
use super::reading::{Found, NONE, Seen};
use super::rule_set::RuleSet;

/// `clauses` in the order of their paths.
pub(crate) fn holds(set: &RuleSet, found: &Found, clauses: &[u32]) -> bool {
    let has_seen = !found.seen.is_empty();
    let mut is_simple = true;
    for clause in clauses {
        if found.held.has(*clause) {
            continue;
        }
        let seen = if has_seen { found.seen_of(*clause) } else { &[] };
        let may_lack = set.clauses[*clause as usize].absent_allowed && !found.present.has(*clause);
        if !may_lack && !seen.iter().any(|seen| seen.accepted) {
            return false;
        }
        is_simple &= may_lack && seen.is_empty();
    }
    is_simple || Search { set, found, clauses, chosen: Vec::new() }.from(0).is_ok()
}

struct Search<'s> {
    set: &'s RuleSet,
    found: &'s Found,
    clauses: &'s [u32],
    chosen: Vec<Chosen>,
}

/// An element chosen in an array.
struct Chosen {
    array: u32,
    element: u32,
    /// The step that chose it.
    step: usize,
}

impl Search<'_> {
    /// Whether this step and all after it hold under the elements chosen so far.
    fn from(&mut self, step: usize) -> Result<(), Culprits> {
        let Some(clause) = self.clauses.get(step).copied() else { return Ok(()) };
        let found = self.found;
        let seen = found.seen_of(clause);
        let mut culprits = Culprits::default();
        if self.set.clauses[clause as usize].absent_allowed && !self.is_present(step, clause, &mut culprits) {
            return self.from(step + 1).map_err(|later| {
                culprits.join(later, step);
                culprits
            });
        }
        let mut later_culprits = Culprits::default();
        let free = found.held.has(clause).then_some(NONE);
        let accepted = seen.iter().filter(|seen| seen.accepted).map(|seen| seen.element);
        for element in free.into_iter().chain(accepted) {
            if !self.is_open(element, &mut culprits) {
                continue;
            }
            let before = self.chosen.len();
            self.choose(element, step);
            match self.from(step + 1) {
                Ok(()) => return Ok(()),
                Err(later) if later.has(step) => later_culprits.join(later, step),
                Err(later) => return Err(later),
            }
            self.chosen.truncate(before);
        }
        culprits.join(later_culprits, step);
        Err(culprits)
    }

    /// Whether nothing else was chosen in the arrays that an element lies in.
    fn is_open(&self, mut element: u32, culprits: &mut Culprits) -> bool {
        while let Some(one) = self.found.elements.get(element as usize) {
            if let Some(chosen) = self.chosen.iter().find(|chosen| chosen.array == one.array) {
                culprits.add(chosen.step);
                if chosen.element != element {
                    return false;
                }
            }
            element = one.up;
        }
        true
    }

    fn choose(&mut self, mut element: u32, step: usize) {
        while let Some(one) = self.found.elements.get(element as usize) {
            if !self.chosen.iter().any(|chosen| chosen.array == one.array) {
                self.chosen.push(Chosen { array: one.array, element, step });
            }
            element = one.up;
        }
    }

    /// Another choice in any array on the way could make a present field absent, so that each earlier step that goes
    /// through the first such array is a culprit, whether or not it chose there.
    fn is_present(&self, step: usize, clause: u32, culprits: &mut Culprits) -> bool {
        if self.found.present.has(clause) {
            return true;
        }
        let seen = self.found.seen_of(clause);
        let present = seen.iter().any(|seen| self.is_open(seen.element, culprits));
        let path = |clause: u32| &*self.set.clauses[clause as usize].path;
        if let Some(array) = seen.iter().map(|seen| self.first_array(seen)).min().map(|end| &path(clause)[..end]) {
            let goes_through =
                |other: &str| other.strip_prefix(array).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            let earlier = (0..step).filter(|earlier| goes_through(path(self.clauses[*earlier])));
            earlier.for_each(|earlier| culprits.add(earlier));
        }
        present
    }

    /// Where in its path the outermost array lies that something was seen in.
    fn first_array(&self, seen: &Seen) -> usize {
        let element = |number: u32| self.found.elements.get(number as usize);
        let outermost = std::iter::successors(element(seen.element), |one| element(one.up)).last();
        outermost.map_or(0, |one| self.set.tree.nodes[one.node as usize].path_bytes)
    }
}
