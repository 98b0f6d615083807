//! Whether one branch holds for an event, element by element where arrays of objects are met (EB-8).
//!
//! Nothing is flattened and nothing allocated: each step walks to the scalars at its clause's path and, for each that
//! passes, tries the remaining steps under the array elements chosen so far, a list kept on the stack. A step that
//! fails says which earlier choices it depended on; the search goes back to those and tries no others, or else a
//! pattern over several long arrays would take their product.

use super::clause::{Branch, Clause};
use super::culprits::Culprits;
use super::scalar::Scalar;
use serde_json::Value;

/// An element chosen in an array on the way to a scalar.
#[derive(Clone, Copy)]
pub(crate) struct Link<'e, 'l> {
    array: &'e Value,
    index: usize,
    /// The step that chose it.
    step: usize,
    up: Option<&'l Link<'e, 'l>>,
}

/// Whether all clauses of the branch hold together.
pub(crate) fn branch_matches(clauses: &[Clause], branch: &Branch, event: &Value) -> bool {
    let search = Search { clauses, branch, event };
    branch.order.is_empty() || event.is_object() && search.from(0, None).is_ok()
}

/// Calls `visit` with each scalar at the path.
pub(crate) fn each_scalar<'e>(event: &'e Value, path: &str, mut visit: impl FnMut(&'e Value)) {
    let mut visit = |scalar: &'e Value, _: Option<&Link<'e, '_>>| {
        visit(scalar);
        false
    };
    Walk::new(path, 0, &mut visit).enter(event, Some(path), None);
}

struct Search<'p, 'e> {
    clauses: &'p [Clause],
    branch: &'p Branch,
    event: &'e Value,
}

impl<'e> Search<'_, 'e> {
    fn path(&self, step: usize) -> &str {
        &self.clauses[self.branch.order[step]].path
    }

    /// Whether this step and all after it hold under the elements chosen so far.
    fn from(&self, step: usize, chosen: Option<&Link<'e, '_>>) -> Result<(), Culprits> {
        let Some(clause) = self.branch.order.get(step).map(|clause| &self.clauses[*clause]) else { return Ok(()) };
        let mut culprits = Culprits::default();
        // Absence is judged under the elements chosen so far, as Ruler judges it: those of smaller paths.
        if clause.absent_allowed && !self.is_present(step, chosen, &mut culprits) {
            return self.from(step + 1, chosen).map_err(|later| {
                culprits.join(later, step);
                culprits
            });
        }
        let mut later_culprits = Culprits::default();
        let mut backjump = None;
        let mut visit = |scalar: &'e Value, links: Option<&Link<'e, '_>>| {
            if !Scalar::of(scalar).is_some_and(|scalar| clause.accepts(scalar)) {
                return false;
            }
            match self.from(step + 1, links) {
                Ok(()) => true,
                Err(later) if later.has(step) => {
                    later_culprits.join(later, step);
                    false
                }
                Err(later) => {
                    backjump = Some(later);
                    true
                }
            }
        };
        let mut walk = Walk::new(&clause.path, step, &mut visit);
        let stopped = walk.enter(self.event, Some(&clause.path), chosen);
        culprits.join(walk.culprits, step);
        match (stopped, backjump) {
            (true, None) => Ok(()),
            (_, Some(later)) => Err(later),
            (false, None) => {
                culprits.join(later_culprits, step);
                Err(culprits)
            }
        }
    }

    /// Another choice in any array on the way could make a present field absent, so that each earlier step that goes
    /// through the first such array is a culprit, whether or not it chose there.
    fn is_present(&self, step: usize, chosen: Option<&Link<'e, '_>>, culprits: &mut Culprits) -> bool {
        let path = self.path(step);
        let mut visit = |_: &'e Value, _: Option<&Link<'e, '_>>| true;
        let mut walk = Walk::new(path, step, &mut visit);
        let present = walk.enter(self.event, Some(path), chosen);
        culprits.join(walk.culprits, step);
        if let Some(array) = walk.first_array.map(|end| &path[..end]) {
            let goes_through =
                |other: &str| other.strip_prefix(array).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            (0..step).filter(|earlier| goes_through(self.path(*earlier))).for_each(|earlier| culprits.add(earlier));
        }
        present
    }
}

/// Called with a scalar and the elements it lies in; true ends the walk.
type Visit<'v, 'e> = &'v mut dyn for<'l> FnMut(&'e Value, Option<&'l Link<'e, 'l>>) -> bool;

/// One step's way to the scalars at its path.
struct Walk<'p, 'v, 'e> {
    path: &'p str,
    step: usize,
    visit: Visit<'v, 'e>,
    /// The steps whose choices were followed.
    culprits: Culprits,
    /// The shortest part of the path at which an array was met.
    first_array: Option<usize>,
}

impl<'p, 'v, 'e> Walk<'p, 'v, 'e> {
    fn new(path: &'p str, step: usize, visit: Visit<'v, 'e>) -> Walk<'p, 'v, 'e> {
        Walk { path, step, visit, culprits: Culprits::default(), first_array: None }
    }

    /// Goes on from a value; `rest` is what of the path is yet to go. True once the visitor has had enough.
    ///
    /// Objects and empty arrays at the end of the path hold no scalar there: they do not exist as leaves (EB-10).
    fn enter(&mut self, value: &'e Value, rest: Option<&str>, chosen: Option<&Link<'e, '_>>) -> bool {
        match (value, rest) {
            // A name of the event may hold dots itself, so each way to cut the rest is tried (EB-7).
            (Value::Object(fields), Some(rest)) => {
                rest.match_indices('.').map(|(dot, _)| dot).chain([rest.len()]).any(|end| {
                    let below = (end < rest.len()).then(|| &rest[end + 1..]);
                    fields.get(&rest[..end]).is_some_and(|field| self.enter(field, below, chosen))
                })
            }
            (Value::Array(elements), _) => self.enter_array(value, elements, rest, chosen),
            (Value::Object(_), None) | (_, Some(_)) => false,
            (scalar, None) => (self.visit)(scalar, chosen),
        }
    }

    fn enter_array(
        &mut self,
        array: &'e Value,
        elements: &'e [Value],
        rest: Option<&str>,
        chosen: Option<&Link<'e, '_>>,
    ) -> bool {
        let end = rest.map_or(self.path.len(), |rest| (self.path.len() - rest.len()).saturating_sub(1));
        self.first_array = Some(self.first_array.map_or(end, |first| first.min(end)));
        let fixed = link_of(array, chosen);
        if let Some(link) = fixed {
            self.culprits.add(link.step);
        }
        elements.iter().enumerate().any(|(index, element)| {
            // A scalar belongs to the field, not to an element: it binds no other field.
            if !(element.is_object() || element.is_array()) {
                return self.enter(element, rest, chosen);
            }
            match fixed {
                Some(link) => link.index == index && self.enter(element, rest, chosen),
                None => {
                    let link = Link { array, index, step: self.step, up: chosen };
                    self.enter(element, rest, Some(&link))
                }
            }
        })
    }
}

fn link_of<'l, 'e>(array: &Value, mut chosen: Option<&'l Link<'e, 'l>>) -> Option<&'l Link<'e, 'l>> {
    while let Some(link) = chosen {
        if std::ptr::eq(link.array, array) {
            return Some(link);
        }
        chosen = link.up;
    }
    None
}
