//! One pass over an event's text, which notes what each clause finds at its path.
//!
//! Only names on the way to a clause are entered; the rest is passed over. Nothing that is found can be undone by what
//! follows, unless a clause allows absence: so where one pattern is asked and has all it needs, the rest is not read,
//! nor is it behind the last of the names that are asked, where all are the event's own. A name that an object gives
//! twice counts twice as far as the text is read, as in Ruler.

use super::json_text::{self, NotJson, blank, byte};
use super::path_tree::{NodeId, ROOT};
use super::rule_set::RuleSet;
use super::scalar::Scalar;

/// No element.
pub(crate) const NONE: u32 = u32::MAX;
/// Levels beyond these are not read, as by the reader of whole values.
const DEPTH_MAX: usize = 127;

/// Clauses by number; most sets have so few that nothing is allocated.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Those below 64.
    pub(crate) few: u64,
    /// The others, in order once the event is read.
    many: Vec<u32>,
}

impl Marks {
    fn add(&mut self, clause: u32) {
        match 1_u64.checked_shl(clause) {
            Some(bit) => self.few |= bit,
            None => self.many.push(clause),
        }
    }

    fn settle(&mut self) {
        self.many.sort_unstable();
        self.many.dedup();
    }

    pub(crate) fn has(&self, clause: u32) -> bool {
        match 1_u64.checked_shl(clause) {
            Some(bit) => self.few & bit != 0,
            None => self.many.binary_search(&clause).is_ok(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let lowest = |few: &u64| Some(few & few.wrapping_sub(1)).filter(|rest| *rest != 0);
        let few = std::iter::successors(Some(self.few).filter(|few| *few != 0), lowest);
        few.map(u64::trailing_zeros).chain(self.many.iter().copied())
    }
}

/// An element of an array that is an object or an array itself.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) array: u32,
    /// The element that the array lies in.
    pub(crate) up: u32,
    /// Where the array lies.
    pub(crate) node: NodeId,
}

/// A scalar at a clause's path, in an element.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    pub(crate) clause: u32,
    pub(crate) element: u32,
    pub(crate) accepted: bool,
}

/// What an event holds of what the clauses ask.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Clauses that a scalar outside of all elements satisfies.
    pub(crate) held: Marks,
    /// Of the clauses that allow absence, those with a scalar outside of all elements.
    pub(crate) present: Marks,
    /// What lies in elements, in order.
    pub(crate) seen: Vec<Seen>,
    pub(crate) elements: Vec<Element>,
}

/// Why the rest is not read.
enum Stop {
    Enough,
    NotJson,
}

impl From<NotJson> for Stop {
    fn from(_: NotJson) -> Stop {
        Stop::NotJson
    }
}

/// Reads an event; `None` if its text is found not to be a JSON object.
pub(crate) fn read(set: &RuleSet, text: &str) -> Option<Found> {
    let mut reading = Reading { set, text, found: Found::default(), inside: NONE, arrays: 0, depth: 0, met: 0 };
    match reading.root() {
        Err(Stop::NotJson) => None,
        Ok(_) | Err(Stop::Enough) => {
            let mut found = reading.found;
            found.held.settle();
            found.present.settle();
            found.seen.sort_unstable();
            found.seen.dedup();
            Some(found)
        }
    }
}

struct Reading<'s, 't> {
    set: &'s RuleSet,
    text: &'t str,
    found: Found,
    /// The element that is being read.
    inside: u32,
    arrays: u32,
    depth: usize,
    /// The event's own names that were read, each a bit, where no others are asked.
    met: u64,
}

/// Each takes the place of what it reads, and gives the place behind it.
impl Reading<'_, '_> {
    fn root(&mut self) -> Result<usize, Stop> {
        let at = blank(self.text.as_bytes(), 0);
        if byte(self.text.as_bytes(), at) == b'{' { self.object(ROOT, at) } else { Err(Stop::NotJson) }
    }

    fn deeper(&mut self) -> Result<(), Stop> {
        self.depth += 1;
        if self.depth > DEPTH_MAX { Err(Stop::NotJson) } else { Ok(()) }
    }

    /// Most of an event's text is passed over here, so that much of it is in line.
    fn object(&mut self, node: NodeId, at: usize) -> Result<usize, Stop> {
        self.deeper()?;
        let bytes = self.text.as_bytes();
        let mut at = blank(bytes, at + 1);
        if byte(bytes, at) != b'}' {
            loop {
                at = blank(bytes, at);
                if byte(bytes, at) != b'"' {
                    return Err(Stop::NotJson);
                }
                let end = json_text::quote(bytes, at + 1)?;
                let (below, behind) = if bytes[end] == b'"' {
                    (self.set.tree.below(node, &bytes[at + 1..end]), end + 1)
                } else {
                    self.below_escaped(node, at)?
                };
                at = blank(bytes, behind);
                if byte(bytes, at) != b':' {
                    return Err(Stop::NotJson);
                }
                at = blank(bytes, at + 1);
                at = match below {
                    Some(below) => {
                        let behind = self.value(below, at)?;
                        self.meet(below)?;
                        behind
                    }
                    None if byte(bytes, at) == b'"' => json_text::skip_string(bytes, at + 1)?,
                    None => json_text::skip(bytes, at)?,
                };
                at = blank(bytes, at);
                match byte(bytes, at) {
                    b',' => at += 1,
                    b'}' => break,
                    _ => return Err(Stop::NotJson),
                }
            }
        }
        self.depth -= 1;
        Ok(at + 1)
    }

    fn meet(&mut self, node: NodeId) -> Result<(), Stop> {
        let all = self.set.flat;
        if all == 0 {
            return Ok(());
        }
        self.met |= 1 << (node - 1);
        if self.met == all { Err(Stop::Enough) } else { Ok(()) }
    }

    #[cold]
    fn below_escaped(&self, node: NodeId, at: usize) -> Result<(Option<NodeId>, usize), Stop> {
        let (name, behind) = json_text::string(self.text, at + 1)?;
        Ok((self.set.tree.below(node, name.as_bytes()), behind))
    }

    fn value(&mut self, node: NodeId, at: usize) -> Result<usize, Stop> {
        let here = &self.set.tree.nodes[node as usize];
        match byte(self.text.as_bytes(), at) {
            b'{' if here.has_below() => self.object(node, at),
            b'[' => self.array(node, at),
            b'{' => Ok(json_text::skip(self.text.as_bytes(), at)?),
            _ if !here.is_asked() => Ok(json_text::skip(self.text.as_bytes(), at)?),
            b'"' => {
                let (text, behind) = json_text::string(self.text, at + 1)?;
                self.found.ask(self.set, node, self.inside, Scalar::Text(&text))?;
                Ok(behind)
            }
            _ => {
                let (scalar, behind) = json_text::word(self.text, at)?;
                self.found.ask(self.set, node, self.inside, scalar)?;
                Ok(behind)
            }
        }
    }

    fn array(&mut self, node: NodeId, at: usize) -> Result<usize, Stop> {
        self.deeper()?;
        let bytes = self.text.as_bytes();
        let (array, up) = (self.arrays, self.inside);
        self.arrays += 1;
        let mut at = blank(bytes, at + 1);
        if byte(bytes, at) != b']' {
            loop {
                at = blank(bytes, at);
                // A scalar belongs to the field, not to an element: it binds no other field.
                if matches!(byte(bytes, at), b'{' | b'[') {
                    self.inside = self.found.elements.len() as u32;
                    self.found.elements.push(Element { array, up, node });
                }
                at = blank(bytes, self.value(node, at)?);
                self.inside = up;
                match byte(bytes, at) {
                    b',' => at += 1,
                    b']' => break,
                    _ => return Err(Stop::NotJson),
                }
            }
        }
        self.depth -= 1;
        Ok(at + 1)
    }
}

impl Found {
    /// Asks the clauses of a node about a scalar there.
    fn ask(&mut self, set: &RuleSet, node: NodeId, inside: u32, scalar: Scalar<'_>) -> Result<(), Stop> {
        let node = &set.tree.nodes[node as usize];
        for number in &node.clauses {
            let clause = &set.clauses[*number as usize];
            let accepted = clause.accepts(scalar);
            if clause.absent_allowed && inside == NONE {
                self.present.add(*number);
            }
            if accepted || clause.absent_allowed && inside != NONE {
                self.note(set, *number, inside, accepted)?;
            }
        }
        for number in node.anchors.find(&scalar) {
            if set.clauses[number as usize].accepts(scalar) {
                self.note(set, number, inside, true)?;
            }
        }
        Ok(())
    }

    fn note(&mut self, set: &RuleSet, clause: u32, inside: u32, accepted: bool) -> Result<(), Stop> {
        if inside != NONE {
            self.seen.push(Seen { clause, element: inside, accepted });
            return Ok(());
        }
        self.held.add(clause);
        if set.is_enough(self.held.few) { Err(Stop::Enough) } else { Ok(()) }
    }

    /// What was seen of a clause in elements.
    pub(crate) fn seen_of(&self, clause: u32) -> &[Seen] {
        let start = self.seen.partition_point(|seen| seen.clause < clause);
        let end = start + self.seen[start..].partition_point(|seen| seen.clause == clause);
        &self.seen[start..end]
    }
}
